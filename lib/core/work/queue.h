/* queue.h - who gets what next (labels.md, Assignment): the order of a campaign's items, and how many annotators each gets. Pure: the
 * caller brings rows and keyed hashes, and its transaction tells two people apart who ask at once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* An item in a campaign's queue. */
struct queue_place {
    unsigned slots;   /* annotators wanted: queue_slots */
    unsigned taken;   /* slots with an assignment that is not locked */
    int64_t priority; /* higher first */
    uint32_t tie; /* of a keyed hash: no one can foresee the order, and it is the same for ever */
};

/* overlap_ppm of the items, by 32 bits of a keyed hash, get as many annotators as the campaign says; the others one. An item that
 * overlaps at one share does so at every larger one. */
unsigned queue_slots(uint32_t keyed, uint32_t overlap_ppm, unsigned annotators);
/* Whether a person may be given it: a slot is free, and the person does not hold, or has not held, one of the item's. */
bool queue_open(const struct queue_place *p, bool held);
/* Priority first; then the item that others have begun, so that pairs are complete early; then the tie. */
bool queue_before(const struct queue_place *a, const struct queue_place *b);
