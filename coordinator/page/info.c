/* info.c - what the operator may look up: sites, campaigns, documents, who may sign in, the coordinator itself. */
#include "base/clock.h"
#include "base/hex.h"
#include "coordinator/page/page_in.h"
#include "coordinator/store/watch.h"
#include "coordinator/users.h"
#include "coordinator_openapi.h"
#include "core/identity/note.h"

#include <stdio.h>
#include <string.h>

/* --- sites --- */

/* calls_status tells the coordinator first, then one row a site. */
struct rows {
    json_t *head, *sites;
};

static void take_row(void *ctx, json_t *row)
{
    struct rows *r = ctx;
    if (json_object_get(row, "coordinator") != NULL)
        r->head = row;
    else
        (void)json_array_append_new(r->sites, row);
}

static enum err read_rows(struct web *w, struct rows *r)
{
    struct calls *c = w->page->calls;
    *r = (struct rows){.head = NULL, .sites = json_array()};
    return calls_status(w->app, c->relay, c->listening, take_row, r);
}

static void answer_rows(struct web *w, enum err e, json_t *wanted, json_t *other)
{
    json_decref(other);
    if (e) {
        json_decref(wanted);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, wanted);
}

void route_sites(struct web *w)
{
    struct rows r;
    enum err e = read_rows(w, &r);
    answer_rows(w, e,
                json_pack("{s:o, s:I}", "sites", r.sites, "now_ms", (json_int_t)clock_now_ms()),
                r.head);
}

/* --- documents --- */

static json_t *json_of_note(struct bytes note)
{
    enum document_kind kind = DOCUMENT_REQUEST;
    struct bytes text;
    struct note n;
    json_t *out = NULL;
    if (note_parse(note, &n) || document_note_split(n.text, &kind, &text) ||
        json_read(text, text.n, &out, NULL))
        return NULL;
    return out;
}

static json_t *kept_json(const struct kept_row *row)
{
    AUTO_JSON doc = json_of_note(row->note);
    struct note n;
    size_t signatures = note_parse(row->note, &n) ? 0 : n.n;
    json_t *title = json_object_get(doc, "title");
    return json_pack("{s:s, s:I, s:s, s:I, s:I, s:O?}", "kind", row->kind, "version",
                     (json_int_t)row->version, "hash", hash_uri(row->hash).s, "at_ms",
                     (json_int_t)row->at_ms, "signatures", (json_int_t)signatures, "title", title);
}

static enum err add_kept(void *ctx, const struct kept_row *row)
{
    return json_array_append_new(ctx, kept_json(row)) == 0 ? OK : ERR_NOMEM;
}

static enum err add_proposal(void *ctx, const struct proposal_row *row)
{
    const struct kept_row kept = {.kind = row->kind,
                                  .version = row->version,
                                  .at_ms = row->changed_ms,
                                  .hash = row->hash,
                                  .note = row->note};
    return add_kept(ctx, &kept);
}

void route_status(struct web *w)
{
    struct rows r;
    AUTO_JSON documents = json_array();
    AUTO_JSON proposals = json_array();
    enum err e = read_rows(w, &r);
    if (!e)
        e = store_documents(w->app->store, NULL, add_kept, documents);
    if (!e)
        e = store_proposals(w->app->store, add_proposal, proposals);
    if (!e && json_object_update_new(
                  r.head, json_pack("{s:O, s:O, s:I, s:I}", "documents", documents, "proposals",
                                    proposals, "started_ms", (json_int_t)w->page->started_ms,
                                    "strangers", (json_int_t)w->page->calls->relay->refused)) != 0)
        e = ERR_NOMEM;
    answer_rows(w, e, r.head, r.sites);
}

static enum err take_note(void *ctx, const struct kept_row *row)
{
    json_t **out = ctx;
    json_t *note = json_stringn((const char *)row->note.p, row->note.n);
    *out = kept_json(row);
    return *out == NULL || note == NULL || json_object_set_new(*out, "note", note) != 0 ? ERR_NOMEM
                                                                                        : OK;
}

void route_document(struct web *w)
{
    struct hash h;
    bool found = false;
    json_t *out = NULL;
    enum err e = hash_parse_uri(bytes_str(w->param), &h) ? ERR_NOTFOUND : OK;
    if (!e)
        e = store_kept(w->app->store, h, &found, take_note, &out);
    if (!e && !found)
        e = ERR_NOTFOUND;
    if (e) {
        json_decref(out);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, out);
}

/* --- campaigns --- */

struct listing {
    struct app *app;
    json_t *list;
};

