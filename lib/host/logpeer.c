/* logpeer.c - core/link's log over files (log-and-security.md 2.1: cp/ and peer/). */
#include "host/logpeer.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "core/tlog/tile.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOTE_FILE_MAX = 65536, PEER_DIR = 5 + HASH_TEXT, NAMES_MAX = 1 << 20 };

struct logpeer {
    struct logstore *log;
    char dir[PEER_DIR];       /* peer/<sha256 hex of its origin> */
    struct buf note;          /* of the checkpoint that was given out last */
    uint64_t note_size;       /* UINT64_MAX = none */
    struct checkpoint newest; /* of the peer; size 0 = none */
    struct buf newest_note;
    struct buf tile; /* scratch */
};

static enum err read_at(int fd, const char *path, size_t max, struct buf *out)
{
    AUTO_FD int at = -1;
    const char *name = NULL;
    enum err e = dir_of(fd, path, 0, &at, &name);
    return e ? e : file_read(at, name, max, out);
}

static enum err write_at(const struct logpeer *p, const char *path, struct bytes data)
{
    AUTO_FD int at = -1;
    const char *name = NULL;
    enum err e = dir_of(p->log->dir_fd, path, LOG_DIR_MODE, &at, &name);
    return e ? e : file_replace_via(p->log->state_fd, "peer.tmp", at, name, data, LOG_FILE_MODE);
}

static bool exists(const struct logpeer *p, const char *path)
{
    AUTO_FD int at = -1;
    const char *name = NULL;
    return dir_of(p->log->dir_fd, path, 0, &at, &name) == OK && file_exists(at, name);
}

static enum err parse(struct bytes bytes, struct checkpoint *out)
{
    struct note n;
    enum err e = note_parse(bytes, &n);
    return e ? e : checkpoint_parse(n.text, out);
}

static void peer_path(const struct logpeer *p, uint64_t size, char *out, size_t n)
{
    (void)snprintf(out, n, "%s/%" PRIu64, p->dir, size);
}

static void own_path(uint64_t size, char *out, size_t n)
{
    (void)snprintf(out, n, "cp/%" PRIu64, size);
}

enum { PATH_SIZE = PEER_DIR + 24 };

/* --- the operations --- */

static enum err on_append(void *ctx, enum entry_kind kind, uint64_t now_ms, struct bytes frame,
                          struct bytes note, uint64_t *out_index)
{
    struct logpeer *p = ctx;
    return logstore_append(p->log, kind, now_ms, frame, note, out_index);
}

static uint64_t on_size(void *ctx)
{
    const struct logpeer *p = ctx;
    return logstore_size(p->log);
}

static enum err on_entry(void *ctx, uint64_t index, struct bytes *text)
{
    const struct logpeer *p = ctx;
    return logstore_text(p->log, index, text);
}

static enum err on_frame(void *ctx, uint64_t index, struct bytes *frame)
{
    const struct logpeer *p = ctx;
    struct logstore_item item;
    enum err e = logstore_get(p->log, index, &item);
    if (!e)
        *frame = item.frame;
    return e;
}

static enum err on_checkpoint(void *ctx, struct buf *note, struct checkpoint *out)
{
    struct logpeer *p = ctx;
    char path[PATH_SIZE];
    enum err e = OK;
    *out = logstore_checkpoint(p->log);
    if (p->note_size != out->size) {
        p->note_size = UINT64_MAX;
        buf_clear(&p->note);
        e = file_read(p->log->dir_fd, "checkpoint", NOTE_FILE_MAX, &p->note);
        own_path(out->size, path, sizeof path);
        if (!e && !exists(p, path)) /* one that is there may bear cosignatures */
            e = write_at(p, path, buf_bytes(&p->note));
        if (!e)
            p->note_size = out->size;
    }
    return e ? e : buf_put(note, buf_bytes(&p->note));
}

static enum err on_node(unsigned level, uint64_t index, struct hash *out, void *ctx)
{
    struct logpeer *p = ctx;
    char path[TILE_PATH];
    struct tile t;
    unsigned slot = 0;
    unsigned count = 0;
    uint64_t size = logstore_checkpoint(p->log).size;
    if (!tile_of_node(level, index, size, &t, &slot, &count))
        return ERR_INTERNAL;
    buf_clear(&p->tile);
    enum err e = read_at(p->log->dir_fd, tile_path(t, path), TILE_BYTES, &p->tile);
    if (!e && p->tile.n != (size_t)t.width * sizeof *out)
        e = ERR_CORRUPT;
    if (e)
        return e == ERR_NOTFOUND ? ERR_CORRUPT : e;
    *out = tile_fold(p->tile.p + (size_t)slot * sizeof *out, count);
    return OK;
}

