/* info.c - what may be looked up: campaigns, schemas, guidelines, progress, reads, state of the node. */
#include "node/page/web.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/work/state.h"
#include "node/desk/desk.h"
#include "node/desk/inbox.h"
#include "node/reads.h"
#include "node/state.h"
#include "openapi.h"

#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 2 * 1024 * 1024, READS_MAX = 1000 };

struct progressing {
    struct web *w;
    json_t *list;
};

/* --- campaigns and what they stand on --- */

/* Of a campaign's row, as it stands today: the guidelines in force, whether work is given out, until when it is approved. */
static void add_standing(struct web *w, int64_t id, json_t *v)
{
    bool open = false;
    struct campaign *c = NULL;
    if (v == NULL || campaign_any(w->app, id, &c, &open))
        return;
    const char *stopped = desk_stopped(c);
    (void)json_object_set(v, "guidelines", c->guidelines);
    (void)json_object_set_new(v, "open", json_boolean(open));
    if (c->until_ms != 0)
        (void)json_object_set_new(v, "until_ms", json_integer((json_int_t)c->until_ms));
    if (stopped != NULL)
        (void)json_object_set_new(v, "stopped", json_string(stopped));
}

static enum err add_campaign(void *ctx, const struct doc_row *row, const char *title)
{
    struct progressing *p = ctx;
    json_t *t = json_loads(title, 0, NULL);
    json_t *v = json_pack("{s:s, s:o, s:s}", "hash", hash_uri(row->hash).s, "title",
                          t == NULL ? json_object() : t, "state", row->state);
    add_standing(p->w, row->id, v);
    return json_array_append_new(p->list, v) == 0 ? OK : ERR_NOMEM;
}

void route_campaigns(struct web *w)
{
    json_t *list = json_array();
    struct progressing p = {.w = w, .list = list};
    enum err e = documents_inbox(w->app->vault, "campaign", add_campaign, &p);
    if (e) {
        json_decref(list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "campaigns", list));
}

/* The document of the path's hash, of one kind. False: answered. */
static bool find_doc(struct web *w, const char *kind, struct doc_row *row, json_t **body)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(BODY_MAX);
    struct hash h;
    bool found = false;
    enum err e = hash_parse_uri(bytes_str(w->param), &h) ? ERR_NOTFOUND : OK;
    if (!e)
        e = documents_find(w->app->vault, h, &found, row);
    if (!e && (!found || strcmp(row->kind, kind) != 0))
        e = ERR_NOTFOUND;
    if (!e)
        e = documents_texts(w->app->vault, row->id, NULL, &text, NULL);
    if (!e)
        e = json_read(buf_bytes(&text), BODY_MAX, body, NULL);
    if (e)
        web_fail(w, e, NULL);
    return e == OK;
}

void route_campaign(struct web *w)
{
    struct doc_row row;
    struct hash schema;
    json_t *body = NULL;
    if (!find_doc(w, "campaign", &row, &body))
        return;
    enum err e = json_hash(json_object_get(body, "schema"), &schema);
    if (e) {
        json_decref(body);
        web_fail(w, e, NULL);
        return;
    }
    json_t *v = json_pack("{s:s, s:s, s:o, s:s}", "hash", hash_uri(row.hash).s, "state", row.state,
                          "doc", body, "schema", hash_uri(schema).s);
    add_standing(w, row.id, v);
    web_json(w, 200, v);
}

static void send_doc(struct web *w, const char *kind)
{
    struct doc_row row;
    json_t *body = NULL;
    if (find_doc(w, kind, &row, &body))
        web_json(w, 200, json_pack("{s:s, s:o}", "hash", hash_uri(row.hash).s, "doc", body));
}

void route_guideline(struct web *w)
{
    send_doc(w, "guideline");
}

void route_schema(struct web *w)
{
    send_doc(w, "schema");
}

/* --- progress --- */

static enum err add_count(void *ctx, const char *state, uint64_t n)
{
    return json_object_set_new(ctx, state, json_integer((json_int_t)n)) == 0 ? OK : ERR_NOMEM;
}

static enum err add_progress(void *ctx, struct campaign *c)
{
    struct progressing *p = ctx;
    struct progress_row row = {0};
    struct vault *v = p->w->app->vault;
    AUTO_JSON own = json_object();
    uint64_t queue = 0;
    enum err e = work_progress(v, c->id, &row);
    if (!e)
        e = work_own_counts(v, c->id, p->w->who.pseudonym, add_count, own);
    if (!e && person_has(&p->w->who, "annotator"))
        e = work_queue_length(v, c->id, p->w->who.pseudonym, &queue);
    if (e)
        return e;
    json_t *one =
        json_pack("{s:s, s:O, s:I, s:I, s:I, s:O}", "hash", hash_uri(c->hash).s, "title",
                  json_object_get(document_json(c->doc), "title"), "items", (json_int_t)row.items,
                  "done", (json_int_t)row.done, "queue", (json_int_t)queue, "own", own);
    return json_array_append_new(p->list, one) == 0 ? OK : ERR_NOMEM;
}

void route_progress(struct web *w)
{
    struct progressing p = {.w = w, .list = json_array()};
    enum err e = campaigns_each_open(w->app, add_progress, &p);
    if (e) {
        json_decref(p.list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "campaigns", p.list));
}

/* --- reads --- */

static enum err add_read(void *ctx, json_t *row)
{
    return json_array_append_new(ctx, row) == 0 ? OK : ERR_NOMEM;
}

void route_reads(struct web *w)
{
    json_t *list = json_array();
    struct reads_filter f = {.user = httpd_query(w->r, "user"),
                             .patient = httpd_query(w->r, "patient"),
                             .limit = READS_MAX};
    if (f.user != NULL && f.user[0] == '\0')
        f.user = NULL;
    if (f.patient != NULL && f.patient[0] == '\0')
        f.patient = NULL;
    enum err e = reads_each(w->app, &f, add_read, list);
    if (e) {
        json_decref(list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "reads", list));
}

/* --- the node --- */

void route_status(struct web *w)
{
    json_t *v = NULL;
    enum err e = state_json(w->app, &v);
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, v);
}

void route_openapi(struct web *w)
{
    httpd_header_out(w->r, "Cache-Control", "no-store");
    httpd_reply_static(w->r, 200, "application/json",
                       bytes_of(openapi[0].begin, (size_t)(openapi[0].end - openapi[0].begin)));
}

/* No patient's data, no person's: counts and sizes only. */
void route_metrics(struct web *w)
{
    char text[600];
    struct records_count n = {0};
    if (records_count(w->app->vault, &n)) {
        web_fail(w, ERR_IO, NULL);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "# TYPE cloister_items gauge\ncloister_items %llu\n"
                   "# TYPE cloister_streams gauge\ncloister_streams %llu\n"
                   "# TYPE cloister_access_log_entries counter\ncloister_access_log_entries %llu\n"
                   "# TYPE cloister_uptime_seconds gauge\ncloister_uptime_seconds %llu\n",
                   (unsigned long long)n.items, (unsigned long long)n.streams,
                   (unsigned long long)logstore_size(w->app->access),
                   (unsigned long long)((clock_now_ms() - w->app->started_ms) / 1000));
    httpd_reply(w->r, 200, "text/plain; version=0.0.4", bytes_str(text));
}

void route_health(struct web *w)
{
    struct hash h;
    uint64_t id = 0;
    if (work_newest_revision(w->app->vault, &id, &h))
        web_error(w, 503, "vault", "the vault does not answer");
    else
        web_json(w, 200, json_pack("{s:b}", "ok", 1));
}
