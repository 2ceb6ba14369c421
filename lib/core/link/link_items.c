/* link_items.c - what rides along: receipts for what the peer said, cosignatures of its checkpoints, and its own of ours. */
#include "core/link/link_inner.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/tlog_proof.h"
#include "core/wire/msgnote.h"

enum { RECEIPTS_AT_ONCE = 32, CHECKPOINT_NOTE_MAX = 4 * LINK_NOTE_MAX };

/* --- ours --- */

/* The oldest message of the peer that is owed a receipt; in_next where none is. */
static uint64_t first_owed(struct link *l)
{
    uint64_t seq = l->now.owed;
    while (seq < l->now.in_next && in_held(l, seq) && !in_at(l, seq)->data)
        seq++;
    return seq;
}

bool items_ready(struct link *l)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(BODY_PROOF_MAX);
    struct checkpoint own;
    uint64_t seq = first_owed(l);
    if (seq == l->now.in_next) {
        l->ack_wanted =
            false; /* nothing but control messages came: they are answered by the next data message */
        return false;
    }
    return l->log.checkpoint(l->log.ctx, &note, &own) == OK && in_at(l, seq)->index < own.size;
}

static enum err receipt_make(struct link *l, uint64_t index, const struct checkpoint *own,
                             struct bytes note, struct arena *a, struct receipt *out)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(BODY_PROOF_MAX);
    struct tlog_proof p = {.index = index, .checkpoint = note};
    enum err e = l->log.entry(l->log.ctx, index, &p.extra);
    CLEANUP(buf_fini)
    struct buf entry = BUF_INIT(ENTRY_MAX); /* the borrow ends with the next call */
    if (!e)
        e = buf_put(&entry, p.extra);
    p.extra = buf_bytes(&entry);
    if (!e)
        e = proof_inclusion(index, own->size, l->log.node, l->log.ctx, &p.path);
    if (!e)
        e = tlog_proof_put(&p, &text);
    if (e)
        return e;
    uint8_t *kept = arena_alloc(a, text.n);
    if (kept == NULL)
        return ERR_NOMEM;
    memcpy(kept, text.p, text.n);
    out->tlog_proof = bytes_of(kept, text.n);
    out->from = l->now.told;
    out->consistency.n = 0;
    if (l->now.told > 0)
        e = proof_consistency(l->now.told, own->size, l->log.node, l->log.ctx, &out->consistency);
    if (!e)
        l->now.told = own->size;
    return e;
}

static enum err receipts_gather(struct link *l, struct arena *a, struct body *b)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(BODY_PROOF_MAX);
    struct checkpoint own;
    struct receipt *list = arena_alloc(a, RECEIPTS_AT_ONCE * sizeof *list);
    enum err e = l->log.checkpoint(l->log.ctx, &note, &own);
    if (e)
        return e;
    if (list == NULL)
        return ERR_NOMEM;
    b->receipts = list;
    b->n_receipts = 0;
    uint64_t seq = first_owed(l);
    while (!e && seq < l->now.in_next && b->n_receipts < RECEIPTS_AT_ONCE) {
        const struct said *m = in_at(l, seq);
        if (m->data && m->index >= own.size)
            break;
        if (m->data)
            e = receipt_make(l, m->index, &own, buf_bytes(&note), a, &list[b->n_receipts++]);
        seq++;
    }
    if (!e)
        l->now.owed = seq;
    return e;
}

bool cosig_due(const struct link *l, uint64_t now_ms)
{
    return l->state == LINK_UP && l->now.cosig_wanted &&
           (l->settling || l->cosig_now || l->cosig_ms == 0 ||
            now_ms >= l->cosig_ms + LINK_COSIG_MS);
}

static enum err cosig_gather(struct link *l, uint64_t now_ms, struct arena *a, struct body *b)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(CHECKPOINT_NOTE_MAX);
    CLEANUP(buf_fini) struct buf line = BUF_INIT(BODY_LINE_MAX);
    struct checkpoint theirs;
    struct note parsed;
    enum err e = peer_stored(l, &theirs, &note);
    if (!e)
        e = note_parse(buf_bytes(&note), &parsed);
    if (e)
        return e;
    e = note_cosign(parsed.text, &l->config.own.witness, secret_borrow(l->config.witness_seed),
                    now_ms / 1000, &line);
    secret_give_back(l->config.witness_seed);
    if (e)
        return e;
    struct cosig *c = arena_alloc(a, sizeof *c);
    uint8_t *kept = arena_alloc(a, line.n);
    if (c == NULL || kept == NULL)
        return ERR_NOMEM;
    memcpy(kept, line.p, line.n);
    *c = (struct cosig){.origin = bytes_str(l->config.peer.log.name),
                        .size = theirs.size,
                        .line = bytes_of(kept, line.n)};
    b->cosigs = c;
    b->n_cosigs = 1;
    l->now.cosig_wanted = false;
    l->cosig_now = false;
    l->cosig_ms = now_ms;
    return OK;
}

