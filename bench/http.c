/* http.c - a client that costs next to nothing: node:http takes more processor than the server it is to measure, and shares
 * its cores. Sends the request that stands on stdin, reads the answer into one block and forgets it.
 *   bench_http PORT BYTES < REQUEST   prints {"read_s":...} once a body of BYTES bytes has come with status 200 */
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/files.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

enum { BLOCK = 256 * 1024, HEAD = 16 * 1024 };

static enum err reach(uint64_t port, int *out)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    AUTO_FD int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof a) != 0)
        return ERR_IO;
    *out = fd_move(&fd);
    return OK;
}

/* The head, however it comes in pieces; *body is what of the body came with it. */
static enum err read_head(int fd, char head[HEAD], size_t *body)
{
    size_t n = 0;
    for (;;) {
        ssize_t got = recv(fd, head + n, HEAD - 1 - n, 0);
        if (got <= 0)
            return ERR_IO;
        n += (size_t)got;
        head[n] = '\0';
        const char *end = strstr(head, "\r\n\r\n");
        if (end != NULL) {
            *body = n - (size_t)(end + 4 - head);
            return strncmp(head, "HTTP/1.1 200 ", 13) == 0 ? OK : ERR_INVALID;
        }
    }
}

static enum err read_body(int fd, uint64_t left)
{
    static uint8_t block[BLOCK];
    while (left > 0) {
        ssize_t got = recv(fd, block, sizeof block, 0);
        if (got <= 0 || (uint64_t)got > left)
            return ERR_IO;
        left -= (uint64_t)got;
    }
    return OK;
}

int main(int argc, char **argv)
{
    static char head[HEAD];
    uint8_t request[HEAD];
    uint64_t port = 0;
    uint64_t bytes = 0;
    size_t n = 0;
    size_t with_head = 0;
    AUTO_FD int fd = -1;
    if (argc != 3 || parse_u64_str(argv[1], 65535, &port) ||
        parse_u64_str(argv[2], INT64_MAX, &bytes))
        return 64;
    enum err e = fd_read_some(STDIN_FILENO, request, sizeof request, &n);
    if (!e)
        e = reach(port, &fd);
    uint64_t begun = clock_mono_ms();
    if (!e)
        e = fd_write_all(fd, bytes_of(request, n));
    if (!e)
        e = read_head(fd, head, &with_head);
    if (!e)
        e = with_head <= bytes ? read_body(fd, bytes - with_head) : ERR_IO;
    uint64_t ended = clock_mono_ms();
    if (e) {
        (void)fprintf(stderr, "bench_http: %s %.200s\n", err_name(e), head);
        return 1;
    }
    (void)printf("{\"read_s\":%.3f}\n", (double)(ended - begun) / 1000.0);
    return 0;
}
