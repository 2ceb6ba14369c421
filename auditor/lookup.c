/* lookup.c - reading by name. */
#include "lookup.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/bundle.h"
#include "core/tlog/tile.h"

#include <inttypes.h>

void lookup_init(struct lookup *l, struct logdir dir, uint64_t size)
{
    *l = (struct lookup){.dir = dir, .size = size};
    buf_init(&l->bundle, BUNDLE_MAX);
    buf_init(&l->tile, TILE_BYTES);
    buf_init(&l->frame, LOGDIR_FRAME_MAX);
}

void lookup_fini(struct lookup *l)
{
    buf_fini(&l->bundle);
    buf_fini(&l->tile);
    buf_fini(&l->frame);
}

enum err lookup_entry(struct lookup *l, uint64_t index, struct bytes *text)
{
    char path[TILE_PATH];
    struct tile t;
    if (!tile_at(TILE_ENTRIES, index / TILE_WIDTH, l->size, &t))
        return ERR_NOTFOUND;
    enum err e = logdir_read(&l->dir, tile_path(t, path), BUNDLE_MAX, index, &l->bundle);
    struct bytes rest = buf_bytes(&l->bundle);
    for (uint64_t i = 0; i <= index % TILE_WIDTH && !e; i++)
        e = bundle_next(&rest, text);
    if (e)
        finding_add(l->dir.found, E_TILE, index, "entry %" PRIu64 " cannot be read from %s", index,
                    path);
    return e;
}

enum err lookup_frame(struct lookup *l, struct hash h, struct bytes *frame)
{
    char path[96];
    struct hash_text name = hash_hex(h);
    (void)snprintf(path, sizeof path, "frame/%.2s/%s", name.s, name.s);
    enum err e = logdir_read(&l->dir, path, LOGDIR_FRAME_MAX, FINDING_LOG, &l->frame);
    if (!e && !hash_eq(sha256_of(buf_bytes(&l->frame)), h))
        e = ERR_CORRUPT;
    if (!e)
        *frame = buf_bytes(&l->frame);
    return e;
}

enum err lookup_node(unsigned level, uint64_t index, struct hash *out, void *ctx)
{
    struct lookup *l = ctx;
    char path[TILE_PATH];
    struct tile t;
    unsigned slot = 0;
    unsigned count = 0;
    if (!tile_of_node(level, index, l->size, &t, &slot, &count))
        return ERR_INTERNAL;
    enum err e = logdir_read(&l->dir, tile_path(t, path), TILE_BYTES, FINDING_LOG, &l->tile);
    if (!e && l->tile.n != (size_t)t.width * sizeof *out)
        e = ERR_CORRUPT;
    if (e) {
        finding_add(l->dir.found, E_TILE, FINDING_LOG, "%s is missing or cut", path);
        return e;
    }
    *out = tile_fold(l->tile.p + (size_t)slot * sizeof *out, count);
    return OK;
}
