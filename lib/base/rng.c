/* rng.c - randomness from the system. */
#include "rng.h"

#include <sodium.h>
#include <stdlib.h>

void rng_start(void)
{
    if (sodium_init() < 0)
        abort();
}

void rng_fill(void *out, size_t n)
{
    randombytes_buf(out, n);
}

uint32_t rng_below(uint32_t bound)
{
    return randombytes_uniform(bound);
}
