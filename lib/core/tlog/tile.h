/* tile.h - where the nodes and entries of a log lie (C2SP tlog-tiles v0.1.0): 256 hashes a tile, partial ones at the right
 * edge. Arithmetic and names only. */
#pragma once

#include "core/tlog/tree.h"

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 256,
    TILE_LEVELS = 8,       /* 8 * 8 bits hold any size */
    TILE_ENTRIES = 255,    /* as `level`: the bundle of entries beside level 0 */
    TILE_PATH = 64,        /* bytes of the longest name, with its NUL */
    TILE_BYTES = 256 * 32, /* of a full tile */
};

struct tile {
    unsigned level; /* 0..7, or TILE_ENTRIES */
    uint64_t n;
    unsigned width; /* 1..256; below 256 it is a partial */
};

/* "tile/<L>/<N>[.p/<W>]" or "tile/entries/<N>[.p/<W>]". Returns out. */
const char *tile_path(struct tile t, char out[TILE_PATH]);
/* Takes exactly what tile_path makes. */
enum err tile_path_parse(struct bytes path, struct tile *out);

/* In a tree of `size` leaves: full tiles of the level, and the width of the partial after them (0 = none). */
uint64_t tile_full(unsigned level, uint64_t size);
unsigned tile_partial(unsigned level, uint64_t size);
/* The tile numbered n as a tree of `size` leaves has it; false where it has none. */
bool tile_at(unsigned level, uint64_t n, uint64_t size, struct tile *out);

/* Root of the perfect subtree over `count` (a power of two <= 256) hashes of 32 bytes each. */
struct hash tile_fold(const uint8_t *hashes, unsigned count);

/* Where the node (level, index) of a tree of `size` leaves lies: `count` hashes of tile *t from `slot` on, to be folded.
 * False where the tree does not hold the node. */
bool tile_of_node(unsigned level, uint64_t index, uint64_t size, struct tile *t, unsigned *slot,
                  unsigned *count);
