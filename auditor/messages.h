/* messages.h - the chain of signed messages inside one exchange log: who, to whom, in which order (2.3, 5.1.6, 5.1.7). */
#pragma once

#include "core/tlog/entry.h"
#include "findings.h"
#include "keys.h"
#include "receipts.h"
#include "shown.h"
#include "trace.h"

enum { SESSIONS_MAX = 4096 };

struct direction {
    uint64_t next_seq; /* = chained messages of this session so far */
    struct hash prev;
    uint64_t seen; /* the last one said */
};

struct messages {
    struct findings *found;
    struct keys *keys;
    const char *origin; /* of this log */
    const char *peer;
    struct receipts receipts;
    struct shown *shown; /* where to note the documents that came in; NULL: nowhere */
    struct trace *trace; /* where to note what was said; NULL: nowhere */
    bool any;            /* a chained message was met */
    uint8_t session[MSGNOTE_SESSION];
    struct direction out, in;
    bool
        lost; /* an entry could not be read: the next message of each direction is taken as it is */
    bool lost_out, lost_in;
    bool before_local;                /* the entry before was `local` */
    uint8_t (*used)[MSGNOTE_SESSION]; /* sessions that ended */
    size_t n_used;
};

/* The peer's log key is borrowed, as all here. */
void messages_init(struct messages *m, struct findings *f, struct keys *k, const char *origin,
                   const struct vkey *peer);
void messages_fini(struct messages *m);
/* The next entry, in order. `frame` is its frame's bytes, NULL where that is missing or not the one named. */
void messages_entry(struct messages *m, const struct entry *e, const struct buf *frame);
/* An entry that could not be read stood here. */
void messages_gap(struct messages *m);
