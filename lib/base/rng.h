/* rng.h - randomness from the system. Core never draws its own: bytes are passed in. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Once per program, before anything else of libsodium; aborts where the library cannot start. */
void rng_start(void);
void rng_fill(void *out, size_t n); /* cannot fail */
uint32_t rng_below(uint32_t bound); /* uniform in [0, bound) */
