/* airlock.c - packets to and from the airlock in the daemon's loop, and the end of its process. */
#include "host/airlock_in.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
    OUT_MAX = 24 * 1024 * 1024, /* eight frames and a list */
    LINES_AT_ONCE = 20,
    WAIT_MS = 2000, /* for an orderly end */
    MILLI = 1000
};

struct airlock *airlock_new(void)
{
    struct airlock *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->fd = a->errors = a->pidfd = -1;
    a->lines = (uint64_t)LINES_AT_ONCE * MILLI;
    a->lines_ms = clock_mono_ms();
    buf_init(&a->line, AIRPIPE_LINE_MAX);
    return a;
}

enum err airlock_take(struct airlock *a, const struct airlock_child *child)
{
    a->pid = child->pid;
    a->fd = child->pipe;
    a->errors = child->errors;
    a->pidfd = (int)syscall(SYS_pidfd_open, a->pid, 0);
    if (a->pidfd < 0)
        return err_from_errno(errno);
    return airpipe_init(&a->pipe, a->fd, AIRPIPE_KEEPER, OUT_MAX);
}

pid_t airlock_pid(const struct airlock *a)
{
    return a->pid;
}

/* --- lines for the log --- */
static bool may_say(struct airlock *a)
{
    const uint64_t most = (uint64_t)LINES_AT_ONCE * MILLI;
    uint64_t now = clock_mono_ms();
    a->lines += now - a->lines_ms; /* one line a second */
    a->lines_ms = now;
    if (a->lines > most)
        a->lines = most;
    if (a->lines < MILLI)
        return false;
    a->lines -= MILLI;
    return true;
}

static void say(struct airlock *a, struct bytes text)
{
    char shown[2 * AIRPIPE_LINE_MAX];
    char left_out[64];
    if (text.n == 0)
        return;
    if (!may_say(a)) {
        a->hushed++;
        return;
    }
    if (a->hushed > 0) {
        (void)snprintf(left_out, sizeof left_out, "%u lines left out", a->hushed);
        a->hushed = 0;
        a->events.line(a->events.ctx, left_out);
    }
    a->events.line(a->events.ctx, text_shown(text, shown, sizeof shown));
}

static void say_stderr(struct airlock *a, struct bytes piece)
{
    for (size_t i = 0; i < piece.n; i++) {
        if (piece.p[i] != '\n' && buf_putc(&a->line, (char)piece.p[i]) == OK)
            continue;
        say(a, buf_bytes(&a->line)); /* a whole line, or all that one may hold */
        buf_clear(&a->line);
    }
}

static void on_errors(int fd, unsigned ready, void *ctx)
{
    struct airlock *a = ctx;
    uint8_t piece[4096];
    (void)ready;
    ssize_t n = read(fd, piece, sizeof piece);
    if (n > 0) {
        say_stderr(a, bytes_of(piece, (size_t)n));
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        loop_watch_end(a->on_errors);
        a->on_errors = NULL;
    }
}

/* --- its end --- */
/* From now on nothing is said to it, and nothing it says is heard. */
static void hang_up(struct airlock *a)
{
    loop_watch_end(a->on_pipe);
    a->on_pipe = NULL;
    fd_auto(&a->fd);
    a->fd = -1;
}

/* It broke the rules, or cannot be followed: its end is told by on_end. */
static void put_down(struct airlock *a)
{
    hang_up(a);
    if (a->pid > 0)
        (void)kill(a->pid, SIGKILL);
}

static void fail_open_tickets(struct airlock *a)
{
    for (size_t i = 0; i < AIRPIPE_OUT_MAX; i++) {
        uint32_t ticket = a->open[i];
        a->open[i] = 0;
        if (ticket != 0)
            a->events.answered(a->events.ctx, ticket, ERR_CLOSED);
    }
}

static void hear(struct airlock *a);

