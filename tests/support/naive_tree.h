/* naive_tree.h - RFC 6962's definitions as they stand there, recursive and slow: the oracle that the clever code is held against. */
#pragma once

#include "core/tlog/proof.h"

#include <sodium.h>

/* Own hashing, so that a slip in tree.c cannot hide behind itself. */
static inline struct hash naive_hash(uint8_t tag, const void *a, size_t na, const void *b,
                                     size_t nb)
{
    struct hash out;
    crypto_hash_sha256_state s;
    (void)crypto_hash_sha256_init(&s);
    (void)crypto_hash_sha256_update(&s, &tag, 1);
    (void)crypto_hash_sha256_update(&s, a, na);
    (void)crypto_hash_sha256_update(&s, b, nb);
    (void)crypto_hash_sha256_final(&s, out.b);
    return out;
}

static inline struct hash naive_leaf(uint64_t i)
{
    uint8_t be[8];
    put_be64(be, i);
    return naive_hash(0, be, sizeof be, "", 0);
}

static inline uint64_t naive_split(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static inline struct hash naive_root(const struct hash *d, uint64_t n)
{
    struct hash empty;
    if (n == 0) {
        (void)crypto_hash_sha256(empty.b, (const uint8_t *)"", 0);
        return empty;
    }
    if (n == 1)
        return d[0];
    uint64_t k = naive_split(n);
    struct hash left = naive_root(d, k);
    struct hash right = naive_root(d + k, n - k);
    return naive_hash(1, left.b, 32, right.b, 32);
}

static inline enum err naive_read(unsigned level, uint64_t index, struct hash *out, void *ctx)
{
    const struct hash *leaves = ctx;
    uint64_t n = (uint64_t)1 << level;
    *out = naive_root(leaves + index * n, n);
    return OK;
}

/* PATH(m, D[n]) of section 2.1.1. */
static inline void naive_path(uint64_t m, const struct hash *d, uint64_t n, struct proof *p)
{
    if (n <= 1)
        return;
    uint64_t k = naive_split(n);
    if (m < k) {
        naive_path(m, d, k, p);
        p->h[p->n++] = naive_root(d + k, n - k);
    } else {
        naive_path(m - k, d + k, n - k, p);
        p->h[p->n++] = naive_root(d, k);
    }
}

/* SUBPROOF(m, D[n], b) of section 2.1.2. */
static inline void naive_subproof(uint64_t m, const struct hash *d, uint64_t n, bool b,
                                  struct proof *p)
{
    if (m == n) {
        if (!b)
            p->h[p->n++] = naive_root(d, n);
        return;
    }
    uint64_t k = naive_split(n);
    if (m <= k) {
        naive_subproof(m, d, k, b, p);
        p->h[p->n++] = naive_root(d + k, n - k);
    } else {
        naive_subproof(m - k, d + k, n - k, false, p);
        p->h[p->n++] = naive_root(d, k);
    }
}