enum err items_gather(struct link *l, uint64_t now_ms, struct arena *a, struct body *b)
{
    enum err e = receipts_gather(l, a, b);
    if (!e && cosig_due(l, now_ms))
        e = cosig_gather(l, now_ms, a, b);
    if (!e && first_owed(l) == l->now.in_next)
        l->ack_wanted = false;
    return e;
}

/* --- the peer's checkpoints --- */

enum err peer_stored(struct link *l, struct checkpoint *out, struct buf *note)
{
    enum err e = l->log.peer_newest(l->log.ctx, out, note);
    if (e != ERR_NOTFOUND)
        return e;
    *out = (struct checkpoint){.size = 0};
    return OK;
}

static enum err checkpoint_open(const struct link *l, struct bytes bytes, struct checkpoint *out)
{
    struct note n;
    enum err e = note_open(bytes, &l->config.peer.log, &n);
    if (!e)
        e = checkpoint_parse(n.text, out);
    if (!e && strcmp(out->origin, l->config.peer.log.name) != 0)
        e = ERR_INVALID;
    return e;
}

static enum err lie(struct link *l, struct bytes stored, struct bytes note, enum link_fault how,
                    enum checkpoint_word *word, enum link_fault *fault)
{
    keep_evidence(l, stored, note);
    *word = CHECKPOINT_LIES;
    *fault = how;
    return OK;
}

enum err checkpoint_take(struct link *l, struct bytes note, uint64_t from,
                         const struct proof *consistency, bool newest_only,
                         enum checkpoint_word *word, enum link_fault *fault)
{
    CLEANUP(buf_fini) struct buf newest_note = BUF_INIT(CHECKPOINT_NOTE_MAX);
    CLEANUP(buf_fini) struct buf base_note = BUF_INIT(CHECKPOINT_NOTE_MAX);
    struct checkpoint got;
    struct checkpoint newest;
    struct checkpoint base;
    *word = CHECKPOINT_TAKEN;
    *fault = LINK_FINE;
    enum err e = peer_stored(l, &newest, &newest_note);
    if (e)
        return e;
    if (checkpoint_open(l, note, &got)) {
        *word = CHECKPOINT_LIES;
        return OK;
    }
    if (got.size < newest.size && newest_only)
        return lie(l, buf_bytes(&newest_note), note, LINK_PEER_ROLLBACK, word, fault);
    e = got.size == 0 ? ERR_NOTFOUND : l->log.peer_of_size(l->log.ctx, got.size, &base, &base_note);
    if (e == OK) {
        if (!hash_eq(base.root, got.root))
            return lie(l, buf_bytes(&base_note), note, LINK_EQUIVOCATION, word, fault);
        return OK;
    }
    if (e != ERR_NOTFOUND)
        return e;
    e = from == 0 ? ERR_NOTFOUND : l->log.peer_of_size(l->log.ctx, from, &base, &base_note);
    if (e == OK && (!newest_only || from == newest.size)) {
        if (!proof_consistent(consistency, base.size, base.root, got.size, got.root))
            return lie(l, buf_bytes(&base_note), note, LINK_FORK, word, fault);
    } else if (e != OK && e != ERR_NOTFOUND) {
        return e;
    } else if (newest.size > 0) {
        /* A receipt that was on its way while its writer's hello showed a newer checkpoint is signed, but cannot be held
         * against anything: it is not kept. */
        if (newest_only || got.size > newest.size)
            *word = CHECKPOINT_UNPROVED;
        return OK;
    }
    if (got.size == 0)
        return OK;
    e = l->log.peer_keep(l->log.ctx, &got, note);
    if (!e && got.size > newest.size)
        l->now.cosig_wanted = true;
    return e;
}

/* --- the peer's receipts and cosignatures --- */

