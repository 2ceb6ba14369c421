/* lookup.h - single entries, frames and nodes of a log, by their names, for who does not read it in order. Nothing is verified
 * here: what a name gives is the folder's word. */
#pragma once

#include "core/tlog/tree.h"
#include "logdir.h"

struct lookup {
    struct logdir dir;
    uint64_t size; /* of the log */
    struct buf bundle, tile, frame;
};

void lookup_init(struct lookup *l, struct logdir dir, uint64_t size);
void lookup_fini(struct lookup *l);
/* Text of the entry, borrowed until the next call. Faults are findings. */
enum err lookup_entry(struct lookup *l, uint64_t index, struct bytes *text);
/* The frame of that hash, borrowed until the next call; only where its bytes hash to it. */
enum err lookup_frame(struct lookup *l, struct hash h, struct bytes *frame);
/* tree_reader; ctx is the lookup. */
enum err lookup_node(unsigned level, uint64_t index, struct hash *out, void *ctx);