static void on_end(int fd, unsigned ready, void *ctx)
{
    struct airlock *a = ctx;
    int status = 0;
    (void)fd;
    (void)ready;
    if (waitpid(a->pid, &status, WNOHANG) != a->pid)
        return;
    a->pid = 0;
    if (a->fd >= 0)
        hear(a); /* what it said last */
    while (a->on_errors != NULL &&
           poll(&(struct pollfd){.fd = a->errors, .events = POLLIN}, 1, 0) > 0)
        on_errors(a->errors, LOOP_READ, a);
    hang_up(a);
    loop_watch_end(a->on_end);
    a->on_end = NULL;
    fail_open_tickets(a);
    a->events.died(a->events.ctx, status);
}

/* --- from the airlock --- */
static enum err error_of(enum airpipe_reason r)
{
    switch (r) {
    case AIRPIPE_NO_ROUTE:
        return ERR_NOTFOUND;
    case AIRPIPE_BUSY:
        return ERR_AGAIN;
    case AIRPIPE_SHUT:
        return ERR_CLOSED;
    case AIRPIPE_FAULT:
    case AIRPIPE_REASONS:
        break;
    }
    return ERR_IO;
}

/* False for an answer that nobody asked for. */
static bool answered(struct airlock *a, uint32_t ticket, enum err e)
{
    for (size_t i = 0; i < AIRPIPE_OUT_MAX; i++) {
        if (a->open[i] != ticket || ticket == 0)
            continue;
        a->open[i] = 0;
        a->events.answered(a->events.ctx, ticket, e);
        return true;
    }
    return false;
}

static bool handle(struct airlock *a, const struct airpipe_msg *m)
{
    char site[ZCHAN_ID_MAX + 1] = {0};
    if (m->name.n > 0)
        memcpy(site, m->name.p, m->name.n);
    switch (m->type) {
    case AIRPIPE_SENT:
        return answered(a, m->ticket, OK);
    case AIRPIPE_NOTSENT:
        return answered(a, m->ticket, error_of(m->reason));
    case AIRPIPE_IN:
        a->events.frame(a->events.ctx, site, m->route, m->frame);
        return true;
    case AIRPIPE_PEER:
        a->events.peer(a->events.ctx, site, m->event, m->value);
        return true;
    case AIRPIPE_LOGLINE:
        say(a, m->text);
        return true;
    default:
        return false; /* ours to say: the pipe lets none through */
    }
}

static void want(struct airlock *a)
{
    unsigned bits = LOOP_READ | (airpipe_backlog(&a->pipe) > 0 ? (unsigned)LOOP_WRITE : 0U);
    if (a->on_pipe != NULL && loop_watch_want(a->on_pipe, bits))
        put_down(a);
}

static void hear(struct airlock *a)
{
    enum { PACKETS_A_TURN = 32 };
    for (int i = 0; (i < PACKETS_A_TURN || a->pid == 0) && a->fd >= 0; i++) {
        struct airpipe_msg m;
        enum err e = airpipe_read(&a->pipe, &m);
        if (e == ERR_AGAIN)
            return;
        if (e == ERR_CLOSED) {
            hang_up(a); /* on_end tells why */
            return;
        }
        if (e || !handle(a, &m)) {
            say(a, bytes_str("the airlock broke the rules of the pipe and is killed"));
            put_down(a);
        }
    }
}

static void on_pipe(int fd, unsigned ready, void *ctx)
{
    struct airlock *a = ctx;
    (void)fd;
    if ((ready & LOOP_WRITE) && airpipe_flush(&a->pipe)) {
        hang_up(a);
        return;
    }
    if (ready & LOOP_READ)
        hear(a);
    want(a);
}

enum err airlock_attach(struct airlock *a, struct loop *l, const struct airlock_events *events)
{
    a->events = *events;
    enum err e = loop_watch_add(l, a->fd, LOOP_READ, on_pipe, a, &a->on_pipe);
    if (!e)
        e = loop_watch_add(l, a->errors, LOOP_READ, on_errors, a, &a->on_errors);
    if (!e)
        e = loop_watch_add(l, a->pidfd, LOOP_READ, on_end, a, &a->on_end);
    if (!e)
        want(a);
    return e;
}

