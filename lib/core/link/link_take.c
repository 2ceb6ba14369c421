/* link_take.c - a frame of the peer, in the two steps of log-and-security.md 2.2: envelope and chain first (a fault is a `rej`
 * entry and the end of the connection), then the body (a fault is answered, the entry stands). */
#include "core/link/link_inner.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"

enum { BUDGET_FLOOR = 64 * 1024 };

enum link_fault incoming_open(const struct link *l, struct bytes frame, struct arena *a,
                              struct incoming *out)
{
    struct frame f;
    struct note n;
    struct note_seal seal;
    if (frame_read(frame, a, &f))
        return LINK_BAD_FRAME;
    if (f.note.n > LINK_NOTE_MAX || note_parse(f.note, &n) || msgnote_parse(n.text, &out->note))
        return LINK_BAD_NOTE;
    if (note_verify(&n, &l->config.peer.msg, 1, &seal) || !seal.valid)
        return LINK_BAD_SIGNATURE;
    if (!bytes_eq(out->note.from, bytes_str(l->config.peer.log.name)) ||
        !bytes_eq(out->note.to, bytes_str(l->config.own.log.name)))
        return LINK_BAD_ADDRESS;
    if (f.body.n != out->note.body_size || !hash_eq(sha256_of(f.body), out->note.body))
        return LINK_BAD_BODY;
    out->frame = frame;
    out->note_bytes = f.note;
    out->text = n.text;
    out->body = f.body;
    return LINK_FINE;
}

/* Two different texts for one number, both signed by the peer. */
static enum err equivocated(struct link *l, const struct incoming *in, uint64_t seq)
{
    struct bytes text;
    struct entry mine;
    enum err e = l->log.entry(l->log.ctx, in_at(l, seq)->index, &text);
    if (!e)
        e = entry_parse(text, &mine);
    if (e)
        return e;
    keep_evidence(l, mine.note, in->note_bytes);
    stop(l, LINK_EQUIVOCATION);
    return OK;
}

/* A message that was logged before: acknowledged again where it is the same. */
static enum err repeated(struct link *l, const struct incoming *in)
{
    uint64_t seq = in->note.seq;
    bool on_disk = in_held(l, seq) && in_at(l, seq)->index < l->log.size(l->log.ctx);
    if (on_disk && !hash_eq(in_at(l, seq)->text, sha256_of(in->text)))
        return equivocated(l, in, seq);
    return OK;
}

static enum link_fault chain_fault(struct link *l, const struct msgnote *n)
{
    if (n->seq != l->now.in_next)
        return LINK_BAD_SEQ;
    if (!hash_eq(n->prev, l->now.in_prev))
        return LINK_BAD_PREV;
    if (n->seen < l->now.in_seen || n->seen > l->durable.out_next)
        return LINK_BAD_SEEN;
    if (l->now.in_next - l->now.owed >= IN_RING || l->now.in_next - l->applied >= IN_RING ||
        l->now.out_next - n->seen >= OUT_RING - LINK_WINDOW)
        return LINK_BAD_WINDOW;
    return LINK_FINE;
}

static void acknowledge(struct link *l, uint64_t now_ms)
{
    uint64_t waiting = l->now.in_next - l->now.seen_told;
    if (!l->ack_wanted)
        l->ack_ms = l->settling ? now_ms : now_ms + LINK_ACK_MS;
    if (waiting >= LINK_ACK_FRAMES)
        l->ack_ms = now_ms;
    l->ack_wanted = true;
}

static enum err refuse(struct link *l, uint64_t seq, const char *code, uint64_t now_ms)
{
    struct body b = {.kind = BODY_REFUSED, .refused = {seq, bytes_str(code)}};
    return say(l, &b, now_ms);
}

/* The payload of a message, or the code of its refusal. */
static enum err open_body(const struct link *l, const struct msgnote *n, struct bytes body,
                          struct arena *a, struct body *out, const char **code)
{
    enum body_kind named = BODY_CONTROL;
    bool known = body_kind_of(n->type, &named);
    bool may = l->config.side == LINK_NODE ? body_from_coordinator(named) : body_from_node(named);
    *code = NULL;
    if (!known || !may) {
        *code = "unknown-type";
        return OK;
    }
    enum err e = body_read(body, a, out);
    if (e == ERR_NOMEM && !a->refused)
        return e;
    if (e || out->kind != named)
        *code = "bad-body";
    return OK;
}

