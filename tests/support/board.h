/* board.h - rosters as the contract's own example has them, but under governors whose keys a test holds. */
#pragma once

#include "core/identity/document.h"
#include "core/identity/note.h"

enum { BOARD_GOVERNORS = 3 };

/* Around each case: reads the example. */
int board_begin(void **state), board_end(void **state);

void board_seed(unsigned i, uint8_t out[NOTE_SEED]);
struct vkey board_governor(unsigned i);
/* The example with these governors and another k, version and predecessor (NULL: the example's). The caller frees it. */
struct document *board_roster(int k, int version, const struct document *on);
/* The note with the signatures of the governors in `who`, a bit each. The caller ends *out. */
void board_sign(const struct document *doc, unsigned who, struct buf *out);
