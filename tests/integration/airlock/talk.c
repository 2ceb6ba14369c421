/* The keeper and the real cloister-airlock: frames, answers, ends. */
#include "rig.h"

#include "host/airlock_lookup.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

static uint8_t big[ZCHAN_FRAME_MAX + 1];

static void send_signal(const struct side *s, int number)
{
    pid_t pid = airlock_pid(s->a);
    CHECK(pid > 0); /* 0 would mean all of us */
    CHECK(kill(pid, number) == 0);
}

static void frames_go_both_ways_under_the_name_of_the_key(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    pair_connect(&p);
    hello(&p);
    CHECK_STR(p.router.site, "site-a");
    CHECK_INT(p.dealer.sent, 1);
    big[0] = 42;
    CHECK_OK(airlock_send(p.router.a, "site-a", bytes_of(big, ZCHAN_FRAME_MAX), &ticket));
    UNTIL(p.dealer.frames == 1, p.loop);
    CHECK_STR(p.dealer.site, "");
    CHECK_INT(p.dealer.size, ZCHAN_FRAME_MAX);
    CHECK_INT(p.dealer.first, 42);
}

static void a_site_without_a_route_is_told_and_nothing_goes(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    pair_connect(&p);
    CHECK_OK(airlock_send(p.router.a, "site-a", bytes_str("x"), &ticket));
    UNTIL(p.router.answers == 1, p.loop);
    CHECK_ERR(p.router.answer, ERR_NOTFOUND);
    hello(&p);
    CHECK_OK(airlock_route(p.router.a, "site-a", p.router.route + 1));
    CHECK_OK(airlock_send(p.router.a, "site-a", bytes_str("x"), &ticket));
    UNTIL(p.router.answers == 2, p.loop);
    CHECK_ERR(p.router.answer, ERR_NOTFOUND);
    CHECK_INT(p.dealer.frames, 0);
}

static void a_dealer_that_is_not_connected_says_so(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    CHECK_OK(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket));
    UNTIL(p.dealer.answers == 1, p.loop);
    CHECK_ERR(p.dealer.answer, ERR_CLOSED);
    CHECK_OK(airlock_connect(p.dealer.a, "tcp://127.0.0.1:1", p.router.public));
    CHECK_OK(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket));
    UNTIL(p.dealer.answers == 2, p.loop);
    CHECK_ERR(p.dealer.answer, ERR_AGAIN);
}

static void a_ninth_frame_without_an_answer_is_refused(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    pair_connect(&p);
    for (int i = 0; i < AIRPIPE_OUT_MAX; i++)
        CHECK_OK(airlock_send(p.dealer.a, "", bytes_of(big, ZCHAN_FRAME_MAX), &ticket));
    CHECK_ERR(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket), ERR_AGAIN);
    UNTIL(p.dealer.answers == AIRPIPE_OUT_MAX, p.loop);
    CHECK_OK(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket));
    UNTIL(p.router.frames >= p.dealer.sent && p.dealer.answers == AIRPIPE_OUT_MAX + 1, p.loop);
}

static void the_knock_is_one_byte_and_only_as_told(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    pair_connect(&p);
    hello(&p);
    run_ms(p.loop, 200);
    CHECK_INT(p.dealer.frames, 0);
    CHECK_OK(airlock_knock(p.router.a, p.router.route));
    UNTIL(p.dealer.frames == 1, p.loop);
    CHECK_INT(p.dealer.size, 1);
    CHECK_INT(p.dealer.first, 0);
    CHECK_INT(p.router.answers, 0);
}

static void a_refused_order_is_told(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    CHECK_OK(airlock_bind(p.router.a, "tcp://127.0.0.1:0")); /* bound already */
    UNTIL(p.router.count[AIRPIPE_BIND_REFUSED] == 1, p.loop);
    CHECK_INT(p.router.value[AIRPIPE_BIND_REFUSED], ERR_CONFLICT);
    CHECK_OK(airlock_connect(p.dealer.a, "tcp://example.org:7600", p.router.public));
    UNTIL(p.dealer.count[AIRPIPE_CONNECT_REFUSED] == 1, p.loop);
    CHECK_INT(p.dealer.value[AIRPIPE_CONNECT_REFUSED], ERR_INVALID);
    CHECK_ERR(airlock_bind(p.dealer.a, "tcp://with space:1"), ERR_INVALID);
}

