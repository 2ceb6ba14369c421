/* link_hello.c - how both sides agree where they stand (log-and-security.md 4.3). A node speaks first. Each side holds the
 * other's numbers against its own log: who has lost something finds out here, before anything is signed or sent. */
#include "core/link/link_inner.h"

static const struct hash no_hash;

/* The hash before message `seq` of ours. */
static bool out_prev_of(const struct link *l, uint64_t seq, struct hash *out)
{
    if (seq == 0)
        *out = no_hash;
    else if (seq == l->now.out_next)
        *out = l->now.out_prev;
    else if (out_held(l, seq - 1))
        *out = out_at(l, seq - 1)->text;
    else
        return false;
    return true;
}

static enum link_fault session_fault(struct link *l, const struct hello *h)
{
    if (memcmp(h->session, l->now.session, sizeof h->session) == 0 && l->now.has_session)
        return LINK_FINE;
    bool nothing_said = l->now.out_next == 0 && l->now.in_next == 0;
    if (l->config.side == LINK_COORDINATOR && nothing_said) {
        memcpy(l->now.session, h->session, sizeof h->session);
        l->now.has_session = true;
        return LINK_FINE;
    }
    /* Who has said nothing yet has lost a conversation that the other still holds. */
    return nothing_said ? LINK_ROLLBACK : LINK_PEER_ROLLBACK;
}

static enum link_fault numbers_fault(const struct link *l, const struct hello *h)
{
    struct hash prev;
    if (h->in_seq > l->now.out_next)
        return LINK_ROLLBACK;
    if (h->in_seq < l->now.acked || h->out_seq < l->now.in_next)
        return LINK_PEER_ROLLBACK;
    if (!out_prev_of(l, h->in_seq, &prev) || !hash_eq(prev, h->in_prev))
        return LINK_FORK;
    if (h->out_seq == l->now.in_next && !hash_eq(h->out_prev, l->now.in_prev))
        return LINK_FORK;
    return LINK_FINE;
}

static void agree(struct link *l, const struct hello *h, uint64_t now_ms)
{
    l->cosig_now = l->cosig_now || l->state == LINK_UP;
    l->state = LINK_UP;
    l->fault = LINK_FINE;
    l->may_sign = true;
    l->progress_ms = now_ms;
    if (h->in_seq > l->now.acked)
        l->now.acked = h->in_seq;
    if (l->hello_size > l->now.told)
        l->now.told = l->hello_size;
    if (l->now.owed < l->now.in_next) {
        l->ack_wanted = true;
        l->ack_ms = now_ms;
    }
    l->sent = h->in_seq;
}

/* The node's turn after the coordinator's hello: agreed once the coordinator holds the checkpoint that we showed. */
static enum err node_goes_on(struct link *l, const struct hello *h, bool taken, uint64_t now_ms,
                             const uint8_t *nonce)
{
    if (taken && h->stored == l->hello_size) {
        agree(l, h, now_ms);
        return OK;
    }
    if (l->greetings < GREETINGS_MAX)
        return say_hello(l, h->stored, now_ms, nonce);
    drop(l, 0, LINK_BAD_HELLO);
    return OK;
}

static enum err coordinator_goes_on(struct link *l, const struct hello *h, bool taken,
                                    uint64_t now_ms, const uint8_t *nonce)
{
    enum err e = say_hello(l, h->stored, now_ms, nonce);
    if (!e && taken)
        agree(l, h, now_ms);
    else if (!e)
        l->state = LINK_GREETING;
    return e;
}

/* Older numbers than those both had agreed on are a hello that came late, not a loss: the next one will tell. */
static void not_agreed(struct link *l, enum link_fault fault)
{
    bool late = l->state == LINK_UP && (fault == LINK_ROLLBACK || fault == LINK_PEER_ROLLBACK);
    if (late)
        drop(l, 0, LINK_BAD_HELLO);
    else
        stop(l, fault);
}

static enum err judge(struct link *l, const struct incoming *in, const struct hello *h,
                      uint64_t now_ms, const uint8_t *nonce)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(BODY_PROOF_MAX);
    struct checkpoint own;
    enum checkpoint_word word = CHECKPOINT_LIES;
    enum link_fault lied = LINK_FINE;
    enum link_fault fault = session_fault(l, h);
    if (fault == LINK_FINE)
        fault = numbers_fault(l, h);
    enum err e = l->log.checkpoint(l->log.ctx, &note, &own);
    if (e)
        return e;
    if (fault == LINK_FINE && h->stored > own.size)
        fault = LINK_ROLLBACK; /* it holds a checkpoint of ours that we do not know of */
    if (fault != LINK_FINE) {
        keep_evidence(l, in->note_bytes, h->checkpoint);
        not_agreed(l, fault);
        return OK;
    }
    e = checkpoint_take(l, h->checkpoint, h->from, &h->consistency, true, &word, &lied);
    if (e)
        return e;
    if (word == CHECKPOINT_LIES) {
        not_agreed(l, lied == LINK_FINE ? LINK_FORK : lied);
        return OK;
    }
    l->peer_stored = h->stored;
    return l->config.side == LINK_NODE
               ? node_goes_on(l, h, word == CHECKPOINT_TAKEN, now_ms, nonce)
               : coordinator_goes_on(l, h, word == CHECKPOINT_TAKEN, now_ms, nonce);
}

enum err take_hello(struct link *l, const struct incoming *in, struct arena *a, uint64_t now_ms,
                    const uint8_t *nonce)
{
    struct body b;
    uint64_t index = 0;
    const struct msgnote *n = &in->note;
    if (n->seq != 0 || n->seen != 0 || !hash_eq(n->prev, no_hash) || body_read(in->body, a, &b) ||
        b.kind != BODY_HELLO || b.n_receipts > 0 || b.n_cosigs > 0)
        return reject(l, in->frame, now_ms, LINK_BAD_HELLO);
    enum err e = l->log.append(l->log.ctx, ENTRY_IN, now_ms, in->frame, in->note_bytes, &index);
    return e ? e : judge(l, in, &b.hello, now_ms, nonce);
}
