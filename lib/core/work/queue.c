/* queue.c - the order of a queue. */
#include "core/work/queue.h"

unsigned queue_slots(uint32_t keyed, uint32_t overlap_ppm, unsigned annotators)
{
    /* Scaled to [0, 1000000): monotonous in the hash, without a modulo's bias. */
    uint64_t place = ((uint64_t)keyed * 1000000u) >> 32;
    return place < overlap_ppm ? annotators : 1;
}

bool queue_open(const struct queue_place *p, bool held)
{
    return !held && p->taken < p->slots;
}

bool queue_before(const struct queue_place *a, const struct queue_place *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority;
    if (a->taken != b->taken)
        return a->taken > b->taken;
    return a->tie < b->tie;
}
