/* heads.h - the checkpoints of one log that somebody knows of: size and root, and where they were met. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

enum { HEADS_MAX = 1000 * 1000 };

struct head {
    uint64_t size;
    struct hash root;
    uint64_t at; /* the entry whose message carried it; UINT64_MAX: a file under peer/ */
    bool used;
};

/* Starts as {0}. One root a size: the first one met. */
struct heads {
    struct head *slot; /* open addressing, a power of two */
    size_t n, cap;
};

void heads_fini(struct heads *h);
/* The one of that size, or NULL; borrowed until the next heads_add. */
const struct head *heads_find(const struct heads *h, uint64_t size);
/* Keeps it where none of its size is known. ERR_TOOBIG above HEADS_MAX, ERR_NOMEM. */
enum err heads_add(struct heads *h, struct head head);