static void end_process(struct airlock *a)
{
    if (a->pid == 0)
        return;
    struct pollfd end = {.fd = a->pidfd, .events = POLLIN};
    if (a->pidfd < 0 || poll(&end, 1, WAIT_MS) <= 0)
        (void)kill(a->pid, SIGKILL);
    while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    a->pid = 0;
}

void airlock_free(struct airlock *a)
{
    if (a == NULL)
        return;
    hang_up(a);
    loop_watch_end(a->on_errors);
    loop_watch_end(a->on_end);
    end_process(a);
    fd_auto(&a->errors);
    fd_auto(&a->pidfd);
    airpipe_fini(&a->pipe);
    buf_fini(&a->line);
    free(a);
}

/* --- to the airlock --- */
static enum err tell(struct airlock *a, const struct airpipe_msg *m)
{
    if (a->fd < 0)
        return ERR_CLOSED;
    enum err e = airpipe_write(&a->pipe, m);
    if (e == ERR_CLOSED)
        hang_up(a);
    else
        want(a);
    return e;
}

enum err airlock_key(struct airlock *a, const uint8_t secret[ZCHAN_KEY])
{
    struct airpipe_msg m = {.type = AIRPIPE_KEY, .key = bytes_of(secret, ZCHAN_KEY)};
    return tell(a, &m);
}

enum err airlock_allow(struct airlock *a, const struct zchan_allowed *sites, size_t n)
{
    CLEANUP(buf_fini)
    struct buf list = BUF_INIT((size_t)ZCHAN_ALLOW_MAX * (1 + ZCHAN_ID_MAX + ZCHAN_KEY));
    if (n > ZCHAN_ALLOW_MAX)
        return ERR_TOOBIG;
    for (size_t i = 0; i < n; i++) {
        enum err e = airpipe_allow_put(&list, sites[i].id, sites[i].key);
        if (e)
            return e;
    }
    struct airpipe_msg m = {.type = AIRPIPE_ALLOW, .list = buf_bytes(&list)};
    return tell(a, &m);
}

enum err airlock_bind(struct airlock *a, const char *endpoint)
{
    struct airpipe_msg m = {.type = AIRPIPE_BIND, .text = bytes_str(endpoint)};
    return tell(a, &m);
}

enum err airlock_connect(struct airlock *a, const char *endpoint,
                         const uint8_t server_key[ZCHAN_KEY])
{
    struct airpipe_msg m = {.type = AIRPIPE_CONNECT,
                            .text = bytes_str(endpoint),
                            .key = bytes_of(server_key, ZCHAN_KEY)};
    return tell(a, &m);
}

enum err airlock_close(struct airlock *a)
{
    struct airpipe_msg m = {.type = AIRPIPE_CLOSE};
    return tell(a, &m);
}

enum err airlock_send(struct airlock *a, const char *site, struct bytes frame, uint32_t *out_ticket)
{
    size_t i = 0;
    while (i < AIRPIPE_OUT_MAX && a->open[i] != 0)
        i++;
    if (i == AIRPIPE_OUT_MAX)
        return ERR_AGAIN;
    uint32_t ticket = a->last_ticket == UINT32_MAX ? 1 : a->last_ticket + 1;
    struct airpipe_msg m = {
        .type = AIRPIPE_OUT, .ticket = ticket, .name = bytes_str(site), .frame = frame};
    enum err e = tell(a, &m);
    if (e)
        return e;
    a->last_ticket = ticket;
    a->open[i] = ticket;
    *out_ticket = ticket;
    return OK;
}

enum err airlock_route(struct airlock *a, const char *site, uint32_t route)
{
    struct airpipe_msg m = {.type = AIRPIPE_ROUTE, .name = bytes_str(site), .route = route};
    return tell(a, &m);
}

enum err airlock_knock(struct airlock *a, uint32_t route)
{
    struct airpipe_msg m = {.type = AIRPIPE_KNOCK, .route = route};
    return tell(a, &m);
}
