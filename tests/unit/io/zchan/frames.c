/* Tests of io/zchan: what passes, and what is refused rather than lost. */
#include "rig.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

static uint8_t big[ZCHAN_FRAME_MAX + 2];

static void a_frame_at_the_cap_passes_both_ways(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    big[0] = 1;
    big[ZCHAN_FRAME_MAX - 1] = 2;
    CHECK_OK(zchan_send(p.dealer.z, 0, bytes_of(big, ZCHAN_FRAME_MAX)));
    UNTIL(p.router.frames == 2, &p.router, &p.dealer);
    CHECK_INT(p.router.size, ZCHAN_FRAME_MAX);
    CHECK(p.router.first == 1 && p.router.last == 2);
    CHECK_OK(zchan_send(p.router.z, p.router.route, bytes_of(big, ZCHAN_FRAME_MAX)));
    UNTIL(p.dealer.frames == 1, &p.router, &p.dealer);
    CHECK_INT(p.dealer.size, ZCHAN_FRAME_MAX);
}

static void a_frame_over_the_cap_is_refused_by_both_sides(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    CHECK_ERR(zchan_send(p.dealer.z, 0, bytes_of(big, ZCHAN_FRAME_MAX + 1)), ERR_TOOBIG);
    CHECK_ERR(zchan_send(p.dealer.z, 0, bytes_of(big, 0)), ERR_TOOBIG);
    void *context = zmq_ctx_new();
    void *s = bare(context, &p.dealer, &p.router, bytes_of(NULL, 0));
    CHECK(zmq_send(s, big, ZCHAN_FRAME_MAX, 0) == ZCHAN_FRAME_MAX);
    UNTIL(p.router.frames == 1, &p.router, NULL);
    CHECK(zmq_send(s, big, ZCHAN_FRAME_MAX + 1, 0) == ZCHAN_FRAME_MAX + 1); /* "success" */
    UNTIL(p.router.count[ZCHAN_DOWN] == 1, &p.router, NULL);
    CHECK_INT(p.router.frames, 1);
    CHECK(zmq_close(s) == 0);
    CHECK(zmq_ctx_term(context) == 0);
    /* The receiver is as well as before. */
    pair_connect(&p);
    hello(&p);
}

/* libzmq gives a connecting socket up for good after this; ours comes back. */
static void a_dealer_outlives_a_frame_over_the_cap(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    uint8_t to[5] = {0};
    put_be32(to + 1, p.router.route);
    CHECK(zmq_send(p.router.z->socket, to, sizeof to, ZMQ_SNDMORE) == sizeof to);
    CHECK(zmq_send(p.router.z->socket, big, ZCHAN_FRAME_MAX + 1, 0) == ZCHAN_FRAME_MAX + 1);
    UNTIL(p.dealer.count[ZCHAN_DOWN] > 0, &p.router, &p.dealer);
    CHECK_INT(p.dealer.frames, 0);
    UNTIL(p.dealer.count[ZCHAN_UP] == 2, &p.router, &p.dealer);
    hello(&p);
}

static void a_message_of_two_parts_is_discarded_whole(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    void *context = zmq_ctx_new();
    void *s = bare(context, &p.dealer, &p.router, bytes_of(NULL, 0));
    for (int i = 0; i < 5; i++)
        CHECK(zmq_send(s, "part", 4, i < 4 ? ZMQ_SNDMORE : 0) == 4);
    CHECK(zmq_send(s, "alone", 5, 0) == 5);
    UNTIL(p.router.frames == 1, &p.router, NULL);
    CHECK_INT(p.router.count[ZCHAN_MULTIPART], 1);
    CHECK_INT(p.router.size, 5);
    CHECK(zmq_send(s, "", 0, 0) == 0);
    UNTIL(p.router.count[ZCHAN_OVERSIZE] == 1, &p.router, NULL);
    CHECK(zmq_close(s) == 0);
    CHECK(zmq_ctx_term(context) == 0);
}

