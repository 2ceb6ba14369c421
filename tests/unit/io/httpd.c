/* Tests of io/httpd and io/loop over a real socket: the client is a few lines of raw HTTP on another thread. */
#include "io/httpd.h"
#include "support/check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

struct rig {
    struct loop *loop;
    struct httpd *h;
    unsigned port;
    const char *request;
    char answer[8192];
    unsigned handled;
    struct httpd_request *held;
    struct loop_timer *timer;
};

static size_t limit(void *ctx, const char *method, const char *path)
{
    (void)ctx;
    (void)method;
    return strcmp(path, "/big") == 0 ? 100 : 10;
}

static void late(void *ctx)
{
    struct rig *g = ctx;
    httpd_reply(g->held, 200, "text/plain", bytes_str("late"));
    g->held = NULL;
}

static size_t letters(void *ctx, uint64_t at, uint8_t *out, size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)('a' + (at + i) % 26);
    return n;
}

static void handle(void *ctx, struct httpd_request *r)
{
    struct rig *g = ctx;
    g->handled++;
    if (strcmp(httpd_path(r), "/hold") == 0) {
        g->held = r;
        httpd_hold(r);
        loop_timer_set(g->timer, 20);
        return;
    }
    if (strcmp(httpd_path(r), "/letters") == 0) {
        httpd_reply_reader(r, 200, "text/plain", 30, letters, NULL, NULL);
        return;
    }
    httpd_header_out(r, "X-Peer", httpd_peer(r));
    httpd_reply(r, 200, "text/plain", httpd_body(r));
}

static void stop(void *ctx)
{
    struct rig *g = ctx;
    loop_stop(g->loop);
}

static void *client(void *ctx)
{
    struct rig *g = ctx;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)g->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t at = 0;
    ssize_t n = 1;
    if (connect(fd, (const struct sockaddr *)&a, sizeof a) == 0 &&
        send(fd, g->request, strlen(g->request), MSG_NOSIGNAL) > 0) {
        while (n > 0 && at < sizeof g->answer - 1) {
            n = recv(fd, g->answer + at, sizeof g->answer - 1 - at, 0);
            at += n > 0 ? (size_t)n : 0;
        }
    }
    (void)close(fd);
    (void)loop_post(g->loop, stop, g);
    return NULL;
}

static void ask(struct rig *g, const char *request)
{
    static const struct httpd_header always[] = {{"X-Always", "yes"}, {NULL, NULL}};
    struct diag d = {0};
    struct httpd_config c = {.handler = handle,
                             .limit = limit,
                             .ctx = g,
                             .always = always,
                             .connections = 4,
                             .idle_s = 5};
    pthread_t t;
    *g = (struct rig){.request = request};
    CHECK_OK(loop_new(&g->loop));
    CHECK_OK(loop_timer_add(g->loop, UINT64_MAX, 0, late, g, &g->timer));
    CHECK_OK(httpd_listen("127.0.0.1:0", &c.listen_fd, &g->port, &d));
    CHECK_OK(httpd_new(g->loop, &c, &g->h));
    CHECK(pthread_create(&t, NULL, client, g) == 0);
    CHECK_OK(loop_run(g->loop));
    CHECK(pthread_join(t, NULL) == 0);
    httpd_free(g->h);
    loop_free(g->loop);
}

#define CLOSE "Host: x\r\nConnection: close\r\n"

static void a_body_comes_back_with_the_headers_of_every_answer(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "POST /echo HTTP/1.1\r\n" CLOSE "Content-Length: 5\r\n\r\nhello");
    CHECK(strstr(g.answer, "HTTP/1.1 200") == g.answer);
    CHECK(strstr(g.answer, "X-Always: yes") != NULL);
    CHECK(strstr(g.answer, "X-Peer: 127.0.0.1") != NULL);
    CHECK(strstr(g.answer, "\r\n\r\nhello") != NULL);
}

static void a_body_over_its_limit_is_413_and_never_handled(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "POST /echo HTTP/1.1\r\n" CLOSE "Content-Length: 11\r\n\r\nhello world");
    CHECK(strstr(g.answer, "HTTP/1.1 413") == g.answer);
    CHECK_INT(g.handled, 0);
}

static void two_content_lengths_are_400(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "POST /echo HTTP/1.1\r\n" CLOSE "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(strstr(g.answer, "HTTP/1.1 400") == g.answer);
    CHECK_INT(g.handled, 0);
}

static void a_transfer_encoding_is_400(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "POST /echo HTTP/1.1\r\n" CLOSE
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    CHECK(strstr(g.answer, "HTTP/1.1 400") == g.answer);
    CHECK_INT(g.handled, 0);
}

static void a_held_request_is_answered_later(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "GET /hold HTTP/1.1\r\n" CLOSE "\r\n");
    CHECK(strstr(g.answer, "\r\n\r\nlate") != NULL);
}

static void a_body_can_be_read_piece_by_piece(void **state)
{
    (void)state;
    struct rig g;
    ask(&g, "GET /letters HTTP/1.1\r\n" CLOSE "\r\n");
    CHECK(strstr(g.answer, "Content-Length: 30") != NULL);
    CHECK(strstr(g.answer, "\r\n\r\nabcdefghijklmnopqrstuvwxyzabcd") != NULL);
}

static void only_loopback_is_listened_on(void **state)
{
    (void)state;
    int fd = -1;
    unsigned port = 0;
    struct diag d = {0};
    CHECK_ERR(httpd_listen("0.0.0.0:0", &fd, &port, &d), ERR_INVALID);
    CHECK(strstr(d.text, "loopback") != NULL);
    CHECK_ERR(httpd_listen("nowhere", &fd, &port, &d), ERR_INVALID);
    CHECK_OK(httpd_listen("127.0.0.1:0", &fd, &port, &d));
    char taken[40];
    int second = -1;
    unsigned other = 0;
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%u", port);
    CHECK_ERR(httpd_listen(taken, &second, &other, &d), ERR_CONFLICT);
    (void)close(fd);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_body_comes_back_with_the_headers_of_every_answer),
        CASE(a_body_over_its_limit_is_413_and_never_handled),
        CASE(two_content_lengths_are_400),
        CASE(a_transfer_encoding_is_400),
        CASE(a_held_request_is_answered_later),
        CASE(a_body_can_be_read_piece_by_piece),
        CASE(only_loopback_is_listened_on),
    };
    return RUN(cases, argc, argv);
}
