/* link_settle.c - the end of a talk that both logs can be judged by: every data message receipted, the newest checkpoints shown and
 * cosigned (log-and-security.md 5, `log settle`). */
#include "core/link/link_inner.h"

void link_settle(struct link *l, bool on)
{
    if (on && !l->settling)
        l->settle_size = 0;
    l->settling = on;
    if (on)
        l->ack_ms = 0;
}

static bool all_receipted(const struct link *l)
{
    for (uint64_t seq = l->now.owed; seq < l->now.in_next; seq++) {
        if (!in_held(l, seq) || l->in[seq % IN_RING].data)
            return false;
    }
    for (uint64_t seq = l->now.receipted; seq < l->now.out_next; seq++) {
        if (!out_held(l, seq) || out_at(l, seq)->data)
            return false;
    }
    return true;
}

bool link_settled(const struct link *l)
{
    return all_receipted(l) && !l->now.cosig_wanted && l->settle_size > 0 &&
           l->cosigned >= l->settle_size;
}

/* Above the index of our last data message? */
static bool covers(const struct link *l, uint64_t size)
{
    for (uint64_t seq = l->now.out_next; seq > 0 && out_held(l, seq - 1); seq--) {
        if (out_at(l, seq - 1)->data)
            return size > out_at(l, seq - 1)->index;
    }
    return true;
}

/* Is all said, and covered by a signed checkpoint that this settlement has not shown yet? */
static bool ready_to_show(struct link *l)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(BODY_PROOF_MAX);
    struct checkpoint own;
    return l->settling && l->state == LINK_UP && l->settle_size == 0 && all_receipted(l) &&
           l->log.checkpoint(l->log.ctx, &note, &own) == OK && own.size > 0 && covers(l, own.size);
}

bool link_wants_hello(struct link *l)
{
    return l->config.side == LINK_COORDINATOR && ready_to_show(l);
}

void settle_shown(struct link *l, uint64_t size)
{
    if (l->settling && all_receipted(l) && covers(l, size))
        l->settle_size = size;
}

enum err settle_hello(struct link *l, uint64_t now_ms, const uint8_t *nonce)
{
    if (l->config.side != LINK_NODE || !ready_to_show(l))
        return OK;
    l->greetings = 0;
    return say_hello(l, l->now.told, now_ms, nonce);
}
