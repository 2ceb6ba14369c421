/* compare.h - what two logs say was said, held against each other (log-and-security.md 4, 5 "Checks, cross"). */
#pragma once

#include "onelog.h"

/* Two signed notes that cannot both be honest: entries of one log or of both. */
struct two_notes {
    const struct onelog *log[2];
    uint64_t index[2];
};

struct compare {
    struct onelog *node, *coord; /* verified with `crossed`; findings go to them */
    uint64_t pending_before_ms;  /* what waits since then or later is not yet called pending */
    /* The first equivocation that was found; log[0] is NULL where there is none. */
    struct two_notes equivocation;
};

/* Sorts both traces. */
void compare_run(struct compare *c);
