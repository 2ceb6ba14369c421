/* logstore_derive.c - from the journal to what an auditor reads: frames, bundles, tiles, the signed checkpoint.
 *
 * Derived files are not synced one by one: the journal holds their bytes, and an open derives them again. They are synced all
 * at once before the journal forgets them (logstore_rotate). */
#include "base/hex.h"
#include "core/identity/note.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void logstore_frame_path(struct hash frame, char out[LOG_FRAME_PATH])
{
    struct hash_text h = hash_hex(frame);
    (void)snprintf(out, LOG_FRAME_PATH, "frame/%.2s/%s", h.s, h.s);
}

static enum err place(struct logstore *s, const char *path, struct bytes data)
{
    AUTO_FD int fd = -1;
    const char *name = NULL;
    enum err e = dir_of(s->dir_fd, path, LOG_DIR_MODE, &fd, &name);
    return e ? e : file_place_via(s->state_fd, "derive.tmp", fd, name, data, LOG_FILE_MODE);
}

static enum err place_tile(struct logstore *s, struct tile t, struct bytes data)
{
    char path[TILE_PATH];
    return place(s, tile_path(t, path), data);
}

static struct bytes edge_bytes(const struct edge *g, unsigned level)
{
    return bytes_of(g->level[level].hash, (size_t)g->level[level].n * sizeof(struct hash));
}

/* Writes the level's tile out when it is full and moves its root up. */
static enum err carry(struct logstore *s, unsigned level)
{
    if (level == TILE_LEVELS - 1 || s->edge.level[level].n < TILE_WIDTH)
        return OK;
    /* `derived` leaves are in, so this tile is the last full one below them. */
    struct tile t = {.level = level, .n = tile_full(level, s->derived) - 1, .width = TILE_WIDTH};
    enum err e = place_tile(s, t, edge_bytes(&s->edge, level));
    if (e)
        return e;
    struct hash root = tile_fold(s->edge.level[level].hash, TILE_WIDTH);
    memcpy(s->edge.level[level + 1].hash + (size_t)s->edge.level[level + 1].n * sizeof root, root.b,
           sizeof root);
    s->edge.level[level + 1].n++;
    s->edge.level[level].n = 0;
    return OK;
}

/* From below, because a root that moves up may fill the tile above. */
static enum err carry_all(struct logstore *s)
{
    enum err e = OK;
    for (unsigned level = 0; level < TILE_LEVELS && !e; level++)
        e = carry(s, level);
    return e;
}

static enum err carry_bundle(struct logstore *s)
{
    if (s->tail_n < TILE_WIDTH)
        return OK;
    struct tile t = {
        .level = TILE_ENTRIES, .n = tile_full(TILE_ENTRIES, s->derived) - 1, .width = TILE_WIDTH};
    enum err e = place_tile(s, t, buf_bytes(&s->tail));
    if (e)
        return e;
    buf_clear(&s->tail);
    s->tail_n = 0;
    return OK;
}

static enum err derive_one(struct logstore *s, const struct log_item *it)
{
    char path[LOG_FRAME_PATH];
    enum err e = carry_bundle(s);
    if (!e)
        e = carry_all(s);
    if (!e && it->carried) {
        logstore_frame_path(it->frame, path);
        e = place(s, path, bytes_of(s->bytes.p + it->frame_at, it->frame_n));
    }
    if (!e)
        e = bundle_put(&s->tail, bytes_of(s->bytes.p + it->entry_at, it->entry_n));
    if (e)
        return e;
    memcpy(s->edge.level[0].hash + (size_t)s->edge.level[0].n * sizeof it->leaf, it->leaf.b,
           sizeof it->leaf);
    s->edge.level[0].n++;
    s->tail_n++;
    s->derived++;
    return OK;
}

