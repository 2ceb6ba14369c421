/* airlock_lookup.c - one child, one line of its stdout, one answer. */
#include "host/airlock_lookup.h"

#include "host/airlock_in.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { NAME_MAX_BYTES = 253, ANSWER_MAX = 64, END_MS = 200 };

struct airlock_lookup {
    pid_t pid;
    int fd;
    struct loop_watch *watch;
    airlock_found_fn *fn;
    void *ctx;
    char port[8]; /* with its colon */
    char answer[ANSWER_MAX + 1];
    size_t n;
};

static const char scheme[] = "tcp://";

/* Splits; the name comes without brackets, as resolvers want it. */
static bool split(const char *endpoint, char name[NAME_MAX_BYTES + 1], char port[8])
{
    const char *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, scheme, sizeof scheme - 1) != 0 || colon < endpoint + sizeof scheme)
        return false;
    const char *host = endpoint + sizeof scheme - 1;
    size_t n = (size_t)(colon - host);
    size_t digits = strlen(colon + 1);
    bool six = n > 2 && host[0] == '[' && host[n - 1] == ']';
    if (six) {
        host++;
        n -= 2;
    }
    const char *letters = six ? "0123456789abcdefABCDEF:."
                              : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    if (n > NAME_MAX_BYTES || host[0] == '-' || strspn(host, letters) != n || digits == 0 ||
        digits > 5 || strspn(colon + 1, "0123456789") != digits)
        return false;
    memcpy(name, host, n);
    name[n] = '\0';
    memcpy(port, colon, digits + 2);
    return true;
}

/* It has closed its stdout, or was killed: it ends now, or is made to. */
static bool ended_well(struct airlock_lookup *x)
{
    int status = 0;
    pid_t pid = 0;
    AUTO_FD int end = (int)syscall(SYS_pidfd_open, x->pid, 0);
    if (end < 0 || poll(&(struct pollfd){.fd = end, .events = POLLIN}, 1, END_MS) <= 0)
        (void)kill(x->pid, SIGKILL);
    do
        pid = waitpid(x->pid, &status, 0);
    while (pid < 0 && errno == EINTR);
    x->pid = 0;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void finish(struct airlock_lookup *x)
{
    char endpoint[sizeof scheme + ANSWER_MAX + sizeof x->port];
    bool good = ended_well(x) && x->n > 0 && strspn(x->answer, "0123456789abcdef.:[]") == x->n;
    loop_watch_end(x->watch);
    x->watch = NULL;
    (void)snprintf(endpoint, sizeof endpoint, "%s%s%s", scheme, x->answer, x->port);
    x->fn(x->ctx, good ? endpoint : NULL); /* may free x */
}

static void on_answer(int fd, unsigned ready, void *ctx)
{
    struct airlock_lookup *x = ctx;
    (void)ready;
    char surplus[ANSWER_MAX];
    size_t room = ANSWER_MAX - x->n;
    ssize_t n = read(fd, room > 0 ? x->answer + x->n : surplus, room > 0 ? room : sizeof surplus);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        finish(x);
    else if (room > 0)
        x->n += (size_t)n;
}

enum err airlock_lookup_start(const char *program, struct loop *l, const char *endpoint,
                              airlock_found_fn *fn, void *ctx, struct airlock_lookup **out,
                              struct diag *d)
{
    char name[NAME_MAX_BYTES + 1];
    struct airlock_child child;
    AUTO(airlock_lookup) x = calloc(1, sizeof *x);
    if (x == NULL)
        return diag_set(d, ERR_NOMEM, "no memory to look a name up");
    x->fd = -1;
    x->fn = fn;
    x->ctx = ctx;
    if (!split(endpoint, name, x->port))
        return diag_set(d, ERR_INVALID, "not tcp://NAME:PORT: %.200s", endpoint);
    const char *const args[2] = {"resolve", name};
    enum err e = airlock_exec(program, args, &child, d);
    if (e)
        return e;
    (void)close(child.pipe);
    x->pid = child.pid;
    x->fd = child.errors;
    e = loop_watch_add(l, x->fd, LOOP_READ, on_answer, x, &x->watch);
    if (e)
        return diag_set(d, e, "cannot watch the lookup: %s", err_name(e));
    *out = MOVE(x);
    return OK;
}

void airlock_lookup_free(struct airlock_lookup *x)
{
    if (x == NULL)
        return;
    loop_watch_end(x->watch);
    if (x->pid > 0) {
        (void)kill(x->pid, SIGKILL);
        (void)ended_well(x);
    }
    fd_auto(&x->fd);
    free(x);
}
