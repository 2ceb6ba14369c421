/* admin.c - the daemon's side of the admin socket. */
#include "host/admin.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { PEERS_MAX = 32, OUT_MAX = 64 * 1024 * 1024, READ_STEP = 64 * 1024 };

struct admin_peer {
    struct admin *admin;
    struct admin_peer *next;
    struct loop_watch *watch;
    uint64_t id;
    int fd;
    struct buf in;
    struct buf out;
    size_t sent;
    int fds[ADMIN_FDS];
    size_t fd_count;
    bool finish;
    bool dead; /* freed when the callback that found it so returns */
};

struct admin {
    struct loop *loop;
    struct admin_events events;
    struct loop_watch *watch;
    struct admin_peer *peers;
    unsigned count;
    uint64_t last_id;
    int fd;
};

static void close_fds(struct admin_peer *p)
{
    for (size_t i = 0; i < p->fd_count; i++)
        fd_auto(&p->fds[i]);
    p->fd_count = 0;
}

static void peer_free(struct admin_peer *p)
{
    struct admin_peer **at = &p->admin->peers;
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    p->admin->count--;
    loop_watch_end(p->watch);
    close_fds(p);
    fd_auto(&p->fd);
    buf_fini(&p->in);
    buf_fini(&p->out);
    free(p);
}

static void drop(struct admin_peer *p)
{
    struct admin *a = p->admin;
    a->events.closed(a->events.ctx, p);
    peer_free(p);
}

uint64_t admin_peer_id(const struct admin_peer *p)
{
    return p->id;
}

struct admin_peer *admin_find(struct admin *a, uint64_t id)
{
    for (struct admin_peer *p = a->peers; p != NULL; p = p->next) {
        if (p->id == id && !p->dead)
            return p;
    }
    return NULL;
}

size_t admin_backlog(const struct admin_peer *p)
{
    return p->out.n - p->sent;
}

/* Sends what the socket takes now. */
static enum err flush(struct admin_peer *p)
{
    while (p->sent < p->out.n) {
        ssize_t n =
            send(p->fd, p->out.p + p->sent, p->out.n - p->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN))
            return loop_watch_want(p->watch, LOOP_READ | LOOP_WRITE);
        if (n < 0)
            return ERR_CLOSED;
        p->sent += (size_t)n;
    }
    buf_clear(&p->out);
    p->sent = 0;
    return loop_watch_want(p->watch, LOOP_READ);
}

enum err admin_send(struct admin_peer *p, struct bytes payload)
{
    uint8_t head[4];
    if (payload.n > ADMIN_MAX)
        return ERR_TOOBIG;
    put_be32(head, (uint32_t)payload.n);
    (void)buf_put(&p->out, bytes_of(head, sizeof head));
    enum err e = buf_put(&p->out, payload);
    if (!e)
        e = flush(p);
    if (e)
        p->dead = true;
    return e;
}

void admin_finish(struct admin_peer *p)
{
    p->finish = true;
    if (loop_watch_want(p->watch, LOOP_READ | LOOP_WRITE))
        p->dead = true;
}

static void take_fds(struct admin_peer *p, struct msghdr *m)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
            int fd = -1;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
            if (p->fd_count < ADMIN_FDS)
                p->fds[p->fd_count++] = fd;
            else
                (void)close(fd);
        }
    }
}

/* One read: descriptors come with the head of their message, so a read never spans two messages. */
static enum err read_some(struct admin_peer *p)
{
    union {
        struct cmsghdr align;
        char b[CMSG_SPACE(sizeof(int) * ADMIN_FDS)];
    } control;
    size_t want = p->in.n < 4 ? 4 - p->in.n : 4 + (size_t)get_be32(p->in.p) - p->in.n;
    if (want > READ_STEP)
        want = READ_STEP;
    uint8_t *to = buf_reserve(&p->in, want);
    if (to == NULL)
        return ERR_NOMEM;
    struct iovec iov = {.iov_base = to, .iov_len = want};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.b,
                       .msg_controllen = sizeof control.b};
    ssize_t n = recvmsg(p->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? ERR_AGAIN : ERR_CLOSED;
    if (n == 0)
        return ERR_CLOSED;
    take_fds(p, &m);
    buf_commit(&p->in, (size_t)n);
    return OK;
}

static bool whole(const struct admin_peer *p)
{
    return p->in.n >= 4 && p->in.n == 4 + (size_t)get_be32(p->in.p);
}

static enum err read_messages(struct admin_peer *p)
{
    struct admin *a = p->admin;
    for (;;) {
        enum err e = read_some(p);
        if (e)
            return e == ERR_AGAIN ? OK : e;
        if (p->in.n >= 4 && get_be32(p->in.p) > ADMIN_MAX)
            return ERR_TOOBIG;
        if (!whole(p))
            continue;
        a->events.message(a->events.ctx, p, bytes_of(p->in.p + 4, p->in.n - 4), p->fds,
                          p->fd_count);
        close_fds(p);
        buf_clear(&p->in);
        if (p->dead)
            return ERR_CLOSED;
    }
}

static void on_peer(int fd, unsigned ready, void *ctx)
{
    struct admin_peer *p = ctx;
    enum err e = OK;
    (void)fd;
    if (ready & LOOP_WRITE)
        e = flush(p);
    if (!e && (ready & LOOP_READ))
        e = read_messages(p);
    if (e || p->dead || (p->finish && admin_backlog(p) == 0))
        drop(p);
}

static bool same_user(int fd)
{
    struct ucred who = {0};
    socklen_t n = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
        return false;
    return who.uid == 0 || who.uid == geteuid();
}

static enum err welcome(struct admin *a, int *fd)
{
    struct admin_peer *p = calloc(1, sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    p->admin = a;
    p->id = ++a->last_id;
    buf_init(&p->in, ADMIN_MAX + 4);
    buf_init(&p->out, OUT_MAX);
    enum err e = loop_watch_add(a->loop, *fd, LOOP_READ, on_peer, p, &p->watch);
    if (e) {
        free(p);
        return e;
    }
    p->fd = fd_move(fd);
    p->next = a->peers;
    a->peers = p;
    a->count++;
    return OK;
}

static void on_accept(int listener, unsigned ready, void *ctx)
{
    struct admin *a = ctx;
    (void)ready;
    AUTO_FD int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 || a->count >= PEERS_MAX || !same_user(fd))
        return;
    if (welcome(a, &fd))
        return; /* closed: the command says that nobody answered */
}

enum err admin_new(struct loop *l, int run, const struct admin_events *events, struct admin **out)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    AUTO(admin) a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    a->loop = l;
    a->events = *events;
    (void)unlinkat(run, "admin.sock", 0);
    (void)snprintf(addr.sun_path, sizeof addr.sun_path, "/proc/self/fd/%d/admin.sock", run);
    a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (a->fd < 0 || bind(a->fd, (const struct sockaddr *)&addr, sizeof addr) != 0 ||
        listen(a->fd, PEERS_MAX) != 0)
        return err_from_errno(errno);
    if (fchmodat(run, "admin.sock", 0600, 0) != 0)
        return err_from_errno(errno);
    enum err e = loop_watch_add(l, a->fd, LOOP_READ, on_accept, a, &a->watch);
    if (e)
        return e;
    *out = MOVE(a);
    return OK;
}

void admin_free(struct admin *a)
{
    if (a == NULL)
        return;
    while (a->peers != NULL)
        peer_free(a->peers);
    loop_watch_end(a->watch);
    fd_auto(&a->fd);
    free(a);
}
