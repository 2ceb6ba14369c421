/* receipts.h - the receipts that came in for what an exchange log sent (log-and-security.md 4): each must be of the very
 * message that stands in this log, and of a log of the peer that grew out of what it had shown before. */
#pragma once

#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"
#include "core/wire/body.h"
#include "core/wire/msgnote.h"
#include "findings.h"
#include "heads.h"
#include "trace.h"

enum { RECEIPTS_MAX = 65536 }; /* messages that are remembered: the newest of the session */

/* A message that went out. */
struct sent {
    uint64_t index, seq;
    struct hash note;  /* of the signed note's bytes */
    struct hash frame; /* and of its frame's */
    uint64_t frame_size;
    size_t row; /* in trace->out */
    bool data, receipted;
};

struct receipts {
    struct findings *found;
    struct findings held; /* what counts only where the log itself stands (5.1.5) */
    const struct vkey *peer_log;
    uint64_t pending_from; /* index from which a data message without a receipt is pending */
    struct heads heads;    /* of the peer's log */
    struct trace *trace;   /* told of what is receipted; NULL: not wanted */

    uint8_t session[MSGNOTE_SESSION];
    struct sent *sent; /* a ring: ascending seq of this session */
    size_t first, n, cap;
    bool blind;   /* an entry could not be read: what is not found is no fault */
    bool forgot;  /* the ring let go of a message that a receipt may still come for */
    bool limited; /* and that was said */

    struct hash
        opened; /* of the checkpoint note that was verified last: receipts come in runs with the same */
    struct checkpoint checkpoint;
};

void receipts_init(struct receipts *r, struct findings *f, const struct vkey *peer_log);
void receipts_fini(struct receipts *r);

/* A checkpoint of the peer that is stored under peer/, its signature verified. */
void receipts_stored(struct receipts *r, const struct checkpoint *c);
/* A new session: nothing of the old one can be receipted any more. */
void receipts_session(struct receipts *r, const uint8_t session[MSGNOTE_SESSION]);
/* A chained message went out; `data` where it wants a receipt. Its row in the trace, if there is one, is the last. */
void receipts_sent(struct receipts *r, const struct entry *e, uint64_t seq, bool data);
/* A message came in at `index` with this body. */
void receipts_body(struct receipts *r, uint64_t index, const struct body *b);
/* An entry could not be read. */
void receipts_gap(struct receipts *r);
/* All is read. What is held against the log or its peer counts only where the log stands. */
void receipts_end(struct receipts *r, bool stands);
