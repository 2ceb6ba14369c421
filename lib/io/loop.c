/* loop.c - epoll, with timers kept in a list: there are a handful. */
#include "io/loop.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

enum { EVENTS = 64 };

struct loop_watch {
    struct loop *loop;
    struct loop_watch *next;
    loop_fd_fn *fn;
    void *ctx;
    int fd;
    bool dead; /* freed at the end of the turn: an event of it may still be in the batch */
};

struct loop_timer {
    struct loop *loop;
    struct loop_timer *next;
    loop_fn *fn;
    void *ctx;
    uint64_t due_ms; /* UINT64_MAX: off */
    uint64_t period_ms;
    bool dead;
};

struct posted {
    struct posted *next;
    loop_fn *fn;
    void *ctx;
};

struct loop {
    int epoll;
    int wake;
    int signals;
    struct loop_watch *watches;
    struct loop_timer *timers;
    loop_signal_fn *signal_fn;
    void *signal_ctx;
    loop_fn *turn_fn;
    void *turn_ctx;
    pthread_mutex_t lock; /* of the two below */
    struct posted *first;
    struct posted **last;
    bool stop;
};

static void on_wake(int fd, unsigned ready, void *ctx)
{
    uint64_t n = 0;
    (void)ready;
    (void)ctx;
    if (read(fd, &n, sizeof n) < 0)
        return; /* another turn took it */
}

enum err loop_new(struct loop **out)
{
    AUTO(loop) l = calloc(1, sizeof *l);
    struct loop_watch *w = NULL;
    if (l == NULL)
        return ERR_NOMEM;
    l->signals = -1;
    l->last = &l->first;
    (void)pthread_mutex_init(&l->lock, NULL);
    l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->wake < 0 || l->epoll < 0)
        return err_from_errno(errno);
    enum err e = loop_watch_add(l, l->wake, LOOP_READ, on_wake, l, &w);
    if (e)
        return e;
    *out = MOVE(l);
    return OK;
}

void loop_free(struct loop *l)
{
    if (l == NULL)
        return;
    while (l->watches != NULL) {
        struct loop_watch *w = l->watches;
        l->watches = w->next;
        free(w);
    }
    while (l->timers != NULL) {
        struct loop_timer *t = l->timers;
        l->timers = t->next;
        free(t);
    }
    while (l->first != NULL) {
        struct posted *p = l->first;
        l->first = p->next;
        free(p);
    }
    (void)pthread_mutex_destroy(&l->lock);
    fd_auto(&l->wake);
    fd_auto(&l->epoll);
    fd_auto(&l->signals);
    free(l);
}

static uint32_t epoll_bits(unsigned want)
{
    return (want & LOOP_READ ? (uint32_t)EPOLLIN : 0U) |
           (want & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0U);
}

enum err loop_watch_add(struct loop *l, int fd, unsigned want, loop_fd_fn *fn, void *ctx,
                        struct loop_watch **out)
{
    struct loop_watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        return ERR_NOMEM;
    *w = (struct loop_watch){.loop = l, .fn = fn, .ctx = ctx, .fd = fd, .next = l->watches};
    struct epoll_event ev = {.events = epoll_bits(want), .data.ptr = w};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
        free(w);
        return err_from_errno(errno);
    }
    l->watches = w;
    *out = w;
    return OK;
}

enum err loop_watch_want(struct loop_watch *w, unsigned want)
{
    struct epoll_event ev = {.events = epoll_bits(want), .data.ptr = w};
    return epoll_ctl(w->loop->epoll, EPOLL_CTL_MOD, w->fd, &ev) == 0 ? OK : err_from_errno(errno);
}

void loop_watch_end(struct loop_watch *w)
{
    if (w == NULL)
        return;
    (void)epoll_ctl(w->loop->epoll, EPOLL_CTL_DEL, w->fd, NULL);
    w->dead = true;
}

enum err loop_timer_add(struct loop *l, uint64_t delay_ms, uint64_t period_ms, loop_fn *fn,
                        void *ctx, struct loop_timer **out)
{
    struct loop_timer *t = calloc(1, sizeof *t);
    if (t == NULL)
        return ERR_NOMEM;
    *t = (struct loop_timer){
        .loop = l, .fn = fn, .ctx = ctx, .period_ms = period_ms, .next = l->timers};
    loop_timer_set(t, delay_ms);
    l->timers = t;
    *out = t;
    return OK;
}

void loop_timer_set(struct loop_timer *t, uint64_t delay_ms)
{
    t->due_ms = delay_ms == UINT64_MAX ? UINT64_MAX : clock_mono_ms() + delay_ms;
}

