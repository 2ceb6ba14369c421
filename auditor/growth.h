/* growth.h - the checkpoints of a log that the other side holds, against the log itself: it must have grown out of each. */
#pragma once

#include "onelog.h"

/* The oldest checkpoint that the log did not grow out of. */
struct fork {
    bool found;
    struct head head; /* as the other side holds it */
    struct hash is;   /* the log's own root at that size */
};

/* Both logs stand. TRUNCATED and FORK become findings of `log`. */
void growth_check(const struct onelog *holder, struct onelog *log, struct fork *out);
/* Appends the signed note of a checkpoint that `holder` has: from peer/, or out of the message that brought it. */
enum err growth_note(const struct onelog *holder, const char *peer, struct head head,
                     struct buf *out);
