/* Time to connect, and 1 MiB frames a second: through two airlocks, and over the same sockets without them. */
#include "host/airlock.h"
#include "base/clock.h"
#include "base/rng.h"
#include "io/zchan.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRAMES = 300, SIZE = 1024 * 1024 };

static uint8_t data[SIZE];

struct side {
    struct loop *loop;
    struct airlock *a;
    struct zchan *z;
    uint8_t secret[ZCHAN_KEY];
    uint8_t public[ZCHAN_KEY];
    uint32_t port;
    bool up;
    bool ready;
    unsigned frames;
    unsigned todo;
};

static void must(enum err e)
{
    if (!e)
        return;
    (void)fprintf(stderr, "bench/airlock: %s\n", err_name(e));
    exit(1);
}

static void on_frame(void *ctx, const char *id, uint32_t route, struct bytes frame)
{
    struct side *s = ctx;
    (void)id;
    (void)route;
    (void)frame;
    s->frames++;
    if (s->loop != NULL && s->frames == FRAMES)
        loop_stop(s->loop);
}

static void note(struct side *s, unsigned event, uint32_t value)
{
    if (event == ZCHAN_LISTENING)
        s->port = value;
    s->up = s->up || event == ZCHAN_UP;
    s->ready = s->ready || event == AIRPIPE_READY;
}

static void on_event(void *ctx, enum zchan_event what, const char *id, uint32_t value)
{
    (void)id;
    note(ctx, what, value);
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct side *s = ctx;
    (void)site;
    note(s, event, value);
    loop_stop(s->loop);
}

static void fill(struct side *s)
{
    uint32_t ticket = 0;
    while (s->todo > 0 && airlock_send(s->a, "", bytes_of(data, SIZE), &ticket) == OK)
        s->todo--;
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct side *s = ctx;
    (void)ticket;
    if (e)
        s->todo++; /* busy: once more, when the timer says so */
    else
        fill(s);
}

static void on_retry(void *ctx)
{
    fill(ctx);
}

static void on_line(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "%s\n", text);
}

static void on_died(void *ctx, int status)
{
    (void)ctx;
    (void)fprintf(stderr, "bench/airlock: it died: %d\n", status);
    exit(1);
}

static void new_key(struct side *s)
{
    rng_fill(s->secret, sizeof s->secret);
    if (crypto_scalarmult_base(s->public, s->secret) != 0)
        must(ERR_INTERNAL);
}

static struct zchan_allowed list_of(const struct side *s)
{
    struct zchan_allowed one = {.id = "site-a"};
    memcpy(one.key, s->public, ZCHAN_KEY);
    return one;
}

static void report(const char *what, uint64_t connect_ms, uint64_t send_ms)
{
    (void)printf("%-8s connect %3llu ms, %d frames of 1 MiB in %llu ms: %llu MiB/s\n", what,
                 (unsigned long long)connect_ms, FRAMES, (unsigned long long)send_ms,
                 (unsigned long long)(FRAMES * 1000ULL / (send_ms > 0 ? send_ms : 1)));
}

/* --- through two airlocks --- */
static void start(struct side *s, struct loop *l, enum airlock_mode mode)
{
    struct airlock_events events = {on_frame, on_answered, on_peer, on_line, on_died, s};
    struct diag d = {0};
    s->loop = l;
    new_key(s);
    must(airlock_spawn(AIRLOCK_PROGRAM, mode, &s->a, &d));
    must(airlock_attach(s->a, l, &events));
    while (!s->ready)
        must(loop_run(l));
    must(airlock_key(s->a, s->secret));
}

static void with_airlocks(void)
{
    AUTO(loop) l = NULL;
    struct side router = {0};
    struct side dealer = {0};
    char endpoint[64];
    must(loop_new(&l));
    uint64_t begin = clock_mono_ms();
    start(&router, l, AIRLOCK_ROUTER);
    start(&dealer, l, AIRLOCK_DEALER);
    struct zchan_allowed one = list_of(&dealer);
    must(airlock_allow(router.a, &one, 1));
    must(airlock_bind(router.a, "tcp://127.0.0.1:0"));
    while (router.port == 0)
        must(loop_run(l));
    (void)printf("both started and bound, self-test passed: %llu ms\n",
                 (unsigned long long)(clock_mono_ms() - begin));
    begin = clock_mono_ms();
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", router.port);
    must(airlock_connect(dealer.a, endpoint, router.public));
    while (!dealer.up)
        must(loop_run(l));
    uint64_t connected = clock_mono_ms();
    dealer.todo = FRAMES;
    struct loop_timer *retry =
        NULL; /* a busy answer must not be followed by the next try at once */
    must(loop_timer_add(l, 0, 1, on_retry, &dealer, &retry));
    while (router.frames < FRAMES)
        must(loop_run(l));
    report("airlock", connected - begin, clock_mono_ms() - connected);
    airlock_free(dealer.a);
    airlock_free(router.a);
}

/* --- without --- */
static void turn(struct side *s)
{
    unsigned ready = 0;
    must(zchan_wait(s->z, -1, 0, 1, &ready));
    must(zchan_step(s->z));
}

static void bare(void)
{
    struct side router = {0};
    struct side dealer = {0};
    char endpoint[64];
    struct zchan_events to_router = {on_frame, on_event, NULL, &router};
    struct zchan_events to_dealer = {on_frame, on_event, NULL, &dealer};
    new_key(&router);
    new_key(&dealer);
    must(zchan_new(ZCHAN_ROUTER, &to_router, &router.z));
    must(zchan_new(ZCHAN_DEALER, &to_dealer, &dealer.z));
    must(zchan_key(router.z, router.secret));
    must(zchan_key(dealer.z, dealer.secret));
    struct zchan_allowed one = list_of(&dealer);
    must(zchan_allow(router.z, &one, 1));
    must(zchan_bind(router.z, "tcp://127.0.0.1:0"));
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", router.port);
    uint64_t begin = clock_mono_ms();
    must(zchan_connect(dealer.z, endpoint, router.public));
    while (!dealer.up) {
        turn(&dealer);
        turn(&router);
    }
    uint64_t connected = clock_mono_ms();
    for (unsigned sent = 0; router.frames < FRAMES;) {
        while (sent < FRAMES && zchan_send(dealer.z, 0, bytes_of(data, SIZE)) == OK)
            sent++;
        turn(&router);
    }
    report("bare", connected - begin, clock_mono_ms() - connected);
    zchan_free(dealer.z);
    zchan_free(router.z);
}

int main(void)
{
    rng_start();
    bare();
    with_airlocks();
    return 0;
}
