/* alloc.c - malloc, calloc and realloc that fail when told. */
#include "support/alloc.h"

#include "support/check.h"

#include <stdlib.h>

/* The linker's names for "the real one" and "ours instead". */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static unsigned long countdown; /* 0 = nothing fails */
static bool hit;

static bool fails(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    hit = true;
    return true;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
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
