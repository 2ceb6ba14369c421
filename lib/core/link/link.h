/* link.h - the conversation between a node and the coordinator, seen from one side (log-and-security.md 2.3, 3, 4; drawn in
 * docs/PROTOCOL.md). A machine: it decides what is logged, sent, taken, refused; it opens nothing and waits for nothing.
 *
 * What was said stands in the log of this side, and only there: the machine reads it again at start (link_load) and keeps no
 * other memory. Each call may append to the log and queue acts. Acts come out of link_next only after link_committed, that is
 * when the log is on disk: so nothing is sent and nothing is applied that is not logged. After a failed commit
 * link_not_committed takes everything back, as the log does, and the connection is made anew.
 *
 *   frame from the peer -> link_take -> (log appended) -> sync -> link_committed -> link_next: apply, send, stop
 *   payload of ours     -> link_send -> (log appended) -> sync -> link_committed -> link_next: send
 *
 * Every data message waits for a receipt; eight may be on their way; after each new connection both sides say hello and the
 * missing ones are sent again, byte for byte, out of the log. */
#pragma once

#include "base/secret.h"
#include "core/identity/vkey.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"
#include "core/tlog/tree.h"
#include "core/wire/body.h"

enum {
    LINK_WINDOW = 8,       /* data messages beyond what the peer has acknowledged */
    LINK_ACK_FRAMES = 4,   /* messages after which an acknowledgement is due at once */
    LINK_ACK_MS = 200,     /* else after this time */
    LINK_COSIG_MS = 60000, /* between two cosignatures that are sent for their own sake */
    LINK_STALE_MS =
        30000,       /* without an answer to what is on its way: the connection is made anew */
    LINK_NONCE = 16, /* random bytes that a call may need; the core draws none */
};

enum link_side { LINK_NODE, LINK_COORDINATOR };

enum link_state {
    LINK_DOWN,     /* no connection */
    LINK_GREETING, /* hello said or awaited; nothing else flows */
    LINK_UP,
    LINK_STOPPED /* link_fault says why; only a person can go on from here */
};

/* Why a connection was dropped, or the conversation stopped. */
enum link_fault {
    LINK_FINE,
    /* Dropped: the frame is logged as `rej`. */
    LINK_BAD_FRAME,
    LINK_BAD_NOTE,
    LINK_BAD_SIGNATURE,
    LINK_BAD_ADDRESS,
    LINK_BAD_BODY, /* not the body that the note names */
    LINK_BAD_SESSION,
    LINK_BAD_SEQ,
    LINK_BAD_PREV,
    LINK_BAD_SEEN,
    LINK_BAD_HELLO,
    LINK_BAD_WINDOW,
    LINK_STALE,      /* no answer in time; nothing logged */
    LINK_NOT_LOGGED, /* our log could not be written: full disk */
    /* Stopped. */
    LINK_ROLLBACK,      /* the peer holds more of our messages than our log does */
    LINK_PEER_ROLLBACK, /* the peer has lost what it had acknowledged */
    LINK_EQUIVOCATION,  /* evidence: two notes, or two checkpoints of one size */
    LINK_FORK,          /* evidence: its log did not grow out of what it had shown */
    LINK_BAD_RECEIPT,   /* evidence: it signed for another message than ours */
};

/* The public keys of a side; log.name is its origin, msg.name is `<origin>/msg`. */
struct link_keys {
    struct vkey log, msg, witness;
};

struct link_config {
    enum link_side side; /* ours */
    struct link_keys own, peer;
    struct secret *msg_seed,
        *witness_seed; /* ours, 32 bytes each; borrowed as long as the link lives */
};

/* The log of this side, as the machine needs it. Indices count queued entries too. */
struct link_log {
    void *ctx;
    enum err (*append)(void *ctx, enum entry_kind kind, uint64_t now_ms, struct bytes frame,
                       struct bytes note, uint64_t *out_index);
    uint64_t (*size)(void *ctx); /* durable entries */
    /* Of a durable entry; borrowed until the next call. */
    enum err (*entry)(void *ctx, uint64_t index, struct bytes *text);
    enum err (*frame)(void *ctx, uint64_t index, struct bytes *frame);
    /* The newest signed checkpoint, kept as cp/<size> before it is given. */
    enum err (*checkpoint)(void *ctx, struct buf *note, struct checkpoint *out);
    tree_reader *node; /* nodes of the tree below the signed size */
    /* A kept checkpoint of our own, and a cosignature that is to be added to it. ERR_NOTFOUND. */
    enum err (*kept)(void *ctx, uint64_t size, struct buf *note);
    enum err (*cosigned)(void *ctx, uint64_t size, struct bytes line);
    /* Checkpoints of the peer that were verified. ERR_NOTFOUND where there is none, or none of that size. */
    enum err (*peer_newest)(void *ctx, struct checkpoint *out, struct buf *note);
    enum err (*peer_of_size)(void *ctx, uint64_t size, struct checkpoint *out, struct buf *note);
    enum err (*peer_keep)(void *ctx, const struct checkpoint *c, struct bytes note);
};