static enum err take_body(struct link *l, const struct incoming *in, struct arena *a,
                          uint64_t now_ms)
{
    struct body b;
    const char *code = NULL;
    enum err e = open_body(l, &in->note, in->body, a, &b, &code);
    if (e)
        return e;
    if (code != NULL)
        return refuse(l, in->note.seq, code, now_ms);
    in_at(l, in->note.seq)->good = b.kind != BODY_CONTROL;
    return items_take(l, &b, now_ms);
}

enum err link_payload(struct link *l, uint64_t index, struct arena *a, struct body *out)
{
    struct bytes text;
    struct bytes frame;
    struct entry entry;
    struct frame f;
    struct note n;
    struct msgnote m;
    const char *code = NULL;
    arena_init(a, 0);
    enum err e = l->log.entry(l->log.ctx, index, &text);
    if (e)
        return e;
    if (entry_parse(text, &entry))
        return ERR_CORRUPT;
    if (entry.kind != ENTRY_IN)
        return ERR_NOTFOUND;
    e = l->log.frame(l->log.ctx, index, &frame);
    if (e)
        return e;
    arena_init(a, frame.n * FRAME_BUDGET + BUDGET_FLOOR);
    if (frame_read(frame, a, &f) || note_parse(f.note, &n) || msgnote_parse(n.text, &m))
        return ERR_CORRUPT;
    if (bytes_eq(m.type, bytes_str("hello")) || bytes_eq(m.type, bytes_str("control")))
        return ERR_NOTFOUND;
    e = open_body(l, &m, f.body, a, out, &code);
    return !e && code != NULL ? ERR_NOTFOUND : e;
}

static enum err take_message(struct link *l, const struct incoming *in, struct arena *a,
                             uint64_t now_ms)
{
    uint64_t index = 0;
    const struct msgnote *n = &in->note;
    enum err e = l->log.append(l->log.ctx, ENTRY_IN, now_ms, in->frame, in->note_bytes, &index);
    if (e)
        return e;
    bool data = !bytes_eq(n->type, bytes_str("control"));
    l->now.in_prev = sha256_of(in->text);
    *in_at(l, n->seq) = (struct said){.index = index, .text = l->now.in_prev, .data = data};
    l->now.in_next++;
    l->now.in_seen = n->seen;
    if (n->seen > l->now.acked) {
        l->now.acked = n->seen;
        l->progress_ms = now_ms;
    }
    if (data)
        acknowledge(l, now_ms);
    return take_body(l, in, a, now_ms);
}

enum err link_take(struct link *l, struct bytes frame, uint64_t now_ms,
                   const uint8_t nonce[LINK_NONCE])
{
    CLEANUP(arena_fini) struct arena a;
    struct incoming in;
    arena_init(&a, frame.n > FRAME_MAX ? 0 : frame.n * FRAME_BUDGET + BUDGET_FLOOR);
    if (l->state == LINK_DOWN || l->state == LINK_STOPPED)
        return OK;
    if (frame.n > FRAME_MAX)
        return OK; /* no side of ours sends it, and the log would not hold it */
    enum link_fault fault = incoming_open(l, frame, &a, &in);
    if (fault != LINK_FINE)
        return reject(l, frame, now_ms, fault);
    if (bytes_eq(in.note.type, bytes_str("hello")))
        return take_hello(l, &in, &a, now_ms, nonce);
    if (l->state != LINK_UP)
        return OK; /* before both agree nothing but hello is heard; it will be sent again */
    if (memcmp(in.note.session, l->now.session, sizeof l->now.session) != 0)
        return reject(l, frame, now_ms, LINK_BAD_SESSION);
    if (in.note.seq < l->now.in_next)
        return repeated(l, &in);
    fault = chain_fault(l, &in.note);
    return fault != LINK_FINE ? reject(l, frame, now_ms, fault) : take_message(l, &in, &a, now_ms);
}
