/* arena.c - bounded bump allocator. */
#include "arena.h"

#include "checked.h"

#include <stdalign.h>
#include <stdlib.h>

enum { BLOCK = 16 * 1024 };

struct arena_block {
    struct arena_block *before;
    size_t used;
    size_t cap;
    alignas(max_align_t) uint8_t data[];
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

void arena_fini(struct arena *a)
{
    while (a->last != NULL) {
        struct arena_block *b = a->last;
        a->last = b->before;
        free(b);
    }
    a->used = 0;
}

static void *refuse(struct arena *a)
{
    a->refused = true;
    return NULL;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t total = 0;
    size_t size = 0;
    if (add_overflows(n == 0 ? 1 : n, alignof(max_align_t) - 1, &n))
        return refuse(a);
    n &= ~(alignof(max_align_t) - 1);
    if (add_overflows(a->used, n, &total) || total > a->limit)
        return refuse(a);
    if (a->last == NULL || a->last->cap - a->last->used < n) {
        size_t cap = n > BLOCK ? n : BLOCK;
        if (add_overflows(sizeof(struct arena_block), cap, &size))
            return refuse(a);
        struct arena_block *b = calloc(1, size);
        if (b == NULL)
            return refuse(a);
        b->before = a->last;
        b->cap = cap;
        a->last = b;
    }
    void *p = a->last->data + a->last->used;
    a->last->used += n;
    a->used = total;
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    size_t n = strlen(s) + 1;
    char *p = arena_alloc(a, n);
    if (p != NULL)
        memcpy(p, s, n);
    return p;
}
