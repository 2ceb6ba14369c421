/* admin_client.c - the command's side of the admin socket. */
#include "host/admin.h"

#include "io/files.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

enum err admin_connect(int run, int *out_fd)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    (void)snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/admin.sock", run);
    AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_from_errno(errno);
    if (connect(fd, (const struct sockaddr *)&a, sizeof a) != 0)
        return errno == ECONNREFUSED || errno == ENOENT ? ERR_NOTFOUND : err_from_errno(errno);
    *out_fd = fd_move(&fd);
    return OK;
}

enum err admin_say(int fd, struct bytes payload, const int *fds, size_t n)
{
    union {
        struct cmsghdr align;
        char b[CMSG_SPACE(sizeof(int) * ADMIN_FDS)];
    } control = {0};
    uint8_t head[4];
    struct iovec iov = {.iov_base = head, .iov_len = sizeof head};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
    if (payload.n > ADMIN_MAX || n > ADMIN_FDS)
        return ERR_TOOBIG;
    put_be32(head, (uint32_t)payload.n);
    if (n > 0) {
        m.msg_control = control.b;
        m.msg_controllen = CMSG_SPACE(sizeof(int) * n);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * n);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
    }
    ssize_t sent = sendmsg(fd, &m, MSG_NOSIGNAL);
    if (sent != (ssize_t)sizeof head)
        return sent < 0 ? err_from_errno(errno) : ERR_CLOSED;
    size_t at = 0;
    while (at < payload.n) {
        sent = send(fd, payload.p + at, payload.n - at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return err_from_errno(errno);
        at += (size_t)sent;
    }
    return OK;
}

enum err admin_hear(int fd, struct buf *out)
{
    uint8_t head[4];
    size_t n = 0;
    buf_clear(out);
    enum err e = fd_read_some(fd, head, sizeof head, &n);
    if (e)
        return e;
    if (n < sizeof head)
        return ERR_CLOSED;
    size_t want = get_be32(head);
    uint8_t *to = want > ADMIN_MAX ? NULL : buf_reserve(out, want);
    if (to == NULL)
        return ERR_TOOBIG;
    e = fd_read_some(fd, to, want, &n);
    if (e)
        return e;
    buf_commit(out, n);
    return n == want ? OK : ERR_CLOSED;
}
