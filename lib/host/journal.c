/* journal.c - the log's journal file.
 *
 *   head    "clojrnl1" u64 base, u64 last_ms, u32 tail length, edge hashes, tail, SHA-256 of all before it
 *   record  u32 length of what follows but the hash, u8 frame is here, u32 entry length, entry, frame,
 *           SHA-256(hash before || record up to here)
 *   zeros   room for the records to come, while the log is open: a sync that changes no size costs the file system one write
 *           less. Their length of 0 is none, so a reader ends there.
 */
#include "host/journal.h"

#include "base/cleanup.h"
#include "base/sha256.h"
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t magic[8] = {'c', 'l', 'o', 'j', 'r', 'n', 'l', '1'};
enum { HEAD_FIXED = 8 + 8 + 8 + 4, RECORD_FIXED = 4 + 1 + 4, HASH = 32 };
/* Zeros written ahead of the records: as many as there are bytes, within these bounds. */
enum { AHEAD_MIN = 16 * 1024, AHEAD_MAX = 1024 * 1024 };

void edge_tree(const struct edge *g, uint64_t size, struct tree *out)
{
    tree_init(out);
    out->size = size;
    for (unsigned level = 0; level < 63; level++) {
        if ((size >> level & 1) == 0)
            continue;
        unsigned height = level % TILE_HEIGHT;
        unsigned width = (unsigned)(size >> (level - height) & (TILE_WIDTH - 1));
        /* The larger subtrees of this tile stand before it. */
        unsigned slot = width >> (height + 1) << (height + 1);
        out->peak[level] =
            tile_fold(g->level[level / TILE_HEIGHT].hash + (size_t)slot * HASH, 1U << height);
    }
}

/* For tidiness: a reader would end there anyway, so that it may fail. */
static void cut_zeros(const struct journal *j)
{
    if (j->room > j->end && ftruncate(j->fd, (off_t)j->end) != 0)
        return;
}

void journal_fini(struct journal *j)
{
    if (j->fd >= 0) {
        cut_zeros(j);
        (void)close(j->fd);
    }
    *j = (struct journal){.fd = -1};
}

enum err journal_head_put(const struct journal_head *h, struct buf *out, struct hash *chain)
{
    uint8_t fixed[HEAD_FIXED];
    memcpy(fixed, magic, 8);
    put_be64(fixed + 8, h->base);
    put_be64(fixed + 16, h->last_ms);
    put_be32(fixed + 24, (uint32_t)h->tail.n);
    (void)buf_put(out, bytes_of(fixed, sizeof fixed));
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        (void)buf_put(
            out, bytes_of(h->edge.level[level].hash, (size_t)tile_partial(level, h->base) * HASH));
    (void)buf_put(out, buf_bytes(&h->tail));
    struct hash sum = sha256_of(buf_bytes(out));
    enum err e = buf_put(out, hash_bytes(&sum));
    if (!e)
        *chain = sum;
    return e;
}

enum err journal_begin(int state_fd, struct bytes whole, struct hash chain, mode_t mode,
                       struct journal *j)
{
    AUTO_FD int fd = -1;
    enum err e = file_replace_via(state_fd, "journal.tmp", state_fd, "journal.next", whole, mode);
    if (e)
        return e;
    fd = openat(state_fd, "journal.next", O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || renameat(state_fd, "journal.next", state_fd, "journal") != 0)
        return errno == EIO ? ERR_IO : ERR_AGAIN;
    /* From here on the old file is gone by name, so nothing may be written to it. */
    journal_fini(j);
    *j = (struct journal){.fd = fd_move(&fd), .end = whole.n, .room = whole.n, .chain = chain};
    return dir_sync(state_fd) == OK ? OK : ERR_IO;
}

struct reader {
    int fd;
    uint64_t at;
    uint64_t size;
};

