/* layout.h - names that should not be there: extra tiles, odd names, frames that no leaf names (5.1.3, 5.1.4, 5.1.12). */
#pragma once

#include "logdir.h"

enum { FRAMESET_MAX = 4 * 1024 * 1024 };

/* The frames that leaves name, by the first eight bytes of their hashes; beyond FRAMESET_MAX none is judged unnamed. */
struct frameset {
    uint64_t *list;
    size_t n, cap;
    bool full;
};
void frameset_fini(struct frameset *s);
enum err frameset_add(struct frameset *s, struct hash h);

void layout_check_tiles(const struct logdir *l, uint64_t size);
void layout_check_frames(const struct logdir *l, struct frameset *s);
