/* link.c - a link's life, its acts, and what time brings. */
#include "core/link/link.h"

#include "core/identity/note.h"
#include "core/link/link_inner.h"

#include <stdlib.h>

enum { EVIDENCE_MAX = 512 * 1024 };

static bool seed_of(struct secret *seed, const struct vkey *key)
{
    if (secret_size(seed) != NOTE_SEED)
        return false;
    struct ed25519_public public = note_public(secret_borrow(seed));
    secret_give_back(seed);
    return memcmp(public.b, key->key.b, sizeof public.b) == 0;
}

static bool keys_ok(const struct link_keys *k)
{
    struct bytes origin = bytes_str(k->log.name);
    struct bytes msg = bytes_str(k->msg.name);
    return k->log.type == VKEY_ED25519 && k->msg.type == VKEY_ED25519 &&
           k->witness.type == VKEY_COSIGNATURE && bytes_begin(msg, origin) &&
           bytes_eq(bytes_skip(msg, origin.n), bytes_str("/msg"));
}

enum err link_new(const struct link_config *config, const struct link_log *log, struct link **out)
{
    if (!keys_ok(&config->own) || !keys_ok(&config->peer) ||
        !seed_of(config->msg_seed, &config->own.msg) ||
        !seed_of(config->witness_seed, &config->own.witness))
        return ERR_INVALID;
    struct link *l = calloc(1, sizeof *l);
    if (l == NULL)
        return ERR_NOMEM;
    l->config = *config;
    l->log = *log;
    buf_init(&l->evidence_first, EVIDENCE_MAX);
    buf_init(&l->evidence_second, EVIDENCE_MAX);
    *out = l;
    return OK;
}

void link_free(struct link *l)
{
    if (l == NULL)
        return;
    buf_fini(&l->evidence_first);
    buf_fini(&l->evidence_second);
    free(l);
}

/* --- acts --- */

static void end(struct link *l, enum link_act_kind kind, uint64_t index, enum link_fault fault)
{
    l->end = (struct wait){.queued = true, .act = {kind, index, fault}};
    l->hello.queued = false;
    l->fault = fault;
    l->state = kind == LINK_STOP ? LINK_STOPPED : LINK_DOWN;
}

void drop(struct link *l, uint64_t index, enum link_fault fault)
{
    end(l, LINK_DROP, index, fault);
}

enum err reject(struct link *l, struct bytes frame, uint64_t now_ms, enum link_fault fault)
{
    uint64_t index = 0;
    enum err e = l->log.append(l->log.ctx, ENTRY_REJ, now_ms, frame, bytes_of(NULL, 0), &index);
    if (!e)
        drop(l, index, fault);
    return e;
}

void stop(struct link *l, enum link_fault fault)
{
    if (l->state != LINK_STOPPED)
        end(l, LINK_STOP, 0, fault);
}

void keep_evidence(struct link *l, struct bytes first, struct bytes second)
{
    buf_clear(&l->evidence_first);
    buf_clear(&l->evidence_second);
    (void)buf_put(&l->evidence_first, first);
    (void)buf_put(&l->evidence_second, second);
}

void link_committed(struct link *l)
{
    l->durable = l->now;
    l->hello.durable = l->hello.queued;
    l->end.durable = l->end.queued;
}

void link_not_committed(struct link *l)
{
    l->now = l->durable;
    l->hello.queued = l->hello.durable;
    /* What came on this connection is not in the log: it has to come again. */
    if (!l->end.durable)
        end(l, LINK_DROP, 0, LINK_NOT_LOGGED);
    l->end.durable = true;
}

static bool take_wait(struct wait *w, struct link_act *out)
{
    if (!w->durable)
        return false;
    *out = w->act;
    *w = (struct wait){.queued = false};
    return true;
}

bool link_next(struct link *l, struct link_act *out)
{
    if (take_wait(&l->hello, out))
        return true;
    if (l->state == LINK_UP && l->sent < l->durable.out_next) {
        *out = (struct link_act){LINK_SEND, out_at(l, l->sent)->index, LINK_FINE};
        l->sent++;
        return true;
    }
    while (l->applied < l->durable.in_next) {
        const struct said *s = in_at(l, l->applied++);
        if (!s->good)
            continue;
        *out = (struct link_act){LINK_APPLY, s->index, LINK_FINE};
        return true;
    }
    return take_wait(&l->end, out);
}

/* --- the connection --- */

enum err link_connected(struct link *l, uint64_t now_ms, const uint8_t nonce[2 * LINK_NONCE])
{
    if (l->state == LINK_STOPPED)
        return OK;
    l->cosig_now = l->cosig_now || l->state == LINK_UP;
    l->state = LINK_GREETING;
    l->end = l->hello = (struct wait){.queued = false};
    l->greetings = 0;
    l->progress_ms = now_ms;
    if (l->config.side == LINK_COORDINATOR)
        return OK;
    if (!l->now.has_session) {
        memcpy(l->now.session, nonce + LINK_NONCE, sizeof l->now.session);
        l->now.has_session = true;
    }
    return say_hello(l, l->peer_stored > 0 ? l->peer_stored : l->now.told, now_ms, nonce);
}

void link_disconnected(struct link *l)
{
    if (l->state != LINK_STOPPED)
        l->state = LINK_DOWN;
    l->hello = (struct wait){.queued = false};
}

/* --- sending --- */

static uint64_t on_their_way(const struct link *l)
{
    uint64_t n = 0;
    for (uint64_t seq = l->now.acked; seq < l->now.out_next; seq++)
        n += out_at(l, seq)->data ? 1 : 0;
    return n;
}

