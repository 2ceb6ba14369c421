/* pass.c - reading bundles, tiles and frames once, in order. */
#include "pass.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/bundle.h"
#include "io/files.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FRAME_FOLDER = 9 }; /* length of "frame/hh/" */

static void forget_folders(struct pass *p)
{
    for (size_t i = 0; i < sizeof p->frames / sizeof p->frames[0]; i++) {
        fd_auto(&p->frames[i]);
        p->frames[i] = -1;
    }
}

struct pass *pass_new(void)
{
    struct pass *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    buf_init(&p->bundle, BUNDLE_MAX);
    buf_init(&p->tile, TILE_BYTES);
    buf_init(&p->frame, LOGDIR_FRAME_MAX);
    for (size_t i = 0; i < sizeof p->frames / sizeof p->frames[0]; i++)
        p->frames[i] = -1;
    tree_init(&p->entries);
    tree_init(&p->slots);
    return p;
}

void pass_free(struct pass *p)
{
    if (p == NULL)
        return;
    forget_folders(p);
    marks_fini(&p->marks);
    frameset_fini(&p->named);
    messages_fini(&p->messages);
    buf_fini(&p->bundle);
    buf_fini(&p->tile);
    buf_fini(&p->frame);
    free(p);
}

static struct hash slot_of(const struct pass_level *v, unsigned i)
{
    struct hash h;
    memcpy(h.b, v->hash + (size_t)i * sizeof h, sizeof h);
    return h;
}

static void push(struct pass_level *v, struct hash h)
{
    memcpy(v->hash + (size_t)v->n * sizeof h, h.b, sizeof h);
    v->n++;
}

/* Which entries a slot of a level stands for, in words. */
static void slot_differs(const struct pass *p, unsigned level, uint64_t n, unsigned slot,
                         const char *path)
{
    uint64_t at = n * TILE_WIDTH + slot;
    if (level == 0)
        finding_add(p->found, E_TILE, at,
                    "entry %" PRIu64 " does not hash to what slot %u of %s holds", at, slot, path);
    else
        finding_add(p->found, E_TILE, FINDING_LOG,
                    "slot %u of %s is not the hash of the tile below it", slot, path);
}

/* Compares a finished row of the level with its file; the row then holds what the file says, so that one changed entry is not
 * found again in every tile above it. */
static void check_tile(struct pass *p, unsigned level, uint64_t n)
{
    struct pass_level *v = &p->level[level];
    struct tile t = {.level = level, .n = n, .width = v->n};
    char path[TILE_PATH];
    enum err e = logdir_read(&p->dir, tile_path(t, path), TILE_BYTES, FINDING_LOG, &p->tile);
    if (e == ERR_NOTFOUND)
        finding_add(p->found, E_TILE, FINDING_LOG, "%s is missing", path);
    else if (!e && p->tile.n != (size_t)v->n * sizeof(struct hash))
        finding_add(p->found, E_TILE, FINDING_LOG, "%s is not %u hashes long", path, v->n);
    else if (!e) {
        for (unsigned i = 0; i < v->n; i++) {
            size_t at = (size_t)i * sizeof(struct hash);
            if (memcmp(v->hash + at, p->tile.p + at, sizeof(struct hash)) != 0)
                slot_differs(p, level, n, i, path);
        }
        memcpy(v->hash, p->tile.p, p->tile.n);
    }
    for (unsigned i = 0; level == 0 && i < v->n; i++)
        tree_append(&p->slots, slot_of(v, i));
}

/* A full row is checked, and its root goes into the row above, which may be full then. */
static void carry(struct pass *p)
{
    for (unsigned level = 0; level < TILE_LEVELS - 1; level++) {
        struct pass_level *v = &p->level[level];
        if (v->n < TILE_WIDTH)
            return;
        check_tile(p, level, tile_full(level, p->entries.size) - 1);
        push(&p->level[level + 1], tile_fold(v->hash, TILE_WIDTH));
        v->n = 0;
    }
}

/* Each frame costs one open where its folder is held. Where that cannot be had, for want of descriptors or for what stands
 * there, the long way says why. */
static enum err read_frame(struct pass *p, const struct entry *e, const char *path)
{
    int *fd = &p->frames[e->frame.b[0]];
    const char *name = NULL;
    buf_clear(&p->frame);
    enum err failed = *fd >= 0 ? OK : dir_of(p->dir.fd, path, 0, fd, &name);
    if (!failed)
        failed = file_read(*fd, path + FRAME_FOLDER, LOGDIR_FRAME_MAX, &p->frame);
    if (failed == ERR_NOMEM)
        p->found->nomem = true;
    if (failed == OK || failed == ERR_NOMEM)
        return failed;
    forget_folders(p);
    return logdir_read(&p->dir, path, LOGDIR_FRAME_MAX, e->index, &p->frame);
}

/* The frame's bytes where they are the ones that the entry names, else NULL and a finding. */
static const struct buf *check_frame(struct pass *p, const struct entry *e)
{
    char path[80] = "frame/";
    struct hash_text h = hash_hex(e->frame);
    memcpy(path + 6, h.s, 2);
    path[8] = '/';
    memcpy(path + FRAME_FOLDER, h.s, sizeof h.s);
    if (frameset_add(&p->named, e->frame))
        p->found->nomem = true;
    enum err failed = read_frame(p, e, path);
    if (failed == ERR_NOTFOUND)
        finding_add(p->found, E_FRAME_MISSING, e->index, "entry %" PRIu64 ": %s is missing",
                    e->index, path);
    if (failed)
        return NULL;
    if (p->frame.n == e->frame_size && hash_eq(sha256_of(buf_bytes(&p->frame)), e->frame))
        return &p->frame;
    finding_add(p->found, E_FRAME_HASH, e->index,
                "entry %" PRIu64 ": %s is not the frame that it names", e->index, path);
    return NULL;
}

