/* work_routes.c - an annotator's routes: lists, opening, drafts, submission. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/work/state.h"
#include "node/desk/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what several routes need --- */

bool web_if_match(struct web *w, uint64_t *out)
{
    const char *s = httpd_header_in(w->r, "If-Match");
    size_t n = s == NULL ? 0 : strlen(s);
    if (n >= 3 && s[0] == '"' && s[n - 1] == '"' &&
        !parse_u64(bytes_of(s + 1, n - 2), INT64_MAX, out))
        return true;
    web_error(w, 400, "if_match", "If-Match: \"n\" with the draft's number is wanted");
    return false;
}

/* A desk's refusal as an answer: stale is 412, checks and states 409. */
void web_fail_desk(struct web *w, enum err e, struct desk_fault *f)
{
    if (e != ERR_CONFLICT || f->code == NULL) {
        if (f->code != NULL && e == ERR_DENIED)
            web_error_at(w, 403, f->code, NULL, f->d.text);
        else
            web_fail(w, e, &f->d);
        return;
    }
    json_t *body = json_pack("{s:s, s:s}", "code", f->code, "text", f->d.text);
    if (body != NULL && f->extra != NULL)
        (void)json_object_update(body, f->extra);
    web_json(w, strcmp(f->code, "stale") == 0 ? 412 : 409, body);
}

/* The assignment of the path, which must be the caller's own. False: answered. */
bool web_load_own(struct web *w, struct desk_work *out)
{
    enum err e = desk_load(w->app, w->param, out);
    if (!e && strcmp(out->a.annotator, w->who.pseudonym) != 0) {
        desk_work_fini(out);
        e = ERR_NOTFOUND; /* whose it is is nobody's business */
    }
    if (e)
        web_fail(w, e, NULL);
    return e == OK;
}

static enum err add_comment(void *ctx, const struct comment_row *c, struct bytes text)
{
    json_t *v = json_pack("{s:s, s:I, s:s%}", "by", c->by, "at_ms", (json_int_t)c->at_ms, "text",
                          text.n == 0 ? "" : (const char *)text.p, text.n);
    if (v != NULL && c->region[0] != '\0')
        (void)json_object_set_new(v, "region", json_string(c->region));
    if (v != NULL && c->n > 0)
        (void)json_object_set_new(v, "n", json_integer((json_int_t)c->n));
    if (v != NULL && c->assignment[0] != '\0')
        (void)json_object_set_new(v, "assignment", json_string(c->assignment));
    return json_array_append_new(ctx, v) == 0 ? OK : ERR_NOMEM;
}

enum err web_comments(struct web *w, const char *item, const char *assignment, json_t **out)
{
    AUTO_JSON list = json_array();
    enum err e =
        list == NULL ? ERR_NOMEM : comments_of(w->app->vault, item, assignment, add_comment, list);
    if (!e)
        *out = MOVE(list);
    return e;
}

json_t *web_review_json(const struct review_row *r)
{
    json_t *v = json_pack("{s:s, s:s, s:I, s:I}", "decision", r->decision, "by", r->by, "at_ms",
                          (json_int_t)r->at_ms, "n", (json_int_t)r->n);
    if (v != NULL && r->cause[0] != '\0')
        (void)json_object_set_new(v, "cause", json_string(r->cause));
    return v;
}

/* --- lists --- */

struct listing {
    struct web *w;
    json_t *list;
};

static enum err add_short_stream(void *ctx, const struct record_stream *s, const char *doc,
                                 const char *clock)
{
    (void)doc;
    (void)clock;
    return json_array_append_new(ctx, json_pack("{s:s, s:s, s:I}", "id", s->slot, "kind", s->kind,
                                                "bytes", (json_int_t)s->bytes)) == 0
               ? OK
               : ERR_NOMEM;
}

/* The newest return with its newest comment: what the list shows of it. */
static json_t *returned_json(struct web *w, const struct assignment_row *a)
{
    struct review_row r;
    bool found = false;
    AUTO_JSON comments = NULL;
    if (strcmp(a->state, work_state_name(WORK_RETURNED)) != 0 ||
        review_newest(w->app->vault, a->id, &found, &r) || !found ||
        web_comments(w, a->item, a->id, &comments))
        return json_null();
    const json_t *last = json_array_get(comments, json_array_size(comments) - 1);
    const char *text = json_string_value(json_object_get(last, "text"));
    return json_pack("{s:I, s:s, s:s}", "at_ms", (json_int_t)r.at_ms, "by", r.by, "text",
                     text == NULL ? "" : text);
}

