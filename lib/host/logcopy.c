/* logcopy.c - copying a log by the arithmetic of its tiles. */
#include "host/logcopy.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/tlog/bundle.h"
#include "core/tlog/entry.h"
#include "core/tlog/tile.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

struct copy {
    int from, to;
    uint64_t size;
    struct diag *d;
    struct buf file;  /* one tile or bundle */
    struct buf frame; /* one frame */
};

static enum err read_below(int at, const char *path, size_t max, struct buf *out)
{
    AUTO_FD int fd = -1;
    const char *name = NULL;
    buf_clear(out);
    enum err e = dir_of(at, path, 0, &fd, &name);
    return e ? e : file_read(fd, name, max, out);
}

static enum err write_below(int at, const char *path, struct bytes data)
{
    AUTO_FD int fd = -1;
    const char *name = NULL;
    enum err e = dir_of(at, path, LOG_DIR_MODE, &fd, &name);
    return e ? e : file_place_via(at, ".copy.tmp", fd, name, data, LOG_FILE_MODE);
}

/* The first `width` hashes or entries of what was read. */
static enum err shorten(struct copy *k, struct tile t)
{
    if (t.level != TILE_ENTRIES) {
        size_t want = (size_t)t.width * sizeof(struct hash);
        if (k->file.n < want)
            return ERR_CORRUPT;
        k->file.n = want;
        return OK;
    }
    struct bytes rest = buf_bytes(&k->file);
    struct bytes entry;
    for (unsigned i = 0; i < t.width; i++) {
        if (bundle_next(&rest, &entry))
            return ERR_CORRUPT;
    }
    k->file.n -= rest.n;
    return OK;
}

/* A log that grew meanwhile may have replaced a partial by a wider one, whose beginning it is. */
static enum err read_tile(struct copy *k, struct tile t)
{
    char path[TILE_PATH];
    struct tile wider = t;
    enum err e = ERR_NOTFOUND;
    for (; wider.width <= TILE_WIDTH && e == ERR_NOTFOUND; wider.width++)
        e = read_below(k->from, tile_path(wider, path), BUNDLE_MAX, &k->file);
    return e ? e : shorten(k, t);
}

static enum err copy_frame(struct copy *k, struct bytes text)
{
    char path[LOG_FRAME_PATH];
    struct entry entry;
    if (entry_parse(text, &entry))
        return ERR_CORRUPT;
    logstore_frame_path(entry.frame, path);
    enum err e = read_below(k->from, path, LOGSTORE_FRAME_MAX, &k->frame);
    if (e == ERR_NOTFOUND)
        return OK;
    return e ? e : write_below(k->to, path, buf_bytes(&k->frame));
}

static enum err copy_frames(struct copy *k)
{
    struct bytes rest = buf_bytes(&k->file);
    struct bytes text;
    while (bundle_next(&rest, &text) == OK) {
        enum err e = copy_frame(k, text);
        if (e)
            return e;
    }
    return rest.n == 0 ? OK : ERR_CORRUPT;
}

static enum err copy_level(struct copy *k, unsigned level)
{
    struct tile t;
    for (uint64_t n = 0; tile_at(level, n, k->size, &t); n++) {
        char path[TILE_PATH];
        enum err e = read_tile(k, t);
        if (!e)
            e = write_below(k->to, tile_path(t, path), buf_bytes(&k->file));
        if (!e && level == TILE_ENTRIES)
            e = copy_frames(k);
        if (e)
            return diag_set(k->d, e == ERR_NOTFOUND ? ERR_CORRUPT : e, "%s cannot be copied: %s",
                            tile_path(t, path), err_name(e));
    }
    return OK;
}

/* Checkpoints of a folder, up to a size. A folder that is not there holds none. */
static enum err copy_checkpoints(struct copy *k, const char *folder, uint64_t max)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)64 << 20);
    AUTO_FD int at = -1;
    AUTO_FD int fd = -1;
    const char *last = NULL;
    size_t n = 0;
    enum err e = dir_of(k->from, folder, 0, &at, &last);
    if (!e)
        e = dir_open(at, last, &fd);
    if (e)
        return e == ERR_NOTFOUND ? OK : e;
    e = dir_list(fd, LOG_COPY_NAMES, &names, &n);
    const char *name = (const char *)names.p;
    for (size_t i = 0; i < n && !e; i++, name += strlen(name) + 1) {
        char path[128];
        uint64_t size = 0;
        if (parse_u64_str(name, max, &size) || strlen(name) > 20)
            continue;
        (void)snprintf(path, sizeof path, "%.100s/%s", folder, name);
        e = read_below(k->from, path, 65536, &k->file);
        if (!e)
            e = write_below(k->to, path, buf_bytes(&k->file));
    }
    return e;
}

/* Of every other side's log: one folder each. */
static enum err copy_peers(struct copy *k)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT(1 << 20);
    AUTO_FD int fd = -1;
    size_t n = 0;
    enum err e = dir_open(k->from, "peer", &fd);
    if (e)
        return e == ERR_NOTFOUND ? OK : e;
    e = dir_list(fd, 1024, &names, &n);
    const char *name = (const char *)names.p;
    for (size_t i = 0; i < n && !e; i++, name += strlen(name) + 1) {
        char folder[128];
        (void)snprintf(folder, sizeof folder, "peer/%.80s", name);
        e = copy_checkpoints(k, folder, INT64_MAX);
    }
    return e;
}

enum err logcopy(int from, int to, const struct checkpoint *c, struct bytes note, struct diag *d)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT(4096);
    struct copy k = {.from = from, .to = to, .size = c->size, .d = d};
    size_t n = 0;
    if (dir_list(to, 0, &names, &n))
        return diag_set(d, ERR_CONFLICT, "the folder for the copy is not empty");
    buf_init(&k.file, BUNDLE_MAX);
    buf_init(&k.frame, LOGSTORE_FRAME_MAX);
    enum err e = copy_level(&k, TILE_ENTRIES);
    for (unsigned level = 0; level < TILE_LEVELS && !e; level++)
        e = copy_level(&k, level);
    if (!e)
        e = copy_checkpoints(&k, "cp", c->size);
    if (!e)
        e = copy_peers(&k);
    if (!e)
        e = write_below(to, "checkpoint", note);
    buf_fini(&k.file);
    buf_fini(&k.frame);
    if (e && d != NULL && d->text[0] == '\0')
        return diag_set(d, e, "the log cannot be copied: %s", err_name(e));
    return e;
}
