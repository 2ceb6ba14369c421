/* logstore.c - the log store's life, appending, and the commit point. */
#include "host/logstore.h"

#include "base/checked.h"
#include "base/hex.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/event.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <fcntl.h>
#include <unistd.h>

enum { CLOCK_SLACK_MS = 1000 };
/* All that a journal can hold, for its replay. */
enum { BYTES_MAX = LOGSTORE_JOURNAL_MAX + 2 * LOGSTORE_BACKLOG_MAX };

static enum err key_of(const char *origin, struct secret *seed, struct vkey *out)
{
    if (secret_size(seed) != NOTE_SEED)
        return ERR_INVALID;
    struct ed25519_public public = note_public(secret_borrow(seed));
    secret_give_back(seed);
    return vkey_make(bytes_str(origin), VKEY_ED25519, public, out);
}

static enum err new_store(const char *origin, struct secret *seed, struct logstore **out)
{
    AUTO(logstore) s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    s->dir_fd = s->state_fd = s->lock_fd = s->journal.fd = s->going.frames_fd = -1;
    s->seed = seed;
    s->bundle_n = UINT64_MAX;
    buf_init(&s->bytes, BYTES_MAX);
    buf_init(&s->going.bytes, BYTES_MAX);
    buf_init(&s->going.note, 2048);
    buf_init(&s->tail, BUNDLE_MAX);
    buf_init(&s->bundle, BUNDLE_MAX);
    buf_init(&s->frame, LOGSTORE_FRAME_MAX);
    tree_init(&s->tree);
    enum err e = key_of(origin, seed, &s->key);
    if (e)
        return e;
    *out = MOVE(s);
    return OK;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

void logstore_free(struct logstore *s)
{
    if (s == NULL)
        return;
    logstore_wait(s);
    journal_fini(&s->journal);
    close_fd(s->lock_fd);
    close_fd(s->state_fd);
    close_fd(s->dir_fd);
    buf_fini(&s->bytes);
    buf_fini(&s->going.bytes);
    buf_fini(&s->going.note);
    free(s->going.items);
    buf_fini(&s->tail);
    buf_fini(&s->bundle);
    buf_fini(&s->frame);
    free(s->items);
    free(s);
}

static enum err lock(struct logstore *s, struct diag *d)
{
    enum err e = dir_open(s->dir_fd, "state", &s->state_fd);
    if (e)
        return diag_set(d, e, "the log's folder holds no state/");
    e = file_lock(s->state_fd, "lock", &s->lock_fd);
    return e ? diag_set(d, e, "another process writes this log") : OK;
}

static enum err fresh_start(struct logstore *s)
{
    CLEANUP(buf_fini) struct buf whole = BUF_INIT(JOURNAL_HEAD_MAX);
    struct journal_head h = {.tail = BUF_INIT(BUNDLE_MAX)};
    struct hash chain;
    enum err e = journal_head_put(&h, &whole, &chain);
    if (!e)
        e = journal_begin(s->state_fd, buf_bytes(&whole), chain, LOG_FILE_MODE, &s->journal);
    if (e)
        return e;
    s->queue_chain = s->journal.chain;
    return logstore_derive_now(s, true);
}

enum err logstore_create(int at, const char *name, const char *origin, struct secret *seed,
                         struct logstore **out, struct diag *d)
{
    AUTO(logstore) s = NULL;
    enum err e = new_store(origin, seed, &s);
    if (!e)
        e = dir_make(at, name, LOG_DIR_MODE);
    if (!e)
        e = dir_open(at, name, &s->dir_fd);
    if (!e)
        e = dir_make(s->dir_fd, "state", LOG_DIR_MODE);
    if (e)
        return diag_set(d, e, "the log's folder cannot be made: %s", err_name(e));
    e = lock(s, d);
    if (e)
        return e;
    if (file_exists(s->state_fd, "journal") || file_exists(s->dir_fd, "checkpoint"))
        return diag_set(d, ERR_CONFLICT, "a log is there already");
    e = fresh_start(s);
    if (e)
        return diag_set(d, e, "the log cannot be begun: %s", err_name(e));
    *out = MOVE(s);
    return OK;
}

static enum err take_up(int at, const char *name, const char *origin, struct secret *seed,
                        bool unsigned_, struct logstore **out, struct diag *d)
{
    AUTO(logstore) s = NULL;
    enum err e = new_store(origin, seed, &s);
    if (e)
        return diag_set(d, e, "the log's key cannot be used: %s", err_name(e));
    s->unsigned_ = unsigned_;
    e = dir_open(at, name, &s->dir_fd);
    if (e)
        return diag_set(d, e, "the log's folder cannot be opened: %s", err_name(e));
    e = lock(s, d);
    if (!e)
        e = logstore_recover(s, d);
    if (e)
        return e;
    *out = MOVE(s);
    return OK;
}

enum err logstore_open(int at, const char *name, const char *origin, struct secret *seed,
                       struct logstore **out, struct diag *d)
{
    return take_up(at, name, origin, seed, false, out, d);
}

enum err logstore_open_unsigned(int at, const char *name, const char *origin, struct secret *seed,
                                struct logstore **out, struct diag *d)
{
    return take_up(at, name, origin, seed, true, out, d);
}

enum err logstore_remember(struct logstore *s, const struct journal_record *r, struct hash frame)
{
    if (s->n_items == s->cap_items) {
        size_t bytes = 0;
        size_t cap = s->cap_items == 0 ? 64 : s->cap_items * 2;
        if (mul_overflows(cap, sizeof *s->items, &bytes))
            return ERR_NOMEM;
        struct log_item *more = realloc(s->items, bytes);
        if (more == NULL)
            return ERR_NOMEM;
        s->items = more;
        s->cap_items = cap;
    }
    size_t at = s->bytes.n;
    enum err e = journal_pack(r, &s->queue_chain, &s->bytes);
    if (e)
        return e;
    size_t entry_at = s->bytes.n - sizeof(struct hash) - r->frame.n - r->entry.n;
    s->items[s->n_items++] = (struct log_item){
        .at = at,
        .entry_at = entry_at,
        .entry_n = r->entry.n,
        .frame_at = entry_at + r->entry.n,
        .frame_n = r->frame.n,
        .carried = r->carried,
        .leaf = tree_leaf_hash(r->entry),
        .frame = frame,
    };
    return OK;
}

/* What logstore_append may have to take back. */
struct mark {
    size_t items, bytes;
    struct hash chain;
    uint64_t ms;
    bool clock_noted;
};

static struct mark mark(const struct logstore *s)
{
    return (struct mark){s->n_items, s->bytes.n, s->queue_chain, s->queue_ms, s->clock_noted};
}

static void take_back(struct logstore *s, struct mark m)
{
    s->n_items = m.items;
    s->bytes.n = m.bytes;
    s->bytes.e = OK;
    s->queue_chain = m.chain;
    s->queue_ms = m.ms;
    s->clock_noted = m.clock_noted;
}

static uint64_t next_index(const struct logstore *s)
{
    return s->tree.size + (s->n_items - s->n_durable);
}

/* A frame too large for the journal is a durable file before its entry is committed. */
static enum err place_large(struct logstore *s, struct hash frame, struct bytes data)
{
    char path[LOG_FRAME_PATH];
    AUTO_FD int fd = -1;
    const char *name = NULL;
    logstore_frame_path(frame, path);
    enum err e = dir_of(s->dir_fd, path, LOG_DIR_MODE, &fd, &name);
    return e ? e : file_replace_via(s->state_fd, "frame.tmp", fd, name, data, LOG_FILE_MODE);
}

static enum err queue(struct logstore *s, enum entry_kind kind, uint64_t time_ms,
                      struct bytes frame, struct bytes note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(ENTRY_MAX);
    struct entry entry = {.index = next_index(s),
                          .time_ms = time_ms,
                          .kind = kind,
                          .frame_size = frame.n,
                          .frame = sha256_of(frame),
                          .note = note};
    enum err e = entry_put(&entry, &text);
    if (e)
        return e;
    bool carried = frame.n <= LOGSTORE_FRAME_JOURNAL;
    if (!carried)
        e = place_large(s, entry.frame, frame);
    if (e)
        return e;
    struct journal_record r = {.entry = buf_bytes(&text),
                               .frame = carried ? frame : bytes_of(NULL, 0),
                               .carried = carried};
    e = logstore_remember(s, &r, entry.frame);
    if (!e)
        s->queue_ms = time_ms;
    return e == ERR_TOOBIG ? ERR_FULL : e; /* the buffer's bound is the backlog's */
}

static enum err queue_clock(struct logstore *s, uint64_t now_ms)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(256);
    uint8_t blind[ENTRY_BLIND];
    struct event ev = {.kind = EVENT_CLOCK, .clock = {.last_ms = s->queue_ms, .back_ms = now_ms}};
    rng_fill(blind, sizeof blind);
    enum err e = event_frame_put(blind, &ev, &frame);
    if (!e)
        e = queue(s, ENTRY_LOCAL, s->queue_ms, buf_bytes(&frame), bytes_of(NULL, 0));
    if (!e)
        s->clock_noted = true;
    return e;
}