static enum err add_told(void *ctx, const struct told_row *row)
{
    json_t *j = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "site", row->site, "decision",
                          row->decision, "reason", row->reason, "roster", (json_int_t)row->roster,
                          "until_ms", (json_int_t)row->until_ms, "at_ms", (json_int_t)row->at_ms);
    return json_array_append_new(ctx, j) == 0 ? OK : ERR_NOMEM;
}

static bool has_told(const json_t *replies, const char *site)
{
    size_t i;
    json_t *r;
    json_array_foreach(replies, i, r)
    {
        if (strcmp(json_text(r, "site"), site) == 0)
            return true;
    }
    return false;
}

/* Active sites that have not said anything of it. */
static enum err waiting_of(struct app *a, const json_t *replies, json_t *out)
{
    enum err e = OK;
    for (size_t i = 0; a->roster != NULL && i < roster_site_count(a->roster) && !e; i++) {
        struct party p;
        e = roster_site_at(a->roster, i, &p);
        if (!e && p.active && !has_told(replies, p.id) &&
            json_array_append_new(out, json_string(p.id)) != 0)
            e = ERR_NOMEM;
    }
    return e;
}

static enum err add_campaign(void *ctx, const struct kept_row *row)
{
    struct listing *l = ctx;
    AUTO_JSON doc = json_of_note(row->note);
    AUTO_JSON replies = json_array();
    AUTO_JSON waiting = json_array();
    json_t *one = kept_json(row);
    enum err e = store_told(l->app->store, row->hash, add_told, replies);
    if (!e)
        e = waiting_of(l->app, replies, waiting);
    if (!e && json_object_update_new(one, json_pack("{s:s, s:O?, s:O, s:O}", "lead",
                                                    json_text(doc, "lead"), "guidelines",
                                                    json_object_get(doc, "guidelines"), "replies",
                                                    replies, "waiting", waiting)) != 0)
        e = ERR_NOMEM;
    if (e || json_array_append_new(l->list, one) != 0) {
        json_decref(e ? one : NULL);
        return e ? e : ERR_NOMEM;
    }
    return OK;
}

void route_campaigns(struct web *w)
{
    struct listing l = {w->app, json_array()};
    enum err e = store_documents(w->app->store, "campaign", add_campaign, &l);
    if (e) {
        json_decref(l.list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "campaigns", l.list));
}

/* No round is run by this version, so none is listed and nothing has been released. */
void route_rounds(struct web *w)
{
    web_json(w, 200, json_pack("{s:[]}", "rounds"));
}

void route_results(struct web *w)
{
    web_json(w, 200, json_pack("{s:[]}", "results"));
}

/* --- people --- */

static enum err add_person(void *ctx, const struct person *p)
{
    return json_array_append_new(ctx, users_json(p)) == 0 ? OK : ERR_NOMEM;
}

void route_users(struct web *w)
{
    json_t *list = json_array();
    enum err e = people_all(store_people(w->app->store), add_person, list);
    if (e) {
        json_decref(list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "users", list));
}

/* --- the coordinator --- */

void route_openapi(struct web *w)
{
    httpd_header_out(w->r, "Cache-Control", "no-store");
    httpd_reply_static(w->r, 200, "application/json",
                       bytes_of(openapi[0].begin, (size_t)(openapi[0].end - openapi[0].begin)));
}

/* Counts only; no site is named. */
void route_metrics(struct web *w)
{
    char text[500];
    const struct relay *r = w->page->calls->relay;
    unsigned up = 0;
    unsigned stopped = 0;
    for (size_t i = 0; i < r->n; i++) {
        enum link_state s = link_state(linkdrv_link(r->members[i]->drv));
        up += s == LINK_UP;
        stopped += s == LINK_STOPPED;
    }
    (void)snprintf(text, sizeof text,
                   "# TYPE cloister_sites gauge\ncloister_sites %zu\n"
                   "# TYPE cloister_links_up gauge\ncloister_links_up %u\n"
                   "# TYPE cloister_links_stopped gauge\ncloister_links_stopped %u\n"
                   "# TYPE cloister_uptime_seconds gauge\ncloister_uptime_seconds %llu\n",
                   r->n, up, stopped,
                   (unsigned long long)((clock_now_ms() - w->page->started_ms) / 1000));
    httpd_reply(w->r, 200, "text/plain; version=0.0.4", bytes_str(text));
}

void route_health(struct web *w)
{
    bool known = false;
    const struct hash none = {{0}};
    if (store_document_known(w->app->store, none, &known))
        web_error(w, 503, "store", "the store does not answer");
    else
        web_json(w, 200, json_pack("{s:b}", "ok", 1));
}