void loop_timer_end(struct loop_timer *t)
{
    if (t != NULL)
        t->dead = true;
}

static void on_signal(int fd, unsigned ready, void *ctx)
{
    struct loop *l = ctx;
    struct signalfd_siginfo info;
    (void)ready;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
        l->signal_fn((int)info.ssi_signo, l->signal_ctx);
}

enum err loop_signals(struct loop *l, loop_signal_fn *fn, void *ctx)
{
    sigset_t set;
    struct loop_watch *w = NULL;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    l->signal_fn = fn;
    l->signal_ctx = ctx;
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return ERR_INTERNAL;
    l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (l->signals < 0)
        return err_from_errno(errno);
    return loop_watch_add(l, l->signals, LOOP_READ, on_signal, l, &w);
}

enum err loop_post(struct loop *l, loop_fn *fn, void *ctx)
{
    struct posted *p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    p->fn = fn;
    p->ctx = ctx;
    (void)pthread_mutex_lock(&l->lock);
    *l->last = p;
    l->last = &p->next;
    (void)pthread_mutex_unlock(&l->lock);
    uint64_t one = 1;
    if (write(l->wake, &one, sizeof one) < 0)
        return OK; /* the counter is full: it is awake already */
    return OK;
}

void loop_at_turn_end(struct loop *l, loop_fn *fn, void *ctx)
{
    l->turn_fn = fn;
    l->turn_ctx = ctx;
}

static void run_posted(struct loop *l)
{
    (void)pthread_mutex_lock(&l->lock);
    struct posted *p = l->first;
    l->first = NULL;
    l->last = &l->first;
    (void)pthread_mutex_unlock(&l->lock);
    while (p != NULL) {
        struct posted *next = p->next;
        p->fn(p->ctx);
        free(p);
        p = next;
    }
}

static void run_timers(struct loop *l)
{
    uint64_t now = clock_mono_ms();
    for (struct loop_timer *t = l->timers; t != NULL; t = t->next) {
        if (t->dead || t->due_ms > now)
            continue;
        t->due_ms = t->period_ms == 0 ? UINT64_MAX : now + t->period_ms;
        t->fn(t->ctx);
    }
}

static void sweep(struct loop *l)
{
    struct loop_watch **w = &l->watches;
    while (*w != NULL) {
        struct loop_watch *one = *w;
        if (one->dead) {
            *w = one->next;
            free(one);
        } else {
            w = &one->next;
        }
    }
    struct loop_timer **t = &l->timers;
    while (*t != NULL) {
        struct loop_timer *one = *t;
        if (one->dead) {
            *t = one->next;
            free(one);
        } else {
            t = &one->next;
        }
    }
}

static int wait_ms(const struct loop *l)
{
    uint64_t due = UINT64_MAX;
    for (const struct loop_timer *t = l->timers; t != NULL; t = t->next) {
        if (!t->dead && t->due_ms < due)
            due = t->due_ms;
    }
    if (due == UINT64_MAX)
        return -1;
    uint64_t now = clock_mono_ms();
    uint64_t left = due > now ? due - now : 0;
    return left > 60000 ? 60000 : (int)left;
}

static enum err turn(struct loop *l)
{
    struct epoll_event ev[EVENTS];
    int n = epoll_wait(l->epoll, ev, EVENTS, wait_ms(l));
    if (n < 0 && errno != EINTR)
        return err_from_errno(errno);
    for (int i = 0; i < n; i++) {
        struct loop_watch *w = ev[i].data.ptr;
        unsigned ready =
            (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) ? (unsigned)LOOP_READ : 0U) |
            (ev[i].events & (EPOLLOUT | EPOLLHUP | EPOLLERR) ? (unsigned)LOOP_WRITE : 0U);
        if (!w->dead)
            w->fn(w->fd, ready, w->ctx);
    }
    run_posted(l);
    run_timers(l);
    if (l->turn_fn != NULL)
        l->turn_fn(l->turn_ctx);
    sweep(l);
    return OK;
}

enum err loop_run(struct loop *l)
{
    while (!l->stop) {
        enum err e = turn(l);
        if (e)
            return e;
    }
    l->stop = false;
    return OK;
}

void loop_stop(struct loop *l)
{
    l->stop = true;
    uint64_t one = 1;
    if (write(l->wake, &one, sizeof one) < 0)
        return; /* awake already */
}

void loop_drain(struct loop *l)
{
    run_posted(l);
}