static void a_revoked_site_is_cut_off(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    pair_connect(&p);
    hello(&p);
    CHECK_OK(airlock_send(p.dealer.a, "", bytes_str("in the air"), &ticket));
    CHECK_OK(airlock_allow(p.router.a, NULL, 0));
    UNTIL(p.dealer.count[ZCHAN_REFUSED] == 1, p.loop);
    CHECK_INT(p.router.count[ZCHAN_LISTENING], 2);
    CHECK(p.router.lines > 0 && strstr(p.router.line, "refused address=") != NULL);
}

static void a_killed_airlock_is_told_with_its_open_tickets(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    uint32_t ticket = 0;
    pair_start(&p);
    pair_connect(&p);
    send_signal(&p.dealer, SIGSTOP);
    CHECK_OK(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket));
    run_ms(p.loop, 50);
    CHECK_INT(p.dealer.answers, 0);
    send_signal(&p.dealer, SIGKILL);
    UNTIL(p.dealer.dead, p.loop);
    CHECK(WIFSIGNALED(p.dealer.status) && WTERMSIG(p.dealer.status) == SIGKILL);
    CHECK_INT(p.dealer.answers, 1);
    CHECK_ERR(p.dealer.answer, ERR_CLOSED);
    CHECK_ERR(airlock_send(p.dealer.a, "", bytes_str("x"), &ticket), ERR_CLOSED);
    CHECK_ERR(airlock_knock(p.dealer.a, 1), ERR_CLOSED);
    CHECK_INT(airlock_pid(p.dealer.a), 0);
    UNTIL(p.router.count[ZCHAN_DOWN] > 0, p.loop);
}

static void it_ends_by_itself_when_the_keeper_is_gone(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    pid_t pid = airlock_pid(p.dealer.a);
    side_end(&p.dealer);
    CHECK(kill(pid, 0) != 0);
}

static void one_that_hangs_is_killed(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    pid_t pid = airlock_pid(p.dealer.a);
    send_signal(&p.dealer, SIGSTOP);
    side_end(&p.dealer); /* waits 2 s */
    CHECK(kill(pid, 0) != 0);
}

static void orders_to_stop_are_for_the_keeper(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    pair_connect(&p);
    send_signal(&p.dealer, SIGTERM);
    send_signal(&p.dealer, SIGINT);
    hello(&p);
    CHECK(!p.dealer.dead);
}

struct found {
    struct loop *loop;
    unsigned calls;
    char endpoint[128];
};

static void on_found(void *ctx, const char *endpoint)
{
    struct found *f = ctx;
    f->calls++;
    (void)snprintf(f->endpoint, sizeof f->endpoint, "%s", endpoint != NULL ? endpoint : "nothing");
}

static const char *looked_up(struct found *f, const char *endpoint)
{
    struct diag d = {0};
    AUTO(airlock_lookup) x = NULL;
    f->calls = 0;
    CHECK_OK(airlock_lookup_start(AIRLOCK_PROGRAM, f->loop, endpoint, on_found, f, &x, &d));
    UNTIL(f->calls > 0, f->loop);
    return f->endpoint;
}

static void a_name_is_looked_up_by_a_process_of_its_own(void **state)
{
    (void)state;
    AUTO(loop) l = NULL;
    CHECK_OK(loop_new(&l));
    struct found f = {.loop = l};
    const char *got = looked_up(&f, "tcp://localhost:7600");
    CHECK(strcmp(got, "tcp://127.0.0.1:7600") == 0 || strcmp(got, "tcp://[::1]:7600") == 0);
    CHECK_STR(looked_up(&f, "tcp://10.1.2.3:7600"), "tcp://10.1.2.3:7600");
    CHECK_STR(looked_up(&f, "tcp://nowhere.invalid:7600"), "nothing");
}