/* Exactly n bytes; ERR_NOTFOUND where the file is shorter. */
static enum err take(struct reader *r, size_t n, struct buf *out)
{
    size_t got = 0;
    if (n > r->size - r->at)
        return ERR_NOTFOUND;
    uint8_t *to = buf_reserve(out, n);
    if (to == NULL)
        return buf_err(out);
    enum err e = fd_read_some(r->fd, to, n, &got);
    if (e)
        return e;
    if (got != n)
        return ERR_NOTFOUND;
    buf_commit(out, n);
    r->at += n;
    return OK;
}

static enum err read_head(struct reader *r, struct journal_head *h, struct hash *chain)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(JOURNAL_HEAD_MAX);
    enum err e = take(r, HEAD_FIXED, &b);
    if (e)
        return e;
    h->base = get_be64(b.p + 8);
    h->last_ms = get_be64(b.p + 16);
    size_t tail = get_be32(b.p + 24);
    size_t hashes = 0;
    if (memcmp(b.p, magic, 8) != 0 || h->base > TREE_SIZE_MAX || tail > BUNDLE_MAX)
        return ERR_CORRUPT;
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        hashes += tile_partial(level, h->base) * (size_t)HASH;
    e = take(r, hashes + tail + HASH, &b);
    if (e)
        return e;
    *chain = sha256_of(bytes_of(b.p, b.n - HASH));
    if (memcmp(chain->b, b.p + b.n - HASH, HASH) != 0)
        return ERR_CORRUPT;
    const uint8_t *from = b.p + HEAD_FIXED;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        h->edge.level[level].n = tile_partial(level, h->base);
        memcpy(h->edge.level[level].hash, from, h->edge.level[level].n * (size_t)HASH);
        from += h->edge.level[level].n * (size_t)HASH;
    }
    return buf_put(&h->tail, bytes_of(from, tail));
}

/* The next whole record in *b; ERR_NOTFOUND where what follows is none. */
static enum err next_record(struct reader *r, struct hash *chain, struct buf *b,
                            struct journal_record *out)
{
    buf_clear(b);
    enum err e = take(r, RECORD_FIXED, b);
    if (e)
        return e;
    size_t length = get_be32(b->p);
    size_t entry = get_be32(b->p + 5);
    if (length < RECORD_FIXED - 4 || length > JOURNAL_RECORD_MAX ||
        entry > length - (RECORD_FIXED - 4) || b->p[4] > 1)
        return ERR_NOTFOUND;
    e = take(r, length - (RECORD_FIXED - 4) + HASH, b);
    if (e)
        return e;
    struct sha256 h;
    sha256_init(&h);
    sha256_put(&h, hash_bytes(chain));
    sha256_put(&h, bytes_of(b->p, b->n - HASH));
    struct hash sum = sha256_end(&h);
    if (memcmp(sum.b, b->p + b->n - HASH, HASH) != 0)
        return ERR_NOTFOUND;
    *chain = sum;
    out->carried = b->p[4] == 1;
    out->entry = bytes_of(b->p + RECORD_FIXED, entry);
    out->frame = bytes_of(b->p + RECORD_FIXED + entry, b->n - HASH - RECORD_FIXED - entry);
    return OK;
}

static enum err replay(struct reader *r, journal_visitor *visit, void *ctx, struct journal *j)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(JOURNAL_RECORD_MAX + RECORD_FIXED + HASH);
    for (;;) {
        struct journal_record record;
        struct hash chain = j->chain;
        enum err e = next_record(r, &chain, &b, &record);
        if (e)
            return e == ERR_NOTFOUND ? OK : e;
        e = visit(&record, ctx);
        if (e)
            return e;
        j->chain = chain;
        j->end = r->at;
    }
}

