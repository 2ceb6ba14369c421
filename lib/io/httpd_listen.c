/* httpd_listen.c - the listening socket of the page: loopback or a Unix socket, nothing else. */
#include "io/httpd.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { BACKLOG = 64 };

static enum err listen_on(int *fd, const struct sockaddr *a, socklen_t n, int *out_fd,
                          const char *where, struct diag *d)
{
    if (bind(*fd, a, n) != 0 || listen(*fd, BACKLOG) != 0) {
        enum err e = err_from_errno(errno);
        return diag_set(d, e, "%s: %s", where,
                        e == ERR_CONFLICT ? "another program has this address" : strerror(errno));
    }
    *out_fd = fd_move(fd);
    return OK;
}

static enum err listen_unix(const char *path, int *out_fd, struct diag *d)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct stat st;
    if (strlen(path) >= sizeof a.sun_path)
        return diag_set(d, ERR_TOOBIG, "%s: a socket's path has at most %zu bytes", path,
                        sizeof a.sun_path - 1);
    memcpy(a.sun_path, path, strlen(path) + 1);
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        (void)unlink(path); /* of a run before: the state's lock says that no other node lives */
    AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_from_errno(errno);
    return listen_on(&fd, (const struct sockaddr *)&a, sizeof a, out_fd, path, d);
}

static enum err loopback(const char *where, struct sockaddr_in *out, struct diag *d)
{
    const char *colon = strrchr(where, ':');
    uint64_t port = 0;
    char host[INET_ADDRSTRLEN] = {0};
    size_t n = colon == NULL ? 0 : (size_t)(colon - where);
    if (colon == NULL || n >= sizeof host || parse_u64_str(colon + 1, 65535, &port))
        return diag_set(d, ERR_INVALID, "%s: write 127.0.0.1:PORT or unix:PATH", where);
    memcpy(host, where, n);
    if (strcmp(host, "localhost") == 0)
        (void)snprintf(host, sizeof host, "127.0.0.1");
    if (inet_pton(AF_INET, host, &out->sin_addr) != 1 || ntohl(out->sin_addr.s_addr) >> 24 != 127)
        return diag_set(d, ERR_INVALID,
                        "%s: the page listens on loopback only; put a reverse proxy before it",
                        where);
    out->sin_family = AF_INET;
    out->sin_port = htons((uint16_t)port);
    return OK;
}

enum err httpd_listen(const char *where, int *out_fd, unsigned *out_port, struct diag *d)
{
    struct sockaddr_in a = {0};
    socklen_t n = sizeof a;
    int on = 1;
    if (strncmp(where, "unix:", 5) == 0) {
        *out_port = 0;
        return listen_unix(where + 5, out_fd, d);
    }
    enum err e = loopback(where, &a, d);
    if (e)
        return e;
    AUTO_FD int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_from_errno(errno);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int made = -1;
    e = listen_on(&fd, (const struct sockaddr *)&a, sizeof a, &made, where, d);
    if (e)
        return e;
    if (getsockname(made, (struct sockaddr *)&a, &n) != 0) {
        (void)close(made);
        return ERR_IO;
    }
    *out_port = ntohs(a.sin_port);
    *out_fd = made;
    return OK;
}
