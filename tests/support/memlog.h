/* memlog.h - a log in memory for tests of core/link: appends, commits, crashes and goes back in time as told. Its proofs come
 * from the naive definitions of naive_tree.h. */
#pragma once

#include "base/secret.h"
#include "core/link/link.h"

enum { MEMLOG_MAX = 1500, MEMLOG_CHECKPOINTS = 1500 };

struct memlog_entry {
    uint8_t *text, *frame;
    size_t text_n, frame_n;
    enum entry_kind kind;
};

struct memlog_checkpoint {
    struct checkpoint c;
    uint8_t *note;
    size_t note_n;
};

struct memlog {
    struct vkey key;
    struct secret *seed;
    struct memlog_entry e[MEMLOG_MAX];
    struct hash leaf[MEMLOG_MAX];
    uint64_t n, durable;
    struct memlog_checkpoint own[MEMLOG_CHECKPOINTS], peer[MEMLOG_CHECKPOINTS];
    size_t n_own, n_peer, cosigned;
    bool full; /* appends are refused with ERR_FULL */
};

/* A fresh log with a signed checkpoint of size 0. The seed stays the caller's. */
void memlog_init(struct memlog *m, const char *origin, struct secret *seed);
void memlog_fini(struct memlog *m);
struct link_log memlog_ops(struct memlog *m);
void memlog_commit(struct memlog *m);
void memlog_take_back(struct memlog *m); /* a failed commit, or a crash */
/* Signs a checkpoint of what is durable. */
void memlog_publish(struct memlog *m);
/* The log as it was when it held n entries; checkpoints above are forgotten. */
void memlog_go_back(struct memlog *m, uint64_t n);
struct bytes memlog_text(const struct memlog *m, uint64_t i);