static void what_is_no_endpoint_is_not_looked_up(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "localhost:1",  "tcp://:1",  "tcp://a",
                                      "tcp://-v:1", "tcp://a b:1",  "tcp://a:",  "tcp://a:123456",
                                      "tcp://a:x",  "tcp://[::1:2", "tcp://[]:1"};
    AUTO(loop) l = NULL;
    CHECK_OK(loop_new(&l));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct airlock_lookup *x = NULL;
        struct diag d = {0};
        CHECK_ERR(airlock_lookup_start(AIRLOCK_PROGRAM, l, bad[i], on_found, NULL, &x, &d),
                  ERR_INVALID);
    }
}

static void a_lookup_given_up_leaves_nothing_behind(void **state)
{
    (void)state;
    AUTO(loop) l = NULL;
    CHECK_OK(loop_new(&l));
    struct found f = {.loop = l};
    struct diag d = {0};
    struct airlock_lookup *x = NULL;
    CHECK_OK(airlock_lookup_start(AIRLOCK_PROGRAM, l, "tcp://localhost:1", on_found, &f, &x, &d));
    airlock_lookup_free(x);
    run_ms(l, 50);
    CHECK_INT(f.calls, 0);
}

static void a_dealer_is_moved_to_another_place_without_its_key(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    pair_start(&p);
    CHECK_OK(airlock_connect(p.dealer.a, "tcp://127.0.0.1:1", p.router.public));
    run_ms(p.loop, 50);
    pair_connect(&p);
    hello(&p);
    CHECK_INT(p.dealer.count[AIRPIPE_CONNECT_REFUSED], 0);
}

static void a_program_that_is_not_there_is_told_in_words(void **state)
{
    (void)state;
    struct airlock *a = NULL;
    struct diag d = {0};
    CHECK_ERR(airlock_spawn("/nowhere/cloister-airlock", AIRLOCK_DEALER, &a, &d), ERR_NOTFOUND);
    CHECK(strstr(d.text, "/nowhere/cloister-airlock") != NULL);
    CHECK(a == NULL);
}

static void what_it_writes_to_stderr_becomes_lines(void **state)
{
    (void)state;
    struct side s = {0};
    struct diag d = {0};
    AUTO(loop) l = NULL;
    AUTO(airlock) a = NULL;
    CHECK_OK(loop_new(&l));
    CHECK_OK(airlock_spawn("/bin/cat", AIRLOCK_DEALER, &a, &d)); /* complains: no file "dealer" */
    side_attach(&s, l, a);
    UNTIL(s.dead, l);
    CHECK(WIFEXITED(s.status) && WEXITSTATUS(s.status) == 1);
    CHECK_INT(s.lines, 1);
    CHECK(strstr(s.line, "dealer") != NULL);
}

static void the_program_is_found_in_the_build_folder_whatever_the_environment_says(void **state)
{
    (void)state;
    char path[4096];
    struct diag d = {0};
    CHECK(setenv("CLOISTER_AIRLOCK", "/bin/true", 1) == 0);
    enum err e = airlock_program(path, sizeof path, &d);
    CHECK(e == ERR_NOTFOUND || (e == OK && strstr(path, "cloister-airlock") != NULL));
    CHECK(e == OK || strstr(d.text, "cloister-airlock") != NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(frames_go_both_ways_under_the_name_of_the_key),
        CASE(a_site_without_a_route_is_told_and_nothing_goes),
        CASE(a_dealer_that_is_not_connected_says_so),
        CASE(a_ninth_frame_without_an_answer_is_refused),
        CASE(the_knock_is_one_byte_and_only_as_told),
        CASE(a_refused_order_is_told),
        CASE(a_revoked_site_is_cut_off),
        CASE(a_killed_airlock_is_told_with_its_open_tickets),
        CASE(it_ends_by_itself_when_the_keeper_is_gone),
        CASE(one_that_hangs_is_killed),
        CASE(orders_to_stop_are_for_the_keeper),
        CASE(a_name_is_looked_up_by_a_process_of_its_own),
        CASE(what_is_no_endpoint_is_not_looked_up),
        CASE(a_lookup_given_up_leaves_nothing_behind),
        CASE(a_dealer_is_moved_to_another_place_without_its_key),
        CASE(a_program_that_is_not_there_is_told_in_words),
        CASE(what_it_writes_to_stderr_becomes_lines),
        CASE(the_program_is_found_in_the_build_folder_whatever_the_environment_says),
    };
    return RUN(cases, argc, argv);
}
