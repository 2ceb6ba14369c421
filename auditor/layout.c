/* layout.c - walking what is there, against what may be. */
#include "layout.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/bundle.h"
#include "core/tlog/tile.h"

#include <stdio.h>
#include <stdlib.h>

/* A level's folder holds at most 1,000 groups as folder, tile and partials. */
enum { TILE_NAMES_MAX = 4096 };

void frameset_fini(struct frameset *s)
{
    free(s->list);
    *s = (struct frameset){0};
}

enum err frameset_add(struct frameset *s, struct hash h)
{
    if (s->n == FRAMESET_MAX) {
        s->full = true;
        return OK;
    }
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 1024 : s->cap * 2;
        uint64_t *more = realloc(s->list, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        s->list = more;
        s->cap = cap;
    }
    s->list[s->n++] = get_be64(h.b);
    return OK;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool named(const struct frameset *s, struct hash h)
{
    uint64_t key = get_be64(h.b);
    if (s->full)
        return true;
    return s->n > 0 && bsearch(&key, s->list, s->n, sizeof key, by_value) != NULL;
}

/* Is the superseded partial the beginning of what the log has there now? */
static bool is_beginning(const struct logdir *l, struct tile old, struct tile now)
{
    CLEANUP(buf_fini) struct buf a = BUF_INIT(BUNDLE_MAX);
    CLEANUP(buf_fini) struct buf b = BUF_INIT(BUNDLE_MAX);
    char path[TILE_PATH];
    struct bytes entry;
    if (logdir_read(l, tile_path(old, path), BUNDLE_MAX, FINDING_LOG, &a) ||
        logdir_read(l, tile_path(now, path), BUNDLE_MAX, FINDING_LOG, &b))
        return false;
    if (old.level != TILE_ENTRIES)
        return a.n == (size_t)old.width * 32 && bytes_begin(buf_bytes(&b), buf_bytes(&a));
    struct bytes rest = buf_bytes(&b);
    for (unsigned i = 0; i < old.width; i++) {
        if (bundle_next(&rest, &entry))
            return false;
    }
    return bytes_eq(buf_bytes(&a), bytes_of(b.p, b.n - rest.n));
}

static void check_tile_file(const struct logdir *l, const char *path, uint64_t size)
{
    struct tile t;
    struct tile now;
    if (tile_path_parse(bytes_str(path), &t) || !tile_at(t.level, t.n, size, &now) ||
        t.width > now.width) {
        finding_add(l->found, E_TILE, FINDING_LOG, "%s does not belong to a log of this size",
                    path);
        return;
    }
    if (t.width == now.width)
        return; /* the pass has read it */
    if (is_beginning(l, t, now))
        finding_add(l->found, NOTE_PARTIAL, FINDING_LOG, "%s is superseded", path);
    else
        finding_add(l->found, E_TILE, FINDING_LOG, "%s is not the beginning of its tile", path);
}

/* Names are at most `tile/entries/` and seven groups deep, so this ends. */
static void walk(const struct logdir *l, const char *folder, unsigned depth, uint64_t size)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)4 << 20);
    size_t n = 0;
    if (logdir_list(l, folder, TILE_NAMES_MAX, &names, &n))
        return;
    const char *name = (const char *)names.p;
    for (size_t i = 0; i < n; i++, name += strlen(name) + 1) {
        char path[TILE_PATH * 2];
        if (snprintf(path, sizeof path, "%s/%s", folder, name) >= TILE_PATH || depth > 10) {
            finding_add(l->found, E_TILE, FINDING_LOG, "%s holds a name that is no tile's", folder);
            continue;
        }
        if (logdir_is_folder(l, path))
            walk(l, path, depth + 1, size);
        else
            check_tile_file(l, path, size);
    }
}

void layout_check_tiles(const struct logdir *l, uint64_t size)
{
    walk(l, "tile", 0, size);
}

static void check_frame_file(const struct logdir *l, const struct frameset *s, const char *folder,
                             const char *name, struct buf *b)
{
    char path[128];
    struct hash h;
    if (hash_parse_hex(bytes_str(name), &h) || strncmp(folder, name, 2) != 0) {
        finding_add(l->found, E_LAYOUT, FINDING_LOG, "frame/%s holds a name that is no hash of its",
                    folder);
        return;
    }
    if (named(s, h) && !s->full)
        return; /* the pass has hashed it */
    (void)snprintf(path, sizeof path, "frame/%s/%s", folder, name);
    if (logdir_read(l, path, LOGDIR_FRAME_MAX, FINDING_LOG, b))
        return;
    if (!hash_eq(sha256_of(buf_bytes(b)), h))
        finding_add(l->found, E_FRAME_HASH, FINDING_LOG, "%s does not hash to its name", path);
    else if (!s->full)
        finding_add(l->found, NOTE_FRAME, FINDING_LOG, "%s is named by no entry", path);
}

void layout_check_frames(const struct logdir *l, struct frameset *s)
{
    CLEANUP(buf_fini) struct buf folders = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(LOGDIR_FRAME_MAX);
    size_t n = 0;
    if (s->n > 0)
        qsort(s->list, s->n, sizeof *s->list, by_value);
    if (logdir_list(l, "frame", 1024, &folders, &n))
        return;
    const char *folder = (const char *)folders.p;
    for (size_t i = 0; i < n; i++, folder += strlen(folder) + 1) {
        CLEANUP(buf_fini) struct buf names = BUF_INIT(SIZE_MAX / 4);
        char path[16];
        uint8_t byte = 0;
        size_t count = 0;
        if (hex_decode(bytes_str(folder), &byte, 1)) {
            finding_add(l->found, E_LAYOUT, FINDING_LOG,
                        "frame/ holds a name that is not two hex digits");
            continue;
        }
        (void)snprintf(path, sizeof path, "frame/%s", folder);
        if (logdir_list(l, path, LOGDIR_NAMES_MAX, &names, &count))
            continue;
        const char *name = (const char *)names.p;
        for (size_t k = 0; k < count; k++, name += strlen(name) + 1)
            check_frame_file(l, s, folder, name, &frame);
    }
}
