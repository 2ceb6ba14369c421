/* logstore_derive.c - from the journal to what an auditor reads: frames, bundles, tiles, the signed checkpoint.
 *
 * Derived files are not synced one by one: the journal holds their bytes, and an open derives them again. They are synced all
 * at once before the journal forgets them (logstore_rotate). Runs on the thread that publishes, or on the owner's. */
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

/* One file an entry is what publishing costs, so the way to its folder is kept short: frame/ stays open. */
static enum err place_frame(struct logstore *s, struct hash frame, struct bytes data)
{
    char path[LOG_FRAME_PATH];
    AUTO_FD int fd = -1;
    struct log_batch *g = &s->going;
    logstore_frame_path(frame, path);
    if (g->frames_fd < 0 && dir_open(s->dir_fd, "frame", &g->frames_fd))
        g->frames_fd = -1;
    char folder[3] = {path[6], path[7], '\0'};
    if (g->frames_fd < 0 || dir_open(g->frames_fd, folder, &fd))
        return place(s, path, data); /* makes the folders */
    return file_place_via(s->state_fd, "derive.tmp", fd, path + 9, data, LOG_FILE_MODE);
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
    enum err e = carry_bundle(s);
    if (!e)
        e = carry_all(s);
    if (!e && it->carried)
        e = place_frame(s, it->frame, bytes_of(s->going.bytes.p + it->frame_at, it->frame_n));
    if (!e)
        e = bundle_put(&s->tail, bytes_of(s->going.bytes.p + it->entry_at, it->entry_n));
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
    struct log_batch *g = &s->going;
    enum err e = OK;
    /* What an earlier, failed attempt derived already lies before this item. */
    for (size_t i = g->n - (size_t)(g->end - s->derived); i < g->n && !e; i++)
        e = derive_one(s, &g->items[i]);
    fd_auto(&g->frames_fd);
    g->frames_fd = -1;
    if (!e)
        e = write_partials(s);
    if (e)
        return e;
    g->n = 0;
    buf_fini(&g->bytes); /* after a burst it is large */
    return OK;
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
    struct log_batch *g = &s->going;
    g->c = (struct checkpoint){.size = s->tree.size, .root = tree_root(&s->tree)};
    memcpy(g->c.origin, s->key.name, sizeof g->c.origin);
    buf_clear(&g->note);
    enum err e = checkpoint_put(&g->c, &text);
    if (e)
        return e;
    e = note_make(buf_bytes(&text), &s->key, secret_borrow(s->seed), &g->note);
    secret_give_back(s->seed);
    return e;
}

enum err logstore_place_checkpoint(struct logstore *s)
{
    const struct log_batch *g = &s->going;
    enum err e = file_replace_via(s->state_fd, "checkpoint.tmp", s->dir_fd, "checkpoint",
                                  buf_bytes(&g->note), LOG_FILE_MODE);
    if (!e && s->signed_any && s->signed_last.size < g->c.size)
        remove_partials(s, s->signed_last.size, g->c.size);
    return e;
}
