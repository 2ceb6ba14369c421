/* worker.c - one thread, one queue. */
#include "io/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct job {
    struct job *next;
    loop_fn *run;
    loop_fn *done;
    void *ctx;
};

struct worker {
    struct loop *loop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct job *first;
    struct job **last;
    atomic_bool stop;
    bool started;
};

static struct job *take(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !atomic_load(&w->stop))
        (void)pthread_cond_wait(&w->more, &w->lock);
    struct job *j = atomic_load(&w->stop) ? NULL : w->first;
    if (j != NULL) {
        w->first = j->next;
        if (w->first == NULL)
            w->last = &w->first;
    }
    (void)pthread_mutex_unlock(&w->lock);
    return j;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct job *j = NULL;
    while ((j = take(w)) != NULL) {
        j->run(j->ctx);
        if (loop_post(w->loop, j->done, j->ctx))
            abort(); /* a few bytes: without them the job's owner would wait for ever */
        free(j);
    }
    return NULL;
}

enum err worker_new(struct loop *l, struct worker **out)
{
    sigset_t all;
    sigset_t before;
    AUTO(worker) w = calloc(1, sizeof *w);
    if (w == NULL)
        return ERR_NOMEM;
    w->loop = l;
    w->last = &w->first;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->more, NULL);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    int rc = pthread_create(&w->thread, NULL, work, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0)
        return err_from_errno(rc);
    w->started = true;
    *out = MOVE(w);
    return OK;
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    (void)pthread_mutex_lock(&w->lock);
    atomic_store(&w->stop, true);
    (void)pthread_cond_signal(&w->more);
    (void)pthread_mutex_unlock(&w->lock);
    if (w->started)
        (void)pthread_join(w->thread, NULL);
    while (w->first != NULL) {
        struct job *j = w->first;
        w->first = j->next;
        j->done(j->ctx);
        free(j);
    }
    (void)pthread_mutex_destroy(&w->lock);
    (void)pthread_cond_destroy(&w->more);
    free(w);
}

enum err worker_submit(struct worker *w, loop_fn *run, loop_fn *done, void *ctx)
{
    struct job *j = calloc(1, sizeof *j);
    if (j == NULL)
        return ERR_NOMEM;
    *j = (struct job){.run = run, .done = done, .ctx = ctx};
    (void)pthread_mutex_lock(&w->lock);
    *w->last = j;
    w->last = &j->next;
    (void)pthread_cond_signal(&w->more);
    (void)pthread_mutex_unlock(&w->lock);
    return OK;
}

bool worker_stopping(const struct worker *w)
{
    return atomic_load(&w->stop);
}
