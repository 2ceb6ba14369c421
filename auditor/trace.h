/* trace.h - what a log says was said: a row for each chained message, so that two logs can be held against each other. Made of
 * the notes inside the leaves, never of frames: one damaged frame is one fault, not a hidden message. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"
#include "core/wire/msgnote.h"

enum { TRACE_MAX = 1000 * 1000 }; /* messages of one direction */

struct said {
    uint8_t session[MSGNOTE_SESSION];
    uint64_t seq, seen;
    uint64_t index, time_ms; /* of its entry */
    struct hash text;        /* of the note's text, which its sender signed */
    struct hash rest;        /* of the whole note, the frame's hash and its size */
    bool valid;              /* signed by the key in force */
    bool data;               /* neither hello nor control */
    bool receipted;          /* out: its receiver's log has signed for it */
};

struct said_list {
    struct said *list;
    size_t n, cap;
};

/* Starts as {0}. */
struct trace {
    struct said_list out, in;
};

void trace_fini(struct trace *t);
/* ERR_TOOBIG above TRACE_MAX, ERR_NOMEM. */
enum err trace_add(struct said_list *l, struct said s);
/* From the order of the log into that of (session, seq), and within it of the log. */
void trace_sort(struct trace *t);
/* Order of (session, seq) alone. */
int said_cmp(const struct said *a, const struct said *b);