static void paused_frames_wait_and_handshakes_go_on(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    zchan_pause(p.router.z, true);
    CHECK_OK(zchan_send(p.dealer.z, 0, bytes_str("later")));
    for_ms(200, &p.router, &p.dealer);
    CHECK_INT(p.router.frames, 1);
    CLEANUP(end_fini) struct end stranger;
    end_new(&stranger, ZCHAN_DEALER);
    CHECK_OK(zchan_connect(stranger.z, endpoint_of(&p.router), p.router.public));
    UNTIL(stranger.count[ZCHAN_REFUSED] > 0, &p.router, &stranger);
    zchan_pause(p.router.z, false);
    UNTIL(p.router.frames == 2, &p.router, &p.dealer);
}

static void nothing_is_queued_into_the_dark(void **state)
{
    (void)state;
    CLEANUP(end_fini) struct end dealer;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    char endpoint[64];
    /* Accepts TCP and never says a word. */
    AUTO_FD int dumb = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(dumb, (const struct sockaddr *)&a, sizeof a) == 0 && listen(dumb, 8) == 0);
    CHECK(getsockname(dumb, (struct sockaddr *)&a, &n) == 0);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", ntohs(a.sin_port));
    end_new(&dealer, ZCHAN_DEALER);
    CHECK_ERR(zchan_send(dealer.z, 0, bytes_str("x")), ERR_CLOSED);
    CHECK_OK(zchan_connect(dealer.z, endpoint, dealer.public));
    CHECK_ERR(zchan_send(dealer.z, 0, bytes_str("x")), ERR_AGAIN);
    UNTIL(dealer.count[ZCHAN_CONNECTED] > 0, &dealer, NULL);
    CHECK_ERR(zchan_send(dealer.z, 0, bytes_str("x")), ERR_AGAIN);
}

static void a_route_that_is_gone_is_told(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    CHECK_ERR(zchan_send(p.router.z, p.router.route + 1, bytes_str("x")), ERR_NOTFOUND);
    CHECK_OK(zchan_send(p.router.z, p.router.route, bytes_str("x")));
    zchan_close(p.dealer.z);
    UNTIL(p.router.count[ZCHAN_DOWN] > 0, &p.router, &p.dealer);
    CHECK_ERR(zchan_send(p.router.z, p.router.route, bytes_str("x")), ERR_NOTFOUND);
}

static void only_so_many_frames_wait_for_a_peer_that_does_not_read(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    enum err e = OK;
    unsigned went = 0;
    /* The other side's queue and TCP's buffers take some as well. */
    for (; went < 128 && !e; went += e == OK) {
        e = zchan_send(p.router.z, p.router.route, bytes_of(big, (size_t)1024 * 1024));
        for_ms(20, &p.router, NULL);
    }
    CHECK_ERR(e, ERR_AGAIN);
    CHECK(went >= 24 && went < 64);
    UNTIL(p.dealer.frames == went, &p.router, &p.dealer);
}

/* A link has eight messages on their way, and answers beside them; as soon as they are taken, the next. */
static void a_window_and_what_rides_beside_it_find_room_at_once(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    unsigned went = 0;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 12; i++, went++) {
            CHECK_OK(zchan_send(p.router.z, p.router.route, bytes_str("frame")));
            CHECK_OK(zchan_send(p.dealer.z, 0, bytes_str("frame")));
        }
        UNTIL(p.dealer.frames == went && p.router.frames == went + 1, &p.router, &p.dealer);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_frame_at_the_cap_passes_both_ways),
        CASE(a_frame_over_the_cap_is_refused_by_both_sides),
        CASE(a_dealer_outlives_a_frame_over_the_cap),
        CASE(a_message_of_two_parts_is_discarded_whole),
        CASE(paused_frames_wait_and_handshakes_go_on),
        CASE(nothing_is_queued_into_the_dark),
        CASE(a_route_that_is_gone_is_told),
        CASE(a_window_and_what_rides_beside_it_find_room_at_once),
        CASE(only_so_many_frames_wait_for_a_peer_that_does_not_read),
    };
    return RUN(cases, argc, argv);
}
