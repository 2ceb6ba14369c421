/* growth.c - one walk over the leaf hashes of level 0, which the pass has compared with the entries. */
#include "growth.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/tlog_proof.h"
#include "core/wire/body.h"
#include "core/wire/frame.h"
#include "lookup.h"

#include <inttypes.h>
#include <stdlib.h>

struct walk {
    struct onelog *log;
    struct head *list; /* ascending size, none above the log's */
    size_t n, next;
    struct tree tree;
    struct fork *out;
};

static int by_size(const void *a, const void *b)
{
    const struct head *x = a;
    const struct head *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

static void reach(struct walk *w)
{
    if (w->next == w->n || w->list[w->next].size != w->tree.size)
        return;
    struct head h = w->list[w->next++];
    struct hash is = tree_root(&w->tree);
    if (w->out->found || hash_eq(is, h.root))
        return;
    *w->out = (struct fork){true, h, is};
    finding_add(&w->log->found, FORK, FINDING_LOG,
                "the other side holds a checkpoint of size %" PRIu64
                " with root %s, the log's own is %s",
                h.size, hash_hex(h.root).s, hash_hex(is).s);
}

static void read_leaves(struct walk *w)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(TILE_BYTES);
    const struct pass *p = w->log->pass;
    char path[TILE_PATH];
    struct tile t;
    reach(w);
    for (uint64_t n = 0; tile_at(0, n, p->checkpoint.size, &t); n++) {
        enum err e = logdir_read(&p->dir, tile_path(t, path), TILE_BYTES, FINDING_LOG, &b);
        if (e || b.n != (size_t)t.width * sizeof(struct hash))
            break;
        for (unsigned i = 0; i < t.width; i++) {
            struct hash leaf;
            memcpy(leaf.b, b.p + (size_t)i * sizeof leaf, sizeof leaf);
            tree_append(&w->tree, leaf);
            reach(w);
        }
    }
    if (!hash_eq(tree_root(&w->tree), p->checkpoint.root))
        finding_add(&w->log->found, E_READ, FINDING_LOG, "tile/0 changed while it was read");
}

void growth_check(const struct onelog *holder, struct onelog *log, struct fork *out)
{
    const struct heads *known = &holder->pass->messages.receipts.heads;
    uint64_t size = log->pass->checkpoint.size;
    uint64_t most = 0;
    struct walk w = {.log = log, .out = out};
    AUTO_MEM struct head *list = calloc(known->n + 1, sizeof *list);
    *out = (struct fork){.found = false};
    if (list == NULL) {
        log->found.nomem = true;
        return;
    }
    for (size_t i = 0; i < known->cap; i++) {
        const struct head *h = &known->slot[i];
        if (h->used && h->size <= size)
            list[w.n++] = *h;
        else if (h->used && h->size > most)
            most = h->size;
    }
    if (most > size)
        finding_add(&log->found, TRUNCATED, FINDING_LOG,
                    "the other side holds a checkpoint of size %" PRIu64 ", the log is of %" PRIu64,
                    most, size);
    if (w.n > 1)
        qsort(list, w.n, sizeof *list, by_size);
    w.list = list;
    tree_init(&w.tree);
    if (w.n > 0)
        read_leaves(&w);
}

/* --- the note behind a head --- */

static bool is_of(struct bytes note, struct head head)
{
    struct note n;
    struct checkpoint c;
    return note_parse(note, &n) == OK && checkpoint_parse(n.text, &c) == OK &&
           c.size == head.size && hash_eq(c.root, head.root);
}

static enum err from_body(const struct body *b, struct head head, struct buf *out)
{
    if (b->kind == BODY_HELLO && is_of(b->hello.checkpoint, head))
        return buf_put(out, b->hello.checkpoint);
    for (size_t i = 0; i < b->n_receipts; i++) {
        CLEANUP(buf_fini) struct buf extra = BUF_INIT(ENTRY_MAX + 64);
        struct tlog_proof p;
        enum err e = tlog_proof_parse(b->receipts[i].tlog_proof, &extra, &p);
        if (e == ERR_NOMEM)
            return e;
        if (!e && is_of(p.checkpoint, head))
            return buf_put(out, p.checkpoint);
    }
    return ERR_NOTFOUND;
}

static enum err from_message(struct lookup *l, struct head head, struct buf *out)
{
    CLEANUP(arena_fini) struct arena a;
    struct bytes text;
    struct bytes bytes;
    struct entry entry;
    struct frame f;
    struct body b;
    arena_init(&a, (size_t)1 << 28); /* it was decoded before, within its own bounds */
    enum err e = lookup_entry(l, head.at, &text);
    if (!e)
        e = entry_parse(text, &entry);
    if (!e)
        e = lookup_frame(l, entry.frame, &bytes);
    if (!e)
        e = frame_read(bytes, &a, &f);
    if (!e)
        e = body_read(f.body, &a, &b);
    return e ? e : from_body(&b, head, out);
}

enum err growth_note(const struct onelog *holder, const char *peer, struct head head,
                     struct buf *out)
{
    const struct pass *p = holder->pass;
    struct lookup l;
    char path[128];
    if (head.at == FINDING_LOG) {
        (void)snprintf(path, sizeof path, "peer/%s/%" PRIu64,
                       hash_hex(sha256_of(bytes_str(peer))).s, head.size);
        enum err e = logdir_read(&p->dir, path, LOGDIR_NOTE_MAX, FINDING_LOG, out);
        return e || is_of(buf_bytes(out), head) ? e : ERR_NOTFOUND;
    }
    lookup_init(&l, p->dir, p->checkpoint.size);
    enum err e = from_message(&l, head, out);
    lookup_fini(&l);
    return e;
}
