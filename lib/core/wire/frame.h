/* frame.h - the one wire frame, `Frame{note, body}` (log-and-security.md 2.3): bytes <-> plain struct. What a log hashes and
 * shows is the received bytes, never a re-serialised copy. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum {
    FRAME_MAX = 2 * 1024 * 1024 + 64 * 1024,
    FRAME_BUDGET = 8 /* times its size, to decode it */
};

struct frame {
    struct bytes note;
    struct bytes body; /* empty is left out of the wire */
};

enum err frame_put(const struct frame *f, struct buf *out);
/* Canonical bytes only: no unknown field, nothing that packs differently. The parts live in the arena. ERR_TOOBIG over
 * FRAME_MAX, ERR_NOMEM over the arena's limit, ERR_INVALID. */
enum err frame_read(struct bytes in, struct arena *a, struct frame *out);
