/* rig.c - support of the tests with the real cloister-airlock. */
#include "rig.h"

#include "base/rng.h"

#include <sodium.h>
#include <stdio.h>

static void on_frame(void *ctx, const char *site, uint32_t route, struct bytes frame)
{
    struct side *s = ctx;
    s->frames++;
    (void)snprintf(s->site, sizeof s->site, "%s", site);
    s->route = route;
    s->size = frame.n;
    s->first = frame.p[0];
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct side *s = ctx;
    (void)ticket;
    s->answers++;
    s->sent += e == OK;
    s->answer = e;
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct side *s = ctx;
    (void)site;
    s->count[event]++;
    s->value[event] = value;
}

static void on_line(void *ctx, const char *text)
{
    struct side *s = ctx;
    s->lines++;
    (void)snprintf(s->line, sizeof s->line, "%s", text);
}

static void on_died(void *ctx, int status)
{
    struct side *s = ctx;
    s->dead = true;
    s->status = status;
}

static void stop(void *ctx)
{
    loop_stop(ctx);
}

void run_ms(struct loop *l, uint64_t ms)
{
    struct loop_timer *t = NULL;
    CHECK_OK(loop_timer_add(l, ms, 0, stop, l, &t));
    CHECK_OK(loop_run(l));
    loop_timer_end(t);
}

void side_attach(struct side *s, struct loop *l, struct airlock *a)
{
    struct airlock_events events = {on_frame, on_answered, on_peer, on_line, on_died, s};
    CHECK_OK(airlock_attach(a, l, &events));
}

void side_start(struct side *s, struct loop *l, enum airlock_mode mode)
{
    struct diag d = {0};
    *s = (struct side){.loop = l};
    rng_fill(s->secret, sizeof s->secret);
    CHECK(crypto_scalarmult_base(s->public, s->secret) == 0);
    enum err e = airlock_spawn(AIRLOCK_PROGRAM, mode, &s->a, &d);
    if (e)
        print_error("%s\n", d.text);
    CHECK_OK(e);
    side_attach(s, l, s->a);
    UNTIL(s->count[AIRPIPE_READY] == 1 || s->dead, l);
    if (s->dead)
        print_error("%s\n", s->line);
    CHECK(!s->dead);
    CHECK_OK(airlock_key(s->a, s->secret));
}

void side_end(struct side *s)
{
    airlock_free(s->a);
    s->a = NULL;
}

void pair_start(struct pair *p)
{
    *p = (struct pair){0};
    CHECK_OK(loop_new(&p->loop));
    side_start(&p->router, p->loop, AIRLOCK_ROUTER);
    side_start(&p->dealer, p->loop, AIRLOCK_DEALER);
    struct zchan_allowed one = {.id = "site-a"};
    memcpy(one.key, p->dealer.public, ZCHAN_KEY);
    CHECK_OK(airlock_allow(p->router.a, &one, 1));
    CHECK_OK(airlock_bind(p->router.a, "tcp://127.0.0.1:0"));
    UNTIL(p->router.count[ZCHAN_LISTENING] == 1, p->loop);
}

void pair_end(struct pair *p)
{
    side_end(&p->dealer);
    side_end(&p->router);
    loop_free(p->loop);
}

void pair_connect(struct pair *p)
{
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u",
                   p->router.value[ZCHAN_LISTENING]);
    CHECK_OK(airlock_connect(p->dealer.a, endpoint, p->router.public));
    UNTIL(p->dealer.count[ZCHAN_UP] == 1, p->loop);
}

void hello(struct pair *p)
{
    uint32_t ticket = 0;
    unsigned before = p->router.frames;
    CHECK_OK(airlock_send(p->dealer.a, "", bytes_str("hello"), &ticket));
    UNTIL(p->router.frames > before, p->loop);
    CHECK_OK(airlock_route(p->router.a, p->router.site, p->router.route));
}