static enum err on_kept(void *ctx, uint64_t size, struct buf *note)
{
    const struct logpeer *p = ctx;
    char path[PATH_SIZE];
    own_path(size, path, sizeof path);
    return read_at(p->log->dir_fd, path, NOTE_FILE_MAX, note);
}

static enum err on_cosigned(void *ctx, uint64_t size, struct bytes line)
{
    struct logpeer *p = ctx;
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_FILE_MAX);
    char path[PATH_SIZE];
    enum err e = on_kept(ctx, size, &note);
    if (!e)
        e = buf_put(&note, line);
    if (e)
        return e == ERR_TOOBIG ? OK : e; /* it has more cosignatures than anybody reads */
    own_path(size, path, sizeof path);
    return write_at(p, path, buf_bytes(&note));
}

static enum err on_peer_newest(void *ctx, struct checkpoint *out, struct buf *note)
{
    const struct logpeer *p = ctx;
    if (p->newest.size == 0)
        return ERR_NOTFOUND;
    *out = p->newest;
    return buf_put(note, buf_bytes(&p->newest_note));
}

static enum err on_peer_of_size(void *ctx, uint64_t size, struct checkpoint *out, struct buf *note)
{
    const struct logpeer *p = ctx;
    char path[PATH_SIZE];
    if (size == p->newest.size && size > 0)
        return on_peer_newest(ctx, out, note);
    peer_path(p, size, path, sizeof path);
    enum err e = read_at(p->log->dir_fd, path, NOTE_FILE_MAX, note);
    if (e)
        return e;
    return parse(buf_bytes(note), out) ? ERR_CORRUPT : OK;
}

static enum err on_peer_keep(void *ctx, const struct checkpoint *c, struct bytes note)
{
    struct logpeer *p = ctx;
    char path[PATH_SIZE];
    peer_path(p, c->size, path, sizeof path);
    enum err e = write_at(p, path, note);
    if (e || c->size <= p->newest.size)
        return e;
    buf_clear(&p->newest_note);
    e = buf_put(&p->newest_note, note);
    if (!e)
        p->newest = *c;
    return e;
}

struct link_log logpeer_ops(struct logpeer *p)
{
    return (struct link_log){.ctx = p,
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

/* --- life --- */

static enum err largest_name(int fd, uint64_t *out)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)NAMES_MAX * 32);
    size_t n = 0;
    enum err e = dir_list(fd, NAMES_MAX, &names, &n);
    const char *name = (const char *)names.p;
    *out = 0;
    for (size_t i = 0; !e && i < n; i++, name += strlen(name) + 1) {
        uint64_t size = 0;
        if (parse_u64_str(name, INT64_MAX, &size) == OK && size > *out)
            *out = size;
    }
    return e;
}

static enum err load_newest(struct logpeer *p)
{
    char path[PATH_SIZE];
    AUTO_FD int fd = -1;
    const char *name = NULL;
    AUTO_FD int dir = -1;
    uint64_t size = 0;
    enum err e = dir_of(p->log->dir_fd, p->dir, 0, &fd, &name);
    if (!e)
        e = dir_open(fd, name, &dir);
    if (e)
        return e == ERR_NOTFOUND ? OK : e;
    e = largest_name(dir, &size);
    if (e || size == 0)
        return e;
    peer_path(p, size, path, sizeof path);
    e = read_at(p->log->dir_fd, path, NOTE_FILE_MAX, &p->newest_note);
    if (!e && (parse(buf_bytes(&p->newest_note), &p->newest) || p->newest.size != size))
        e = ERR_CORRUPT;
    return e;
}

enum err logpeer_new(struct logstore *log, const char *peer, struct logpeer **out, struct diag *d)
{
    AUTO(logpeer) p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    p->log = log;
    p->note_size = UINT64_MAX;
    buf_init(&p->note, NOTE_FILE_MAX);
    buf_init(&p->newest_note, NOTE_FILE_MAX);
    buf_init(&p->tile, TILE_BYTES);
    (void)snprintf(p->dir, sizeof p->dir, "peer/%s", hash_hex(sha256_of(bytes_str(peer))).s);
    enum err e = load_newest(p);
    if (e)
        return diag_set(d, e, "%s in the exchange log holds no checkpoint that can be read (%s)",
                        p->dir, err_name(e));
    *out = MOVE(p);
    return OK;
}

void logpeer_free(struct logpeer *p)
{
    if (p == NULL)
        return;
    buf_fini(&p->note);
    buf_fini(&p->newest_note);
    buf_fini(&p->tile);
    free(p);
}
