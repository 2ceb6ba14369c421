/* airpipe.h - the words spoken over the socketpair between a keeper and its airlock.
 *
 * A packet is u32 length (big-endian, of what follows the type), u8 type, then that many bytes; the list of types is closed. A
 * malformed packet, one over its limit, or one that only the other side may say ends the connection: both sides are ours, so
 * it means that one of them is no longer.
 *
 *   KEY      32 raw bytes                       the airlock's own secret key
 *   ALLOW    {u8 n, name, 32 key}*              replaces the list; both in the order given
 *   BIND     endpoint                           router
 *   CONNECT  32 server key, endpoint            dealer
 *   CLOSE    -                                  forgets the key, too
 *   OUT      u32 ticket, u8 n, name, frame      n = 0 at a dealer; answered by SENT or NOTSENT
 *   ROUTE    u32 route, u8 n, name              OUT to this name takes this route from now on; router
 *   KNOCK    u32 route                          send the one-byte knock there; router
 *   SENT     u32 ticket                         handed to ZeroMQ, no more than that
 *   NOTSENT  u32 ticket, u8 reason
 *   IN       u32 route, u8 n, name, frame       name as ZAP knows it; n = 0 and route 0 at a dealer
 *   PEER     u8 event, u32 value, u8 n, name    see enum zchan_event; READY first of all
 *   LOGLINE  text
 *
 * The codec is pure; the pipe below it never blocks. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "io/zchan.h"

enum airpipe_type {
    AIRPIPE_KEY = 1,
    AIRPIPE_ALLOW,
    AIRPIPE_BIND,
    AIRPIPE_CONNECT,
    AIRPIPE_CLOSE,
    AIRPIPE_OUT,
    AIRPIPE_ROUTE,
    AIRPIPE_KNOCK, /* the last that the keeper says */
    AIRPIPE_SENT,
    AIRPIPE_NOTSENT,
    AIRPIPE_IN,
    AIRPIPE_PEER,
    AIRPIPE_LOGLINE
};

enum airpipe_side { AIRPIPE_KEEPER, AIRPIPE_AIRLOCK };

enum airpipe_reason {                       /* why NOTSENT */
                      AIRPIPE_NO_ROUTE = 1, /* the name has none, or it is gone */
                      AIRPIPE_BUSY,         /* not connected now, or 8 frames wait already */
                      AIRPIPE_SHUT,         /* nothing is bound or connected */
                      AIRPIPE_FAULT,        /* the library refused */
                      AIRPIPE_REASONS
};

enum {
    AIRPIPE_HEAD = 5,
    AIRPIPE_PAYLOAD_MAX = ZCHAN_FRAME_MAX + 128, /* a whole frame and its address */
    AIRPIPE_LINE_MAX = 1000,                     /* bytes of a LOGLINE */
    AIRPIPE_OUT_MAX = 8,                         /* OUTs without an answer */
    AIRPIPE_READY = ZCHAN_EVENTS,                /* event of the PEER that follows the start */
    AIRPIPE_KEY_REFUSED, /* KEY, ALLOW, BIND or CONNECT failed; value: enum err */
    AIRPIPE_ALLOW_REFUSED,
    AIRPIPE_BIND_REFUSED, /* ERR_DENIED or ERR_TIMEOUT: unknown keys are not seen refused */
    AIRPIPE_CONNECT_REFUSED,
    AIRPIPE_EVENTS
};

/* One packet; which fields count is told by its type. All bytes are borrowed. */
struct airpipe_msg {
    enum airpipe_type type;
    uint32_t ticket;
    uint32_t route;
    uint32_t value;
    uint8_t event; /* PEER: below AIRPIPE_EVENTS */
    enum airpipe_reason reason;
    struct bytes key;   /* KEY, CONNECT */
    struct bytes name;  /* at most ZCHAN_ID_MAX visible ASCII characters */
    struct bytes text;  /* an endpoint (printable) or a line (any bytes) */
    struct bytes frame; /* 1 to ZCHAN_FRAME_MAX bytes */
    struct bytes list;  /* ALLOW: checked; read with airpipe_allow_next */
};

/* Appends a packet. ERR_INVALID where a field breaks its limit, ERR_NOMEM; then *out is as before. */
enum err airpipe_put(struct buf *out, const struct airpipe_msg *m);
/* Appends one entry to what becomes the list of an ALLOW. */
enum err airpipe_allow_put(struct buf *list, const char *name, const uint8_t key[ZCHAN_KEY]);
/* Takes the first entry off a checked list; false at its end. */
bool airpipe_allow_next(struct bytes *list, struct zchan_allowed *out);

/* The length of the payload, from a head that `from` sent. ERR_INVALID for an unknown type or one that is not its to say,
 * ERR_TOOBIG over the limit of the type. */
enum err airpipe_head(const uint8_t head[AIRPIPE_HEAD], enum airpipe_side from, size_t *out_n);
/* The packet behind a head that was found good; *out borrows from `payload`. ERR_INVALID. */
enum err airpipe_parse(uint8_t type, struct bytes payload, struct airpipe_msg *out);

/* --- the pipe --- */
struct airpipe {
    int fd; /* a stream socket, the caller's */
    enum airpipe_side self;
    struct buf in;
    struct buf out;
    size_t sent; /* bytes of out that have gone */
};

/* `out_max`: bytes that may wait for a slow other side. ERR_NOMEM. */
enum err airpipe_init(struct airpipe *p, int fd, enum airpipe_side self, size_t out_max);
void airpipe_fini(struct airpipe *p); /* wipes; accepts one of zeros */

/* The next whole packet, borrowed until the next call on p. ERR_AGAIN: not here yet; ERR_CLOSED: the other side has gone;
 * ERR_INVALID, ERR_TOOBIG: it is not to be trusted any more; ERR_NOMEM. */
enum err airpipe_read(struct airpipe *p, struct airpipe_msg *out);
/* Queues a packet and sends what goes at once. ERR_AGAIN: out_max would be passed, or (KEY, which is never queued) something
 * waits; ERR_CLOSED, ERR_INVALID, ERR_NOMEM. */
enum err airpipe_write(struct airpipe *p, const struct airpipe_msg *m);
/* Sends what goes. ERR_CLOSED. */
enum err airpipe_flush(struct airpipe *p);
/* Bytes that wait: ask for writability while there are any. */
size_t airpipe_backlog(const struct airpipe *p);
