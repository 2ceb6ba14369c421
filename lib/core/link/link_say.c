/* link_say.c - a message of ours: body, note, signature, frame, log entry. */
#include "core/link/link_inner.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/proof.h"
#include "core/wire/frame.h"

enum { SAY_ARENA = 1024 * 1024 };

static enum err sign(struct link *l, struct bytes text, struct buf *note)
{
    enum err e = note_make(text, &l->config.own.msg, secret_borrow(l->config.msg_seed), note);
    secret_give_back(l->config.msg_seed);
    return e;
}

/* Signs and appends; *text is the hash of the note's text. */
static enum err append(struct link *l, const struct msgnote *m, struct bytes body, uint64_t now_ms,
                       uint64_t *index, struct hash *text)
{
    CLEANUP(buf_fini) struct buf t = BUF_INIT(LINK_NOTE_MAX);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(LINK_NOTE_MAX);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(FRAME_MAX);
    enum err e = msgnote_put(m, &t);
    if (!e)
        e = sign(l, buf_bytes(&t), &note);
    if (!e)
        e = frame_put(&(struct frame){buf_bytes(&note), body}, &frame);
    if (!e)
        e = l->log.append(l->log.ctx, ENTRY_OUT, now_ms, buf_bytes(&frame), buf_bytes(&note),
                          index);
    if (!e)
        *text = sha256_of(buf_bytes(&t));
    return e;
}

static struct msgnote note_of(const struct link *l, enum body_kind kind, struct bytes body)
{
    return (struct msgnote){.from = bytes_str(l->config.own.log.name),
                            .to = bytes_str(l->config.peer.log.name),
                            .type = bytes_str(body_token(kind)),
                            .body_size = body.n,
                            .body = sha256_of(body)};
}

enum err say(struct link *l, const struct body *payload, uint64_t now_ms)
{
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    struct body b = {.kind = BODY_CONTROL};
    uint64_t index = 0;
    struct hash text;
    arena_init(&a, SAY_ARENA);
    if (payload != NULL)
        b = *payload;
    /* A decision is quoted to the lead as it stands: it stays small, and what this log owes the other side waits for the next. */
    enum err e = b.kind == BODY_CAMPAIGN_REPLY ? OK : items_gather(l, now_ms, &a, &b);
    if (!e)
        e = body_put(&b, &packed);
    if (e)
        return e;
    struct msgnote m = note_of(l, b.kind, buf_bytes(&packed));
    memcpy(m.session, l->now.session, sizeof m.session);
    m.seq = l->now.out_next;
    m.prev = l->now.out_prev;
    m.seen = l->now.in_next;
    e = append(l, &m, buf_bytes(&packed), now_ms, &index, &text);
    if (e)
        return e;
    l->out[m.seq % OUT_RING] =
        (struct said){.index = index, .text = text, .data = b.kind != BODY_CONTROL};
    l->now.out_next++;
    l->now.out_prev = text;
    l->now.seen_told = l->now.in_next;
    return OK;
}

static enum err fill_hello(struct link *l, uint64_t from, struct buf *checkpoint, struct hello *h)
{
    struct checkpoint own;
    struct checkpoint theirs;
    CLEANUP(buf_fini) struct buf unused = BUF_INIT((size_t)4 * LINK_NOTE_MAX);
    memcpy(h->session, l->now.session, sizeof h->session);
    h->out_seq = l->now.out_next;
    h->out_prev = l->now.out_prev;
    h->in_seq = l->now.in_next;
    h->in_prev = l->now.in_prev;
    enum err e = l->log.checkpoint(l->log.ctx, checkpoint, &own);
    if (!e)
        e = peer_stored(l, &theirs, &unused);
    if (e)
        return e;
    h->checkpoint = buf_bytes(checkpoint);
    h->stored = theirs.size;
    h->from = from > 0 && from <= own.size ? from : 0;
    l->hello_size = own.size;
    settle_shown(l, own.size);
    return h->from == 0
               ? OK
               : proof_consistency(h->from, own.size, l->log.node, l->log.ctx, &h->consistency);
}

enum err say_hello(struct link *l, uint64_t from, uint64_t now_ms, const uint8_t *nonce)
{
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    CLEANUP(buf_fini) struct buf checkpoint = BUF_INIT(BODY_PROOF_MAX);
    struct body b = {.kind = BODY_HELLO};
    uint64_t index = 0;
    struct hash text;
    l->greetings++;
    enum err e = fill_hello(l, from, &checkpoint, &b.hello);
    if (!e)
        e = body_put(&b, &packed);
    if (e)
        return e;
    struct msgnote m = note_of(l, BODY_HELLO, buf_bytes(&packed));
    memcpy(m.session, nonce, sizeof m.session);
    e = append(l, &m, buf_bytes(&packed), now_ms, &index, &text);
    if (!e)
        l->hello = (struct wait){.queued = true, .act = {LINK_SEND, index, LINK_FINE}};
    return e;
}
