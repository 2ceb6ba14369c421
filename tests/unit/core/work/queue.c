/* Tests of core/work/queue: blind double labeling, fair distribution (labels.md), overlap (data.md 5, Campaign). */
#include "core/work/queue.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "support/check.h"

#include <stdio.h>

enum { ITEMS = 120, PEOPLE = 5 };

static void priority_comes_first_then_what_others_began_then_the_tie(void **state)
{
    (void)state;
    struct queue_place a = {.slots = 2, .taken = 0, .priority = 5, .tie = 9};
    struct queue_place b = {.slots = 2, .taken = 1, .priority = 4, .tie = 1};
    CHECK(queue_before(&a, &b) && !queue_before(&b, &a));
    b.priority = 5;
    CHECK(queue_before(&b, &a) && !queue_before(&a, &b));
    a.taken = 1;
    CHECK(queue_before(&b, &a) && !queue_before(&a, &b));
    b.tie = 9;
    CHECK(!queue_before(&a, &b) && !queue_before(&b, &a));
}

static void full_and_held_items_are_not_open(void **state)
{
    (void)state;
    struct queue_place p = {.slots = 2, .taken = 1};
    CHECK(queue_open(&p, false));
    CHECK(!queue_open(&p, true));
    p.taken = 2;
    CHECK(!queue_open(&p, false));
}

static uint32_t keyed(size_t i)
{
    char text[24];
    (void)snprintf(text, sizeof text, "item %zu", i);
    struct hash h = sha256_of(bytes_str(text));
    return get_be32(h.b);
}

static size_t draw(const struct queue_place *all, const bool *held)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < ITEMS; i++) {
        if (queue_open(&all[i], held[i]) && (best == SIZE_MAX || queue_before(&all[i], &all[best])))
            best = i;
    }
    return best;
}

/* People draw in turn until nothing is left for anybody. */
static void everything_is_handed_out_fairly_and_nobody_holds_two_slots_of_an_item(void **state)
{
    (void)state;
    struct queue_place all[ITEMS];
    bool held[PEOPLE][ITEMS] = {{false}};
    unsigned got[PEOPLE] = {0};
    for (size_t i = 0; i < ITEMS; i++)
        all[i] = (struct queue_place){.slots = 2, .tie = keyed(i)};
    for (bool any = true; any;) {
        any = false;
        for (size_t u = 0; u < PEOPLE; u++) {
            size_t i = draw(all, held[u]);
            if (i == SIZE_MAX)
                continue;
            CHECK(!held[u][i]);
            held[u][i] = true;
            all[i].taken++;
            got[u]++;
            any = true;
        }
        /* pairs are completed early: never more items half done than people */
        unsigned half_done = 0;
        for (size_t i = 0; i < ITEMS; i++)
            half_done += all[i].taken == 1;
        CHECK(half_done <= PEOPLE);
    }
    for (size_t i = 0; i < ITEMS; i++)
        CHECK_INT(all[i].taken, 2);
    for (size_t u = 0; u < PEOPLE; u++)
        CHECK_INT(got[u], 2 * ITEMS / PEOPLE);
}

static void the_overlap_is_that_share_of_the_items(void **state)
{
    (void)state;
    unsigned two = 0;
    for (size_t i = 0; i < 20000; i++) {
        CHECK_INT(queue_slots(keyed(i), 1000000, 2), 2);
        CHECK_INT(queue_slots(keyed(i), 0, 2), 1);
        two += queue_slots(keyed(i), 250000, 2) == 2;
        CHECK(queue_slots(keyed(i), 250000, 2) <= queue_slots(keyed(i), 300000, 2));
    }
    /* 5000, within 5 standard deviations */
    CHECK(two > 5000 - 307 && two < 5000 + 307);
    CHECK_INT(queue_slots(UINT32_MAX, 1000000, 3), 3);
    CHECK_INT(queue_slots(UINT32_MAX, 999999, 3), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(priority_comes_first_then_what_others_began_then_the_tie),
        CASE(full_and_held_items_are_not_open),
        CASE(everything_is_handed_out_fairly_and_nobody_holds_two_slots_of_an_item),
        CASE(the_overlap_is_that_share_of_the_items),
    };
    return RUN(cases, argc, argv);
}
