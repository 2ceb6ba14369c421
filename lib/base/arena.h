/* arena.h - one bound and one release for all that a hostile message makes us allocate.
 *
 *   CLEANUP(arena_fini) struct arena a; arena_init(&a, MSG_MAX);
 */
#pragma once

#include "bytes.h"
#include "cleanup.h"

struct arena_block;

struct arena {
    struct arena_block *last;
    size_t used;  /* bytes handed out, with alignment */
    size_t limit; /* used never exceeds it */
    bool refused; /* an allocation was refused: budget or memory */
};

void arena_init(struct arena *a, size_t limit);
void arena_fini(struct arena *a);
/* Aligned for any type, zeroed, valid until arena_fini; NULL where refused. */
void *arena_alloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s);
