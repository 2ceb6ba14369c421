/* Random schedules of core/link: at every turn a frame may be lost, repeated, swapped or damaged, the connection may break, the
 * log may be full, a side may die. A failing schedule prints its seed: run it alone with `random SEED`. */
#include "support/check.h"
#include "support/linkpair.h"

#include <stdio.h>
#include <stdlib.h>

enum { SCHEDULES = 3000, STEPS = 60 };

static void lose(struct pair *p, struct wire *w)
{
    size_t i = (size_t)pair_dice(p, w->n);
    free(w->f[i].p);
    w->n--;
    memmove(&w->f[i], &w->f[i + 1], (w->n - i) * sizeof w->f[0]);
}

static void repeat(struct pair *p, struct wire *w)
{
    if (w->n == WIRE_MAX)
        return;
    size_t i = (size_t)pair_dice(p, w->n);
    size_t n = w->f[i].n;
    w->f[w->n].p = malloc(n + 1);
    CHECK(w->f[w->n].p != NULL);
    memcpy(w->f[w->n].p, w->f[i].p, n);
    w->f[w->n++].n = n;
}

static void swap(struct pair *p, struct wire *w)
{
    if (w->n < 2)
        return;
    size_t i = (size_t)pair_dice(p, w->n - 1);
    uint8_t *b = w->f[i].p;
    size_t n = w->f[i].n;
    w->f[i] = w->f[i + 1];
    w->f[i + 1].p = b;
    w->f[i + 1].n = n;
}

static void damage(struct pair *p, struct wire *w)
{
    size_t i = (size_t)pair_dice(p, w->n);
    size_t at = (size_t)pair_dice(p, w->f[i].n);
    w->f[i].p[at] ^= (uint8_t)(1 + pair_dice(p, 255));
}

static void network(struct pair *p, uint64_t harm)
{
    struct wire *w = &p->s[pair_dice(p, 2)].out;
    if (w->n == 0)
        return;
    switch (pair_dice(p, harm)) {
    case 0:
        lose(p, w);
        break;
    case 1:
        repeat(p, w);
        break;
    case 2:
        swap(p, w);
        break;
    case 3:
        damage(p, w);
        break;
    default:
        break;
    }
}

static void step(struct pair *p, uint64_t harm)
{
    int who = (int)pair_dice(p, 2);
    switch (pair_dice(p, 16)) {
    case 0:
        pair_disconnect(p);
        break;
    case 1:
    case 2:
        pair_connect(p);
        break;
    case 3:
        pair_restart(p, who);
        break;
    case 4:
        pair_wait(p, pair_dice(p, 400));
        break;
    case 5:
        (void)pair_send(p, who);
        pair_failed_turn(p, who);
        break;
    case 6:
        p->s[who].log.full = pair_dice(p, 4) == 0;
        break;
    case 7:
        network(p, harm);
        break;
    case 8:
        /* Several frames and a message of ours in one commit. */
        (void)pair_deliver(p, who);
        (void)pair_deliver(p, who);
        (void)pair_send(p, who);
        pair_turn(p, who);
        break;
    case 9:
    case 10:
    case 11:
        (void)pair_send(p, who);
        pair_turn(p, who);
        break;
    default:
        (void)pair_deliver(p, who);
        pair_turn(p, who);
        break;
    }
}

static void run_schedule(uint64_t seed)
{
    static struct pair p;
    pair_init(&p, seed);
    uint64_t harm = 4 + pair_dice(&p, 8);
    for (int i = 0; i < STEPS; i++)
        step(&p, harm);
    pair_settle(&p);
    pair_check(&p);
    pair_fini(&p);
}

static uint64_t first_seed = 1;
static uint64_t last_seed = SCHEDULES;
static uint64_t current;

static void whatever_the_network_does_everything_arrives_once_and_both_logs_agree(void **state)
{
    (void)state;
    for (current = first_seed; current <= last_seed; current++)
        run_schedule(current);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(whatever_the_network_does_everything_arrives_once_and_both_logs_agree),
    };
    if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        first_seed = last_seed = strtoull(argv[1], NULL, 10);
        argc = 1;
    }
    int failed = RUN(cases, argc, argv);
    if (failed)
        (void)fprintf(stderr, "the schedule of seed %llu failed: replay it with `random %llu`\n",
                      (unsigned long long)current, (unsigned long long)current);
    return failed;
}
