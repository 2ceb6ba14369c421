/* proposals.c - the next roster or policy, signature by signature; and documents given by the operator. */
#include "base/clock.h"
#include "coordinator/documents.h"
#include "core/identity/note.h"
#include "core/identity/proposal.h"

/* All that is here of it, and what has come. *before is how long the first was; 0 where there was none. */
static enum err merge(struct app *a, const struct proposal *p, struct buf *all, size_t *before,
                      struct diag *d)
{
    bool found = false;
    enum err e = store_proposal(a->store, document_hash(p->doc), &found, all);
    *before = all->n;
    if (!e && !found)
        e = buf_put(all, p->note.text);
    if (!e)
        e = proposal_merge(p, all);
    return e ? diag_set(d, e, "a signature on it does not verify (%s)", err_name(e)) : OK;
}

static enum err keep(struct app *a, struct taking *t, struct bytes all, struct diag *d)
{
    enum err e = store_proposal_put(a->store, document_kind_name(t->kind), t->version, t->hash, all,
                                    clock_now_ms());
    return e == ERR_FULL ? diag_set(d, e,
                                    "%d proposals wait already: one of them has to take force, or "
                                    "this one be signed on paper and installed",
                                    STORE_PROPOSALS)
                         : e;
}

static enum err take_force(struct app *a, struct taking *t, struct bytes all, struct diag *d)
{
    AUTO(document) taken = NULL;
    bool known = false;
    enum err e = documents_take_governed(a, t->kind, all, &known, &taken, d);
    t->in_force = e == OK;
    t->known = known;
    return e;
}

static enum err propose(struct app *a, const struct proposal *p, enum proposer by, struct taking *t,
                        struct diag *d)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    struct governors g;
    size_t before = 0;
    if (by == PROPOSED_BY_SITE && governors_signed(&p->governors) == 0)
        return diag_set(d, ERR_DENIED, "no governor of the roster in force has signed it");
    enum err e = merge(a, p, &all, &before, d);
    if (!e)
        e = proposal_signers(a->roster, buf_bytes(&all), &g);
    if (e)
        return e;
    t->valid = governors_signed(&g);
    t->need = g.need;
    if (t->valid >= t->need)
        return take_force(a, t, buf_bytes(&all), d);
    t->known = all.n == before;
    return t->known ? OK : keep(a, t, buf_bytes(&all), d);
}

/* Is it the version in force itself? Then one more signature than it needed has come. */
static bool in_force_already(const struct document *before, struct bytes in, struct taking *t)
{
    struct bytes text = proposal_text(in);
    t->known = t->in_force = before != NULL && bytes_eq(document_note(before), text);
    if (t->in_force) {
        t->version = document_version(before);
        t->hash = document_hash(before);
    }
    return t->in_force;
}

enum err documents_propose(struct app *a, enum document_kind kind, struct bytes in,
                           enum proposer by, struct taking *out, struct diag *d)
{
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    const struct document *before = kind == DOCUMENT_ROSTER ? a->roster : a->policy;
    struct taking t = {.kind = kind};
    if (a->roster == NULL)
        return diag_set(d, ERR_DENIED, "no roster is in force: the founding one is installed");
    if (in.n > DOCUMENT_NOTE_MAX)
        return diag_set(d, ERR_TOOBIG, "larger than any signed document");
    enum err e = OK;
    if (!in_force_already(before, in, &t)) {
        e = proposal_open(in, kind, a->roster, before, &p, d);
        if (!e) {
            t.version = document_version(p.doc);
            t.hash = document_hash(p.doc);
            e = propose(a, &p, by, &t, d);
        }
    }
    if (!e)
        *out = t;
    return e;
}

/* --- by the operator --- */

/* Campaigns and guidelines come together: the note says which it is. */
static enum err take(struct app *a, struct taking *t, struct bytes note, struct diag *d)
{
    struct note n;
    struct bytes json;
    AUTO(document) doc = NULL;
    enum document_kind kind = t->kind;
    bool led = kind == DOCUMENT_CAMPAIGN;
    if (led && note_parse(note, &n) == OK && document_note_split(n.text, &kind, &json) == OK &&
        kind != DOCUMENT_GUIDELINE)
        kind = DOCUMENT_CAMPAIGN;
    enum err e = led ? documents_take_led(a, kind, note, &t->known, &doc, d)
                     : documents_take_governed(a, kind, note, &t->known, &doc, d);
    if (e)
        return e;
    t->kind = kind;
    t->hash = document_hash(doc);
    t->version = document_version(doc);
    t->in_force = true;
    return OK;
}

enum err documents_install(struct app *a, enum document_kind kind, struct bytes note,
                           struct taking *out, struct diag *d)
{
    CLEANUP(tx_end) struct tx tx;
    struct taking t = {.kind = kind};
    enum err e = store_begin(a->store, &tx);
    if (!e)
        e = take(a, &t, note, d);
    if (!e)
        e = tx_commit(&tx);
    if (!e)
        e = app_reload(a, d);
    if (!e)
        *out = t;
    return e;
}

enum err documents_offer(struct app *a, enum document_kind kind, struct bytes in,
                         struct taking *out, struct diag *d)
{
    CLEANUP(tx_end) struct tx tx;
    struct taking t = {.kind = kind};
    enum err e = store_begin(a->store, &tx);
    if (!e)
        e = documents_propose(a, kind, in, PROPOSED_BY_OPERATOR, &t, d);
    if (!e)
        e = tx_commit(&tx);
    if (!e)
        e = app_reload(a, d);
    if (!e)
        *out = t;
    return e;
}
