#include "support/memlog.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "support/check.h"
#include "support/naive_tree.h"

#include <stdio.h>
#include <stdlib.h>

static uint8_t *copy(struct bytes b)
{
    uint8_t *p = malloc(b.n + 1);
    CHECK(p != NULL);
    if (b.n > 0)
        memcpy(p, b.p, b.n);
    p[b.n] = '\0'; /* so that texts can be searched */
    return p;
}

struct bytes memlog_text(const struct memlog *m, uint64_t i)
{
    return bytes_of(m->e[i].text, m->e[i].text_n);
}

static enum err on_append(void *ctx, enum entry_kind kind, uint64_t now_ms, struct bytes frame,
                          struct bytes note, uint64_t *out_index)
{
    struct memlog *m = ctx;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(ENTRY_MAX);
    if (m->full)
        return ERR_FULL;
    CHECK(m->n < MEMLOG_MAX);
    struct entry e = {.index = m->n,
                      .time_ms = now_ms,
                      .kind = kind,
                      .frame_size = frame.n,
                      .frame = sha256_of(frame),
                      .note = note};
    CHECK_OK(entry_put(&e, &text));
    m->e[m->n] = (struct memlog_entry){copy(buf_bytes(&text)), copy(frame), text.n, frame.n, kind};
    *out_index = m->n++;
    return OK;
}

static uint64_t on_size(void *ctx)
{
    const struct memlog *m = ctx;
    return m->durable;
}

static enum err on_entry(void *ctx, uint64_t index, struct bytes *text)
{
    const struct memlog *m = ctx;
    if (index >= m->durable)
        return ERR_NOTFOUND;
    *text = memlog_text(m, index);
    return OK;
}

static enum err on_frame(void *ctx, uint64_t index, struct bytes *frame)
{
    const struct memlog *m = ctx;
    if (index >= m->durable)
        return ERR_NOTFOUND;
    *frame = bytes_of(m->e[index].frame, m->e[index].frame_n);
    return OK;
}

static enum err on_checkpoint(void *ctx, struct buf *note, struct checkpoint *out)
{
    struct memlog *m = ctx;
    const struct memlog_checkpoint *c = &m->own[m->n_own - 1];
    *out = c->c;
    return buf_put(note, bytes_of(c->note, c->note_n));
}

static enum err on_node(unsigned level, uint64_t index, struct hash *out, void *ctx)
{
    struct memlog *m = ctx;
    return naive_read(level, index, out, m->leaf);
}

static const struct memlog_checkpoint *of_size(const struct memlog_checkpoint *list, size_t n,
                                               uint64_t size)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].c.size == size)
            return &list[i];
    }
    return NULL;
}

static enum err on_kept(void *ctx, uint64_t size, struct buf *note)
{
    const struct memlog *m = ctx;
    const struct memlog_checkpoint *c = of_size(m->own, m->n_own, size);
    return c == NULL ? ERR_NOTFOUND : buf_put(note, bytes_of(c->note, c->note_n));
}

static enum err on_cosigned(void *ctx, uint64_t size, struct bytes line)
{
    struct memlog *m = ctx;
    CHECK(of_size(m->own, m->n_own, size) != NULL && line.n > 0);
    m->cosigned++;
    return OK;
}

static enum err on_peer_newest(void *ctx, struct checkpoint *out, struct buf *note)
{
    const struct memlog *m = ctx;
    const struct memlog_checkpoint *best = NULL;
    for (size_t i = 0; i < m->n_peer; i++) {
        if (best == NULL || m->peer[i].c.size > best->c.size)
            best = &m->peer[i];
    }
    if (best == NULL)
        return ERR_NOTFOUND;
    *out = best->c;
    return buf_put(note, bytes_of(best->note, best->note_n));
}

static enum err on_peer_of_size(void *ctx, uint64_t size, struct checkpoint *out, struct buf *note)
{
    const struct memlog *m = ctx;
    const struct memlog_checkpoint *c = of_size(m->peer, m->n_peer, size);
    if (c == NULL)
        return ERR_NOTFOUND;
    *out = c->c;
    return buf_put(note, bytes_of(c->note, c->note_n));
}

static enum err on_peer_keep(void *ctx, const struct checkpoint *c, struct bytes note)
{
    struct memlog *m = ctx;
    CHECK(m->n_peer < MEMLOG_CHECKPOINTS && of_size(m->peer, m->n_peer, c->size) == NULL);
    m->peer[m->n_peer++] = (struct memlog_checkpoint){*c, copy(note), note.n};
    return OK;
}

struct link_log memlog_ops(struct memlog *m)
{
    return (struct link_log){.ctx = m,
                             .append = on_append,
                             .size = on_size,
                             .entry = on_entry,
                             .frame = on_frame,
                             .checkpoint = on_checkpoint,
                             .node = on_node,
                             .kept = on_kept,
                             .cosigned = on_cosigned,
                             .peer_newest = on_peer_newest,
                             .peer_of_size = on_peer_of_size,
                             .peer_keep = on_peer_keep};
}

void memlog_commit(struct memlog *m)
{
    for (; m->durable < m->n; m->durable++)
        m->leaf[m->durable] = tree_leaf_hash(memlog_text(m, m->durable));
}

static void cut(struct memlog *m, uint64_t n)
{
    for (; m->n > n; m->n--) {
        free(m->e[m->n - 1].text);
        free(m->e[m->n - 1].frame);
    }
}

void memlog_take_back(struct memlog *m)
{
    cut(m, m->durable);
}

void memlog_publish(struct memlog *m)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(2048);
    struct checkpoint c = {.size = m->durable, .root = naive_root(m->leaf, m->durable)};
    if (m->n_own > 0 && m->own[m->n_own - 1].c.size == c.size)
        return;
    CHECK(m->n_own < MEMLOG_CHECKPOINTS);
    (void)snprintf(c.origin, sizeof c.origin, "%s", m->key.name);
    CHECK_OK(checkpoint_put(&c, &text));
    CHECK_OK(note_make(buf_bytes(&text), &m->key, secret_borrow(m->seed), &note));
    secret_give_back(m->seed);
    m->own[m->n_own++] = (struct memlog_checkpoint){c, copy(buf_bytes(&note)), note.n};
}

void memlog_init(struct memlog *m, const char *origin, struct secret *seed)
{
    *m = (struct memlog){.seed = seed};
    CHECK_OK(vkey_make(bytes_str(origin), VKEY_ED25519, note_public(secret_borrow(seed)), &m->key));
    secret_give_back(seed);
    memlog_publish(m);
}

void memlog_go_back(struct memlog *m, uint64_t n)
{
    cut(m, n);
    m->durable = n;
    while (m->n_own > 1 && m->own[m->n_own - 1].c.size > n)
        free(m->own[--m->n_own].note);
}

void memlog_fini(struct memlog *m)
{
    cut(m, 0);
    while (m->n_own > 0)
        free(m->own[--m->n_own].note);
    while (m->n_peer > 0)
        free(m->peer[--m->n_peer].note);
}
