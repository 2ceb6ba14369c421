/* inbox_governed.c - a proposed roster or policy held against what is in force, and signed. */
#include "node/desk/inbox_governed.h"

#include "core/identity/proposal.h"
#include "host/sealed_key.h"
#include "node/gate/gate.h"
#include "node/vault/governed.h"

#include <string.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

bool inbox_is_governed(const struct doc_row *row)
{
    return strcmp(row->kind, "roster") == 0 || strcmp(row->kind, "policy") == 0;
}

static enum document_kind kind_of(const struct doc_row *row)
{
    return strcmp(row->kind, "roster") == 0 ? DOCUMENT_ROSTER : DOCUMENT_POLICY;
}

void governed_fini(struct governed_state *s)
{
    json_decref(s->json);
    s->json = NULL;
}

/* --- what changes --- */

static const json_t *site_of(const json_t *roster, const char *id)
{
    const json_t *sites = json_object_get(roster, "sites");
    for (size_t i = 0; i < json_array_size(sites); i++) {
        if (strcmp(json_text(json_array_get(sites, i), "id"), id) == 0)
            return json_array_get(sites, i);
    }
    return NULL;
}

static bool active(const json_t *site)
{
    return site != NULL && strcmp(json_text(site, "state"), "active") == 0;
}

static bool same_keys(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"log", "msg", "witness", "lead", "sum", "x25519", "curve"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
            return false;
    }
    return true;
}

static void put_site(json_t *changes, const char *list, const json_t *site)
{
    (void)json_array_append_new(
        json_object_get(changes, list),
        json_pack("{s:s, s:s}", "id", json_text(site, "id"), "name", json_text(site, "name")));
}

static void sites_changed(const json_t *doc, const json_t *before, json_t *changes)
{
    const json_t *now = json_object_get(doc, "sites");
    const json_t *old = json_object_get(before, "sites");
    for (size_t i = 0; i < json_array_size(now); i++) {
        const json_t *s = json_array_get(now, i);
        const json_t *was = site_of(before, json_text(s, "id"));
        if (active(s) && !active(was))
            put_site(changes, "joins", s);
        else if (!active(s) && active(was))
            put_site(changes, "revoked", s);
        else if (active(s) && !same_keys(s, was))
            put_site(changes, "renewed", s);
    }
    for (size_t i = 0; i < json_array_size(old); i++) {
        const json_t *s = json_array_get(old, i);
        if (active(s) && site_of(doc, json_text(s, "id")) == NULL)
            put_site(changes, "gone", s);
    }
}

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    }
    return false;
}

/* The names of those of `list` that `other` does not have. */
static void governors_beyond(const json_t *list, const json_t *other, json_t *out)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        struct vkey k;
        if (!has_text(other, text) && vkey_parse(bytes_str(text), &k) == OK)
            (void)json_array_append_new(out, json_string(k.name));
    }
}

static json_t *changes_json(struct app *a, const json_t *doc, const json_t *before)
{
    const json_t *now = json_object_get(doc, "governors");
    const json_t *old = json_object_get(before, "governors");
    const json_t *own = site_of(doc, keyring_who(a->keyring)->id);
    json_t *c = json_pack("{s:[], s:[], s:[], s:[], s:[], s:[], s:O, s:O, s:I, s:b, s:s}", "joins",
                          "revoked", "gone", "renewed", "governors_in", "governors_out", "k",
                          json_object_get(doc, "k"), "k_before", json_object_get(before, "k"),
                          "governors", (json_int_t)json_array_size(now), "coordinator",
                          (int)!json_equal(json_object_get(doc, "coordinator"),
                                           json_object_get(before, "coordinator")),
                          "own",
                          own == NULL   ? "absent"
                          : active(own) ? "active"
                                        : "revoked");
    if (c == NULL)
        return NULL;
    sites_changed(doc, before, c);
    governors_beyond(now, old, json_object_get(c, "governors_in"));
    governors_beyond(old, now, json_object_get(c, "governors_out"));
    return c;
}

/* --- who signs --- */

static bool own_governor(struct app *a, struct vkey *out)
{
    return sealed_key_public(a->dir, "gov.key", out) == OK;
}

static bool same_key(const struct vkey *a, const struct vkey *b)
{
    return strcmp(a->name, b->name) == 0 && memcmp(a->key.b, b->key.b, sizeof a->key.b) == 0;
}

