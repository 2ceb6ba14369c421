/* Tests of io/zchan: who is let in, and what is refused before anything happens. */
#include "rig.h"

#include <pthread.h>
#include <stdio.h>

static void a_key_on_the_list_comes_in_under_its_name(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    pair_connect(&p);
    hello(&p);
    CHECK_STR(p.router.id, "site-a");
    CHECK_INT(p.router.size, 5);
    CHECK_INT(p.router.count[ZCHAN_ADMITTED], 1);
    CHECK_OK(zchan_send(p.router.z, p.router.route, bytes_str("welcome")));
    UNTIL(p.dealer.frames == 1, &p.router, &p.dealer);
    CHECK_STR(p.dealer.id, "");
    CHECK_INT(p.dealer.size, 7);
}

static void an_unknown_key_is_refused_and_told(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    CLEANUP(end_fini) struct end stranger;
    pair_new(&p);
    end_new(&stranger, ZCHAN_DEALER);
    CHECK_OK(zchan_connect(stranger.z, endpoint_of(&p.router), p.router.public));
    UNTIL(stranger.count[ZCHAN_REFUSED] > 0, &p.router, &stranger);
    CHECK_INT(stranger.value[ZCHAN_REFUSED], 400);
    CHECK_INT(stranger.count[ZCHAN_UP], 0);
    CHECK_ERR(zchan_send(stranger.z, 0, bytes_str("x")), ERR_AGAIN);
    CHECK_INT(p.router.refused, 1);
    CHECK(strstr(p.router.address, "127.0.0.1") != NULL);
    CHECK_INT(p.router.frames, 0);
}

static void a_wrong_server_key_is_no_connection(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    CHECK_OK(zchan_connect(p.dealer.z, endpoint_of(&p.router), p.dealer.public));
    UNTIL(p.router.count[ZCHAN_BAD_HANDSHAKE] > 0, &p.router, &p.dealer);
    CHECK_INT(p.dealer.count[ZCHAN_UP], 0);
}

static void without_a_handler_nothing_is_bound(void **state)
{
    (void)state;
    CLEANUP(end_fini) struct end router;
    end_new(&router, ZCHAN_ROUTER);
    CHECK(zmq_close(router.z->zap) == 0); /* what a fault or a changed library would do */
    router.z->zap = NULL;
    CHECK_ERR(zchan_bind(router.z, "tcp://127.0.0.1:0"), ERR_DENIED);
    CHECK_INT(router.count[ZCHAN_LISTENING], 0);
    CHECK_ERR(zchan_send(router.z, 1, bytes_str("x")), ERR_CLOSED);
}

static void *let_all_in(void *socket)
{
    zmq_msg_t part[8];
    int n = 0;
    do {
        CHECK(zmq_msg_init(&part[n]) == 0);
        if (zmq_msg_recv(&part[n], socket, 0) < 0)
            return NULL;
    } while (zmq_msg_more(&part[n++]) && n < 8);
    const char *reply[] = {"1.0", "1", "200", "OK", "anybody", ""};
    for (int i = 0; i < 6; i++)
        CHECK(zmq_send(socket, reply[i], strlen(reply[i]), i < 5 ? ZMQ_SNDMORE : 0) >= 0);
    for (int i = 0; i < n; i++)
        CHECK(zmq_msg_close(&part[i]) == 0);
    return NULL;
}

static void with_a_handler_that_lets_all_in_nothing_is_bound(void **state)
{
    (void)state;
    pthread_t t;
    CLEANUP(end_fini) struct end router;
    end_new(&router, ZCHAN_ROUTER);
    void *zap = router.z->zap;
    const int patience = PATIENCE_MS;
    CHECK(zmq_setsockopt(zap, ZMQ_RCVTIMEO, &patience, sizeof patience) == 0);
    router.z->zap = NULL;
    CHECK(pthread_create(&t, NULL, let_all_in, zap) == 0);
    CHECK_ERR(zchan_bind(router.z, "tcp://127.0.0.1:0"), ERR_DENIED);
    CHECK(pthread_join(t, NULL) == 0);
    router.z->zap = zap;
    CHECK_INT(router.count[ZCHAN_LISTENING], 0);
}

static void zap_requests_are_judged_by_key_and_form(void **state)
{
    (void)state;
    struct zchan_allowed one = {.id = "site-a", .key = {9}};
    struct zchan_list l = {.p = &one, .n = 1};
    struct bytes part[ZCHAN_ZAP_PARTS] = {bytes_str("1.0"),
                                          bytes_str("1"),
                                          bytes_str("fed"),
                                          bytes_str("10.1.2.3"),
                                          bytes_str(""),
                                          bytes_str("CURVE"),
                                          bytes_of(one.key, ZCHAN_KEY)};
    struct zchan_zap_answer a = zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS);
    CHECK(a.well_formed);
    CHECK_STR(a.id, "site-a");
    CHECK_STR(a.address, "10.1.2.3");
    uint8_t other[ZCHAN_KEY] = {8};
    part[6] = bytes_of(other, ZCHAN_KEY);
    a = zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS);
    CHECK(a.well_formed && a.id == NULL);
    part[6] = bytes_of(one.key, ZCHAN_KEY - 1);
    CHECK(!zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS).well_formed);
    part[6] = bytes_of(one.key, ZCHAN_KEY);
    part[5] = bytes_str("NULL");
    CHECK(zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS).id == NULL);
    part[5] = bytes_str("CURVE");
    CHECK(zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS - 1).id == NULL);
    part[0] = bytes_str("2.0");
    CHECK(zchan_zap_decide(&l, part, ZCHAN_ZAP_PARTS).id == NULL);
}