static void check_kind(struct pass *p, const struct entry *e, const struct buf *frame)
{
    if (p->access) {
        if (e->kind != ENTRY_LOCAL)
            finding_add(p->found, E_ENTRY, e->index,
                        "entry %" PRIu64 ": an access log holds local entries only", e->index);
    } else {
        messages_entry(&p->messages, e, frame);
    }
    if (e->kind == ENTRY_LOCAL && e->frame_size < ENTRY_BLIND)
        finding_add(p->found, E_ENTRY, e->index,
                    "entry %" PRIu64 ": a local frame of less than 16 bytes", e->index);
}

static void check_entry(struct pass *p, uint64_t at, struct bytes text)
{
    struct entry e;
    if (entry_parse(text, &e)) {
        if (entry_version_unknown(text))
            finding_add(p->found, E_VERSION, at,
                        "entry %" PRIu64 ": a version of fedlog-entry that this tool does not know",
                        at);
        else
            finding_add(p->found, E_ENTRY, at, "entry %" PRIu64 " is malformed", at);
        messages_gap(&p->messages);
        return;
    }
    if (e.index != at)
        finding_add(p->found, E_INDEX, at, "entry %" PRIu64 " says that it is entry %" PRIu64, at,
                    e.index);
    if (e.time_ms < p->last_ms)
        finding_add(p->found, E_TIME, at, "entry %" PRIu64 " is older than the one before it", at);
    p->last_ms = e.time_ms;
    e.index = at; /* findings name the place, whatever it says */
    check_kind(p, &e, check_frame(p, &e));
}

static void stop(struct pass *p, uint64_t at, const char *path, const char *why)
{
    p->stopped = true;
    finding_add(p->found, E_TILE, at, "entry %" PRIu64 " and what follows cannot be read: %s %s",
                at, path, why);
}

static void read_bundle(struct pass *p, struct tile t)
{
    char path[TILE_PATH];
    enum err e = logdir_read(&p->dir, tile_path(t, path), BUNDLE_MAX, t.n * TILE_WIDTH, &p->bundle);
    if (e) {
        stop(p, t.n * TILE_WIDTH, path, e == ERR_NOTFOUND ? "is missing" : "is unreadable");
        return;
    }
    struct bytes rest = buf_bytes(&p->bundle);
    for (unsigned i = 0; i < t.width; i++) {
        uint64_t at = t.n * TILE_WIDTH + i;
        struct bytes text;
        if (bundle_next(&rest, &text)) {
            stop(p, at, path, "is cut or its lengths are wrong");
            return;
        }
        struct hash leaf = tree_leaf_hash(text);
        push(&p->level[0], leaf);
        tree_append(&p->entries, leaf);
        marks_reach(&p->marks, &p->entries);
        check_entry(p, at, text);
    }
    if (rest.n > 0)
        finding_add(p->found, E_TILE, FINDING_LOG, "%s holds more than %u entries", path, t.width);
}

static void check_partials(struct pass *p)
{
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        if (p->level[level].n > 0)
            check_tile(p, level, tile_full(level, p->entries.size));
    }
}

/* Level 0 of a bundle that could be read in part tells which entries still stand. */
static void check_stopped_row(struct pass *p)
{
    struct pass_level *v = &p->level[0];
    struct tile t;
    char path[TILE_PATH];
    uint64_t n = (p->entries.size - v->n) / TILE_WIDTH;
    if (v->n == 0 || !tile_at(0, n, p->checkpoint.size, &t) ||
        logdir_read(&p->dir, tile_path(t, path), TILE_BYTES, FINDING_LOG, &p->tile))
        return;
    for (unsigned i = 0; i < v->n && (size_t)(i + 1) * sizeof(struct hash) <= p->tile.n; i++) {
        size_t at = (size_t)i * sizeof(struct hash);
        if (memcmp(v->hash + at, p->tile.p + at, sizeof(struct hash)) != 0)
            slot_differs(p, 0, n, i, path);
    }
}

static void judge_root(const struct pass *p)
{
    struct hash is = tree_root(&p->entries);
    if (hash_eq(is, p->checkpoint.root))
        return;
    bool tiles_stand = hash_eq(tree_root(&p->slots), p->checkpoint.root);
    finding_add(
        p->found, E_ROOT, FINDING_LOG, "the entries give root %s, the checkpoint signs %s%s",
        hash_hex(is).s, hash_hex(p->checkpoint.root).s,
        tiles_stand
            ? ": the tiles give the signed root, so the entries named with E_TILE were changed"
            : "");
}

void pass_run(struct pass *p)
{
    struct tile t;
    marks_reach(&p->marks, &p->entries);
    for (uint64_t n = 0; !p->stopped && tile_at(TILE_ENTRIES, n, p->checkpoint.size, &t); n++) {
        read_bundle(p, t);
        if (!p->stopped)
            carry(p);
    }
    forget_folders(p);
    if (p->stopped) {
        check_stopped_row(p);
        return;
    }
    check_partials(p);
    judge_root(p);
}
