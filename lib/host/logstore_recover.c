/* logstore_recover.c - opening a log: the journal is replayed, and whatever contradicts it stops the program. */
#include "base/sha256.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "host/logstore_in.h"
#include "io/files.h"

#include <inttypes.h>

/* What the files claim, held against the journal. */
struct claim {
    struct logstore *s;
    struct diag *d;
    bool there;
    struct checkpoint c;
    bool met; /* the journal passed the claimed size */
    struct hash root;
};

static enum err rollback(struct diag *d, const char *what)
{
    return diag_set(
        d, ERR_CORRUPT,
        "ROLLBACK: %s; nothing was changed. Keep this folder, and restore the newest copy "
        "of the whole log or ask the auditor",
        what);
}

static enum err read_claim(struct logstore *s, struct claim *k)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(65536);
    struct note n;
    enum err e = file_read(s->dir_fd, "checkpoint", 65536, &b);
    if (e == ERR_NOTFOUND)
        return OK;
    if (e == ERR_IO || e == ERR_NOMEM || e == ERR_DENIED)
        return diag_set(k->d, e, "the log's checkpoint cannot be read: %s", err_name(e));
    if (e || note_open(buf_bytes(&b), &s->key, &n) || checkpoint_parse(n.text, &k->c) ||
        strcmp(k->c.origin, s->key.name) != 0)
        return diag_set(k->d, ERR_CORRUPT,
                        "the log's checkpoint is not signed by this log's key for this log");
    k->there = true;
    return OK;
}

static void compare(struct claim *k)
{
    if (!k->there || k->c.size != k->s->tree.size)
        return;
    k->met = true;
    k->root = tree_root(&k->s->tree);
}

static enum err on_record(const struct journal_record *r, void *ctx)
{
    struct claim *k = ctx;
    struct logstore *s = k->s;
    struct entry entry;
    if (entry_parse(r->entry, &entry) || entry.index != s->tree.size || entry.time_ms < s->last_ms)
        return rollback(k->d, "an entry of the journal is not the next one");
    if (r->carried &&
        (entry.frame_size != r->frame.n || !hash_eq(entry.frame, sha256_of(r->frame))))
        return rollback(k->d, "a frame of the journal is not the one that its entry names");
    enum err e = logstore_remember(s, r, entry.frame);
    if (e)
        return e;
    tree_append(&s->tree, s->items[s->n_items - 1].leaf);
    s->n_durable = s->n_items;
    s->last_ms = entry.time_ms;
    compare(k);
    return OK;
}

/* A copied-back journal leaves files beyond its end, which were derived from entries that it no longer holds. */
static bool entries_beyond(const struct logstore *s)
{
    char path[TILE_PATH];
    struct tile t = {.level = TILE_ENTRIES, .n = s->tree.size / TILE_WIDTH, .width = TILE_WIDTH};
    AUTO_FD int fd = -1;
    const char *name = NULL;
    if (!dir_of(s->dir_fd, tile_path(t, path), 0, &fd, &name) && file_exists(fd, name))
        return true;
    for (unsigned w = tile_partial(TILE_ENTRIES, s->tree.size) + 1; w < TILE_WIDTH; w++) {
        AUTO_FD int partial = -1;
        t.width = w;
        if (!dir_of(s->dir_fd, tile_path(t, path), 0, &partial, &name) &&
            file_exists(partial, name))
            return true;
    }
    return false;
}

/* A checkpoint that was handed out is of a size that we had. */
static enum err handed_out_beyond(const struct logstore *s, bool *out)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)64 << 20);
    AUTO_FD int fd = -1;
    size_t n = 0;
    enum err e = dir_open(s->dir_fd, "cp", &fd);
    if (e == ERR_NOTFOUND)
        return OK;
    if (!e)
        e = dir_list(fd, LOG_COPY_NAMES, &names, &n);
    if (e)
        return e;
    const char *at = (const char *)names.p;
    for (size_t i = 0; i < n; i++, at += strlen(at) + 1) {
        uint64_t size = 0;
        if (!parse_u64_str(at, INT64_MAX, &size) && size > s->tree.size)
            *out = true;
    }
    return OK;
}

static enum err judge(struct logstore *s, const struct claim *k, uint64_t base)
{
    bool beyond = false;
    if (!k->there && base > 0)
        return rollback(k->d, "the checkpoint is missing");
    if (k->there && k->c.size > s->tree.size)
        return rollback(k->d, "the checkpoint is larger than the journal");
    if (k->there && (!k->met || !hash_eq(k->root, k->c.root)))
        return rollback(k->d, "the checkpoint has another root than the journal at its size");
    enum err e = handed_out_beyond(s, &beyond);
    if (e)
        return diag_set(k->d, e, "the log's cp/ cannot be read: %s", err_name(e));
    if (beyond)
        return rollback(k->d, "a checkpoint that was handed out is larger than the journal");
    if (entries_beyond(s))
        return rollback(k->d, "there are entries beyond the end of the journal");
    return OK;
}

struct opening {
    struct claim claim;
    struct journal_head *head;
};

static enum err on_start(void *ctx)
{
    struct opening *o = ctx;
    struct logstore *s = o->claim.s;
    s->derived = s->going.end = o->head->base;
    s->last_ms = s->going.last_ms = o->head->last_ms;
    s->edge = o->head->edge;
    s->tail_n = tile_partial(TILE_ENTRIES, o->head->base);
    edge_tree(&s->edge, o->head->base, &s->tree);
    compare(&o->claim);
    return buf_put(&s->tail, buf_bytes(&o->head->tail));
}

static enum err on_opening_record(const struct journal_record *r, void *ctx)
{
    struct opening *o = ctx;
    return on_record(r, &o->claim);
}

static void head_auto(struct journal_head **h)
{
    if (*h != NULL)
        buf_fini(&(*h)->tail);
    free(*h);
}

enum err logstore_recover(struct logstore *s, struct diag *d)
{
    CLEANUP(head_auto) struct journal_head *head = calloc(1, sizeof *head);
    if (head == NULL)
        return ERR_NOMEM;
    buf_init(&head->tail, BUNDLE_MAX);
    struct opening o = {.claim = {.s = s, .d = d}, .head = head};
    enum err e = read_claim(s, &o.claim);
    if (e)
        return e;
    e = journal_open(s->state_fd, head, on_start, on_opening_record, &o, &s->journal);
    if (e == ERR_NOTFOUND)
        return diag_set(d, e, "the log's folder holds no journal");
    if (e)
        return e == ERR_CORRUPT && d != NULL && d->text[0] == '\0'
                   ? rollback(d, "the journal's head is damaged")
                   : e;
    e = judge(s, &o.claim, head->base);
    if (!e)
        e = journal_trim(&s->journal);
    if (e)
        return e;
    s->queue_chain = s->journal.chain;
    s->queue_ms = s->last_ms;
    if (o.claim.there) {
        s->signed_last = o.claim.c;
        s->signed_any = true;
    }
    /* Whatever a crash left half written is written again. */
    bool sign = !s->unsigned_ && (!s->signed_any || s->signed_last.size != s->tree.size);
    e = logstore_derive_now(s, sign);
    return e ? diag_set(d, e, "the log's files cannot be written: %s", err_name(e)) : OK;
}
