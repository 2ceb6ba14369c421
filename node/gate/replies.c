/* replies.c - decisions of other sites: verified, kept, shown. */
#include "node/gate/replies.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "node/calls.h"
#include "node/gate/gate.h"
#include "node/vault/replies.h"

#include <stdio.h>

enum { NOTE_MAX = 2 * 1024 * 1024, FLOOR = 64 * 1024 };

/* The site whose log origin this is, active or not: what it said before it left it did say. */
static bool site_of_origin(const struct document *roster, struct bytes origin, struct party *out)
{
    for (size_t i = 0; i < roster_site_count(roster); i++) {
        if (roster_site_at(roster, i, out) == OK && bytes_eq(origin, bytes_str(out->log.name)))
            return true;
    }
    return false;
}

static bool same_reply(const struct campaign_reply *a, const struct campaign_reply *b)
{
    return hash_eq(a->document, b->document) && bytes_eq(a->decision, b->decision) &&
           bytes_eq(a->reason, b->reason) && a->roster == b->roster && a->until_ms == b->until_ms;
}

/* The body is the one that the note names, and says what the coordinator repeats. NULL: it is. */
static const char *check_body(const struct msgnote *m, struct bytes packed, struct arena *mem,
                              const struct campaign_reply *r)
{
    struct body b;
    if (m->body_size != packed.n || !hash_eq(m->body, sha256_of(packed)))
        return "body";
    if (!bytes_eq(m->type, bytes_str(body_token(BODY_CAMPAIGN_REPLY))) ||
        body_read(packed, mem, &b) || b.kind != BODY_CAMPAIGN_REPLY)
        return "type";
    return b.campaign_reply.original.n == 0 && same_reply(&b.campaign_reply, r) ? NULL
                                                                                : "other-words";
}

/* Addressed to the coordinator, as that site meets it. */
static bool to_coordinator(const struct document *roster, const char *site, struct bytes to)
{
    struct party c;
    struct party toward;
    return roster_coordinator(roster, &c) == OK && party_toward(&c, site, &toward) == OK &&
           bytes_eq(to, bytes_str(toward.log.name));
}

const char *replies_verify(const struct document *roster, const struct campaign_reply *r,
                           struct arena *mem, struct party *from, uint64_t *seq)
{
    struct frame f;
    struct note n;
    struct note_seal seal;
    struct msgnote m;
    if (r->original.n == 0 || frame_read(r->original, mem, &f) || note_parse(f.note, &n) ||
        msgnote_parse(n.text, &m))
        return "frame";
    if (!site_of_origin(roster, m.from, from))
        return "stranger";
    if (!to_coordinator(roster, from->id, m.to))
        return "address";
    if (note_verify(&n, &from->msg, 1, &seal) || !seal.valid)
        return "signature";
    *seq = m.seq;
    return check_body(&m, f.body, mem, r);
}

static enum err led_row(struct app *a, struct hash document, bool *led, struct doc_row *row)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    enum err e = documents_find(a->vault, document, led, row);
    if (!e && *led)
        e = documents_texts(a->vault, row->id, NULL, NULL, &note);
    *led = !e && *led && gate_led_here(a, row->kind, buf_bytes(&note));
    return e;
}

static void put_word(char out[REPLY_WORD], struct bytes word)
{
    (void)snprintf(out, REPLY_WORD, "%.*s", (int)word.n, (const char *)word.p);
}

enum err replies_take(struct app *a, const struct campaign_reply *r, uint64_t now_ms,
                      const char **why)
{
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct doc_row doc;
    struct party from;
    bool led = false;
    bool older = false;
    struct reply_row row = {.roster = r->roster > INT64_MAX ? INT64_MAX : r->roster,
                            .until_ms = r->until_ms > INT64_MAX ? INT64_MAX : r->until_ms,
                            .at_ms = now_ms};
    arena_init(&mem, r->original.n * FRAME_BUDGET + FLOOR);
    *why = a->roster == NULL ? "no-roster" : replies_verify(a->roster, r, &mem, &from, &row.seq);
    if (*why != NULL)
        return OK;
    enum err e = led_row(a, r->document, &led, &doc);
    if (!e && !led)
        *why = "not-led-here";
    if (e || !led)
        return e;
    row.document = doc.id;
    (void)snprintf(row.site, sizeof row.site, "%s", from.id);
    put_word(row.decision, r->decision);
    put_word(row.reason, r->reason);
    return replies_put(a->vault, &row, r->original, &older);
}

/* --- shown --- */

static const char *name_of(const struct app *a, const char *site)
{
    const json_t *sites =
        a->roster == NULL ? NULL : json_object_get(document_json(a->roster), "sites");
    for (size_t i = 0; i < json_array_size(sites); i++) {
        if (strcmp(json_text(json_array_get(sites, i), "id"), site) == 0)
            return json_text(json_array_get(sites, i), "name");
    }
    return "";
}

struct listing {
    struct app *app;
    json_t *list;
};

static json_t *reply_json(const struct app *a, const struct reply_row *r)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I}", "site", r->site, "name", name_of(a, r->site),
                     "decision", r->decision, "reason", r->reason, "at_ms", (json_int_t)r->at_ms);
}

static enum err add_reply(void *ctx, const struct reply_row *r)
{
    struct listing *l = ctx;
    return json_array_append_new(l->list, reply_json(l->app, r)) == 0 ? OK : ERR_NOMEM;
}

enum err replies_json(struct app *a, const struct doc_row *row, struct bytes note, json_t **out)
{
    AUTO_JSON list = json_array();
    struct listing l = {a, list};
    if (!gate_led_here(a, row->kind, note)) {
        *out = json_null();
        return OK;
    }
    enum err e = replies_of(a->vault, row->id, add_reply, &l);
    if (!e)
        *out = MOVE(list);
    return e;
}

/* Each with the document that it is about. */
static enum err tell_reply(void *ctx, const struct reply_row *r)
{
    struct call *c = ctx;
    CLEANUP(buf_fini) struct buf title = BUF_INIT(65536);
    struct doc_row doc;
    enum err e = documents_get(c->app->vault, r->document, &doc);
    if (!e)
        e = documents_texts(c->app->vault, r->document, &title, NULL, NULL);
    if (e)
        return e;
    json_t *row = reply_json(c->app, r);
    AUTO_JSON about =
        json_pack("{s:s, s:s, s:o}", "kind", doc.kind, "document", hash_uri(doc.hash).s, "title",
                  json_loads(buf_cstr(&title), 0, NULL));
    if (row == NULL || about == NULL || json_object_update(row, about) != 0) {
        json_decref(row);
        return ERR_NOMEM;
    }
    call_row(c, row);
    return OK;
}

void call_replies(struct call *c)
{
    call_end_err(c, replies_of(c->app->vault, 0, tell_reply, c), "reading the decisions");
}
