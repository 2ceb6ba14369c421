/* link_load.c - where the conversation stands, read from the end of the log backwards. */
#include "core/link/link_inner.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/tlog_proof.h"
#include "core/wire/frame.h"

enum { LOOK_BACK = 4096, FRAME_FLOOR = 64 * 1024 };

/* What is still looked for. */
struct look {
    bool out, in;         /* the newest message of each direction was found */
    bool given, got;      /* the newest receipt of each direction was found */
    bool end;             /* another session begins here */
    uint64_t given_index; /* our log's index of the newest message that we receipted */
    uint64_t looked;
};

/* The newest receipt in the body of an entry, if there is one. */
static enum err last_receipt(struct link *l, uint64_t index, struct arena *a, struct bytes *proof)
{
    struct frame f;
    struct body b;
    struct bytes frame;
    *proof = bytes_of(NULL, 0);
    enum err e = l->log.frame(l->log.ctx, index, &frame);
    if (e || frame.n == 0)
        return e;
    arena_init(a, frame.n * FRAME_BUDGET + FRAME_FLOOR);
    e = frame_read(frame, a, &f);
    if (!e)
        e = body_read(f.body, a, &b);
    if (e)
        return e == ERR_NOMEM && !a->refused ? e : OK; /* a bad body of the peer says nothing */
    if (b.n_receipts > 0)
        *proof = b.receipts[b.n_receipts - 1].tlog_proof;
    return OK;
}

static enum err look_for_given(struct link *l, uint64_t index, struct look *k)
{
    CLEANUP(arena_fini) struct arena a = {.last = NULL};
    CLEANUP(buf_fini) struct buf extra = BUF_INIT(ENTRY_MAX + 64);
    struct tlog_proof p;
    struct note n;
    struct checkpoint c;
    struct bytes proof;
    enum err e = last_receipt(l, index, &a, &proof);
    if (e || proof.n == 0 || tlog_proof_parse(proof, &extra, &p))
        return e;
    k->given = true;
    k->given_index = p.index;
    if (!note_parse(p.checkpoint, &n) && !checkpoint_parse(n.text, &c))
        l->now.told = c.size;
    return OK;
}

static enum err look_for_got(struct link *l, uint64_t index, struct look *k)
{
    CLEANUP(arena_fini) struct arena a = {.last = NULL};
    CLEANUP(buf_fini) struct buf extra = BUF_INIT(ENTRY_MAX + 64);
    struct tlog_proof p;
    struct entry theirs;
    struct note n;
    struct msgnote m;
    struct bytes proof;
    enum err e = last_receipt(l, index, &a, &proof);
    if (e || proof.n == 0)
        return e;
    if (tlog_proof_parse(proof, &extra, &p) || entry_parse(p.extra, &theirs) ||
        note_parse(theirs.note, &n) || msgnote_parse(n.text, &m))
        return OK;
    k->got = true;
    l->now.receipted = m.seq + 1;
    return OK;
}

static void found_out(struct link *l, const struct msgnote *m, const struct said *s, struct look *k)
{
    if (!k->out) {
        k->out = true;
        l->now.out_next = m->seq + 1;
        l->now.out_prev = s->text;
        l->now.seen_told = m->seen;
    }
    if (out_held(l, m->seq))
        l->out[m->seq % OUT_RING] = *s;
}

static void found_in(struct link *l, const struct msgnote *m, const struct said *s, struct look *k)
{
    if (!k->in) {
        k->in = true;
        l->now.in_next = m->seq + 1;
        l->now.in_prev = s->text;
        l->now.acked = l->now.in_seen = m->seen;
    }
    if (in_held(l, m->seq))
        *in_at(l, m->seq) = *s;
}

/* A node that has not said anything yet goes on with the session that its last hello named. */
static enum err session_of_hello(struct link *l, uint64_t index)
{
    CLEANUP(arena_fini) struct arena a = {.last = NULL};
    struct frame f;
    struct body b;
    struct bytes frame;
    enum err e = l->log.frame(l->log.ctx, index, &frame);
    if (e)
        return e;
    arena_init(&a, frame.n * FRAME_BUDGET + FRAME_FLOOR);
    e = frame_read(frame, &a, &f);
    if (!e)
        e = body_read(f.body, &a, &b);
    if (e || b.kind != BODY_HELLO)
        return e ? e : ERR_CORRUPT;
    l->now.has_session = true;
    memcpy(l->now.session, b.hello.session, sizeof l->now.session);
    return OK;
}

static enum err look_at(struct link *l, uint64_t index, struct look *k)
{
    struct bytes text;
    struct entry e;
    struct note n;
    struct msgnote m;
    enum err failed = l->log.entry(l->log.ctx, index, &text);
    if (failed)
        return failed;
    if (entry_parse(text, &e))
        return ERR_CORRUPT;
    if (e.kind != ENTRY_IN && e.kind != ENTRY_OUT)
        return OK;
    if (note_parse(e.note, &n) || msgnote_parse(n.text, &m))
        return ERR_CORRUPT;
    bool out = e.kind == ENTRY_OUT;
    if (bytes_eq(m.type, bytes_str("hello")))
        return out && !l->now.has_session && l->config.side == LINK_NODE
                   ? session_of_hello(l, index)
                   : OK;
    if (!l->now.has_session) {
        l->now.has_session = true;
        memcpy(l->now.session, m.session, sizeof m.session);
    }
    k->end = memcmp(l->now.session, m.session, sizeof m.session) != 0;
    if (k->end)
        return OK;
    struct said s = {
        .index = index, .text = sha256_of(n.text), .data = !bytes_eq(m.type, bytes_str("control"))};
    if (out)
        found_out(l, &m, &s, k);
    else
        found_in(l, &m, &s, k);
    if (out && !k->given)
        return look_for_given(l, index, k);
    return !out && !k->got ? look_for_got(l, index, k) : OK;
}

/* Is there nothing older that could matter? */
static bool enough(const struct look *k)
{
    return k->end || k->looked >= LOOK_BACK ||
           (k->out && k->in && k->given && k->got && k->looked >= OUT_RING + IN_RING);
}

enum err link_load(struct link *l)
{
    struct look k = {.out = false};
    enum err e = OK;
    for (uint64_t i = l->log.size(l->log.ctx); i > 0 && !e && !enough(&k); i--) {
        e = look_at(l, i - 1, &k);
        k.looked++;
    }
    if (e)
        return e;
    /* Receipts are given in order: what stands after the newest one is owed. */
    uint64_t held = l->now.in_next > IN_RING ? l->now.in_next - IN_RING : 0;
    uint64_t seq = l->now.in_next;
    while (seq > held && (!k.given || in_at(l, seq - 1)->index > k.given_index))
        seq--;
    l->now.owed = seq;
    l->applied = l->now.in_next;
    l->durable = l->now;
    return OK;
}