enum err logstore_append(struct logstore *s, enum entry_kind kind, uint64_t now_ms,
                         struct bytes frame, struct bytes note, uint64_t *out_index)
{
    struct mark before = mark(s);
    if (s->dead)
        return ERR_IO;
    if (frame.n > LOGSTORE_FRAME_MAX)
        return ERR_TOOBIG;
    if (s->bytes.n + s->going_bytes > LOGSTORE_BACKLOG_MAX ||
        s->journal.end > LOGSTORE_JOURNAL_MAX + LOGSTORE_BACKLOG_MAX ||
        next_index(s) >= TREE_SIZE_MAX - 1)
        return ERR_FULL;
    enum err e = OK;
    if (now_ms >= s->queue_ms)
        s->clock_noted = false;
    else if (s->queue_ms - now_ms > CLOCK_SLACK_MS && !s->clock_noted)
        e = queue_clock(s, now_ms);
    uint64_t index = next_index(s);
    if (!e)
        e = queue(s, kind, now_ms > s->queue_ms ? now_ms : s->queue_ms, frame, note);
    if (e) {
        take_back(s, before);
        return e;
    }
    *out_index = index;
    return OK;
}

/* Back to the durable entries; `from` is where the queued ones begin in the bytes. */
static void forget_queued(struct logstore *s, size_t from)
{
    take_back(s, (struct mark){s->n_durable, from, s->journal.chain, s->last_ms, false});
}

