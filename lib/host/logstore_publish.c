/* logstore_publish.c - when files and checkpoints are made, and on which thread.
 *
 * A checkpoint is signed when its entries are handed over, all of them durable; it is renamed into place when their files are
 * written. In between the owner appends and syncs: nothing it does there waits for a derived file. */
#include "host/logstore_in.h"
#include "io/files.h"

#include <signal.h>

static bool due(const struct logstore *s)
{
    return !s->signed_any || s->signed_last.size != s->tree.size;
}

/* The thread is at work and there is room for what comes meanwhile. Beyond that the owner waits for it: a log that takes entries
 * faster than files can be made slows down, long before append has to refuse them. */
static bool at_work(const struct logstore *s)
{
    return s->running && !atomic_load(&s->finished) &&
           s->bytes.n + s->going_bytes <= LOGSTORE_BACKLOG_MAX / 2;
}

uint64_t logstore_publish_in_ms(const struct logstore *s, uint64_t now_ms)
{
    if (s->running || s->ended)
        return at_work(s) ? 1 : 0;
    if (s->dead || !due(s))
        return UINT64_MAX;
    if (now_ms < s->published_ms || now_ms - s->published_ms >= LOGSTORE_PUBLISH_MS)
        return 0;
    return LOGSTORE_PUBLISH_MS - (now_ms - s->published_ms);
}

static void move(struct log_item *it, size_t from, size_t to)
{
    it->at = it->at - from + to;
    it->entry_at = it->entry_at - from + to;
    it->frame_at = it->frame_at - from + to;
}

/* Appends the durable items to `going`, which is empty unless an attempt failed; the queued ones stay. */
static enum err hand_over_items(struct logstore *s)
{
    struct log_batch *g = &s->going;
    size_t n = s->n_durable;
    size_t cut = n < s->n_items ? s->items[n].at : s->bytes.n;
    struct log_item *more = realloc(g->items, (g->n + n) * sizeof *more);
    if (more == NULL)
        return ERR_NOMEM;
    g->items = more;
    size_t before = g->bytes.n;
    enum err e = buf_put(&g->bytes, bytes_of(s->bytes.p, cut));
    if (e) {
        g->bytes.n = before;
        g->bytes.e = OK;
        return e;
    }
    for (size_t i = 0; i < n; i++) {
        g->items[g->n] = s->items[i];
        move(&g->items[g->n++], 0, before);
    }
    for (size_t i = n; i < s->n_items; i++) {
        s->items[i - n] = s->items[i];
        move(&s->items[i - n], cut, 0);
    }
    memmove(s->bytes.p, s->bytes.p + cut, s->bytes.n - cut);
    s->bytes.n -= cut;
    s->n_items -= n;
    s->n_durable = 0;
    return OK;
}

static enum err hand_over(struct logstore *s, bool sign)
{
    struct log_batch *g = &s->going;
    enum err e = s->n_durable == 0 ? OK : hand_over_items(s);
    if (e)
        return e;
    g->end = s->tree.size;
    g->last_ms = s->last_ms;
    g->sign = sign;
    g->sync = sign && s->journal.end > LOGSTORE_JOURNAL_MAX;
    g->lost = false;
    s->going_bytes = g->bytes.n;
    return sign ? logstore_sign(s) : OK;
}

static void *work(void *ctx)
{
    struct logstore *s = ctx;
    struct log_batch *g = &s->going;
    g->e = logstore_derive(s);
    if (!g->e && g->sign)
        g->e = logstore_place_checkpoint(s);
    if (!g->e && g->sync && dir_sync_all(s->dir_fd)) {
        g->e = ERR_IO;
        g->lost = true; /* the kernel may have dropped what only the files were to hold */
    }
    atomic_store(&s->finished, true);
    return NULL;
}

static enum err take_over(struct logstore *s)
{
    struct log_batch *g = &s->going;
    s->going_bytes = g->bytes.n;
    s->dead = s->dead || g->lost;
    if (g->e)
        return g->e;
    if (g->sign) {
        s->signed_last = g->c;
        s->signed_any = true;
    }
    return g->sync ? logstore_begin_again(s) : OK;
}

void logstore_wait(struct logstore *s)
{
    if (!s->running)
        return;
    (void)pthread_join(s->thread, NULL);
    s->running = false;
    s->ended = true;
}

enum err logstore_settle(struct logstore *s)
{
    logstore_wait(s);
    if (!s->ended)
        return OK;
    s->ended = false;
    return take_over(s);
}

enum err logstore_derive_now(struct logstore *s, bool sign)
{
    enum err e = hand_over(s, sign);
    if (e)
        return e;
    (void)work(s);
    return take_over(s);
}

enum err logstore_publish(struct logstore *s, uint64_t now_ms)
{
    if (s->dead)
        return ERR_IO;
    if (logstore_settle(s) && s->dead)
        return ERR_IO; /* any other failure is tried again below */
    if (!due(s) || (now_ms != 0 && logstore_publish_in_ms(s, now_ms) > 0))
        return OK;
    enum err e = logstore_derive_now(s, true);
    if (!e && now_ms != 0)
        s->published_ms = now_ms;
    return e;
}

/* Where no thread is to be had it is done here. */
static enum err start(struct logstore *s)
{
    sigset_t all;
    sigset_t before;
    atomic_store(&s->finished, false);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    s->running = pthread_create(&s->thread, NULL, work, s) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (s->running)
        return OK;
    (void)work(s);
    return take_over(s);
}

enum err logstore_publish_beside(struct logstore *s, uint64_t now_ms)
{
    if (s->dead)
        return ERR_IO;
    if (at_work(s))
        return OK;
    enum err e = logstore_settle(s);
    if (e || logstore_publish_in_ms(s, now_ms) > 0)
        return e;
    s->published_ms = now_ms;
    e = hand_over(s, true);
    return e ? e : start(s);
}
