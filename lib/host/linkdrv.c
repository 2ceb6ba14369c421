/* linkdrv.c - core/link in a daemon. */
#include "host/linkdrv.h"

#include "base/log.h"
#include "base/rng.h"
#include "host/logpeer.h"
#include "io/files.h"

#include <stdlib.h>

enum { EVIDENCE_MAX = 8 * 1024 * 1024 };
enum { FULL_RETRY_MS = 1000, PUBLISH_RETRY_MS = 1000, ACT_RETRY_MS = 1000, KNOCK_MS = 1000 };

struct linkdrv {
    struct logstore *log;
    struct logpeer *peer;
    struct link *link;
    struct linkdrv_calls calls;
    enum err failed; /* of the log or of memory in this turn: nothing of it may stand */
    struct link_act act;
    bool has_act;        /* an act that could not be done yet */
    uint64_t retry_ms;   /* after a full disk: no earlier than this */
    uint64_t publish_ms; /* after a failed publish: no earlier than this */
    uint64_t act_ms; /* after an act that failed: again by then, whatever else happens; 0 = none */
    uint64_t knocked_ms; /* when linkdrv_wants_hello last said so */
};

static void note_failure(struct linkdrv *v, enum err e)
{
    if (e && !v->failed)
        v->failed = e;
}

/* --- life --- */

static enum err apply(struct linkdrv *v, uint64_t index)
{
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    enum err e = link_payload(v->link, index, &a, &b);
    if (e == ERR_NOTFOUND)
        return OK;
    return e ? e : v->calls.apply(v->calls.ctx, index, &b);
}

static enum err catch_up(struct linkdrv *v, uint64_t from)
{
    enum err e = OK;
    for (uint64_t i = from; i < logstore_size(v->log) && !e; i++)
        e = apply(v, i);
    return e;
}

enum err linkdrv_new(struct logstore *log, const struct linkdrv_config *config,
                     struct linkdrv **out, struct diag *d)
{
    AUTO(linkdrv) v = calloc(1, sizeof *v);
    if (v == NULL)
        return ERR_NOMEM;
    if (config->applied_index > logstore_size(log))
        return diag_set(d, ERR_CORRUPT,
                        "ROLLBACK: %llu entries of this exchange log were acted on, and it holds "
                        "%llu: an older copy of it was put back. Put the newest state directory "
                        "back whole: log and database belong together",
                        (unsigned long long)config->applied_index,
                        (unsigned long long)logstore_size(log));
    v->log = log;
    v->calls = config->calls;
    enum err e = logpeer_new(log, config->link.peer.log.name, &v->peer, d);
    if (e)
        return e;
    struct link_log ops = logpeer_ops(v->peer);
    e = link_new(&config->link, &ops, &v->link);
    if (e)
        return diag_set(d, e, "the keys of this log do not belong together");
    e = link_load(v->link);
    if (!e)
        e = catch_up(v, config->applied_index);
    if (e)
        return diag_set(d, e, "the exchange log cannot be taken up (%s)", err_name(e));
    *out = MOVE(v);
    return OK;
}

void linkdrv_free(struct linkdrv *v)
{
    if (v == NULL)
        return;
    link_free(v->link);
    logpeer_free(v->peer);
    free(v);
}

/* --- what happens --- */

void linkdrv_connected(struct linkdrv *v, uint64_t now_ms)
{
    uint8_t nonce[2 * LINK_NONCE];
    rng_fill(nonce, sizeof nonce);
    v->has_act = false;
    note_failure(v, link_connected(v->link, now_ms, nonce));
}

void linkdrv_disconnected(struct linkdrv *v)
{
    if (v->has_act && v->act.kind == LINK_SEND)
        v->has_act = false;
    link_disconnected(v->link);
}

void linkdrv_frame(struct linkdrv *v, struct bytes frame, uint64_t now_ms)
{
    uint8_t nonce[LINK_NONCE];
    if (v->failed)
        return; /* the turn is given up: the frame comes again */
    rng_fill(nonce, sizeof nonce);
    note_failure(v, link_take(v->link, frame, now_ms, nonce));
}

bool linkdrv_can_send(const struct linkdrv *v)
{
    return !v->failed && link_can_send(v->link);
}

uint64_t linkdrv_next_seq(const struct linkdrv *v)
{
    return link_next_seq(v->link);
}

enum err linkdrv_send(struct linkdrv *v, const struct body *payload, uint64_t now_ms)
{
    if (!linkdrv_can_send(v))
        return ERR_AGAIN;
    enum err e = link_send(v->link, payload, now_ms);
    if (e != ERR_INVALID) /* that is the caller's fault, and nothing was appended */
        note_failure(v, e);
    return e;
}

void linkdrv_local(struct linkdrv *v, struct bytes frame, uint64_t now_ms)
{
    uint64_t index = 0;
    if (!v->failed)
        note_failure(
            v, logstore_append(v->log, ENTRY_LOCAL, now_ms, frame, bytes_of(NULL, 0), &index));
}

/* --- the turn --- */

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static enum err do_act(struct linkdrv *v)
{
    struct logstore_item item;
    enum err e = OK;
    switch (v->act.kind) {
    case LINK_SEND:
        e = logstore_get(v->log, v->act.index, &item);
        return e ? e : v->calls.send(v->calls.ctx, item.frame);
    case LINK_APPLY:
        return apply(v, v->act.index);
    case LINK_DROP:
    case LINK_STOP:
        v->calls.close(v->calls.ctx, v->act.fault, v->act.kind == LINK_STOP);
        return OK;
    }
    return ERR_INTERNAL;
}

