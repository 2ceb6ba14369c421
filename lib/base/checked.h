/* checked.h - arithmetic on lengths that came from outside. Each returns true on overflow, and then leaves *out alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool add_overflows(size_t a, size_t b, size_t *out)
{
    size_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return true;
    *out = sum;
    return false;
}

static inline bool mul_overflows(size_t a, size_t b, size_t *out)
{
    size_t product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        return true;
    *out = product;
    return false;
}

static inline bool add64_overflows(uint64_t a, uint64_t b, uint64_t *out)
{
    uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return true;
    *out = sum;
    return false;
}