static enum err write_partials(struct logstore *s)
{
    enum err e = carry_bundle(s);
    if (!e)
        e = carry_all(s);
    struct tile t;
    if (!e && s->tail_n > 0) {
        t = (struct tile){
            .level = TILE_ENTRIES, .n = tile_full(TILE_ENTRIES, s->derived), .width = s->tail_n};
        e = place_tile(s, t, buf_bytes(&s->tail));
    }
    for (unsigned level = 0; level < TILE_LEVELS && !e; level++) {
        if (s->edge.level[level].n == 0)
            continue;
        t = (struct tile){
            .level = level, .n = tile_full(level, s->derived), .width = s->edge.level[level].n};
        e = place_tile(s, t, edge_bytes(&s->edge, level));
    }
    return e;
}

enum err logstore_derive(struct logstore *s)
{
    /* What an earlier, failed attempt derived already lies before this item. */
    size_t done = s->n_durable - (size_t)(s->tree.size - s->derived);
    for (size_t i = done; i < s->n_durable; i++) {
        enum err e = derive_one(s, &s->items[i]);
        if (e)
            return e;
    }
    enum err e = write_partials(s);
    if (!e)
        logstore_forget_derived(s);
    return e;
}

/* The partial tiles of a size that a larger size does not have. Not there any more is as good. */
static void remove_partials(struct logstore *s, uint64_t old, uint64_t now)
{
    for (unsigned i = 0; i <= TILE_LEVELS; i++) {
        unsigned level = i == TILE_LEVELS ? TILE_ENTRIES : i;
        char path[TILE_PATH];
        struct tile t;
        struct tile same;
        AUTO_FD int fd = -1;
        const char *name = NULL;
        if (!tile_at(level, tile_full(level, old), old, &t))
            continue;
        if (tile_at(level, t.n, now, &same) && same.width == t.width)
            continue;
        if (dir_of(s->dir_fd, tile_path(t, path), 0, &fd, &name))
            continue;
        (void)unlinkat(fd, name, 0);
        *strrchr(path, '/') = '\0'; /* the .p folder goes when it is empty */
        AUTO_FD int above = -1;
        if (!dir_of(s->dir_fd, path, 0, &above, &name))
            (void)unlinkat(above, name, AT_REMOVEDIR);
    }
}

enum err logstore_sign(struct logstore *s)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(2048);
    struct checkpoint c = {.size = s->tree.size, .root = tree_root(&s->tree)};
    memcpy(c.origin, s->key.name, sizeof c.origin);
    enum err e = checkpoint_put(&c, &text);
    if (e)
        return e;
    e = note_make(buf_bytes(&text), &s->key, secret_borrow(s->seed), &note);
    secret_give_back(s->seed);
    if (!e)
        e = file_replace_via(s->state_fd, "checkpoint.tmp", s->dir_fd, "checkpoint",
                             buf_bytes(&note), LOG_FILE_MODE);
    if (e)
        return e;
    if (s->signed_any && s->signed_last.size < c.size)
        remove_partials(s, s->signed_last.size, c.size);
    s->signed_last = c;
    s->signed_any = true;
    return OK;
}

/* The queued records are chained to the old journal's end: they are packed anew behind the new head. */
static enum err requeue(struct logstore *s)
{
    struct buf old = s->bytes;
    size_t n = s->n_items;
    enum err e = OK;
    buf_init(&s->bytes, old.limit);
    s->n_items = 0;
    s->queue_chain = s->journal.chain;
    for (size_t i = 0; i < n && !e; i++) {
        const struct log_item it = s->items[i];
        struct journal_record r = {.entry = bytes_of(old.p + it.entry_at, it.entry_n),
                                   .frame = bytes_of(old.p + it.frame_at, it.frame_n),
                                   .carried = it.carried};
        e = logstore_remember(s, &r, it.frame);
    }
    buf_fini(&old);
    return e;
}

enum err logstore_rotate(struct logstore *s)
{
    struct journal_head h = {
        .base = s->derived, .last_ms = s->last_ms, .edge = s->edge, .tail = s->tail};
    enum err e = dir_sync_all(s->dir_fd) == OK ? OK : ERR_IO;
    if (!e)
        e = journal_begin(s->state_fd, &h, LOG_FILE_MODE, &s->journal);
    if (!e && requeue(s) != OK)
        e = ERR_IO; /* what was queued is lost in mid-air: only a fresh open is safe */
    s->dead = e == ERR_IO;
    return e;
}