/* The seq of ours that an entry of the peer's log holds, word for word; false where it holds none. */
static enum err receipted_seq(struct link *l, const struct entry *theirs, uint64_t *seq, bool *ours)
{
    struct note n;
    struct msgnote m;
    struct entry own;
    struct bytes text;
    *ours = false;
    if (theirs->kind != ENTRY_IN || note_parse(theirs->note, &n) || msgnote_parse(n.text, &m) ||
        !out_held(l, m.seq) || memcmp(m.session, l->now.session, sizeof m.session) != 0)
        return OK;
    const struct said *s = out_at(l, m.seq);
    if (s->index >= l->log.size(l->log.ctx)) /* not on disk, so it was never sent */
        return OK;
    enum err e = l->log.entry(l->log.ctx, s->index, &text);
    if (!e)
        e = entry_parse(text, &own);
    if (e)
        return e;
    *seq = m.seq;
    *ours = bytes_eq(own.note, theirs->note) && hash_eq(own.frame, theirs->frame) &&
            own.frame_size == theirs->frame_size;
    return OK;
}

static enum err receipt_take(struct link *l, const struct receipt *r)
{
    CLEANUP(buf_fini) struct buf extra = BUF_INIT(ENTRY_MAX + 64);
    struct tlog_proof p;
    struct entry theirs;
    struct note n;
    struct checkpoint c;
    enum checkpoint_word word = CHECKPOINT_LIES;
    enum link_fault fault = LINK_FINE;
    uint64_t seq = 0;
    bool ours = false;
    enum err e = tlog_proof_parse(r->tlog_proof, &extra, &p);
    if (e == ERR_NOMEM)
        return e;
    bool stands = !e && !entry_parse(p.extra, &theirs) && theirs.index == p.index &&
                  !note_open(p.checkpoint, &l->config.peer.log, &n) &&
                  !checkpoint_parse(n.text, &c) &&
                  proof_includes(&p.path, p.index, c.size, tree_leaf_hash(p.extra), c.root);
    e = stands ? receipted_seq(l, &theirs, &seq, &ours) : OK;
    if (!e && ours)
        e = checkpoint_take(l, p.checkpoint, r->from, &r->consistency, false, &word, &fault);
    if (e)
        return e;
    if (!stands || !ours || word == CHECKPOINT_UNPROVED || (word && fault == LINK_FINE)) {
        keep_evidence(l, r->tlog_proof, bytes_of(NULL, 0));
        stop(l, LINK_BAD_RECEIPT);
    } else if (word == CHECKPOINT_LIES) {
        stop(l, fault);
    } else if (seq >= l->now.receipted) {
        l->now.receipted = seq + 1;
    }
    return OK;
}

/* A line that does not verify is passed over: it proves nothing to anybody. */
static enum err cosig_take(struct link *l, const struct cosig *c)
{
    CLEANUP(buf_fini) struct buf kept = BUF_INIT(CHECKPOINT_NOTE_MAX);
    CLEANUP(buf_fini) struct buf with = BUF_INIT(CHECKPOINT_NOTE_MAX + BODY_LINE_MAX);
    struct note n;
    struct note_seal seal;
    if (!bytes_eq(c->origin, bytes_str(l->config.own.log.name)))
        return OK;
    enum err e = l->log.kept(l->log.ctx, c->size, &kept);
    if (e)
        return e == ERR_NOTFOUND ? OK : e;
    (void)buf_put(&with, buf_bytes(&kept));
    e = buf_put(&with, c->line);
    if (e)
        return e == ERR_TOOBIG ? OK : e;
    if (note_parse(buf_bytes(&with), &n) || note_verify(&n, &l->config.peer.witness, 1, &seal) ||
        !seal.valid)
        return OK;
    if (c->size > l->cosigned)
        l->cosigned = c->size;
    return l->log.cosigned(l->log.ctx, c->size, c->line);
}

enum err items_take(struct link *l, const struct body *b, uint64_t now_ms)
{
    enum err e = OK;
    (void)now_ms;
    for (size_t i = 0; !e && i < b->n_receipts && l->state != LINK_STOPPED; i++)
        e = receipt_take(l, &b->receipts[i]);
    for (size_t i = 0; !e && i < b->n_cosigs && l->state != LINK_STOPPED; i++)
        e = cosig_take(l, &b->cosigs[i]);
    return e;
}