enum err journal_open(int state_fd, struct journal_head *h, enum err (*start)(void *ctx),
                      journal_visitor *visit, void *ctx, struct journal *j)
{
    struct stat st;
    struct journal found = {.fd = openat(state_fd, "journal", O_RDWR | O_NOFOLLOW | O_CLOEXEC)};
    if (found.fd < 0)
        return err_from_errno(errno);
    struct reader r = {.fd = found.fd};
    enum err e = fstat(found.fd, &st) == 0 ? OK : err_from_errno(errno);
    if (!e && !S_ISREG(st.st_mode))
        e = ERR_CORRUPT;
    if (!e) {
        r.size = (uint64_t)st.st_size;
        e = read_head(&r, h, &found.chain);
        found.end = r.at;
        e = e == ERR_NOTFOUND ? ERR_CORRUPT : e; /* a head is renamed into place whole */
    }
    if (!e)
        e = start(ctx);
    if (!e)
        e = replay(&r, visit, ctx, &found);
    if (e) {
        journal_fini(&found);
        return e;
    }
    *j = found;
    return OK;
}

enum err journal_trim(struct journal *j)
{
    struct stat st;
    if (fstat(j->fd, &st) != 0)
        return err_from_errno(errno);
    j->room = j->end;
    if ((uint64_t)st.st_size == j->end)
        return OK;
    if (ftruncate(j->fd, (off_t)j->end) != 0)
        return err_from_errno(errno);
    return fd_sync_data(j->fd);
}

enum err journal_pack(const struct journal_record *r, struct hash *chain, struct buf *out)
{
    uint8_t fixed[RECORD_FIXED];
    size_t length = RECORD_FIXED - 4 + r->entry.n + r->frame.n;
    if (length > JOURNAL_RECORD_MAX)
        return ERR_TOOBIG;
    put_be32(fixed, (uint32_t)length);
    fixed[4] = r->carried ? 1 : 0;
    put_be32(fixed + 5, (uint32_t)r->entry.n);
    struct sha256 h;
    sha256_init(&h);
    sha256_put(&h, hash_bytes(chain));
    sha256_put(&h, bytes_of(fixed, sizeof fixed));
    sha256_put(&h, r->entry);
    sha256_put(&h, r->frame);
    struct hash sum = sha256_end(&h);
    (void)buf_put(out, bytes_of(fixed, sizeof fixed));
    (void)buf_put(out, r->entry);
    (void)buf_put(out, r->frame);
    enum err e = buf_put(out, hash_bytes(&sum));
    if (!e)
        *chain = sum;
    return e;
}

static enum err write_at(int fd, struct bytes data, uint64_t at)
{
    while (data.n > 0) {
        ssize_t put = pwrite(fd, data.p, data.n, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_from_errno(errno);
        at += (uint64_t)put;
        data = bytes_skip(data, (size_t)put);
    }
    return OK;
}

/* Where there is no room for zeros the records alone will do. */
static enum err zeros_behind(struct journal *j, uint64_t at)
{
    static const uint8_t zeros[AHEAD_MAX];
    uint64_t n = at < AHEAD_MIN ? AHEAD_MIN : at > AHEAD_MAX ? AHEAD_MAX : at;
    enum err e = write_at(j->fd, bytes_of(zeros, (size_t)n), at);
    if (e == ERR_FULL && ftruncate(j->fd, (off_t)at) == 0)
        n = 0;
    else if (e)
        return ERR_IO;
    j->room = at + n;
    return OK;
}

enum err journal_commit(struct journal *j, struct bytes records, struct hash chain)
{
    uint64_t end = j->end + records.n;
    enum err e = write_at(j->fd, records, j->end);
    if (e == ERR_FULL) { /* nothing was synced, so cutting it off leaves what was there */
        j->room = j->end;
        return ftruncate(j->fd, (off_t)j->end) == 0 ? ERR_FULL : ERR_IO;
    }
    if (!e && end > j->room)
        e = zeros_behind(j, end);
    if (e || fd_sync_data(j->fd)) {
        j->room = 0; /* it is left as it is */
        return ERR_IO;
    }
    j->end = end;
    j->chain = chain;
    return OK;
}
