/* consortium.c - taking and holding the roster and the policy. */
#include "node/consortium/consortium.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/identity/note.h"
#include "host/say.h"
#include "host/sealed_key.h"
#include "io/files.h"
#include "node/access.h"
#include "node/calls.h"
#include "node/vault/governed.h"

#include <stdio.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

static enum err load(struct app *a, const char *kind, struct document **out, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    struct doc_row row;
    bool found = false;
    struct note parsed;
    enum err e = governed_newest(a->vault, kind, &found, &row);
    if (e || !found)
        return e;
    e = documents_texts(a->vault, row.id, NULL, NULL, &note);
    if (!e)
        e = note_parse(buf_bytes(&note), &parsed);
    return e ? e : document_of_note(parsed.text, NULL, out, d);
}

enum err consortium_load(struct app *a, struct diag *d)
{
    enum err e = load(a, "roster", &a->roster, d);
    return e ? e : load(a, "policy", &a->policy, d);
}

void consortium_fini(struct app *a)
{
    document_free(a->roster);
    document_free(a->policy);
    a->roster = a->policy = NULL;
}

/* The roster's line about this site holds this site's own keys: else it speaks of somebody else. */
static enum err check_own(struct app *a, const struct document *roster, struct diag *d)
{
    struct party own;
    const struct keyring_identity *who = keyring_who(a->keyring);
    if (roster_site(roster, who->id, &own))
        return diag_set(d, ERR_DENIED, "this roster does not name %s: was its request left out?",
                        who->id);
    const enum keyring_key kept[] = {KEYRING_LOG, KEYRING_MESSAGE, KEYRING_WITNESS};
    const struct vkey *named[] = {&own.log, &own.msg, &own.witness};
    for (size_t i = 0; i < 3; i++) {
        struct secret *seed = keyring_secret(a->keyring, kept[i]);
        struct ed25519_public public = note_public(secret_borrow(seed));
        secret_give_back(seed);
        if (memcmp(public.b, named[i]->key.b, sizeof public.b) != 0)
            return diag_set(
                d, ERR_DENIED,
                "this roster names %s with keys that are not this node's: nobody should "
                "sign it",
                who->id);
    }
    return OK;
}

/* Proquints as people type them: any case, blanks or dashes between. */
static enum err check_fingerprint(struct hash hash, const char *said, struct diag *d)
{
    uint8_t raw[16];
    struct bytes text = bytes_str(said);
    while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
        text.n--;
    if (proquint_decode(text, raw, sizeof raw))
        return diag_set(d, ERR_INVALID, "a fingerprint is eight words of five letters");
    if (memcmp(raw, hash.b, sizeof raw) != 0)
        return diag_set(d, ERR_DENIED,
                        "this roster has another fingerprint: it is not the one that "
                        "was read out. Do not use it");
    return OK;
}

static enum err note_it(struct app *a, const struct document *doc, const char *meaning)
{
    struct event ev = {.kind = EVENT_APPROVAL,
                       .approval = {.document = document_hash(doc),
                                    .kind = document_kind_name(document_kind(doc)),
                                    .user = app_system_user(),
                                    .name = app_system_user(),
                                    .time_ms = clock_now_ms(),
                                    .meaning = meaning,
                                    .decision = "approve",
                                    .reason = ""}};
    enum err e = access_append(a, &ev);
    return e ? e : access_sync(a);
}

/* Where it was proposed here before, its row is there. */
static enum err place(struct app *a, const struct document *doc, struct bytes note, int64_t *id)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(NOTE_MAX);
    const char *kind = document_kind_name(document_kind(doc));
    struct doc_row row;
    bool found = false;
    enum err e = documents_find(a->vault, document_hash(doc), &found, &row);
    if (e)
        return e;
    if (found) {
        *id = row.id;
        return OK;
    }
    row = (struct doc_row){.hash = document_hash(doc),
                           .version = document_version(doc),
                           .received_ms = clock_now_ms(),
                           .state = "approved"};
    (void)snprintf(row.kind, sizeof row.kind, "%s", kind);
    (void)snprintf(row.name, sizeof row.name, "%s", kind);
    e = json_canonical(document_json(doc), &body);
    return e ? e : documents_add(a->vault, &row, bytes_str("{}"), buf_bytes(&body), note, id);
}

static enum err store(struct app *a, const struct document *doc, struct bytes note)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    int64_t id = 0;
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = place(a, doc, note, &id);
    if (!e)
        e = governed_take_force(a->vault, id, note, clock_now_ms());
    if (!e)
        e = governed_overtaken(a->vault, document_kind_name(document_kind(doc)),
                               document_version(doc));
    return e ? e : vault_commit(&tx);
}

