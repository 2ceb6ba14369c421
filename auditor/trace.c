/* trace.c - two growing lists. */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

void trace_fini(struct trace *t)
{
    free(t->out.list);
    free(t->in.list);
    *t = (struct trace){0};
}

enum err trace_add(struct said_list *l, struct said s)
{
    if (l->n == TRACE_MAX)
        return ERR_TOOBIG;
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 256 : l->cap * 2;
        struct said *more = realloc(l->list, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        l->list = more;
        l->cap = cap;
    }
    l->list[l->n++] = s;
    return OK;
}

int said_cmp(const struct said *a, const struct said *b)
{
    int c = memcmp(a->session, b->session, sizeof a->session);
    return c != 0 ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

static int by_key(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    int c = said_cmp(x, y);
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

void trace_sort(struct trace *t)
{
    if (t->out.n > 0)
        qsort(t->out.list, t->out.n, sizeof *t->out.list, by_key);
    if (t->in.n > 0)
        qsort(t->in.list, t->in.n, sizeof *t->in.list, by_key);
}