json_t *web_item_title(struct web *w, const char *item)
{
    char session[RECORD_ID];
    char title[16];
    struct hash patient;
    if (records_item(w->app->vault, item, session, &patient))
        return json_string(item);
    (void)snprintf(title, sizeof title, "%.8s", session);
    return json_string(title);
}

static json_t *row_json(struct web *w, const struct assignment_row *a)
{
    struct doc_row campaign;
    AUTO_JSON streams = json_array();
    if (records_of_item(w->app->vault, a->item, add_short_stream, streams))
        return NULL;
    bool known = a->campaign != 0 && documents_get(w->app->vault, a->campaign, &campaign) == OK;
    bool open = false;
    struct campaign *c = NULL;
    const char *stopped =
        known && campaign_any(w->app, a->campaign, &c, &open) == OK ? desk_stopped(c) : NULL;
    json_t *v =
        json_pack("{s:s, s:s, s:o, s:s, s:o, s:O, s:o, s:I}", "id", a->id, "item", a->item,
                  "campaign", known ? json_string(hash_uri(campaign.hash).s) : json_null(), "state",
                  a->state, "title", web_item_title(w, a->item), "streams", streams, "returned",
                  returned_json(w, a), "updated_ms", (json_int_t)a->updated_ms);
    if (v != NULL && stopped != NULL)
        (void)json_object_set_new(v, "stopped", json_string(stopped));
    return v;
}

static enum err add_row(void *ctx, const struct assignment_row *a)
{
    struct listing *l = ctx;
    return json_array_append_new(l->list, row_json(l->w, a)) == 0 ? OK : ERR_NOMEM;
}

/* The campaign of a query or body member; 0 where none is named. False: answered. */
bool web_campaign_of(struct web *w, const char *text, int64_t *out)
{
    struct hash h;
    struct doc_row row;
    bool found = false;
    *out = 0;
    if (text == NULL || text[0] == '\0')
        return true;
    if (!hash_parse_uri(bytes_str(text), &h) && !documents_find(w->app->vault, h, &found, &row) &&
        found) {
        *out = row.id;
        return true;
    }
    web_error_at(w, 400, "malformed", "/campaign",
                 "no such campaign: its hash begins with sha256:");
    return false;
}

struct queueing {
    struct app *a;
    const char *who;
    int64_t only; /* 0: all campaigns */
    uint64_t n;
};

static enum err add_queue(void *ctx, struct campaign *c)
{
    struct queueing *q = ctx;
    uint64_t n = 0;
    enum err e =
        q->only != 0 && q->only != c->id ? OK : work_queue_length(q->a->vault, c->id, q->who, &n);
    q->n += n;
    return e;
}

