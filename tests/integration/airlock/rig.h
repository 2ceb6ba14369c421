/* rig.h - keepers with their real airlocks in one loop, and what each of them was told. */
#pragma once

#include "host/airlock.h"
#include "support/check.h"

enum { PATIENCE_MS = 15000 };

struct side {
    struct loop *loop;
    struct airlock *a;
    uint8_t secret[ZCHAN_KEY];
    uint8_t public[ZCHAN_KEY];
    unsigned count[AIRPIPE_EVENTS];
    uint32_t value[AIRPIPE_EVENTS]; /* of the last of each */
    unsigned frames;
    char site[ZCHAN_ID_MAX + 1]; /* of the last frame; so below */
    uint32_t route;
    size_t size;
    uint8_t first;
    unsigned answers;
    unsigned sent; /* answers that said so */
    enum err answer;
    unsigned lines;
    char line[2 * AIRPIPE_LINE_MAX];
    bool dead;
    int status;
};

/* A keeper in the loop, its airlock started and ready. */
void side_start(struct side *s, struct loop *l, enum airlock_mode mode);
void side_end(struct side *s);
/* What this airlock tells goes to s. */
void side_attach(struct side *s, struct loop *l, struct airlock *a);

/* A bound router and a dealer, both in one loop. */
struct pair {
    struct loop *loop;
    struct side router;
    struct side dealer;
};
void pair_start(struct pair *p); /* bound; the dealer is on the list as site-a and not connected */
void pair_end(struct pair *p);
void pair_connect(struct pair *p);
/* A frame from the dealer arrives, and its route is told. */
void hello(struct pair *p);

void run_ms(struct loop *l, uint64_t ms);
/* Turns the loop until the condition holds; fails the test where it does not come to that. */
#define UNTIL(condition, loop_)                                                                    \
    do {                                                                                           \
        for (int ms_ = 0; !(condition) && ms_ < PATIENCE_MS; ms_ += 5)                             \
            run_ms((loop_), 5);                                                                    \
        CHECK(condition);                                                                          \
    } while (0)