static void a_claimed_routing_id_changes_nothing(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    CLEANUP(end_fini) struct end other;
    pair_new(&p);
    end_new(&other, ZCHAN_DEALER);
    struct zchan_allowed both[2] = {{.id = "site-a"}, {.id = "site-b"}};
    memcpy(both[0].key, p.dealer.public, ZCHAN_KEY);
    memcpy(both[1].key, other.public, ZCHAN_KEY);
    CHECK_OK(zchan_allow(p.router.z, both, 2));
    pair_connect(&p);
    hello(&p);
    uint32_t route = p.router.route;
    void *context = zmq_ctx_new();
    void *liar = bare(context, &other, &p.router, bytes_str("site-a"));
    CHECK(zmq_send(liar, "I am A", 6, 0) == 6);
    UNTIL(p.router.count[ZCHAN_ODD_ROUTE] == 1, &p.router, &p.dealer);
    CHECK_INT(p.router.frames, 1);
    CHECK(zmq_close(liar) == 0);

    /* One that looks like ours: the name is still the key's. */
    uint8_t alike[5] = {0};
    put_be32(alike + 1, route + 1000);
    liar = bare(context, &other, &p.router, bytes_of(alike, sizeof alike));
    CHECK(zmq_send(liar, "I am A", 6, 0) == 6);
    UNTIL(p.router.frames == 2, &p.router, &p.dealer);
    CHECK_STR(p.router.id, "site-b");
    CHECK(zmq_close(liar) == 0);
    CHECK(zmq_ctx_term(context) == 0);
    hello(&p);
    CHECK_STR(p.router.id, "site-a");
    CHECK_INT(p.router.route, route);
}

/* libzmq takes them from rand(), unseeded: whoever knows the next one can claim it, and libzmq aborts. */
static void routes_cannot_be_foretold(void **state)
{
    (void)state;
    uint32_t first[2] = {0};
    for (int i = 0; i < 2; i++) {
        CLEANUP(pair_fini) struct pair p;
        srand((unsigned)getpid()); /* the same both times */
        pair_new(&p);
        pair_connect(&p);
        hello(&p);
        first[i] = p.router.route;
    }
    CHECK(first[0] != first[1]);
}

static void endpoints_are_addresses_in_digits(void **state)
{
    (void)state;
    static const char *const good[] = {"tcp://*:7600", "tcp://127.0.0.1:0", "tcp://10.0.0.1:65535",
                                       "tcp://[::1]:7600", "tcp://[2001:db8::2]:1"};
    static const char *const bad[] = {"",
                                      "tcp://",
                                      "tcp://127.0.0.1",
                                      "tcp://coordinator.example.org:7600",
                                      "tcp://eth0:7600",
                                      "ipc:///run/x",
                                      "inproc://x",
                                      "tcp://127.0.0.1:65536",
                                      "tcp://127.0.0.1:07",
                                      "tcp://127.0.0.1:*",
                                      "tcp://::1:7600",
                                      "tcp://[127.0.0.1]:7600",
                                      "tcp://10.0.0.2;10.0.0.1:7600",
                                      "tcp://[fe80::1%eth0]:7600",
                                      "tcp://127.0.0.1:-1"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(zchan_endpoint_ok(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!zchan_endpoint_ok(bad[i]));
}

static void a_bad_list_changes_nothing(void **state)
{
    (void)state;
    CLEANUP(end_fini) struct end router;
    end_new(&router, ZCHAN_ROUTER);
    struct zchan_allowed list[2] = {{.id = "a", .key = {1}}, {.id = "b", .key = {1}}};
    CHECK_ERR(zchan_allow(router.z, list, 2), ERR_INVALID); /* one key, two names */
    list[1] = (struct zchan_allowed){.id = "a b", .key = {2}};
    CHECK_ERR(zchan_allow(router.z, list, 2), ERR_INVALID);
    list[1].id[0] = '\0';
    CHECK_ERR(zchan_allow(router.z, list, 2), ERR_INVALID);
    CHECK_ERR(zchan_allow(router.z, list, ZCHAN_ALLOW_MAX + 1), ERR_TOOBIG);
    CHECK_INT(router.z->allowed.n, 0);
}

static void order_of_calls_is_kept(void **state)
{
    (void)state;
    CLEANUP(pair_fini) struct pair p;
    pair_new(&p);
    CHECK_ERR(zchan_bind(p.router.z, "tcp://127.0.0.1:0"), ERR_CONFLICT);
    CHECK_ERR(zchan_key(p.router.z, p.router.secret), ERR_CONFLICT);
    CHECK_ERR(zchan_connect(p.router.z, "tcp://127.0.0.1:1", p.router.public), ERR_INVALID);
    CHECK_ERR(zchan_bind(p.dealer.z, "tcp://127.0.0.1:0"), ERR_INVALID);
    CHECK_ERR(zchan_allow(p.dealer.z, NULL, 0), ERR_INVALID);
    zchan_close(p.dealer.z);
    CHECK_ERR(zchan_connect(p.dealer.z, endpoint_of(&p.router), p.router.public), ERR_CONFLICT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_key_on_the_list_comes_in_under_its_name),
        CASE(an_unknown_key_is_refused_and_told),
        CASE(a_wrong_server_key_is_no_connection),
        CASE(without_a_handler_nothing_is_bound),
        CASE(with_a_handler_that_lets_all_in_nothing_is_bound),
        CASE(zap_requests_are_judged_by_key_and_form),
        CASE(a_claimed_routing_id_changes_nothing),
        CASE(routes_cannot_be_foretold),
        CASE(endpoints_are_addresses_in_digits),
        CASE(a_bad_list_changes_nothing),
        CASE(order_of_calls_is_kept),
    };
    return RUN(cases, argc, argv);
}