void logstore_undo(struct logstore *s)
{
    if (s->n_items > s->n_durable)
        forget_queued(s, s->items[s->n_durable].at);
}

enum err logstore_sync(struct logstore *s)
{
    if (s->dead)
        return ERR_IO;
    if (s->n_items == s->n_durable)
        return OK;
    size_t from = s->items[s->n_durable].at;
    struct bytes records = bytes_of(s->bytes.p + from, s->bytes.n - from);
    enum err e = journal_commit(&s->journal, records, s->queue_chain);
    if (e) {
        s->dead = e != ERR_FULL;
        forget_queued(s, from);
        return e;
    }
    for (; s->n_durable < s->n_items; s->n_durable++)
        tree_append(&s->tree, s->items[s->n_durable].leaf);
    s->last_ms = s->queue_ms;
    return OK;
}

uint64_t logstore_size(const struct logstore *s)
{
    return s->tree.size;
}

uint64_t logstore_queued(const struct logstore *s)
{
    return s->n_items - s->n_durable;
}

uint64_t logstore_last_ms(const struct logstore *s)
{
    return s->last_ms;
}

struct hash logstore_root(const struct logstore *s)
{
    return tree_root(&s->tree);
}

const struct vkey *logstore_vkey(const struct logstore *s)
{
    return &s->key;
}

struct checkpoint logstore_checkpoint(const struct logstore *s)
{
    return s->signed_last;
}

enum err logstore_policy_put(const struct logstore *s, struct buf *out)
{
    (void)buf_puts(out, "log ");
    (void)vkey_put(&s->key, out);
    return buf_puts(out, "\nquorum none\n");
}