enum link_act_kind {
    LINK_SEND,  /* the frame of log entry `index` */
    LINK_APPLY, /* what log entry `index` says, as link_payload reads it */
    LINK_DROP,  /* close the connection, try again with a back-off */
    LINK_STOP   /* close it for good, raise the alarm */
};

struct link_act {
    enum link_act_kind kind;
    uint64_t index;
    enum link_fault fault;
};

/* Self-contained: who holds the peer's public keys can check it alone. */
struct link_evidence {
    struct bytes first, second; /* signed notes, or a note and a receipt */
};

struct link;

/* ERR_INVALID where keys and seeds do not belong together. */
enum err link_new(const struct link_config *config, const struct link_log *log, struct link **out);
void link_free(struct link *l);
DEFINE_AUTO(link)
/* Reads what was said from the end of the log: once, before anything else. */
enum err link_load(struct link *l);

/* The transport is connected. A node then says hello; the coordinator waits for one. */
enum err link_connected(struct link *l, uint64_t now_ms, const uint8_t nonce[2 * LINK_NONCE]);
void link_disconnected(struct link *l);
/* A frame of the peer. What is wrong with it is no error here but an act; errors are of the log or of memory: then the caller
 * gives the turn up with link_not_committed. */
enum err link_take(struct link *l, struct bytes frame, uint64_t now_ms,
                   const uint8_t nonce[LINK_NONCE]);

/* May link_send be called? Up, and room in the window. */
bool link_can_send(const struct link *l);
/* The number that the next message will bear: for the vault's outbox row, written before (log-and-security.md 3.10). */
uint64_t link_next_seq(const struct link *l);
/* Appends a data message; receipts and cosignatures that are due ride on it. ERR_AGAIN where !link_can_send, ERR_INVALID for a
 * body that breaks its bounds; after any other error the turn is given up, as with link_take. */
enum err link_send(struct link *l, const struct body *payload, uint64_t now_ms);
/* What is due by time: acknowledgements, cosignatures, a stale connection. */
enum err link_tick(struct link *l, uint64_t now_ms, const uint8_t nonce[LINK_NONCE]);
/* ms until link_tick has something to do; UINT64_MAX = nothing. */
uint64_t link_due_ms(const struct link *l, uint64_t now_ms);
/* A receipt is due for which a checkpoint has to be signed first: publish the log, then call link_tick. */
bool link_wants_checkpoint(const struct link *l, uint64_t now_ms);
/* So many receipts are owed that the peer may say no more until they come: the checkpoint is wanted at once. */
bool link_peer_waits(const struct link *l);
/* No checkpoint may be signed before the peer has confirmed that it knows nothing newer (3.9). */
bool link_may_sign(const struct link *l);
/* For an orderly stop or a settlement: acknowledgements are due now; when all receipts are there each side shows its newest
 * checkpoint in one more hello and gets it cosigned at once. The node says it; a coordinator that settles asks for it with a knock. */
void link_settle(struct link *l, bool on);
/* A coordinator that settles: knock, so that the node says hello. Asked again until it is false, but not in a hurry. */
bool link_wants_hello(struct link *l);
/* Every data message of ours has its receipt and the peer's have theirs, and the newest checkpoints are cosigned. */
bool link_settled(const struct link *l);

void link_committed(struct link *l);
void link_not_committed(struct link *l);
/* The next act that may be done; false where there is none. Call it until it is, after each commit. */
bool link_next(struct link *l, struct link_act *out);

/* The payload of a durable log entry, where it is a data message of the peer that can be acted on: so a daemon that restarts
 * reads again what it had not applied. ERR_NOTFOUND: there is nothing to act on. The arena is begun
 * here, ended by the caller, and holds the body. */
enum err link_payload(struct link *l, uint64_t index, struct arena *a, struct body *out);

enum link_state link_state(const struct link *l);
enum link_fault link_fault(const struct link *l); /* of the last drop or stop */
/* "bad-seq", "rollback"... Static. */
const char *link_fault_name(enum link_fault f);
/* After LINK_EQUIVOCATION, LINK_FORK, LINK_BAD_RECEIPT; borrowed as long as the link lives. */
struct link_evidence link_evidence(const struct link *l);
/* How many messages of ours the peer has acknowledged, and how many of its we have logged. */
uint64_t link_acknowledged(const struct link *l);
uint64_t link_received(const struct link *l);