void route_assignments(struct web *w)
{
    int64_t campaign = 0;
    enum work_state parsed;
    const char *state = httpd_query(w->r, "state");
    struct listing l = {.w = w, .list = json_array()};
    if (state != NULL && state[0] == '\0')
        state = NULL;
    if (state != NULL && !work_state_of(state, &parsed)) {
        json_decref(l.list);
        web_error(w, 400, "malformed", "no state %.20s", state);
        return;
    }
    if (!web_campaign_of(w, httpd_query(w->r, "campaign"), &campaign)) {
        json_decref(l.list);
        return;
    }
    struct queueing q = {.a = w->app, .who = w->who.pseudonym, .only = campaign};
    enum err e = work_of_person(w->app->vault, w->who.pseudonym, state, campaign, add_row, &l);
    if (!e && person_has(&w->who, "annotator"))
        e = campaigns_each_open(w->app, add_queue, &q);
    if (e) {
        json_decref(l.list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o, s:I}", "assignments", l.list, "open", (json_int_t)q.n));
}

void route_next(struct web *w)
{
    struct hash h;
    struct campaign *c = NULL;
    struct assignment_row row;
    char id[WORK_ID];
    bool found = false;
    const char *text = web_text(w, "campaign");
    if (text == NULL || hash_parse_uri(bytes_str(text), &h)) {
        web_error_at(w, 400, "malformed", "/campaign", "the hash of a campaign is wanted");
        return;
    }
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    enum err e = desk_campaign(w->app, h, &c, &f);
    if (!e)
        e = desk_next(w->app, c, &w->who, clock_now_ms(), &found, id);
    if (!e && found)
        e = work_get(w->app->vault, id, &row);
    if (e)
        web_fail_desk(w, e, &f);
    else if (!found)
        web_empty(w, 204);
    else
        web_json(w, 200, row_json(w, &row));
}

/* --- saving --- */

void route_draft(struct web *w)
{
    CLEANUP(desk_work_fini) struct desk_work k = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    uint64_t base = 0;
    uint64_t n = 0;
    char etag[32];
    if (!web_if_match(w, &base) || !web_load_own(w, &k))
        return;
    enum err e = desk_draft(w->app, &k, &w->who, base, httpd_body(w->r), clock_now_ms(), &n, &f);
    if (e) {
        web_fail_desk(w, e, &f);
        return;
    }
    opening_renew(w->page, w->who.id, k.a.item, clock_now_ms());
    (void)snprintf(etag, sizeof etag, "\"%llu\"", (unsigned long long)n);
    httpd_header_out(w->r, "ETag", etag);
    web_empty(w, 204);
}

void route_submit(struct web *w)
{
    CLEANUP(desk_work_fini) struct desk_work k = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    json_t *revision = NULL;
    uint64_t base = 0;
    const json_t *active = json_object_get(w->body, "active_ms");
    if (!web_if_match(w, &base) || !web_load_own(w, &k))
        return;
    if (!json_is_integer(active) || json_integer_value(active) < 0) {
        web_error_at(w, 400, "malformed", "/active_ms",
                     "the milliseconds of work are a number from 0");
        return;
    }
    enum err e = desk_submit(w->app, &k, &w->who, base, json_object_get(w->body, "acknowledge"),
                             (uint64_t)json_integer_value(active), clock_now_ms(), &revision, &f);
    if (e)
        web_fail_desk(w, e, &f);
    else
        web_json(w, 200, revision);
}

void route_skip(struct web *w)
{
    CLEANUP(desk_work_fini) struct desk_work k = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    json_t *revision = NULL;
    if (!web_load_own(w, &k))
        return;
    enum err e = desk_skip(w->app, &k, &w->who, web_text(w, "reason"), web_text(w, "text"),
                           clock_now_ms(), &revision, &f);
    if (e)
        web_fail_desk(w, e, &f);
    else
        web_json(w, 200, revision);
}

static enum err comment(struct web *w, const struct desk_work *k, const char *region,
                        const char *text, uint64_t now, struct desk_fault *f)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(w->app->vault, &tx);
    if (!e)
        e = desk_comment(w->app, k->a.item, k->a.id, region, w->who.pseudonym, text, now, f);
    return e ? e : vault_commit(&tx);
}

void route_flag(struct web *w)
{
    CLEANUP(desk_work_fini) struct desk_work k = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    if (!web_load_own(w, &k))
        return;
    enum err e = comment(w, &k, NULL, web_text(w, "text"), clock_now_ms(), &f);
    if (e)
        web_fail_desk(w, e, &f);
    else
        web_empty(w, 204);
}

void route_comment(struct web *w)
{
    CLEANUP(desk_work_fini) struct desk_work k = {0};
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    uint64_t now = clock_now_ms();
    const char *region = web_text(w, "region");
    const char *text = web_text(w, "text");
    if (!web_load_own(w, &k))
        return;
    enum err e = comment(w, &k, region, text, now, &f);
    if (e) {
        web_fail_desk(w, e, &f);
        return;
    }
    json_t *v = json_pack("{s:s, s:I, s:s}", "by", w->who.pseudonym, "at_ms", (json_int_t)now,
                          "text", text);
    if (v != NULL && region != NULL)
        (void)json_object_set_new(v, "region", json_string(region));
    web_json(w, 200, v);
}