static enum err do_acts(struct linkdrv *v)
{
    while (v->has_act || link_next(v->link, &v->act)) {
        enum err e = do_act(v);
        v->has_act = e != OK;
        if (e)
            return e == ERR_AGAIN ? OK : e;
    }
    return OK;
}

static enum err commit(struct linkdrv *v, uint64_t now_ms)
{
    enum err e = v->failed;
    if (e)
        logstore_undo(v->log);
    else
        e = logstore_sync(v->log);
    v->failed = OK;
    if (!e) {
        link_committed(v->link);
        return OK;
    }
    link_not_committed(v->link);
    v->retry_ms = now_ms + FULL_RETRY_MS;
    LOG_ERROR("exchange.append", e, "%s", "nothing of this turn was sent or applied");
    return e;
}

static enum err publish(struct linkdrv *v, uint64_t now_ms)
{
    bool at_once = link_peer_waits(v->link);
    if (!link_may_sign(v->link) || now_ms < v->publish_ms ||
        (!at_once && logstore_publish_in_ms(v->log, now_ms) > 0))
        return OK;
    enum err e = logstore_publish(v->log, at_once ? 0 : now_ms);
    v->publish_ms = e ? now_ms + PUBLISH_RETRY_MS : 0;
    return e;
}

/* A clock that was set back does not make them longer. */
static void follow_clock(struct linkdrv *v, uint64_t now_ms)
{
    v->publish_ms = sooner(v->publish_ms, now_ms + PUBLISH_RETRY_MS);
    v->act_ms = sooner(v->act_ms, now_ms + ACT_RETRY_MS);
}

enum err linkdrv_turn(struct linkdrv *v, uint64_t now_ms)
{
    uint8_t nonce[LINK_NONCE];
    follow_clock(v, now_ms);
    if (now_ms < v->retry_ms && v->retry_ms - now_ms <= FULL_RETRY_MS)
        return OK;
    v->retry_ms = 0;
    enum err e = publish(v, now_ms);
    if (e == ERR_IO)
        return e;
    if (e)
        LOG_WARN("exchange.publish", e, "%s", "");
    rng_fill(nonce, sizeof nonce);
    if (!v->failed)
        note_failure(v, link_tick(v->link, now_ms, nonce));
    e = commit(v, now_ms);
    if (e == ERR_IO)
        return e;
    enum err did = do_acts(v);
    v->act_ms = did ? now_ms + ACT_RETRY_MS : 0;
    return e ? e : did;
}

void linkdrv_room(struct linkdrv *v)
{
    note_failure(v, do_acts(v));
}

/* When the log may sign next; a receipt that is due waits for that. */
static uint64_t publish_due(const struct linkdrv *v, uint64_t now_ms)
{
    if (v->publish_ms > now_ms)
        return v->publish_ms - now_ms;
    uint64_t in = logstore_publish_in_ms(v->log, now_ms);
    return in != UINT64_MAX && link_peer_waits(v->link) ? 0 : in;
}

uint64_t linkdrv_due_ms(const struct linkdrv *v, uint64_t now_ms)
{
    if (v->retry_ms > now_ms)
        return v->retry_ms - now_ms;
    uint64_t due = link_due_ms(v->link, now_ms);
    if (due == 0 && link_wants_checkpoint(v->link, now_ms))
        due = publish_due(v, now_ms);
    if (v->act_ms != 0)
        due = sooner(due, v->act_ms > now_ms ? v->act_ms - now_ms : 0);
    return link_may_sign(v->link) ? sooner(due, publish_due(v, now_ms)) : due;
}

void linkdrv_settle(struct linkdrv *v, bool on)
{
    link_settle(v->link, on);
}

bool linkdrv_wants_hello(struct linkdrv *v, uint64_t now_ms)
{
    if (now_ms - v->knocked_ms < KNOCK_MS || !link_wants_hello(v->link))
        return false;
    v->knocked_ms = now_ms;
    return true;
}

bool linkdrv_settled(const struct linkdrv *v)
{
    return link_settled(v->link);
}

static const char *evidence_kind(struct link_evidence e, enum link_fault fault)
{
    if (fault != LINK_EQUIVOCATION)
        return link_fault_name(fault);
    return bytes_begin(e.first, bytes_str("fedmsg/v1\n")) ? "messages" : "checkpoints";
}

enum err linkdrv_evidence_put(const struct linkdrv *v, struct buf *out)
{
    struct link_evidence e = link_evidence(v->link);
    (void)buf_printf(out, "cloister-evidence/v1\n%s\n%zu\n", evidence_kind(e, link_fault(v->link)),
                     e.first.n);
    (void)buf_put(out, e.first);
    (void)buf_printf(out, "%zu\n", e.second.n);
    return buf_put(out, e.second);
}

enum err linkdrv_evidence_keep(const struct linkdrv *v, int dir, const char *name)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)EVIDENCE_MAX);
    enum err e = linkdrv_evidence_put(v, &b);
    return e ? e : file_create(dir, name, buf_bytes(&b), 0600);
}

bool linkdrv_peer_head(const struct linkdrv *v, struct checkpoint *out)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)64 * 1024);
    struct link_log ops = logpeer_ops(v->peer);
    return ops.peer_newest(ops.ctx, out, &note) == OK;
}

const struct link *linkdrv_link(const struct linkdrv *v)
{
    return v->link;
}
