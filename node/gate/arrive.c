/* arrive.c - documents from the coordinator: to where they belong, and what became of them as a code. */
#include "node/gate/arrive.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/text.h"
#include "core/identity/proposal.h"
#include "node/consortium/proposals.h"
#include "node/desk/assets.h"
#include "node/desk/inbox.h"
#include "node/gate/gate.h"
#include "node/gate/replies.h"
#include "node/gate/uplink.h"
#include "node/vault/outbox.h"

#include <stdio.h>

/* The code of an acknowledgement: never words that could quote something. */
static const char *code_of(enum err e, bool known)
{
    switch (e) {
    case OK:
        return known ? "known" : "taken";
    case ERR_DENIED:
        return "not-signed";
    case ERR_CONFLICT:
        return "older-or-fork";
    case ERR_TOOBIG:
        return "too-big";
    case ERR_INVALID:
        return "not-valid";
    case ERR_NOMEM:
    case ERR_NOTFOUND:
    case ERR_AGAIN:
    case ERR_CORRUPT:
    case ERR_TIMEOUT:
    case ERR_CLOSED:
    case ERR_FULL:
    case ERR_IO:
    case ERR_INTERNAL:
        break;
    }
    return "failed";
}

/* Is this an answer about the document, or a trouble of this node that a later try may not have? */
static bool of_document(enum err e)
{
    return e == OK || e == ERR_DENIED || e == ERR_CONFLICT || e == ERR_TOOBIG || e == ERR_INVALID;
}

/* What became of a document. */
struct taken {
    bool known;    /* it was here before */
    bool proposal; /* it is being signed: before the steward, not in force */
    bool many;     /* too many of those wait */
};

/* What k governors have not signed may be what they are asked to sign: then the steward sees it, and nothing else happens. */
static enum err take_governed(struct app *a, enum document_kind kind, struct bytes note,
                              struct taken *t, struct diag *d)
{
    struct doc_row row;
    struct diag why = {0};
    enum err e = kind == DOCUMENT_ROSTER ? consortium_take_roster(a, note, NULL, NULL, &t->known, d)
                                         : consortium_take_policy(a, note, &t->known, d);
    if ((e != ERR_DENIED && e != ERR_INVALID) || a->roster == NULL)
        return e;
    enum err proposed = proposals_take(a, kind, note, &row, &t->known, &why);
    t->proposal = proposed == OK;
    if (proposed == ERR_AGAIN)
        proposed = proposals_full(a, &t->many) == OK ? ERR_AGAIN : ERR_IO;
    /* A document that is not signed by enough and is no proposal either is told what it lacks. */
    return proposed == ERR_CONFLICT || !of_document(proposed) ? proposed : t->proposal ? OK : e;
}

static enum err take(struct app *a, const struct document_message *m, struct taken *t,
                     struct diag *d)
{
    struct doc_row row;
    if (bytes_eq(m->kind, bytes_str("roster")))
        return take_governed(a, DOCUMENT_ROSTER, m->note, t, d);
    if (bytes_eq(m->kind, bytes_str("policy")))
        return take_governed(a, DOCUMENT_POLICY, m->note, t, d);
    if (bytes_eq(m->kind, bytes_str("campaign")) || bytes_eq(m->kind, bytes_str("guideline")))
        return inbox_add(a, m->note, &row, &t->known, d);
    return ERR_INVALID;
}

static enum err finish(struct app *a, uint64_t index, const struct body *ack)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(a->vault, &tx);
    if (!e && ack != NULL)
        e = gate_offer(a, ack, clock_now_ms());
    if (!e)
        e = assets_ask(a, clock_now_ms()); /* a guideline may have named some */
    if (!e)
        e = exchange_set_applied(a->vault, index + 1);
    return e ? e : vault_commit(&tx);
}

static enum err take_document(struct app *a, uint64_t index, const struct document_message *m)
{
    struct diag d = {0};
    struct taken t = {.known = false};
    struct body ack = {.kind = BODY_DOCUMENT_ACK};
    enum err e = take(a, m, &t, &d);
    if (!of_document(e) && !t.many)
        return e;
    const char *code = t.many                   ? "too-many"
                       : t.proposal && !t.known ? "proposed"
                                                : code_of(e, t.known);
    if (e)
        LOG_WARN("document.refused", e, "code=%s", code);
    else
        LOG_INFO("document.taken", "code=%s", code);
    ack.document_ack.hash = sha256_of(proposal_text(m->note));
    ack.document_ack.code = bytes_str(code);
    if (!e && !t.known)
        uplink_status_soon(a->uplink);
    return finish(a, index, &ack);
}

static enum err take_chunk(struct app *a, uint64_t index, const struct blob_chunk *c)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = assets_take_chunk(a, c);
    if (!e)
        e = assets_ask(a, clock_now_ms());
    if (!e)
        e = exchange_set_applied(a->vault, index + 1);
    return e ? e : vault_commit(&tx);
}

static enum err take_reply(struct app *a, uint64_t index, const struct campaign_reply *r)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    const char *why = NULL;
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = replies_take(a, r, clock_now_ms(), &why);
    if (!e)
        e = exchange_set_applied(a->vault, index + 1);
    if (!e)
        e = vault_commit(&tx);
    if (!e && why != NULL)
        LOG_ERROR("reply.not_believed", ERR_DENIED, "why=%s index=%llu", why,
                  (unsigned long long)index);
    return e;
}

enum err arrive(struct app *a, uint64_t index, const struct body *b)
{
    switch (b->kind) {
    case BODY_DOCUMENT:
        return take_document(a, index, &b->document);
    case BODY_CAMPAIGN_REPLY:
        return take_reply(a, index, &b->campaign_reply);
    case BODY_REFUSED:
        LOG_WARN("link.refused_by_peer", ERR_DENIED, "seq=%llu",
                 (unsigned long long)b->refused.seq);
        return finish(a, index, NULL);
    case BODY_BLOB_CHUNK:
        return take_chunk(a, index, &b->blob_chunk);
    case BODY_CONTROL:
    case BODY_HELLO:
    case BODY_DOCUMENT_ACK:
    case BODY_STATUS:
    case BODY_BLOB_REQUEST:
    case BODY_KINDS:
        break;
    }
    return finish(a, index, NULL);
}
