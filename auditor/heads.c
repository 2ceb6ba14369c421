/* heads.c - a hash table from a tree's size to its root. */
#include "heads.h"

#include <stdlib.h>

enum { FIRST = 64 };

void heads_fini(struct heads *h)
{
    free(h->slot);
    *h = (struct heads){0};
}

/* The slot of that size, or the empty one where it would go. Sizes come from who may have chosen them, so they are mixed. */
static size_t place(const struct head *slot, size_t cap, uint64_t size)
{
    size_t i = (size_t)((size * 0x9e3779b97f4a7c15ULL) >> 32) & (cap - 1);
    while (slot[i].used && slot[i].size != size)
        i = (i + 1) & (cap - 1);
    return i;
}

const struct head *heads_find(const struct heads *h, uint64_t size)
{
    if (h->cap == 0)
        return NULL;
    const struct head *s = &h->slot[place(h->slot, h->cap, size)];
    return s->used ? s : NULL;
}

static enum err grow(struct heads *h)
{
    size_t cap = h->cap == 0 ? FIRST : h->cap * 2;
    struct head *more = calloc(cap, sizeof *more);
    if (more == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < h->cap; i++) {
        if (h->slot[i].used)
            more[place(more, cap, h->slot[i].size)] = h->slot[i];
    }
    free(h->slot);
    h->slot = more;
    h->cap = cap;
    return OK;
}

enum err heads_add(struct heads *h, struct head head)
{
    if (heads_find(h, head.size) != NULL)
        return OK;
    if (h->n == HEADS_MAX)
        return ERR_TOOBIG;
    if (h->n >= h->cap / 2) {
        enum err e = grow(h);
        if (e)
            return e;
    }
    head.used = true;
    h->slot[place(h->slot, h->cap, head.size)] = head;
    h->n++;
    return OK;
}
