/* gate.c - the table of what may leave, and the outbox. */
#include "node/gate/gate.h"

#include "base/log.h"
#include "core/identity/governance.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "host/sealed_key.h"
#include "node/vault/assets.h"
#include "node/vault/outbox.h"

#include <stdio.h>

enum { BUDGET_FLOOR = 64 * 1024 };

/* Whole numbers, codes, digests, and documents that a person of this site has signed: nothing else has a word here. A kind that
 * is added to the wire stays inside until it is added here too. */
static bool may_leave(enum body_kind kind)
{
    switch (kind) {
    case BODY_STATUS:
    case BODY_DOCUMENT_ACK:
    case BODY_CAMPAIGN_REPLY:
    case BODY_DOCUMENT: /* what a person of this site has signed: see led_here and governed_here */
    case BODY_BLOB_REQUEST: /* of what a guideline here names: see wanted_here */
        return true;
    case BODY_CONTROL: /* the link's own, never from the outbox */
    case BODY_HELLO:
    case BODY_REFUSED:
    case BODY_BLOB_CHUNK:
    case BODY_KINDS:
        break;
    }
    return false;
}

static enum err deny(char rule[32], const char *name)
{
    (void)snprintf(rule, 32, "%s", name);
    return ERR_DENIED;
}

/* Words of people leave only in a campaign or guideline under the signature of this site's own lead key. */
static bool led_here(const struct app *a, struct bytes kind, struct bytes note)
{
    struct vkey lead;
    struct note n;
    struct note_seal seal;
    enum document_kind is = DOCUMENT_REQUEST;
    struct bytes json;
    return (bytes_eq(kind, bytes_str("campaign")) || bytes_eq(kind, bytes_str("guideline"))) &&
           sealed_key_public(a->dir, "lead.key", &lead) == OK && note_parse(note, &n) == OK &&
           document_note_split(n.text, &is, &json) == OK &&
           bytes_eq(kind, bytes_str(document_kind_name(is))) &&
           note_verify(&n, &lead, 1, &seal) == OK && seal.valid;
}

/* A digest could name anything: only of a picture that a signed guideline at this site names. */
static bool wanted_here(const struct app *a, const struct blob_request *r)
{
    struct asset_row row;
    bool found = false;
    return assets_get(a->vault, r->digest, &found, &row) == OK && found && r->offset < row.bytes;
}

/* A roster or policy leaves under one line, that of this site's own governor: another line's name could say anything. */
static bool governed_here(const struct app *a, struct bytes kind, struct bytes note)
{
    struct vkey governor;
    struct note n;
    struct note_seal seal;
    struct diag d = {0};
    AUTO(document) doc = NULL;
    return (bytes_eq(kind, bytes_str("roster")) || bytes_eq(kind, bytes_str("policy"))) &&
           sealed_key_public(a->dir, "gov.key", &governor) == OK && note_parse(note, &n) == OK &&
           n.n == 1 && note_verify(&n, &governor, 1, &seal) == OK && seal.valid &&
           document_of_note(n.text, NULL, &doc, &d) == OK &&
           bytes_eq(kind, bytes_str(document_kind_name(document_kind(doc))));
}

bool gate_led_here(const struct app *a, const char *kind, struct bytes note)
{
    return led_here(a, bytes_str(kind), note);
}

enum err gate_judge(const struct app *a, struct bytes packed, struct arena *mem, struct body *out,
                    char rule[32])
{
    if (a->roster == NULL)
        return deny(rule, "no-roster");
    arena_init(mem, packed.n * FRAME_BUDGET + BUDGET_FLOOR);
    enum err e = body_read(packed, mem, out);
    if (e == ERR_NOMEM)
        return e;
    if (e)
        return deny(rule, "bytes");
    if (out->n_receipts > 0 || out->n_cosigs > 0)
        return deny(rule, "riders");
    if (!may_leave(out->kind))
        return deny(rule, "kind");
    if (out->kind == BODY_DOCUMENT && !led_here(a, out->document.kind, out->document.note) &&
        !governed_here(a, out->document.kind, out->document.note))
        return deny(rule, "not-ours");
    if (out->kind == BODY_BLOB_REQUEST && !wanted_here(a, &out->blob_request))
        return deny(rule, "not-wanted");
    if (out->kind == BODY_CAMPAIGN_REPLY && out->campaign_reply.original.n > 0)
        return deny(rule, "original"); /* a run of bytes: only the coordinator quotes */
    return OK;
}

enum err gate_offer(struct app *a, const struct body *b, uint64_t now_ms)
{
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct body back;
    char rule[32];
    if (a->roster == NULL)
        return OK;
    enum err e = body_put(b, &packed);
    if (!e)
        e = gate_judge(a, buf_bytes(&packed), &mem, &back, rule);
    return e ? e : outbox_add(a->vault, buf_bytes(&packed), now_ms);
}

enum err gate_offer_reply(struct app *a, struct hash document, const char *decision,
                          const char *reason, uint64_t until_ms, uint64_t now_ms)
{
    struct body b = {.kind = BODY_CAMPAIGN_REPLY,
                     .campaign_reply = {.document = document,
                                        .decision = bytes_str(decision),
                                        .reason = bytes_str(reason),
                                        .until_ms = until_ms}};
    if (a->roster != NULL)
        b.campaign_reply.roster = document_version(a->roster);
    return gate_offer(a, &b, now_ms);
}

enum err gate_offer_led(struct app *a, const char *kind, struct bytes note, uint64_t now_ms)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    struct body b = {.kind = BODY_DOCUMENT, .document = {bytes_str(kind), note}};
    if (a->roster == NULL || !led_here(a, b.document.kind, note))
        return OK;
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = gate_offer(a, &b, now_ms);
    return e ? e : vault_commit(&tx);
}

/* One row: told by the log that it is there, refused by the table, or given to the link. */
static enum err pump_one(struct app *a, struct linkdrv *link, const struct outbox_row *row,
                         struct bytes packed, uint64_t now_ms)
{
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct body b;
    char rule[32];
    uint64_t next = linkdrv_next_seq(link);
    if (row->numbered && row->seq < next)
        return outbox_drop(a->vault,
                           row->id); /* it stands in the log, which sends it until it arrives */
    enum err e = gate_judge(a, packed, &mem, &b, rule);
    if (e == ERR_DENIED) {
        LOG_ERROR("gate.refused", e, "rule=%s", rule);
        return outbox_drop(a->vault, row->id);
    }
    if (!e)
        e = outbox_number(a->vault, row->id, next);
    return e ? e : linkdrv_send(link, &b, now_ms);
}

enum err gate_pump(struct app *a, struct linkdrv *link, uint64_t now_ms)
{
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    struct outbox_row row = {.id = 0};
    bool found = true;
    while (linkdrv_can_send(link)) {
        buf_clear(&packed);
        enum err e = outbox_next(a->vault, row.id, &found, &row, &packed);
        if (!e && !found)
            return OK;
        if (!e)
            e = pump_one(a, link, &row, buf_bytes(&packed), now_ms);
        if (e)
            return e == ERR_AGAIN ? OK : e;
    }
    return OK;
}
