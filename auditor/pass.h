/* pass.h - the one pass over a log's entries, in constant memory but for the marks and the set of frames. */
#pragma once

#include "core/tlog/checkpoint.h"
#include "core/tlog/tile.h"
#include "layout.h"
#include "marks.h"
#include "messages.h"

struct pass_level {
    unsigned n;
    uint8_t hash[TILE_BYTES];
};

struct pass {
    struct findings *found;
    struct logdir dir;
    struct checkpoint checkpoint;
    bool access; /* every entry is local */
    struct marks marks;
    struct frameset named;
    struct messages messages;
    bool have_quorum;
    uint64_t quorum_size;

    struct tree entries; /* over the leaves as the entries hash */
    struct tree slots;   /* over the leaves as level 0 holds them */
    struct pass_level level[TILE_LEVELS];
    uint64_t last_ms;
    bool stopped; /* a bundle could not be read: nothing after it was judged */
    struct buf bundle, tile, frame;
    int frames[256]; /* the folders below frame/, opened when first wanted; -1: not yet */
};

struct pass *pass_new(void); /* NULL: no memory */
void pass_free(struct pass *p);
DEFINE_AUTO(pass)
/* Reads all entries up to the checkpoint's size. Findings tell the rest. */
void pass_run(struct pass *p);
