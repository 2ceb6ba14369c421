/* proof.c - RFC 6962 sections 2.1.1 and 2.1.2; verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2. */
#include "core/tlog/proof.h"

struct source {
    tree_reader *read;
    void *ctx;
};

/* Root of leaves [begin, end), where end - begin is any size and begin a multiple of a power of two not below it. */
static enum err range_root(struct source s, uint64_t begin, uint64_t end, struct hash *out)
{
    struct hash root = {{0}};
    bool any = false;
    uint64_t n = end - begin;
    for (unsigned level = 0; level < 63; level++) {
        if ((n >> level & 1) == 0)
            continue;
        struct hash peak;
        enum err e = s.read(level, (end >> level) - 1, &peak, s.ctx);
        if (e)
            return e;
        root = any ? tree_node_hash(peak, root) : peak;
        any = true;
        end -= (uint64_t)1 << level;
    }
    *out = root;
    return OK;
}

static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static enum err push(struct source s, uint64_t begin, uint64_t end, struct proof *p)
{
    if (p->n == PROOF_MAX)
        return ERR_INTERNAL;
    enum err e = range_root(s, begin, end, &p->h[p->n]);
    if (!e)
        p->n++;
    return e;
}

/* Both proofs are a walk from the root to a place; what lies beside the way is the proof, the deepest first. */
static void reverse(struct proof *p)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct hash h = p->h[i];
        p->h[i] = p->h[p->n - 1 - i];
        p->h[p->n - 1 - i] = h;
    }
}

enum err proof_inclusion(uint64_t index, uint64_t size, tree_reader *read, void *ctx,
                         struct proof *out)
{
    struct source s = {read, ctx};
    struct proof p = {.n = 0};
    uint64_t begin = 0;
    uint64_t end = size;
    if (index >= size || size > TREE_SIZE_MAX)
        return ERR_INVALID;
    while (end - begin > 1) {
        uint64_t middle = begin + split(end - begin);
        bool left = index < middle;
        enum err e = left ? push(s, middle, end, &p) : push(s, begin, middle, &p);
        if (e)
            return e;
        *(left ? &end : &begin) = middle;
    }
    reverse(&p);
    *out = p;
    return OK;
}

enum err proof_consistency(uint64_t from, uint64_t to, tree_reader *read, void *ctx,
                           struct proof *out)
{
    struct source s = {read, ctx};
    struct proof p = {.n = 0};
    uint64_t begin = 0;
    uint64_t end = to;
    if (from == 0 || from > to || to > TREE_SIZE_MAX)
        return ERR_INVALID;
    while (end != from) {
        uint64_t middle = begin + split(end - begin);
        bool left = from <= middle;
        enum err e = left ? push(s, middle, end, &p) : push(s, begin, middle, &p);
        if (e)
            return e;
        *(left ? &end : &begin) = middle;
    }
    /* The old tree's last part is known to who holds its root only where it is the whole of it. */
    if (begin != 0) {
        enum err e = push(s, begin, end, &p);
        if (e)
            return e;
    }
    reverse(&p);
    *out = p;
    return OK;
}

bool proof_includes(const struct proof *p, uint64_t index, uint64_t size, struct hash leaf,
                    struct hash root)
{
    if (index >= size || size > TREE_SIZE_MAX)
        return false;
    uint64_t at = index;
    uint64_t last = size - 1;
    struct hash h = leaf;
    for (size_t i = 0; i < p->n; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            h = tree_node_hash(p->h[i], h);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            h = tree_node_hash(h, p->h[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_eq(h, root);
}

/* The loop of RFC 9162 2.1.4.2 from its first hash on: both roots grow out of it. */
static bool grows(const struct proof *p, size_t next, struct hash first, uint64_t at, uint64_t last,
                  struct hash from_root, struct hash to_root)
{
    struct hash old = first;
    struct hash new = first;
    for (size_t i = next; i < p->n; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            old = tree_node_hash(p->h[i], old);
            new = tree_node_hash(p->h[i], new);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = tree_node_hash(new, p->h[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_eq(old, from_root) && hash_eq(new, to_root);
}

bool proof_consistent(const struct proof *p, uint64_t from, struct hash from_root, uint64_t to,
                      struct hash to_root)
{
    if (from == 0 || from > to || to > TREE_SIZE_MAX)
        return false;
    if (from == to)
        return p->n == 0 && hash_eq(from_root, to_root);
    if (p->n == 0)
        return false;
    uint64_t at = from - 1;
    uint64_t last = to - 1;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    bool power_of_two = (from & (from - 1)) == 0;
    return grows(p, power_of_two ? 0 : 1, power_of_two ? from_root : p->h[0], at, last, from_root,
                 to_root);
}
