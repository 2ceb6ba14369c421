/* tree.c - RFC 6962 section 2.1 hashing, incrementally. */
#include "core/tlog/tree.h"

#include "base/sha256.h"

struct hash tree_leaf_hash(struct bytes entry)
{
    static const uint8_t tag = 0;
    struct sha256 h;
    sha256_init(&h);
    sha256_put(&h, bytes_of(&tag, 1));
    sha256_put(&h, entry);
    return sha256_end(&h);
}

struct hash tree_node_hash(struct hash left, struct hash right)
{
    uint8_t all[65];
    all[0] = 1;
    memcpy(all + 1, left.b, sizeof left.b);
    memcpy(all + 33, right.b, sizeof right.b);
    return sha256_of(bytes_of(all, sizeof all));
}

struct hash tree_empty_root(void)
{
    return sha256_of(bytes_of(NULL, 0));
}

void tree_init(struct tree *t)
{
    memset(t, 0, sizeof *t);
}

void tree_append(struct tree *t, struct hash leaf)
{
    unsigned level = 0;
    for (uint64_t s = t->size; (s & 1) != 0; s >>= 1)
        leaf = tree_node_hash(t->peak[level++], leaf);
    t->peak[level] = leaf;
    t->size++;
}

struct hash tree_root(const struct tree *t)
{
    struct hash root = tree_empty_root();
    bool any = false;
    for (unsigned level = 0; level < 64; level++) {
        if ((t->size >> level & 1) == 0)
            continue;
        root = any ? tree_node_hash(t->peak[level], root) : t->peak[level];
        any = true;
    }
    return root;
}

enum err tree_load(uint64_t size, tree_reader *read, void *ctx, struct tree *out)
{
    struct tree t;
    tree_init(&t);
    if (size > TREE_SIZE_MAX)
        return ERR_INVALID;
    for (unsigned level = 0; level < 63; level++) {
        if ((size >> level & 1) == 0)
            continue;
        /* The subtrees stand from the left in falling size, so all larger ones come before this. */
        uint64_t index = (size >> level) - 1;
        enum err e = read(level, index, &t.peak[level], ctx);
        if (e)
            return e;
    }
    t.size = size;
    *out = t;
    return OK;
}
