/* Strangers at the port of a real cloister-airlock: a good peer is served all the while. */
#include "rig.h"

#include "base/clock.h"
#include "base/rng.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <zmq.h>

enum {
    STRANGERS = 1000,
    AT_ONCE = 50,
    SOCKETS = 200,
    SERVED_MS = 2000 /* a round trip of the good peer, whatever else goes on */
};

static int dial(const struct pair *p)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)p->router.value[ZCHAN_LISTENING]),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK(connect(fd, (const struct sockaddr *)&a, sizeof a) == 0);
    return fd;
}

/* There and back. */
static void check_served(struct pair *p)
{
    uint32_t ticket = 0;
    unsigned before = p->dealer.frames;
    uint64_t start = clock_mono_ms();
    hello(p);
    CHECK_OK(airlock_send(p->router.a, "site-a", bytes_str("welcome"), &ticket));
    UNTIL(p->dealer.frames > before, p->loop);
    CHECK(clock_mono_ms() - start < SERVED_MS);
}

static void send_all(int fd, const void *data, size_t n)
{
    if (send(fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        CHECK(errno == EAGAIN || errno == EPIPE || errno == ECONNRESET);
}

/* A quarter each: noise, a web browser, a ZMTP greeting that stops in its middle, and silence. */
static void annoy(int fd, int how)
{
    static const uint8_t greeting[20] = {0xff, 0, 0, 0,   0,   0,   0,   0,  1,
                                         0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E'};
    uint8_t noise[4096];
    rng_fill(noise, sizeof noise);
    if (how == 0)
        send_all(fd, noise, sizeof noise);
    else if (how == 1)
        send_all(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    else if (how == 2)
        send_all(fd, greeting, sizeof greeting);
}

static bool hung_up(int fd)
{
    char b[256];
    ssize_t n = 0;
    do
        n = recv(fd, b, sizeof b, MSG_DONTWAIT);
    while (n > 0);
    return n == 0 || (errno != EAGAIN && errno != EINTR);
}

static void noise_and_slow_talkers_do_not_stop_a_good_peer(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    int fd[SOCKETS];
    pair_start(&p);
    pair_connect(&p);
    for (int i = 0; i < SOCKETS; i++) {
        fd[i] = dial(&p);
        annoy(fd[i], i % 4);
        if (i % 20 == 0)
            check_served(&p);
    }
    /* One byte at a time, so as to keep the greeting going past its limit of 3 s. */
    uint64_t start = clock_mono_ms();
    int slow = dial(&p);
    while (clock_mono_ms() - start < 5000) {
        send_all(slow, "\xff", 1);
        check_served(&p);
        run_ms(p.loop, 200);
    }
    CHECK(hung_up(slow));
    for (int i = 0; i < SOCKETS; i++) {
        CHECK(hung_up(fd[i]));
        (void)close(fd[i]);
    }
    (void)close(slow);
    check_served(&p);
    CHECK_INT(p.dealer.count[ZCHAN_DOWN], 0);
}

static void knock_with(void *context, const struct pair *p, const uint8_t secret[ZCHAN_KEY],
                       void **out)
{
    uint8_t public[ZCHAN_KEY];
    char endpoint[64];
    const int none = 0;
    void *s = zmq_socket(context, ZMQ_DEALER);
    assert_non_null(s);
    CHECK(crypto_scalarmult_base(public, secret) == 0);
    CHECK(zmq_setsockopt(s, ZMQ_CURVE_PUBLICKEY, public, ZCHAN_KEY) == 0 &&
          zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, secret, ZCHAN_KEY) == 0 &&
          zmq_setsockopt(s, ZMQ_CURVE_SERVERKEY, p->router.public, ZCHAN_KEY) == 0 &&
          zmq_setsockopt(s, ZMQ_LINGER, &none, sizeof none) == 0);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u",
                   p->router.value[ZCHAN_LISTENING]);
    CHECK(zmq_connect(s, endpoint) == 0);
    *out = s;
}

static void a_thousand_handshakes_of_strangers_do_not_stop_a_good_peer(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint8_t secret[ZCHAN_KEY];
    pair_start(&p);
    pair_connect(&p);
    void *context = zmq_ctx_new();
    rng_fill(secret, sizeof secret);
    for (unsigned done = 0; done < STRANGERS; done += AT_ONCE) {
        void *s[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++)
            knock_with(context, &p, secret, &s[i]);
        check_served(&p);
        UNTIL(p.router.count[ZCHAN_REFUSED] >= done + AT_ONCE, p.loop);
        for (int i = 0; i < AT_ONCE; i++)
            CHECK(zmq_close(s[i]) == 0);
    }
    CHECK(zmq_ctx_term(context) == 0);
    check_served(&p);
    CHECK_INT(p.dealer.count[ZCHAN_DOWN], 0);
    CHECK(p.router.lines > 0 && p.router.lines < 100); /* told, but no flood of lines */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(noise_and_slow_talkers_do_not_stop_a_good_peer),
        CASE(a_thousand_handshakes_of_strangers_do_not_stop_a_good_peer),
    };
    return RUN(cases, argc, argv);
}