bool link_can_send(const struct link *l)
{
    return l->state == LINK_UP && on_their_way(l) < LINK_WINDOW &&
           l->now.out_next - l->now.acked < OUT_RING - LINK_WINDOW;
}

uint64_t link_next_seq(const struct link *l)
{
    return l->now.out_next;
}

enum err link_send(struct link *l, const struct body *payload, uint64_t now_ms)
{
    if (!link_can_send(l))
        return ERR_AGAIN;
    if (on_their_way(l) == 0)
        l->progress_ms = now_ms;
    return say(l, payload, now_ms);
}

/* --- time --- */

static bool ack_due(const struct link *l, uint64_t now_ms)
{
    return l->state == LINK_UP && l->ack_wanted && now_ms >= l->ack_ms;
}

static bool stale(const struct link *l, uint64_t now_ms)
{
    bool waiting = (l->state == LINK_UP && on_their_way(l) > 0) ||
                   (l->state == LINK_GREETING && l->config.side == LINK_NODE);
    return waiting && now_ms >= l->progress_ms && now_ms - l->progress_ms >= LINK_STALE_MS;
}

bool link_wants_checkpoint(const struct link *l, uint64_t now_ms)
{
    return ack_due(l, now_ms) && l->now.owed < l->now.in_next;
}

/* A clock that was set back must not put off what was due before: what lies ahead of it is due from now on. */
static void follow_clock(struct link *l, uint64_t now_ms)
{
    if (l->ack_ms > now_ms && l->ack_ms - now_ms > LINK_ACK_MS)
        l->ack_ms = now_ms;
    if (l->progress_ms > now_ms)
        l->progress_ms = now_ms;
    if (l->cosig_ms > now_ms)
        l->cosig_ms = now_ms;
}

bool link_peer_waits(const struct link *l)
{
    unsigned data = 0;
    for (uint64_t seq = l->now.owed; seq < l->now.in_next; seq++)
        data += l->in[seq % IN_RING].data ? 1 : 0;
    return l->state == LINK_UP && data >= LINK_WINDOW;
}

enum err link_tick(struct link *l, uint64_t now_ms, const uint8_t nonce[LINK_NONCE])
{
    follow_clock(l, now_ms);
    if (stale(l, now_ms)) {
        drop(l, 0, LINK_STALE);
        return OK;
    }
    enum err e = settle_hello(l, now_ms, nonce);
    if (e)
        return e;
    bool room = l->now.out_next - l->now.acked < OUT_RING - 1;
    if (!room || l->state != LINK_UP ||
        !((ack_due(l, now_ms) && items_ready(l)) || cosig_due(l, now_ms)))
        return OK;
    return say(l, NULL, now_ms);
}

uint64_t link_due_ms(const struct link *l, uint64_t now_ms)
{
    uint64_t due = UINT64_MAX;
    if (l->state == LINK_UP && l->ack_wanted)
        due = l->ack_ms > now_ms ? l->ack_ms - now_ms : 0;
    if (l->state == LINK_UP && l->now.cosig_wanted) {
        bool now = l->settling || l->cosig_now || l->cosig_ms == 0;
        uint64_t at = now ? now_ms : l->cosig_ms + LINK_COSIG_MS;
        uint64_t in = at > now_ms ? at - now_ms : 0;
        due = in < due ? in : due;
    }
    if (l->state == LINK_GREETING || l->state == LINK_UP) {
        uint64_t at = l->progress_ms + LINK_STALE_MS;
        uint64_t in = at > now_ms ? at - now_ms : 0;
        bool waiting =
            l->state == LINK_GREETING ? l->config.side == LINK_NODE : on_their_way(l) > 0;
        if (waiting && in < due)
            due = in;
    }
    return due;
}

bool link_may_sign(const struct link *l)
{
    return l->may_sign;
}

enum link_state link_state(const struct link *l)
{
    return l->state;
}

enum link_fault link_fault(const struct link *l)
{
    return l->fault;
}

struct link_evidence link_evidence(const struct link *l)
{
    return (struct link_evidence){buf_bytes(&l->evidence_first), buf_bytes(&l->evidence_second)};
}

uint64_t link_acknowledged(const struct link *l)
{
    return l->now.acked;
}

uint64_t link_received(const struct link *l)
{
    return l->now.in_next;
}

const char *link_fault_name(enum link_fault f)
{
    static const char *const names[] = {
        [LINK_FINE] = "fine",
        [LINK_BAD_FRAME] = "bad-frame",
        [LINK_BAD_NOTE] = "bad-note",
        [LINK_BAD_SIGNATURE] = "bad-signature",
        [LINK_BAD_ADDRESS] = "bad-address",
        [LINK_BAD_BODY] = "bad-body",
        [LINK_BAD_SESSION] = "bad-session",
        [LINK_BAD_SEQ] = "bad-seq",
        [LINK_BAD_PREV] = "bad-prev",
        [LINK_BAD_SEEN] = "bad-seen",
        [LINK_BAD_HELLO] = "bad-hello",
        [LINK_BAD_WINDOW] = "bad-window",
        [LINK_STALE] = "stale",
        [LINK_NOT_LOGGED] = "not-logged",
        [LINK_ROLLBACK] = "rollback",
        [LINK_PEER_ROLLBACK] = "peer-rollback",
        [LINK_EQUIVOCATION] = "equivocation",
        [LINK_FORK] = "fork",
        [LINK_BAD_RECEIPT] = "bad-receipt",
    };
    return names[f];
}
