/* proof.h - RFC 6962 inclusion and consistency proofs: made from stored nodes, verified from nothing but their bytes. */
#pragma once

#include "core/tlog/tree.h"

enum { PROOF_MAX = 64 }; /* no proof of a tree below 2^63 leaves is longer */

struct proof {
    size_t n; /* at most PROOF_MAX */
    struct hash h[PROOF_MAX];
};

/* Leaf upward. ERR_INVALID unless index < size <= TREE_SIZE_MAX; else the reader's error. */
enum err proof_inclusion(uint64_t index, uint64_t size, tree_reader *read, void *ctx,
                         struct proof *out);
/* ERR_INVALID unless 0 < from <= to <= TREE_SIZE_MAX. Empty where from == to. */
enum err proof_consistency(uint64_t from, uint64_t to, tree_reader *read, void *ctx,
                           struct proof *out);

bool proof_includes(const struct proof *p, uint64_t index, uint64_t size, struct hash leaf,
                    struct hash root);
/* False for from == 0: nothing is proved about the empty tree (that case belongs to who compares checkpoints). */
bool proof_consistent(const struct proof *p, uint64_t from, struct hash from_root, uint64_t to,
                      struct hash to_root);
