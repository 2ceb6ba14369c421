/* rig.c - support of the tests of io/zchan. */
#include "rig.h"

#include "base/rng.h"

#include <sodium.h>
#include <stdio.h>

static void on_frame(void *ctx, const char *id, uint32_t route, struct bytes frame)
{
    struct end *x = ctx;
    x->frames++;
    (void)snprintf(x->id, sizeof x->id, "%s", id);
    x->route = route;
    x->size = frame.n;
    x->first = frame.p[0];
    x->last = frame.p[frame.n - 1];
}

static void on_event(void *ctx, enum zchan_event what, const char *id, uint32_t value)
{
    struct end *x = ctx;
    (void)id;
    x->count[what]++;
    x->value[what] = value;
}

static void on_refused(void *ctx, const char *address, const uint8_t key[ZCHAN_KEY])
{
    struct end *x = ctx;
    (void)key;
    x->refused++;
    (void)snprintf(x->address, sizeof x->address, "%s", address);
}

void end_new(struct end *x, enum zchan_kind kind)
{
    struct zchan_events events = {on_frame, on_event, on_refused, x};
    *x = (struct end){0};
    rng_fill(x->secret, sizeof x->secret);
    CHECK(crypto_scalarmult_base(x->public, x->secret) == 0);
    CHECK_OK(zchan_new(kind, &events, &x->z));
    CHECK_OK(zchan_key(x->z, x->secret));
}

void end_fini(struct end *x)
{
    zchan_free(x->z);
    x->z = NULL;
}

void turn(struct end *a, struct end *b)
{
    unsigned ready = 0;
    struct end *both[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        if (both[i] == NULL || both[i]->z == NULL)
            continue;
        CHECK_OK(zchan_wait(both[i]->z, -1, 0, 10, &ready));
        CHECK_OK(zchan_step(both[i]->z));
    }
}

void for_ms(uint64_t ms, struct end *a, struct end *b)
{
    for (uint64_t end = clock_mono_ms() + ms; clock_mono_ms() < end;)
        turn(a, b);
}

void allow(struct end *router, const char *id, const struct end *who)
{
    struct zchan_allowed one = {0};
    (void)snprintf(one.id, sizeof one.id, "%s", id);
    memcpy(one.key, who->public, ZCHAN_KEY);
    CHECK_OK(zchan_allow(router->z, &one, 1));
}

const char *endpoint_of(const struct end *router)
{
    static char text[64];
    (void)snprintf(text, sizeof text, "tcp://127.0.0.1:%u", router->value[ZCHAN_LISTENING]);
    return text;
}

void pair_new(struct pair *p)
{
    end_new(&p->router, ZCHAN_ROUTER);
    end_new(&p->dealer, ZCHAN_DEALER);
    allow(&p->router, "site-a", &p->dealer);
    CHECK_OK(zchan_bind(p->router.z, "tcp://127.0.0.1:0"));
    CHECK(p->router.value[ZCHAN_LISTENING] > 0);
}

void pair_fini(struct pair *p)
{
    end_fini(&p->dealer);
    end_fini(&p->router);
}

void pair_connect(struct pair *p)
{
    CHECK_OK(zchan_connect(p->dealer.z, endpoint_of(&p->router), p->router.public));
    UNTIL(p->dealer.count[ZCHAN_UP] > 0, &p->router, &p->dealer);
}

void hello(struct pair *p)
{
    unsigned before = p->router.frames;
    CHECK_OK(zchan_send(p->dealer.z, 0, bytes_str("hello")));
    UNTIL(p->router.frames > before, &p->router, &p->dealer);
}

void *bare(void *context, const struct end *key, const struct end *router, struct bytes id)
{
    void *s = zmq_socket(context, ZMQ_DEALER);
    const int none = 0;
    assert_non_null(s);
    CHECK_OK(zchan_set_client(s, key->secret, router->public));
    CHECK(zmq_setsockopt(s, ZMQ_LINGER, &none, sizeof none) == 0);
    if (id.n > 0)
        CHECK(zmq_setsockopt(s, ZMQ_ROUTING_ID, id.p, id.n) == 0);
    CHECK(zmq_connect(s, endpoint_of(router)) == 0);
    return s;
}
