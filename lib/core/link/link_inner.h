/* link_inner.h - the inside of a link, shared by its parts: link.c (life, acts, time), link_say.c (what goes out), link_take.c
 * (what comes in), link_hello.c, link_items.c (receipts, cosignatures, the peer's checkpoints), link_load.c. */
#pragma once

#include "core/link/link.h"
#include "core/wire/msgnote.h"

enum {
    OUT_RING = 256, /* messages of ours that can be sent again or receipted */
    IN_RING =
        64, /* messages of the peer that are told from their repetitions, and owed a receipt */
    GREETINGS_MAX = 4, /* hellos of a node on one connection */
    LINK_NOTE_MAX = 4096,
};

/* One chained message, by its place in the log. */
struct said {
    uint64_t index;
    struct hash text; /* SHA-256 of its note text */
    bool data;        /* neither hello nor control */
    bool good;        /* of the peer's: its body can be acted on */
};

/* All that a commit makes true and a failed one takes back. */
struct marks {
    bool has_session;
    uint8_t session[BODY_SESSION];
    uint64_t out_next, in_next;
    struct hash out_prev, in_prev;
    uint64_t in_seen; /* what the peer's newest message said it had seen: it never goes back */
    uint64_t
        acked; /* ours with a lower seq stand in the peer's log: that, or what its hello said */
    uint64_t receipted; /* ours with a lower seq have their receipt */
    uint64_t owed;      /* the peer's with a lower seq have theirs */
    uint64_t told;      /* size of our checkpoint that the peer saw last; 0 = none */
    uint64_t seen_told; /* in_next as our last message said it */
    bool cosig_wanted;  /* the peer's newest checkpoint has no cosignature of ours */
};

struct link {
    struct link_config config;
    struct link_log log;
    enum link_state state;
    enum link_fault fault;
    struct marks now, durable;
    struct said out[OUT_RING], in[IN_RING]; /* by seq modulo their size */

    /* Acts, as cursors: what lies below the durable numbers may be done. */
    uint64_t sent;    /* next message of ours to send on this connection */
    uint64_t applied; /* next message of the peer to act on */
    struct wait {
        bool queued, durable;
        struct link_act act;
    } hello, end; /* our hello that is to be sent; the end of the connection */

    /* This connection. */
    unsigned greetings;
    uint64_t hello_size; /* of the checkpoint in our last hello */
    uint64_t peer_stored;
    uint64_t progress_ms; /* when the peer last confirmed something */
    bool may_sign;

    /* Acknowledging. */
    bool ack_wanted;
    uint64_t ack_ms; /* when it is due */
    bool settling;
    uint64_t
        settle_size; /* of our checkpoint whose cosignature a settlement waits for; 0 = not yet shown */
    uint64_t
        cosigned; /* size of our largest checkpoint that the peer has cosigned, as far as it was seen */

    bool cosig_now;    /* a hello on a link that is up asks for one: the other side settles */
    uint64_t cosig_ms; /* when the last cosignature was sent; 0 = never */

    struct buf evidence_first, evidence_second;
};

/* A frame taken apart; all borrowed from it or from an arena. */
struct incoming {
    struct bytes frame, note_bytes, text, body;
    struct msgnote note;
};

static inline const struct said *out_at(const struct link *l, uint64_t seq)
{
    return &l->out[seq % OUT_RING];
}
static inline struct said *in_at(struct link *l, uint64_t seq)
{
    return &l->in[seq % IN_RING];
}
static inline bool out_held(const struct link *l, uint64_t seq)
{
    return seq < l->now.out_next && l->now.out_next - seq <= OUT_RING;
}
static inline bool in_held(const struct link *l, uint64_t seq)
{
    return seq < l->now.in_next && l->now.in_next - seq <= IN_RING;
}

/* The connection ends with the commit; what was sent on it is sent again on the next. */
void drop(struct link *l, uint64_t index, enum link_fault fault);
/* The same, and the frame is logged as `rej`. */
enum err reject(struct link *l, struct bytes frame, uint64_t now_ms, enum link_fault fault);
void stop(struct link *l, enum link_fault fault);
/* Keeps copies; what does not fit is left out. */
void keep_evidence(struct link *l, struct bytes first, struct bytes second);

/* Appends a message: payload NULL is a control message. Receipts and cosignatures that are due ride on it. */
enum err say(struct link *l, const struct body *payload, uint64_t now_ms);
/* Appends our hello, whose consistency proof begins at `from` (0 = none). */
enum err say_hello(struct link *l, uint64_t from, uint64_t now_ms, const uint8_t *nonce);

/* The frame, its note, the signature, the addresses, the body's hash. */
enum link_fault incoming_open(const struct link *l, struct bytes frame, struct arena *a,
                              struct incoming *out);
enum err take_hello(struct link *l, const struct incoming *in, struct arena *a, uint64_t now_ms,
                    const uint8_t *nonce);

/* What rides on our next message; strings live in the arena. */
enum err items_gather(struct link *l, uint64_t now_ms, struct arena *a, struct body *b);
/* A hello of ours shows a checkpoint of this size. */
void settle_shown(struct link *l, uint64_t size);
/* In a settlement, once: our newest checkpoint in a hello, when it covers all that was said. */
enum err settle_hello(struct link *l, uint64_t now_ms, const uint8_t *nonce);
/* Receipts to give of which a signed checkpoint exists already. */
bool items_ready(struct link *l);
enum err items_take(struct link *l, const struct body *b, uint64_t now_ms);
bool cosig_due(const struct link *l, uint64_t now_ms);

enum checkpoint_word { CHECKPOINT_TAKEN, CHECKPOINT_UNPROVED, CHECKPOINT_LIES };
/* Judges a checkpoint of the peer against what we hold, and keeps it where it is newer. On CHECKPOINT_LIES *fault says how,
 * and the evidence is kept; LINK_FINE there: it is not the peer's at all. */
enum err checkpoint_take(struct link *l, struct bytes note, uint64_t from,
                         const struct proof *consistency, bool newest_only,
                         enum checkpoint_word *word, enum link_fault *fault);
/* The peer's newest checkpoint that we hold; size 0 where there is none. */
enum err peer_stored(struct link *l, struct checkpoint *out, struct buf *note);
