/* alloc.c - malloc, calloc and realloc that fail when told. */
#include "support/alloc.h"

#include "support/check.h"

#include <stdlib.h>

/* The linker's names for "the real one" and "ours instead". */
void *real_malloc(size_t n) __asm__("__real_malloc");
void *real_calloc(size_t n, size_t size) __asm__("__real_calloc");
void *real_realloc(void *p, size_t n) __asm__("__real_realloc");
void *wrap_malloc(size_t n) __asm__("__wrap_malloc");
void *wrap_calloc(size_t n, size_t size) __asm__("__wrap_calloc");
void *wrap_realloc(void *p, size_t n) __asm__("__wrap_realloc");

static unsigned long countdown; /* 0 = nothing fails */
static bool hit;

static bool fails(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    hit = true;
    return true;
}

void *wrap_malloc(size_t n)
{
    return fails() ? NULL : real_malloc(n);
}

void *wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : real_calloc(n, size);
}

void *wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : real_realloc(p, n);
}

unsigned alloc_torture(enum err (*step)(void *ctx), void *ctx)
{
    for (unsigned n = 1;; n++) {
        hit = false;
        countdown = n;
        enum err e = step(ctx);
        countdown = 0;
        if (!hit) {
            CHECK_OK(e);
            return n - 1;
        }
        CHECK_ERR(e, ERR_NOMEM);
    }
}
