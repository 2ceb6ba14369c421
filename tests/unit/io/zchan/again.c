/* Tests of io/zchan: who comes back, and who does not. */
#include "rig.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static void a_refused_dealer_comes_in_once_its_key_is_on_the_list(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    CHECK_OK(zchan_allow(p.router.z, NULL, 0));
    UNTIL(p.router.count[ZCHAN_LISTENING] == 2, &p.router, NULL);
    CHECK_OK(zchan_connect(p.dealer.z, endpoint_of(&p.router), p.router.public));
    UNTIL(p.dealer.count[ZCHAN_REFUSED] == 1, &p.router, &p.dealer);
    CHECK_INT(p.dealer.value[ZCHAN_REBUILDING], 1000);
    UNTIL(p.dealer.count[ZCHAN_REFUSED] == 2, &p.router, &p.dealer);
    CHECK_INT(p.dealer.value[ZCHAN_REBUILDING], 2000); /* it backs off */
    allow(&p.router, "site-a", &p.dealer);
    UNTIL(p.dealer.count[ZCHAN_UP] == 1, &p.router, &p.dealer);
    hello(&p);
}

static void a_dealer_comes_back_to_a_router_that_restarts(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "%s", endpoint_of(&p.router));
    zchan_close(p.router.z);
    UNTIL(p.dealer.count[ZCHAN_DOWN] == 1, &p.router, &p.dealer);
    CHECK_ERR(zchan_bind(p.router.z, endpoint), ERR_CONFLICT); /* the key went with it */
    CHECK_OK(zchan_key(p.router.z, p.router.secret));
    CHECK_OK(zchan_bind(p.router.z, endpoint));
    UNTIL(p.dealer.count[ZCHAN_UP] == 2, &p.router, &p.dealer);
    hello(&p);
}

static void a_revoked_peer_is_cut_off_at_once_and_the_others_come_back(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    CLEANUP(end_fini) struct end good;
    pair_new(&p);
    end_new(&good, ZCHAN_DEALER);
    struct zchan_allowed list[2] = {{.id = "site-b"}, {.id = "site-a"}};
    memcpy(list[0].key, good.public, ZCHAN_KEY);
    memcpy(list[1].key, p.dealer.public, ZCHAN_KEY);
    CHECK_OK(zchan_allow(p.router.z, list, 2)); /* nobody loses anything: nothing is rebuilt */
    CHECK_INT(p.router.count[ZCHAN_LISTENING], 1);
    pair_connect(&p);
    hello(&p);
    CHECK_OK(zchan_connect(good.z, endpoint_of(&p.router), p.router.public));
    UNTIL(good.count[ZCHAN_UP] == 1, &p.router, &good);
    /* Frames of the revoked one are in our queue already, and in the air. */
    for (int i = 0; i < 5; i++)
        CHECK_OK(zchan_send(p.dealer.z, 0, bytes_str("late")));
    for_ms(50, NULL, &p.dealer);
    uint32_t port = p.router.value[ZCHAN_LISTENING];
    CHECK_OK(zchan_allow(p.router.z, list, 1));
    UNTIL(p.dealer.count[ZCHAN_REFUSED] > 0, &p.router, &p.dealer);
    CHECK_INT(p.router.frames, 1);
    CHECK_INT(p.router.value[ZCHAN_LISTENING], port);
    UNTIL(good.count[ZCHAN_UP] == 2, &p.router, &good);
    CHECK_OK(zchan_send(good.z, 0, bytes_str("hello")));
    UNTIL(p.router.frames == 2, &p.router, &good);
    CHECK_STR(p.router.id, "site-b");
    CHECK_ERR(zchan_send(p.dealer.z, 0, bytes_str("x")), ERR_AGAIN);
}

static void a_replaced_key_of_the_same_name_loses_its_connection(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    CLEANUP(end_fini) struct end fresh;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    end_new(&fresh, ZCHAN_DEALER);
    CHECK_OK(zchan_send(p.dealer.z, 0, bytes_str("stolen key")));
    for_ms(50, NULL, &p.dealer);
    allow(&p.router, "site-a", &fresh);
    UNTIL(p.dealer.count[ZCHAN_REFUSED] > 0, &p.router, &p.dealer);
    CHECK_INT(p.router.frames, 1);
}

enum { SPARE = 60 };

/* Strangers take what descriptors there are; both ends of them are ours here. */
static int crowd(const struct end *router, int fd[SPARE])
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)router->value[ZCHAN_LISTENING]),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int n = 0;
    for (; n < SPARE && (fd[n] = socket(AF_INET, SOCK_STREAM, 0)) >= 0; n++)
        CHECK(connect(fd[n], (struct sockaddr *)&to, sizeof to) == 0);
    return n;
}

static void without_descriptors_who_is_connected_is_served_and_others_come_later(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    CLEANUP(end_fini) struct end late;
    struct rlimit before;
    int fd[SPARE];
    pair_new(&p);
    end_new(&late, ZCHAN_DEALER);
    pair_connect(&p);
    hello(&p);
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    int next = dup(0);
    CHECK(next >= 0 && close(next) == 0);
    struct rlimit few = {.rlim_cur = (rlim_t)next + SPARE / 2, .rlim_max = before.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    int n = crowd(&p.router, fd);
    CHECK(n > 2 && n < SPARE);
    UNTIL(p.router.count[ZCHAN_ACCEPT_FAILED] > 0, &p.router, &p.dealer);
    uint64_t begun = clock_mono_ms();
    for (int i = 0; i < 20; i++) {
        hello(&p);
        for_ms(100, &p.router, &p.dealer);
    }
    /* Told once a second. */
    CHECK(p.router.count[ZCHAN_ACCEPT_FAILED] <= 2 + (clock_mono_ms() - begun) / 500);
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    while (n > 0)
        CHECK(close(fd[--n]) == 0);
    allow(&p.router, "site-a", &late);
    UNTIL(p.router.count[ZCHAN_LISTENING] == 2, &p.router, NULL);
    CHECK_OK(zchan_connect(late.z, endpoint_of(&p.router), p.router.public));
    UNTIL(late.count[ZCHAN_UP] == 1, &p.router, &late);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_refused_dealer_comes_in_once_its_key_is_on_the_list),
        CASE(a_dealer_comes_back_to_a_router_that_restarts),
        CASE(a_revoked_peer_is_cut_off_at_once_and_the_others_come_back),
        CASE(without_descriptors_who_is_connected_is_served_and_others_come_later),
        CASE(a_replaced_key_of_the_same_name_loses_its_connection),
    };
    return RUN(cases, argc, argv);
}
