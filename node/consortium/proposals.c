/* proposals.c - taking in what may be signed, and signing it. */
#include "node/consortium/proposals.h"

#include "base/clock.h"
#include "core/identity/proposal.h"
#include "host/passphrase.h"
#include "host/sealed_key.h"
#include "node/vault/governed.h"

#include <stdio.h>
#include <stdlib.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

bool proposals_kind(struct bytes in, enum document_kind *out)
{
    struct bytes json;
    return document_note_split(proposal_text(in), out, &json) == OK &&
           (*out == DOCUMENT_ROSTER || *out == DOCUMENT_POLICY);
}

/* It was signed by enough already: no steward is asked. */
static enum err check_open(const struct proposal *p, enum document_kind kind, struct diag *d)
{
    if (governors_signed(&p->governors) < p->governors.need)
        return OK;
    return diag_set(d, ERR_INVALID, "%u governors have signed it, which is enough: %s",
                    governors_signed(&p->governors),
                    kind == DOCUMENT_ROSTER ? "take it with `roster pin`"
                                            : "the coordinator installs it");
}

static enum err add(struct app *a, const struct proposal *p, struct bytes note, struct doc_row *row)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(NOTE_MAX);
    CLEANUP(vault_end) struct vault_tx tx = {0};
    char title[200];
    const char *kind = document_kind_name(document_kind(p->doc));
    bool roster = document_kind(p->doc) == DOCUMENT_ROSTER;
    *row = (struct doc_row){.hash = document_hash(p->doc),
                            .version = document_version(p->doc),
                            .received_ms = clock_now_ms(),
                            .state = "waiting"};
    (void)snprintf(row->kind, sizeof row->kind, "%s", kind);
    (void)snprintf(row->name, sizeof row->name, "%s", kind);
    (void)snprintf(title, sizeof title, "{\"de\":\"%s, Fassung %llu\",\"en\":\"%s, version %llu\"}",
                   roster ? "Verzeichnis" : "Richtlinie", (unsigned long long)row->version,
                   roster ? "Roster" : "Policy", (unsigned long long)row->version);
    enum err e = json_canonical(document_json(p->doc), &body);
    if (!e)
        e = vault_begin(a->vault, &tx);
    if (!e)
        e = documents_add(a->vault, row, bytes_str(title), buf_bytes(&body), note, &row->id);
    if (!e)
        e = governed_propose(a->vault, row->id);
    return e ? e : vault_commit(&tx);
}

static enum err add_lines(struct app *a, const struct proposal *p, const struct doc_row *row)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = documents_texts(a->vault, row->id, NULL, NULL, &note);
    size_t before = note.n;
    if (!e)
        e = proposal_merge(p, &note);
    if (e || note.n == before)
        return e;
    e = vault_begin(a->vault, &tx);
    if (!e)
        e = governed_set_note(a->vault, row->id, buf_bytes(&note));
    return e ? e : vault_commit(&tx);
}

enum err proposals_full(struct app *a, bool *full)
{
    uint64_t waiting = 0;
    enum err e = governed_waiting(a->vault, &waiting);
    if (!e)
        *full = waiting >= PROPOSALS_MAX;
    return e;
}

static enum err take(struct app *a, const struct proposal *p, struct doc_row *out, bool *known,
                     struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    bool full = false;
    enum err e = documents_find(a->vault, document_hash(p->doc), known, out);
    if (!e && *known)
        return add_lines(a, p, out);
    if (!e)
        e = proposals_full(a, &full);
    if (!e && full)
        return diag_set(d, ERR_AGAIN, "%d proposals wait in the inbox already: decide one first",
                        PROPOSALS_MAX);
    if (!e)
        e = buf_put(&note, p->note.text);
    if (!e)
        e = proposal_merge(p, &note); /* what is no governor's line is left out */
    return e ? e : add(a, p, buf_bytes(&note), out);
}

enum err proposals_take(struct app *a, enum document_kind kind, struct bytes in,
                        struct doc_row *out, bool *known, struct diag *d)
{
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    if (a->roster == NULL)
        return diag_set(d, ERR_DENIED, "no roster is pinned, so nobody here can sign a next one");
    if (in.n > NOTE_MAX)
        return diag_set(d, ERR_TOOBIG, "larger than any signed document");
    enum err e =
        proposal_open(in, kind, a->roster, kind == DOCUMENT_ROSTER ? a->roster : a->policy, &p, d);
    if (!e)
        e = check_open(&p, kind, d);
    if (e)
        return e;
    e = take(a, &p, out, known, d);
    return e && d->text[0] == '\0' ? diag_set(d, e, "it cannot be stored (%s)", err_name(e)) : e;
}

/* --- signing --- */

enum err gov_signing_new(struct app *a, int64_t id, struct bytes passphrase,
                         struct gov_signing **out)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    if (passphrase.n == 0 || passphrase.n > PASSPHRASE_MAX)
        return ERR_INVALID;
    struct gov_signing *s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    s->dir = a->dir;
    buf_init(&s->text, NOTE_MAX);
    buf_init(&s->line, 1024);
    enum err e = secret_copy(passphrase, &s->passphrase);
    if (!e)
        e = documents_texts(a->vault, id, NULL, NULL, &note);
    if (!e)
        e = buf_put(&s->text, proposal_text(buf_bytes(&note)));
    if (e) {
        gov_signing_free(s);
        return e;
    }
    *out = s;
    return OK;
}

void gov_signing_run(void *ctx)
{
    struct gov_signing *s = ctx;
    AUTO(secret) seed = NULL;
    struct vkey key;
    s->e = sealed_key_public(s->dir, "gov.key", &key);
    if (s->e)
        s->e = diag_set(&s->d, s->e, "gov.key: this node has no governor key");
    if (!s->e)
        s->e = sealed_key_open(s->dir, "gov.key", s->passphrase, &seed, &s->d);
    secret_free(MOVE(s->passphrase));
    if (s->e)
        return;
    s->e = note_sign(buf_bytes(&s->text), &key, secret_borrow(seed), &s->line);
    secret_give_back(seed);
}

void gov_signing_free(void *ctx)
{
    struct gov_signing *s = ctx;
    if (s == NULL)
        return;
    secret_free(s->passphrase);
    buf_fini(&s->text);
    buf_fini(&s->line);
    free(s);
}
