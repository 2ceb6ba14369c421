/* review_routes.c - a reviewer's routes: what waits, all annotators' work on one item, decisions. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/work/state.h"
#include "node/desk/guidelines.h"

#include <stdlib.h>
#include <string.h>

enum { STREAMS_MAX = 64, DOC_MAX = 9 * 1024 * 1024, WORK_MAX = 64 };

struct review_list {
    struct web *w;
    struct campaign *c;
    const char *state;
    json_t *list;
};

static enum err add_short(void *ctx, const struct record_stream *s, const char *doc,
                          const char *clock)
{
    (void)doc;
    (void)clock;
    return json_array_append_new(ctx, json_pack("{s:s, s:s, s:I}", "id", s->slot, "kind", s->kind,
                                                "bytes", (json_int_t)s->bytes)) == 0
               ? OK
               : ERR_NOMEM;
}

static enum err add_review(void *ctx, const struct review_item *r)
{
    struct review_list *l = ctx;
    AUTO_JSON streams = json_array();
    enum err e = records_of_item(l->w->app->vault, r->item, add_short, streams);
    if (e)
        return e;
    json_t *v =
        json_pack("{s:s, s:s, s:s, s:o, s:O, s:I}", "item", r->item, "campaign",
                  hash_uri(l->c->hash).s, "state", r->state, "title", web_item_title(l->w, r->item),
                  "streams", streams, "updated_ms", (json_int_t)r->updated_ms);
    return json_array_append_new(l->list, v) == 0 ? OK : ERR_NOMEM;
}

static enum err add_campaign(void *ctx, struct campaign *c)
{
    struct review_list *l = ctx;
    if (c->tiers == 0)
        return OK;
    l->c = c;
    return work_reviews(l->w->app->vault, c->id, l->state, l->w->who.pseudonym, add_review, l);
}

void route_reviews(struct web *w)
{
    struct review_list l = {.w = w, .state = httpd_query(w->r, "state"), .list = json_array()};
    if (l.state != NULL && l.state[0] == '\0')
        l.state = NULL;
    enum err e = campaigns_each_working(w->app, add_campaign, &l);
    if (e) {
        json_decref(l.list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "reviews", l.list));
}

/* --- the next item --- */

struct first_ready {
    struct web *w;
    int64_t only;
    char item[WORK_ID];
};

static enum err take_ready(void *ctx, const struct review_item *r)
{
    struct first_ready *f = ctx;
    if (f->item[0] == '\0')
        memcpy(f->item, r->item, sizeof f->item);
    return OK;
}

static enum err ready_of(void *ctx, struct campaign *c)
{
    struct first_ready *f = ctx;
    if (f->item[0] != '\0' || c->tiers == 0 || (f->only != 0 && f->only != c->id))
        return OK;
    return work_reviews(f->w->app->vault, c->id, "ready", f->w->who.pseudonym, take_ready, f);
}

void route_review_next(struct web *w)
{
    struct first_ready f = {.w = w};
    if (!web_campaign_of(w, web_text(w, "campaign"), &f.only))
        return;
    enum err e = campaigns_each_working(w->app, ready_of, &f);
    if (e)
        web_fail(w, e, NULL);
    else if (f.item[0] == '\0')
        web_empty(w, 204);
    else
        web_json(w, 200, json_pack("{s:s}", "item", f.item));
}

/* --- all work on an item --- */

struct item_opening {
    char item[WORK_ID];
    int64_t campaign;
    json_t *streams; /* by slot, for the log */
};

static void item_opening_free(void *ctx)
{
    struct item_opening *o = ctx;
    json_decref(o->streams);
    free(o);
}

struct work_list {
    struct web *w;
    json_t *list;
};

static enum err add_work(void *ctx, const struct assignment_row *a)
{
    struct work_list *l = ctx;
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(DOC_MAX);
    struct revision_row r;
    bool found = false;
    if (strcmp(a->state, work_state_name(WORK_LOCKED)) == 0)
        return OK;
    enum err e = revision_newest(l->w->app->vault, a->id, &found, &r, &doc);
    if (e)
        return e;
    json_t *revision = found
                           ? desk_revision_json(&r, json_loadb((const char *)doc.p, doc.n, 0, NULL))
                           : json_null();
    json_t *v = json_pack("{s:s, s:i, s:s, s:s, s:o}", "assignment", a->id, "slot", (int)a->slot,
                          "annotator", a->annotator, "state", a->state, "revision", revision);
    return json_array_append_new(l->list, v) == 0 ? OK : ERR_NOMEM;
}

