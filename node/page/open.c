/* open.c - opening an assignment: the one GET that writes, first of all into the access log. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "node/desk/guidelines.h"

#include <stdlib.h>

enum { STREAMS_MAX = 64, DOC_MAX = 9 * 1024 * 1024 };

struct opening_work {
    struct desk_work work;
    json_t *answer;
};

static void opening_free(void *ctx)
{
    struct opening_work *o = ctx;
    desk_work_fini(&o->work);
    json_decref(o->answer);
    free(o);
}

static json_t *draft_json(bool found, uint64_t n, uint64_t saved_ms, const struct buf *doc)
{
    if (!found)
        return json_null();
    return json_pack("{s:I, s:I, s:o}", "n", (json_int_t)n, "saved_ms", (json_int_t)saved_ms, "doc",
                     json_loadb((const char *)doc->p, doc->n, 0, NULL));
}

/* Everything of the answer but the state, which the opening may change. */
static enum err opening_answer(struct web *w, struct opening_work *o, uint64_t *shown_n)
{
    CLEANUP(buf_fini) struct buf draft = BUF_INIT(DOC_MAX);
    const struct desk_work *k = &o->work;
    char session[RECORD_ID];
    struct hash patient;
    struct review_row review;
    struct campaign *c = k->campaign;
    bool drafted = false;
    bool reviewed = false;
    uint64_t n = 0;
    uint64_t saved = 0;
    AUTO_JSON streams = NULL;
    AUTO_JSON comments = NULL;
    AUTO_JSON changes = NULL;
    enum err e = records_item(w->app->vault, k->a.item, session, &patient);
    if (!e)
        e = desk_streams_json(w->app, k->a.item, &streams);
    if (!e)
        e = web_comments(w, k->a.item, k->a.id, &comments);
    if (!e)
        e = draft_get(w->app->vault, k->a.id, w->who.pseudonym, &drafted, &n, &saved, &draft);
    if (!e)
        e = review_newest(w->app->vault, k->a.id, &reviewed, &review);
    if (!e && c != NULL)
        e = guidelines_unread(w->app, c, w->who.pseudonym, &changes);
    if (e)
        return e;
    *shown_n = k->has_base ? k->base.n : 0;
    json_t *revision =
        k->has_base ? desk_revision_json(&k->base, json_incref(k->base_doc)) : json_null();
    o->answer = json_pack(
        "{s:s, s:o, s:{s:s, s:s}, s:o, s:o, s:O, s:o, s:o, s:o, s:O, s:[]}", "id", k->a.id,
        "campaign", c == NULL ? json_null() : json_string(hash_uri(c->hash).s), "item", "id",
        k->a.item, "session", session, "schema",
        c == NULL ? json_null() : json_string(hash_uri(schema_hash(c->schema)).s), "guidelines",
        c == NULL ? json_object() : json_incref(c->guidelines), "streams", streams, "draft",
        draft_json(drafted, n, saved, &draft), "revision", revision, "review",
        reviewed ? web_review_json(&review) : json_null(), "comments", comments, "suggestions");
    web_add_campaign(o->answer, c, changes);
    return o->answer == NULL ? ERR_NOMEM : OK;
}

void web_add_campaign(json_t *answer, const struct campaign *c, json_t *changes)
{
    const char *stopped = desk_stopped(c);
    if (answer == NULL)
        return;
    (void)json_object_set_new(answer, "changes",
                              changes == NULL ? json_array() : json_incref(changes));
    if (stopped != NULL)
        (void)json_object_set_new(answer, "stopped", json_string(stopped));
}

size_t web_stream_hashes(const json_t *streams, struct hash *out, size_t max)
{
    size_t n = 0;
    const char *slot = NULL;
    json_t *s = NULL;
    json_object_foreach((json_t *)(uintptr_t)streams, slot, s)
    {
        const char *text = json_string_value(json_object_get(s, "sha256"));
        if (n < max && text != NULL && !hash_parse_uri(bytes_str(text), &out[n]))
            n++;
    }
    return n;
}

static void opened(struct web *w)
{
    struct opening_work *o = w->ctx;
    struct assignment_row now;
    uint64_t at = clock_now_ms();
    enum err e = desk_opened(w->app, &o->work.a, at);
    if (!e)
        e = work_get(w->app->vault, o->work.a.id, &now);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    opening_renew(w->page, w->who.id, now.item, at);
    (void)json_object_set_new(o->answer, "state", json_string(now.state));
    web_json(w, 200, json_incref(o->answer));
}

void route_assignment(struct web *w)
{
    struct hash hashes[STREAMS_MAX];
    char session[RECORD_ID];
    struct event ev = {.kind = EVENT_READ};
    struct opening_work *o = calloc(1, sizeof *o);
    if (o == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    web_keep(w, o, opening_free);
    if (!web_load_own(w, &o->work)) {
        o->work = (struct desk_work){0};
        return;
    }
    enum err e = opening_answer(w, o, &ev.read.n);
    if (!e)
        e = records_item(w->app->vault, o->work.a.item, session, &ev.read.patient);
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    ev.read.user = w->who.user;
    ev.read.role = "annotator";
    ev.read.purpose = "label";
    ev.read.item = o->work.a.item;
    ev.read.assignment = o->work.a.id;
    ev.read.streams = hashes;
    ev.read.n_streams = web_stream_hashes(o->work.streams, hashes, STREAMS_MAX);
    ev.read.outcome = "shown";
    web_after_log(w, &ev, opened);
}
