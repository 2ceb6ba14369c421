/* linkdrv.h - one link in a daemon: core/link over an exchange log on files and an airlock. It keeps the order that the log
 * promises: on disk first, then sent, then applied (log-and-security.md 3).
 *
 * The daemon hands in what the airlock says, and calls linkdrv_turn once at the end of a loop's turn: that is the commit. */
#pragma once

#include "core/link/link.h"
#include "host/logstore.h"

struct linkdrv;

struct linkdrv_calls {
    /* Gives a frame to the airlock. ERR_AGAIN: it is asked again after linkdrv_room. */
    enum err (*send)(void *ctx, struct bytes frame);
    /* The conversation cannot go on on this connection; for good: only a person can help (see link_fault). */
    void (*close)(void *ctx, enum link_fault fault, bool for_good);
    /* Acts on a payload. {effect, index + 1 as the applied index} are durable when it returns OK; an error ends the turn,
     * and the same payload comes again at the next. */
    enum err (*apply)(void *ctx, uint64_t index, const struct body *b);
    void *ctx;
};

struct linkdrv_config {
    struct link_config link;
    uint64_t applied_index; /* log entries below it were applied */
    struct linkdrv_calls calls;
};

/* The log is borrowed, opened with logstore_open_unsigned. What it holds above applied_index is applied before this returns.
 * ERR_CORRUPT: it holds less than was applied, so it was set back; or it cannot be read. */
enum err linkdrv_new(struct logstore *log, const struct linkdrv_config *config,
                     struct linkdrv **out, struct diag *d);
void linkdrv_free(struct linkdrv *v);
DEFINE_AUTO(linkdrv)

void linkdrv_connected(struct linkdrv *v, uint64_t now_ms);
void linkdrv_disconnected(struct linkdrv *v);
void linkdrv_frame(struct linkdrv *v, struct bytes frame, uint64_t now_ms);
/* The airlock takes frames again. */
void linkdrv_room(struct linkdrv *v);

/* Up, and room in the window: linkdrv_send would take a payload. */
bool linkdrv_can_send(const struct linkdrv *v);
/* The number that the next payload will bear, for the outbox row that is written before it. */
uint64_t linkdrv_next_seq(const struct linkdrv *v);
enum err linkdrv_send(struct linkdrv *v, const struct body *payload, uint64_t now_ms);

/* A `local` entry in the same log: durable with this turn, and forgotten with it. The frame as event_frame_put makes it. */
void linkdrv_local(struct linkdrv *v, struct bytes frame, uint64_t now_ms);

/* Commits what came and what was said in this turn, then sends and applies. ERR_IO: the log is dead, the process has to end;
 * ERR_FULL: nothing of this turn happened, it goes on when there is room. */
enum err linkdrv_turn(struct linkdrv *v, uint64_t now_ms);
/* ms until linkdrv_turn has something to do by time; UINT64_MAX = nothing. */
uint64_t linkdrv_due_ms(const struct linkdrv *v, uint64_t now_ms);

/* For an orderly stop or a settled copy: receipts and cosignatures are due now. */
void linkdrv_settle(struct linkdrv *v, bool on);
/* The other side should be asked for a hello: a knock (coordinator). Not more than once a second. */
bool linkdrv_wants_hello(struct linkdrv *v, uint64_t now_ms);
bool linkdrv_settled(const struct linkdrv *v);
/* What the link holds against the other side, as a file that `cloister-audit evidence` reads: cloister-evidence/v1, the kind
 * (`messages` and `checkpoints` prove themselves; any other word is the fault's name), then each part behind its length. */
enum err linkdrv_evidence_put(const struct linkdrv *v, struct buf *out);
/* Writes that as a new file (0600) into the folder `dir`. */
enum err linkdrv_evidence_keep(const struct linkdrv *v, int dir, const char *name);
/* The newest checkpoint of the other side's log that was verified. False: none yet. */
bool linkdrv_peer_head(const struct linkdrv *v, struct checkpoint *out);
const struct link *linkdrv_link(const struct linkdrv *v);