static void item_opened(struct web *w)
{
    struct item_opening *o = w->ctx;
    struct campaign *c = NULL;
    bool open = false;
    char session[RECORD_ID];
    struct hash patient;
    uint64_t now = clock_now_ms();
    AUTO_JSON streams = NULL;
    AUTO_JSON comments = NULL;
    AUTO_JSON changes = NULL;
    struct work_list l = {.w = w, .list = json_array()};
    enum err e = desk_review_opened(w->app, o->campaign, o->item, &w->who, now);
    if (!e)
        e = campaign_any(w->app, o->campaign, &c, &open);
    if (!e)
        e = records_item(w->app->vault, o->item, session, &patient);
    if (!e)
        e = desk_streams_json(w->app, o->item, &streams);
    if (!e)
        e = web_comments(w, o->item, NULL, &comments);
    if (!e)
        e = work_of_item(w->app->vault, o->campaign, o->item, add_work, &l);
    if (!e)
        e = guidelines_unread(w->app, c, w->who.pseudonym, &changes);
    if (e) {
        json_decref(l.list);
        web_fail(w, e, NULL);
        return;
    }
    opening_renew(w->page, w->who.id, o->item, now);
    json_t *v = json_pack("{s:{s:s, s:s}, s:s, s:s, s:O, s:O, s:o, s:O}", "item", "id", o->item,
                          "session", session, "campaign", hash_uri(c->hash).s, "schema",
                          hash_uri(schema_hash(c->schema)).s, "guidelines", c->guidelines,
                          "streams", streams, "work", l.list, "comments", comments);
    web_add_campaign(v, c, changes);
    web_json(w, 200, v);
}

static enum err gather_stream(void *ctx, const struct record_stream *s, const char *doc,
                              const char *clock)
{
    (void)clock;
    return doc != NULL && json_object_set_new(ctx, s->slot, json_loads(doc, 0, NULL)) == 0
               ? OK
               : ERR_NOMEM;
}

void route_item_work(struct web *w)
{
    struct hash hashes[STREAMS_MAX];
    char session[RECORD_ID];
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    struct event ev = {.kind = EVENT_READ};
    struct item_opening *o = calloc(1, sizeof *o);
    if (o == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    web_keep(w, o, item_opening_free);
    o->streams = json_object();
    if (strlen(w->param) >= sizeof o->item) {
        web_fail(w, ERR_NOTFOUND, NULL);
        return;
    }
    memcpy(o->item, w->param, strlen(w->param) + 1);
    enum err e = work_item_campaign(w->app->vault, o->item, &o->campaign);
    if (!e)
        e = desk_may_review(w->app, o->campaign, o->item, &w->who, clock_now_ms(), &f);
    if (!e)
        e = records_of_item(w->app->vault, o->item, gather_stream, o->streams);
    if (!e)
        e = records_item(w->app->vault, o->item, session, &ev.read.patient);
    if (e) {
        web_fail_desk(w, e, &f);
        return;
    }
    ev.read.user = w->who.user;
    ev.read.role = person_has(&w->who, "reviewer") ? "reviewer" : "adjudicator";
    ev.read.purpose = "review";
    ev.read.item = o->item;
    ev.read.assignment = "";
    ev.read.streams = hashes;
    ev.read.n_streams = web_stream_hashes(o->streams, hashes, STREAMS_MAX);
    ev.read.outcome = "shown";
    web_after_log(w, &ev, item_opened);
}

/* --- decisions --- */

void route_decision(struct web *w)
{
    struct diag d = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    AUTO_JSON body = NULL;
    json_t *revision = NULL;
    int64_t campaign = 0;
    enum err e = json_read(httpd_body(w->r), WEB_LIMIT_DRAFT + WEB_LIMIT, &body, &d);
    if (e || !json_is_object(body)) {
        web_error_at(w, e == ERR_TOOBIG ? 413 : 400, "malformed", "",
                     e ? d.text : "the body must be an object");
        return;
    }
    e = work_item_campaign(w->app->vault, w->param, &campaign);
    if (!e)
        e = desk_decide(w->app, campaign, w->param, &w->who, body, clock_now_ms(), &revision, &f);
    if (e)
        web_fail_desk(w, e, &f);
    else if (revision == NULL)
        web_empty(w, 204);
    else
        web_json(w, 200, revision);
}
