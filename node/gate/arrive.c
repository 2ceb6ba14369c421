/* arrive.c - documents from the coordinator: to where they belong, and what became of them as a code. */
#include "node/gate/arrive.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "node/consortium/consortium.h"
#include "node/desk/assets.h"
#include "node/desk/inbox.h"
#include "node/gate/gate.h"
#include "node/vault/outbox.h"

#include <stdio.h>
#include <sys/statvfs.h>

enum { DISK_LOW = 1024 * 1024 * 1024 };

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

static enum err take(struct app *a, const struct document_message *m, bool *known, struct diag *d)
{
    struct doc_row row;
    if (bytes_eq(m->kind, bytes_str("roster")))
        return consortium_take_roster(a, m->note, NULL, NULL, known, d);
    if (bytes_eq(m->kind, bytes_str("policy")))
        return consortium_take_policy(a, m->note, known, d);
    if (bytes_eq(m->kind, bytes_str("campaign")) || bytes_eq(m->kind, bytes_str("guideline")))
        return inbox_add(a, m->note, &row, known, d);
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
    struct note n;
    struct body ack = {.kind = BODY_DOCUMENT_ACK};
    bool known = false;
    enum err e = take(a, m, &known, &d);
    if (!of_document(e))
        return e;
    if (e)
        LOG_WARN("document.refused", e, "code=%s", code_of(e, known));
    else
        LOG_INFO("document.taken", "code=%s", code_of(e, known));
    ack.document_ack.hash = sha256_of(note_parse(m->note, &n) == OK ? n.text : m->note);
    ack.document_ack.code = bytes_str(code_of(e, known));
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

enum err arrive(struct app *a, uint64_t index, const struct body *b)
{
    switch (b->kind) {
    case BODY_DOCUMENT:
        return take_document(a, index, &b->document);
    case BODY_REFUSED:
        LOG_WARN("link.refused_by_peer", ERR_DENIED, "seq=%llu",
                 (unsigned long long)b->refused.seq);
        return finish(a, index, NULL);
    case BODY_BLOB_CHUNK:
        return take_chunk(a, index, &b->blob_chunk);
    case BODY_CONTROL:
    case BODY_HELLO:
    case BODY_DOCUMENT_ACK:
    case BODY_CAMPAIGN_REPLY:
    case BODY_STATUS:
    case BODY_BLOB_REQUEST:
    case BODY_KINDS:
        break;
    }
    return finish(a, index, NULL);
}

/* --- status --- */

struct waiting {
    uint64_t n, oldest_ms;
};

static enum err count_waiting(void *ctx, const struct doc_row *row, const char *title)
{
    struct waiting *w = ctx;
    (void)title;
    if (strcmp(row->state, "waiting") != 0)
        return OK;
    w->n++;
    if (w->oldest_ms == 0 || row->received_ms < w->oldest_ms)
        w->oldest_ms = row->received_ms;
    return OK;
}

static const char *disk_state(const struct app *a)
{
    struct statvfs v;
    if (fstatvfs(a->dir, &v) != 0)
        return "ok";
    uint64_t room = (uint64_t)v.f_bavail * v.f_frsize;
    if (room == 0)
        return "full";
    return room < DISK_LOW ? "low" : "ok";
}

/* "1.2.3" as 1002003. */
static uint64_t software(void)
{
    uint64_t part = 0;
    uint64_t whole = 0;
    for (const char *c = CLOISTER_VERSION; *c != '\0'; c++) {
        if (*c == '.') {
            whole = (whole + part) * 1000;
            part = 0;
        } else {
            part = part * 10 + (uint64_t)(*c - '0');
        }
    }
    return whole + part;
}

enum err arrive_say_status(struct app *a)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    struct waiting w = {.n = 0};
    uint64_t now = clock_now_ms();
    enum err e = documents_inbox(a->vault, NULL, count_waiting, &w);
    struct body b = {
        .kind = BODY_STATUS,
        .status = {.software = software(),
                   .roster = a->roster == NULL ? 0 : document_version(a->roster),
                   .policy = a->policy == NULL ? 0 : document_version(a->policy),
                   .pending = w.n,
                   .oldest_s = w.n == 0 || now < w.oldest_ms ? 0 : (now - w.oldest_ms) / 1000,
                   .disk = bytes_str(disk_state(a))}};
    if (!e)
        e = vault_begin(a->vault, &tx);
    if (!e)
        e = gate_offer(a, &b, now);
    return e ? e : vault_commit(&tx);
}
