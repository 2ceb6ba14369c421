/* intake.c - a ring of chunks between the one that reads and hashes and the one that stores.
 *
 * `made` and `given` count chunks and move under the lock; a slot between them belongs to the caller, every other one to the
 * thread. What is not guarded (hash, place of a fault) is written before the last slot is made and read after it was given. */
#include "node/ingest/intake.h"

#include "base/text.h"
#include "io/crypto.h"
#include "io/files.h"
#include "node/vault/vault.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct slot {
    uint8_t *bytes;
    size_t n;
    enum err e;
    bool last;
};

struct intake {
    int fd;
    bool text;
    uint8_t *memory;
    struct slot slots[INTAKE_AHEAD];
    struct fast_sha256 *sha;
    struct utf8_feed utf8;
    struct hash hash;
    uint64_t bad;
    bool cut;
    /* the caller's */
    enum err e;
    bool held; /* a chunk was handed out and not given back */
    bool ended;
    /* between the two */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t made;
    uint64_t given;
    bool stop;
};

static enum err check_text(struct intake *k, struct bytes piece, bool last)
{
    if (!k->text)
        return OK;
    if (!utf8_feed(&k->utf8, piece, &k->bad))
        return ERR_INVALID;
    k->cut = last && !utf8_feed_end(&k->utf8, &k->bad);
    return k->cut ? ERR_INVALID : OK;
}

static void fill(struct intake *k, struct slot *s)
{
    s->e = fd_read_some(k->fd, s->bytes, VAULT_CHUNK, &s->n);
    s->last = s->e != OK || s->n < VAULT_CHUNK;
    if (s->e)
        return;
    fast_sha256_put(k->sha, bytes_of(s->bytes, s->n));
    s->e = check_text(k, bytes_of(s->bytes, s->n), s->last);
    if (!s->e && s->last)
        s->e = fast_sha256_end(k->sha, &k->hash);
    s->last = s->last || s->e != OK;
}

/* A free slot, or NULL where the caller wants no more. */
static struct slot *room(struct intake *k)
{
    (void)pthread_mutex_lock(&k->lock);
    while (!k->stop && k->made - k->given == INTAKE_AHEAD)
        (void)pthread_cond_wait(&k->moved, &k->lock);
    struct slot *s = k->stop ? NULL : &k->slots[k->made % INTAKE_AHEAD];
    (void)pthread_mutex_unlock(&k->lock);
    return s;
}

static void *run(void *ctx)
{
    struct intake *k = ctx;
    bool last = false;
    while (!last) {
        struct slot *s = room(k);
        if (s == NULL)
            break;
        fill(k, s);
        last = s->last; /* once made, the slot is the caller's */
        (void)pthread_mutex_lock(&k->lock);
        k->made++;
        (void)pthread_cond_signal(&k->moved);
        (void)pthread_mutex_unlock(&k->lock);
    }
    return NULL;
}

static struct slot *wait_for(struct intake *k)
{
    (void)pthread_mutex_lock(&k->lock);
    if (k->held) {
        k->given++;
        (void)pthread_cond_signal(&k->moved);
    }
    while (k->made == k->given)
        (void)pthread_cond_wait(&k->moved, &k->lock);
    struct slot *s = &k->slots[k->given % INTAKE_AHEAD];
    (void)pthread_mutex_unlock(&k->lock);
    k->held = true;
    return s;
}

enum err intake_next(struct intake *k, struct bytes *out)
{
    if (k->e)
        return k->e;
    if (k->ended) {
        *out = bytes_of(NULL, 0);
        return OK;
    }
    struct slot *s = &k->slots[0];
    if (k->threaded)
        s = wait_for(k);
    else
        fill(k, s);
    k->e = s->e;
    k->ended = s->last;
    if (!k->e)
        *out = bytes_of(s->bytes, s->n);
    return k->e;
}

uint64_t intake_bad(const struct intake *k, bool *cut)
{
    *cut = k->cut;
    return k->bad;
}

struct hash intake_hash(const struct intake *k)
{
    return k->hash;
}

uint64_t intake_length(const struct intake *k)
{
    return k->utf8.length;
}

/* Where no thread is to be had the caller reads by itself. */
static void start(struct intake *k)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    k->threaded = pthread_create(&k->thread, NULL, run, k) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum err intake_new(int fd, bool text, uint64_t expected, struct intake **out)
{
    bool large = expected >= INTAKE_THREAD;
    size_t slots = large ? INTAKE_AHEAD : 1;
    AUTO(intake) k = calloc(1, sizeof *k);
    if (k == NULL)
        return ERR_NOMEM;
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_cond_init(&k->moved, NULL);
    k->fd = fd;
    k->text = text;
    k->memory = malloc(slots * VAULT_CHUNK);
    if (k->memory == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < slots; i++)
        k->slots[i].bytes = k->memory + i * VAULT_CHUNK;
    enum err e = fast_sha256_new(&k->sha);
    if (e)
        return e;
    if (large)
        start(k);
    *out = MOVE(k);
    return OK;
}

void intake_free(struct intake *k)
{
    if (k == NULL)
        return;
    if (k->threaded) {
        (void)pthread_mutex_lock(&k->lock);
        k->stop = true;
        (void)pthread_cond_signal(&k->moved);
        (void)pthread_mutex_unlock(&k->lock);
        (void)pthread_join(k->thread, NULL);
    }
    fast_sha256_free(k->sha);
    (void)pthread_cond_destroy(&k->moved);
    (void)pthread_mutex_destroy(&k->lock);
    free(k->memory);
    free(k);
}
