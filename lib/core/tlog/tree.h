/* tree.h - the RFC 6962 Merkle tree over SHA-256, appended leaf by leaf in O(log n) memory. Knows no entries and no files. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

#define TREE_SIZE_MAX ((uint64_t)INT64_MAX)

/* SHA-256(0x00 || entry), SHA-256(0x01 || left || right), SHA-256(""). */
struct hash tree_leaf_hash(struct bytes entry);
struct hash tree_node_hash(struct hash left, struct hash right);
struct hash tree_empty_root(void);

/* The roots of the perfect subtrees that a tree of `size` leaves is made of: peak[l] holds 2^l leaves and counts only where
 * bit l of size is set. */
struct tree {
    uint64_t size;
    struct hash peak[64];
};

void tree_init(struct tree *t);
/* The caller keeps size below TREE_SIZE_MAX. */
void tree_append(struct tree *t, struct hash leaf);
struct hash tree_root(const struct tree *t);

/* Gives the root of the perfect subtree of 2^level leaves that begins at leaf index * 2^level. */
typedef enum err tree_reader(unsigned level, uint64_t index, struct hash *out, void *ctx);
/* Builds the state of a tree of `size` leaves from its nodes; passes the reader's error on. */
enum err tree_load(uint64_t size, tree_reader *read, void *ctx, struct tree *out);