static json_t *signers_json(const struct governors *g, const struct vkey *own, struct diag *why)
{
    json_t *list = json_array();
    bool named = false;
    for (size_t i = 0; i < g->n; i++) {
        bool ours = own != NULL && same_key(&g->key[i], own);
        named |= ours;
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:b, s:b}", "name", g->key[i].name, "signed",
                                              (int)g->has_signed[i], "own", (int)ours));
    }
    if (!named)
        (void)diag_at(why, ERR_INVALID, "/governors",
                      "the governor of this site is not one of the roster in force: its signature "
                      "would not count");
    return list;
}

/* What came after it, or instead of it, stands against a signature. */
static void check_next(struct app *a, const struct doc_row *row, struct bytes note,
                       uint64_t in_force_ms, struct diag *why)
{
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    enum document_kind kind = kind_of(row);
    if (in_force_ms == 0)
        (void)proposal_open(note, kind, a->roster, kind == DOCUMENT_ROSTER ? a->roster : a->policy,
                            &p, why);
}

enum err governed_read(struct app *a, const struct doc_row *row, const json_t *doc,
                       const json_t *before, struct bytes note, struct governed_state *out)
{
    struct governors g = {.n = 0};
    struct vkey own;
    struct governed_state s = {.json = NULL};
    char words[FINGERPRINT_TEXT];
    uint64_t in_force_ms = 0;
    bool proposed = false;
    enum err e = governed_standing(a->vault, row->id, &proposed, &in_force_ms);
    if (!e && a->roster != NULL)
        e = proposal_signers(a->roster, note, &g);
    if (e == ERR_DENIED) /* signed under governors of whom one has another key by now */
        e = OK;
    if (e)
        return e;
    json_t *signers = signers_json(&g, own_governor(a, &own) ? &own : NULL, &s.why);
    if (s.why.text[0] == '\0')
        check_next(a, row, note, in_force_ms, &s.why);
    document_fingerprint(row->hash, words);
    s.json = json_pack(
        "{s:s, s:I, s:i, s:i, s:o, s:o, s:o}", "fingerprint", words, "version",
        (json_int_t)row->version, "valid", (int)governors_signed(&g), "need", (int)g.need,
        "in_force_ms", in_force_ms == 0 ? json_null() : json_integer((json_int_t)in_force_ms),
        "signers", signers, "changes",
        kind_of(row) == DOCUMENT_ROSTER && before != NULL ? changes_json(a, doc, before)
                                                          : json_null());
    if (s.json == NULL)
        return ERR_NOMEM;
    *out = s;
    return OK;
}

/* --- signing --- */

enum err governed_may_sign(struct app *a, const struct doc_row *row, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    CLEANUP(governed_fini) struct governed_state s = {.json = NULL};
    enum err e = documents_texts(a->vault, row->id, NULL, NULL, &note);
    if (!e)
        e = governed_read(a, row, NULL, NULL, buf_bytes(&note), &s);
    if (e || s.why.text[0] == '\0')
        return e;
    *d = s.why;
    return ERR_INVALID;
}

enum err governed_sign(struct app *a, const struct doc_row *row, struct bytes line, uint64_t now_ms)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT(NOTE_MAX);
    CLEANUP(buf_fini) struct buf ours = BUF_INIT(NOTE_MAX);
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    struct diag d = {0};
    enum document_kind kind = kind_of(row);
    struct body b = {.kind = BODY_DOCUMENT};
    enum err e = documents_texts(a->vault, row->id, NULL, NULL, &all);
    if (!e)
        e = buf_put(&ours, proposal_text(buf_bytes(&all)));
    if (!e)
        e = buf_putc(&ours, '\n');
    if (!e)
        e = buf_put(&ours, line);
    if (!e)
        e = proposal_open(buf_bytes(&ours), kind, a->roster,
                          kind == DOCUMENT_ROSTER ? a->roster : a->policy, &p, &d);
    if (!e && governors_signed(&p.governors) != 1)
        e = ERR_DENIED;
    if (!e)
        e = proposal_merge(&p, &all);
    if (!e)
        e = governed_set_note(a->vault, row->id, buf_bytes(&all));
    b.document = (struct document_message){bytes_str(row->kind), buf_bytes(&ours)};
    return e ? e : gate_offer(a, &b, now_ms);
}
