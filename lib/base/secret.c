/* secret.c - guarded key material on sodium_malloc. */
#include "secret.h"

#include <assert.h>
#include <sodium.h>

struct secret {
    uint8_t *p;
    size_t n;
    unsigned borrows;
};

enum err secret_new(size_t n, struct secret **out)
{
    assert(n > 0 && n <= (size_t)1024 * 1024);
    AUTO(secret) s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    s->p = sodium_malloc(n);
    if (s->p == NULL)
        return ERR_NOMEM;
    s->n = n;
    sodium_memzero(s->p, n);
    (void)sodium_mprotect_noaccess(s->p);
    *out = MOVE(s);
    return OK;
}

enum err secret_copy(struct bytes from, struct secret **out)
{
    AUTO(secret) s = NULL;
    enum err e = secret_new(from.n, &s);
    if (e)
        return e;
    memcpy(secret_borrow(s), from.p, from.n);
    secret_give_back(s);
    *out = MOVE(s);
    return OK;
}

void secret_free(struct secret *s)
{
    if (s == NULL)
        return;
    sodium_free(s->p);
    free(s);
}

size_t secret_size(const struct secret *s)
{
    return s->n;
}

uint8_t *secret_borrow(struct secret *s)
{
    if (s->borrows++ == 0)
        (void)sodium_mprotect_readwrite(s->p);
    return s->p;
}

void secret_give_back(struct secret *s)
{
    assert(s->borrows > 0);
    if (--s->borrows == 0)
        (void)sodium_mprotect_noaccess(s->p);
}

bool secret_eq(struct secret *a, struct secret *b)
{
    if (a->n != b->n)
        return false;
    bool same = sodium_memcmp(secret_borrow(a), secret_borrow(b), a->n) == 0;
    secret_give_back(a);
    secret_give_back(b);
    return same;
}