enum err consortium_take_roster(struct app *a, struct bytes note, const struct document *before,
                                const char *fingerprint, bool *known, struct diag *d)
{
    AUTO(document) doc = NULL;
    const struct document *on = a->roster == NULL ? before : a->roster;
    enum err e = governed_open(note, DOCUMENT_ROSTER, on, on, &doc, known, d);
    if (!e && a->roster == NULL && *known)
        e = diag_set(d, ERR_INVALID, "the same version twice: name each once, the oldest first");
    if (!e && a->roster == NULL)
        e = fingerprint == NULL
                ? diag_set(d, ERR_DENIED, "no roster is pinned yet: pin the founding one by hand")
                : check_fingerprint(document_hash(doc), fingerprint, d);
    if (!e && !*known)
        e = check_own(a, doc, d);
    if (e || *known)
        return e;
    e = note_it(a, doc,
                a->roster == NULL ? "founding roster, fingerprint compared by people"
                                  : "roster signed by its governors");
    if (!e)
        e = store(a, doc, note);
    if (e)
        return diag_set(d, e, "the roster cannot be stored (%s)", err_name(e));
    document_free(a->roster);
    a->roster = MOVE(doc);
    return OK;
}

enum err consortium_take_policy(struct app *a, struct bytes note, bool *known, struct diag *d)
{
    AUTO(document) doc = NULL;
    if (a->roster == NULL)
        return diag_set(d, ERR_DENIED, "no roster is pinned, so nobody can have signed a policy");
    enum err e = governed_open(note, DOCUMENT_POLICY, a->roster, a->policy, &doc, known, d);
    if (e || *known)
        return e;
    e = note_it(a, doc, "policy signed by the governors");
    if (!e)
        e = store(a, doc, note);
    if (e)
        return diag_set(d, e, "the policy cannot be stored (%s)", err_name(e));
    document_free(a->policy);
    a->policy = MOVE(doc);
    return OK;
}

static enum err own_lead(struct app *a, const char *site, struct party *out, struct diag *d)
{
    const char *id = keyring_who(a->keyring)->id;
    if (site != NULL && strcmp(site, id) != 0)
        return diag_at(d, ERR_INVALID, "/lead", "the lead whose key this node trusts is %s", id);
    enum err e = sealed_key_public(a->dir, "lead.key", &out->lead);
    if (e == ERR_NOTFOUND)
        return diag_set(
            d, ERR_DENIED,
            "this node has no trust anchor: no roster is pinned and it was made without --lead");
    return e ? diag_set(d, e, "lead.key cannot be read (%s)", err_name(e)) : OK;
}

/* Has this lead signed? ERR_DENIED where a line of its key does not verify. */
static enum err signed_by(const struct note *n, const struct party *lead, bool *yes)
{
    struct note_seal seal;
    enum err e = note_verify(n, &lead->lead, 1, &seal);
    *yes = !e && seal.valid;
    return e;
}

enum err consortium_check_lead(struct app *a, const struct note *n, const char *site,
                               struct diag *d)
{
    struct party lead;
    bool yes = false;
    enum err e = OK;
    if (a->roster == NULL) {
        e = own_lead(a, site, &lead, d);
        if (!e && (signed_by(n, &lead, &yes) || !yes))
            e = diag_set(d, ERR_DENIED, "no valid signature by %s", lead.lead.name);
        return e;
    }
    if (site != NULL && (roster_site(a->roster, site, &lead) || !lead.active || !lead.leads))
        return diag_at(d, ERR_DENIED, "/lead", "%s is no lead of the roster in force", site);
    for (size_t i = 0; !e && !yes && i < roster_site_count(a->roster); i++) {
        e = roster_site_at(a->roster, i, &lead);
        bool meant = !e && lead.active && lead.leads && (site == NULL || !strcmp(site, lead.id));
        if (meant)
            e = signed_by(n, &lead, &yes);
    }
    if (e || !yes)
        return diag_set(d, ERR_DENIED, "no valid signature by %s%s",
                        site == NULL ? "a lead of the roster in force" : "the lead ",
                        site == NULL ? "" : site);
    return OK;
}

/* --- the command's call --- */

/* The versions before the one that is pinned, each signed by governors of the one before it: for a site that comes later and
 * has none in force. */
static enum err read_chain(const struct call *c, size_t n, struct document **out, struct diag *d)
{
    AUTO(document) last = NULL;
    enum err e = OK;
    for (size_t i = 0; i < n && !e; i++) {
        CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX + 1);
        AUTO(document) next = NULL;
        bool known = false;
        e = call_read_file(c, i, NOTE_MAX, &note, d);
        if (!e)
            e = governed_open(buf_bytes(&note), DOCUMENT_ROSTER, last, last, &next, &known, d);
        document_free(last);
        last = MOVE(next);
    }
    if (!e)
        *out = MOVE(last);
    return e;
}

static size_t files_of(const struct call *c)
{
    size_t n = 0;
    while (n < CALL_FDS && c->fds[n] >= 0)
        n++;
    return n;
}

void call_roster_pin(struct call *c)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX + 1);
    AUTO(document) before = NULL;
    struct diag d = {0};
    bool known = false;
    size_t n = files_of(c);
    enum err e = n == 0 ? ERR_INVALID : call_read_file(c, n - 1, NOTE_MAX, &note, &d);
    if (!e && c->app->roster == NULL)
        e = read_chain(c, n - 1, &before, &d);
    if (!e)
        e = consortium_take_roster(c->app, buf_bytes(&note), before, call_text(c, "fingerprint"),
                                   &known, &d);
    if (e)
        call_end_diag(c, e, call_text(c, "file"), &d);
    else
        call_end(c, EXIT_OK, NULL);
}
