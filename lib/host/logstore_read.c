/* logstore_read.c - entries read back, and the copy for an auditor. */
#include "base/sha256.h"
#include "host/logcopy.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <inttypes.h>
#include <stdio.h>

static enum err read_below(struct logstore *s, const char *path, size_t max, struct buf *out)
{
    AUTO_FD int fd = -1;
    const char *name = NULL;
    buf_clear(out);
    enum err e = dir_of(s->dir_fd, path, 0, &fd, &name);
    return e ? e : file_read(fd, name, max, out);
}

static enum err nth(struct bytes bundle, uint64_t n, struct bytes *out)
{
    enum err e = OK;
    for (uint64_t i = 0; i <= n && !e; i++)
        e = bundle_next(&bundle, out);
    return e ? ERR_CORRUPT : OK;
}

/* The text of an entry whose bundle is a file, or stands in the tail. */
static enum err derived_text(struct logstore *s, uint64_t index, struct bytes *out)
{
    char path[TILE_PATH];
    uint64_t tail_first = s->derived - s->tail_n;
    if (index >= tail_first)
        return nth(buf_bytes(&s->tail), index - tail_first, out);
    struct tile t = {.level = TILE_ENTRIES, .n = index / TILE_WIDTH, .width = TILE_WIDTH};
    if (s->bundle_n != t.n) {
        s->bundle_n = UINT64_MAX;
        enum err e = read_below(s, tile_path(t, path), BUNDLE_MAX, &s->bundle);
        if (e)
            return e == ERR_NOTFOUND ? ERR_CORRUPT : e;
        s->bundle_n = t.n;
    }
    return nth(buf_bytes(&s->bundle), index % TILE_WIDTH, out);
}

static enum err frame_file(struct logstore *s, const struct entry *e, struct bytes *out)
{
    char path[LOG_FRAME_PATH];
    logstore_frame_path(e->frame, path);
    enum err failed = read_below(s, path, LOGSTORE_FRAME_MAX, &s->frame);
    if (failed == ERR_NOTFOUND) {
        *out = bytes_of(NULL, 0);
        return OK;
    }
    if (failed)
        return failed;
    *out = buf_bytes(&s->frame);
    return hash_eq(sha256_of(*out), e->frame) ? OK : ERR_CORRUPT;
}

/* The newest durable entries are in memory, behind them what could not be derived; NULL where it is in files. */
static const struct log_item *in_memory(const struct logstore *s, uint64_t index,
                                        const struct buf **in)
{
    size_t back = (size_t)(s->tree.size - index);
    if (back <= s->n_durable) {
        *in = &s->bytes;
        return &s->items[s->n_durable - back];
    }
    back -= s->n_durable;
    if (index < s->derived || back > s->going.n)
        return NULL;
    *in = &s->going.bytes;
    return &s->going.items[s->going.n - back];
}

enum err logstore_text(struct logstore *s, uint64_t index, struct bytes *out)
{
    const struct buf *in = NULL;
    if (index >= s->tree.size)
        return ERR_NOTFOUND;
    logstore_wait(s);
    const struct log_item *it = in_memory(s, index, &in);
    if (it == NULL)
        return derived_text(s, index, out);
    *out = bytes_of(in->p + it->entry_at, it->entry_n);
    return OK;
}

enum err logstore_get(struct logstore *s, uint64_t index, struct logstore_item *out)
{
    struct logstore_item got = {.frame = bytes_of(NULL, 0)};
    const struct buf *in = NULL;
    enum err e = logstore_text(s, index, &got.text);
    if (e)
        return e;
    const struct log_item *it = in_memory(s, index, &in);
    if (!e && (entry_parse(got.text, &got.entry) || got.entry.index != index))
        e = ERR_CORRUPT;
    if (!e && it != NULL && it->carried)
        got.frame = bytes_of(in->p + it->frame_at, it->frame_n);
    else if (!e)
        e = frame_file(s, &got.entry, &got.frame);
    if (!e)
        *out = got;
    return e;
}

/* A checkpoint is kept before it is handed out. */
static enum err keep(struct logstore *s, struct bytes note)
{
    char path[32];
    AUTO_FD int fd = -1;
    const char *name = NULL;
    (void)snprintf(path, sizeof path, "cp/%" PRIu64, s->signed_last.size);
    enum err e = dir_of(s->dir_fd, path, LOG_DIR_MODE, &fd, &name);
    if (e || file_exists(fd, name))
        return e;
    return file_replace_via(s->state_fd, "cp.tmp", fd, name, note, LOG_FILE_MODE);
}

enum err logstore_copy(struct logstore *s, uint64_t now_ms, int at, const char *name,
                       struct checkpoint *out, struct diag *d)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(65536);
    AUTO_FD int to = -1;
    enum err e = logstore_publish(s, 0);
    s->published_ms = now_ms;
    if (!e)
        e = file_read(s->dir_fd, "checkpoint", 65536, &note);
    if (!e)
        e = keep(s, buf_bytes(&note));
    if (e)
        return diag_set(d, e, "the log's checkpoint cannot be written: %s", err_name(e));
    e = dir_make(at, name, LOG_DIR_MODE);
    if (!e)
        e = dir_open(at, name, &to);
    if (e)
        return diag_set(d, e, "the folder for the copy cannot be made: %s", err_name(e));
    e = logcopy(s->dir_fd, to, &s->signed_last, buf_bytes(&note), d);
    if (!e)
        *out = s->signed_last;
    return e;
}
