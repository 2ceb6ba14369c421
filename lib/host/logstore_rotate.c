/* logstore_rotate.c - the journal begins again at the derived size. What is durable beyond that size stands behind the new
 * head before the new file takes the old one's name, so there is no moment at which a journal lacks an acknowledged entry. */
#include "host/logstore_in.h"
#include "io/files.h"

/* The records behind `chain`: the durable ones' bytes and last hash come out, the queued ones follow. */
static enum err repack(struct logstore *s, const struct buf *bytes, const struct log_item *items,
                       size_t n, size_t n_durable, struct buf *whole, struct hash *chain)
{
    enum err e = OK;
    s->queue_chain = *chain;
    for (size_t i = 0; i < n && !e; i++) {
        struct journal_record r = {
            .entry = bytes_of(bytes->p + items[i].entry_at, items[i].entry_n),
            .frame = bytes_of(bytes->p + items[i].frame_at, items[i].frame_n),
            .carried = items[i].carried};
        e = logstore_remember(s, &r, items[i].frame);
        if (!e && i + 1 == n_durable) {
            *chain = s->queue_chain;
            e = buf_put(whole, buf_bytes(&s->bytes));
        }
    }
    return e;
}

static enum err begin(struct logstore *s, const struct buf *bytes, const struct log_item *items,
                      size_t n)
{
    struct hash chain;
    CLEANUP(buf_fini) struct buf whole = BUF_INIT(JOURNAL_HEAD_MAX + s->bytes.limit);
    struct journal_head h = {
        .base = s->derived, .last_ms = s->going.last_ms, .edge = s->edge, .tail = s->tail};
    enum err e = journal_head_put(&h, &whole, &chain);
    if (!e)
        e = repack(s, bytes, items, n, s->n_durable, &whole, &chain);
    return e ? e : journal_begin(s->state_fd, buf_bytes(&whole), chain, LOG_FILE_MODE, &s->journal);
}

enum err logstore_begin_again(struct logstore *s)
{
    if (s->going.n > 0 || s->signed_last.size != s->derived)
        return OK; /* the checkpoint must not be smaller than the journal's base: another time */
    struct buf bytes = s->bytes;
    struct log_item *items = s->items;
    size_t n = s->n_items;
    size_t cap = s->cap_items;
    struct hash chain = s->queue_chain;
    buf_init(&s->bytes, bytes.limit);
    s->items = NULL;
    s->n_items = s->cap_items = 0;
    enum err e = begin(s, &bytes, items, n);
    s->dead = s->dead || e == ERR_IO;
    if (e) { /* the old journal and what is chained to it stay */
        buf_fini(&s->bytes);
        free(s->items);
        s->bytes = bytes;
        s->items = items;
        s->n_items = n;
        s->cap_items = cap;
        s->queue_chain = chain;
        return e;
    }
    buf_fini(&bytes);
    free(items);
    return OK;
}

enum err logstore_rotate(struct logstore *s)
{
    enum err e = logstore_settle(s);
    if (e)
        return e;
    if (dir_sync_all(s->dir_fd)) {
        s->dead = true;
        return ERR_IO;
    }
    return logstore_begin_again(s);
}
