/* rig.h - routers and dealers of io/zchan on loopback, on one thread, and what each of them saw. */
#pragma once

#include "base/clock.h"
#include "io/zchan.h"
#include "io/zchan_in.h"
#include "support/check.h"

enum { PATIENCE_MS = 8000 };

/* One end: what it saw, kept for the test to ask. */
struct end {
    struct zchan *z;
    uint8_t secret[ZCHAN_KEY];
    uint8_t public[ZCHAN_KEY];
    unsigned count[ZCHAN_EVENTS];
    uint32_t value[ZCHAN_EVENTS]; /* of the last of each */
    unsigned frames;
    char id[ZCHAN_ID_MAX + 1]; /* of the last frame; so below */
    uint32_t route;
    size_t size;
    uint8_t first;
    uint8_t last;
    unsigned refused;
    char address[64];
};

void end_new(struct end *x, enum zchan_kind kind); /* with a key */
void end_fini(struct end *x);
/* A turn of both, of at most 10 ms each; either may be NULL. */
void turn(struct end *a, struct end *b);
void for_ms(uint64_t ms, struct end *a, struct end *b);
/* Turns both until the condition holds; fails the test where it does not come to that. */
#define UNTIL(condition, a, b)                                                                     \
    do {                                                                                           \
        uint64_t end_ms_ = clock_mono_ms() + PATIENCE_MS;                                          \
        while (!(condition) && clock_mono_ms() < end_ms_)                                          \
            turn((a), (b));                                                                        \
        CHECK(condition);                                                                          \
    } while (0)

/* The list is this one pair. */
void allow(struct end *router, const char *id, const struct end *who);
const char *endpoint_of(const struct end *router); /* borrowed until the next call */

/* A bound router and a dealer that is not connected yet. */
struct pair {
    struct end router;
    struct end dealer;
};

void pair_new(struct pair *p);
void pair_fini(struct pair *p);
void pair_connect(struct pair *p);
void hello(struct pair *p); /* a frame from the dealer, which arrives */

/* A bare ZeroMQ client that connects, to do what ours never does; id NULL: no routing id of its own. */
void *bare(void *context, const struct end *key, const struct end *router, struct bytes id);
