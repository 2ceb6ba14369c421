/* dice.h - the generator's chance: splitmix64 (Steele, Lea, Flood 2014), seeded by what a draw is for, so that more notes do not
 * change the films. Integer arithmetic only: the same seed gives the same bytes everywhere. */
#pragma once

#include <stdint.h>

struct dice {
    uint64_t s;
};

static inline uint64_t dice_u64(struct dice *d)
{
    uint64_t z = d->s += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* For the n-th thing of a kind. */
static inline struct dice dice_for(uint64_t seed, uint64_t kind, uint64_t n)
{
    struct dice d = {seed};
    d.s ^= dice_u64(&d) + kind * UINT64_C(0xd6e8feb86659fd93);
    d.s ^= dice_u64(&d) + n * UINT64_C(0xa0761d6478bd642f);
    (void)dice_u64(&d);
    return d;
}

static inline unsigned dice_below(struct dice *d, unsigned n)
{
    return (unsigned)((dice_u64(d) >> 32) * n >> 32);
}

static inline int dice_between(struct dice *d, int low, int high) /* both may come */
{
    return low + (int)dice_below(d, (unsigned)(high - low + 1));
}

static inline int dice_percent(struct dice *d, unsigned percent)
{
    return dice_below(d, 100) < percent;
}
