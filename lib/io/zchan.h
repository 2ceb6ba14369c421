/* zchan.h - one ZeroMQ socket over CURVE: a dealer that connects, or a router that binds. The only part that sees zmq.h.
 *
 * Everything runs on the caller's thread, inside zchan_wait and zchan_step, but for the library's own two threads. Who sent a
 * frame is told by the ZAP-assigned User-Id alone; a routing id is the peer's own claim and only tells where an answer goes.
 * Every limit and interval is a row of log-and-security.md 8.
 *
 * Frames are lost without a word when a connection breaks: what must arrive is kept by the caller and sent again. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

enum {
    ZCHAN_FRAME_MAX = 2 * 1024 * 1024 + 64 * 1024, /* bytes of one frame, both directions */
    ZCHAN_KEY = 32,                                /* bytes of an X25519 key, raw */
    ZCHAN_ID_MAX = 64,                             /* bytes of a peer's name */
    ZCHAN_ENDPOINT_MAX = 128,                      /* bytes of an endpoint */
    ZCHAN_ALLOW_MAX = 4096                         /* pairs of name and key */
};

struct zchan;

enum zchan_kind { ZCHAN_DEALER, ZCHAN_ROUTER };

/* What happened beside frames. `id` is a peer's name, or "" where it is not known. */
enum zchan_event {
    ZCHAN_LISTENING = 1, /* value: the port, in host order */
    ZCHAN_BIND_FAILED,   /* value: errno; tried again only after a revocation */
    ZCHAN_CONNECTED,     /* TCP stands; nothing may be sent yet */
    ZCHAN_UP,            /* the handshake is through; of a dealer: frames may go */
    ZCHAN_DOWN,          /* a connection has gone, with what was queued in it */
    ZCHAN_ADMITTED,      /* router: id's key was found on the list */
    ZCHAN_REFUSED,       /* a key was refused; value: the ZAP status */
    ZCHAN_BAD_HANDSHAKE, /* value: ZMQ_PROTOCOL_ERROR_*, from garbage or a wrong server key */
    ZCHAN_NO_HANDSHAKE,  /* cut off while shaking hands; value: errno */
    ZCHAN_ACCEPT_FAILED, /* value: errno, EMFILE first of all */
    ZCHAN_MULTIPART,     /* a message of more than one part was discarded */
    ZCHAN_OVERSIZE,      /* a frame over ZCHAN_FRAME_MAX, or empty, was discarded */
    ZCHAN_STRANGER,      /* a frame of a name not (or no longer) on the list was discarded */
    ZCHAN_ODD_ROUTE,     /* a frame from a peer that chose its routing id was discarded */
    ZCHAN_REBUILDING,    /* the socket is replaced; value: ms until then */
    ZCHAN_EVENTS
};

/* From within these only zchan_send and zchan_pause may be called. */
struct zchan_events {
    /* frame is borrowed until the return; id is "" and route 0 at a dealer. */
    void (*frame)(void *ctx, const char *id, uint32_t route, struct bytes frame);
    void (*event)(void *ctx, enum zchan_event what, const char *id, uint32_t value);
    /* Router: a key not on the list asked to come in; address is the peer's, as text. May be NULL. */
    void (*refused)(void *ctx, const char *address, const uint8_t key[ZCHAN_KEY]);
    void *ctx;
};

/* A name may stand with two keys while one replaces the other. */
struct zchan_allowed {
    char id[ZCHAN_ID_MAX + 1];
    uint8_t key[ZCHAN_KEY]; /* public */
};

/* Starts the library and its threads, and returns when they run: the caller may take rights away from them then. The router's
 * ZAP handler is bound. ERR_CONFLICT: libzmq is older than 4.3.4, or has no CURVE. */
enum err zchan_new(enum zchan_kind kind, const struct zchan_events *events, struct zchan **out);
void zchan_free(struct zchan *z); /* drops what is queued; accepts NULL */
DEFINE_AUTO(zchan)

/* The own secret key, before bind or connect. The library keeps a copy until zchan_close; the caller wipes its own. */
enum err zchan_key(struct zchan *z, const uint8_t secret[ZCHAN_KEY]);

/* Router: replaces the list; empty at first. Where a pair has gone from it, frames of that peer are discarded from now on, all
 * connections are dropped and the socket is bound again, with retries for up to 5 s: peers come back and say hello.
 * ERR_TOOBIG over ZCHAN_ALLOW_MAX, ERR_INVALID for a name that is not 1 to ZCHAN_ID_MAX visible ASCII characters, or for a
 * key that stands under two names. */
enum err zchan_allow(struct zchan *z, const struct zchan_allowed *list, size_t n);

/* "tcp://ADDRESS:PORT" with the address in digits ("[...]" for IPv6); "*" binds all, port 0 binds any. Names are not looked
 * up: that would read files. */
bool zchan_endpoint_ok(const char *endpoint);

/* Router, once, after zchan_key: sees an unknown key refused on a private endpoint first, else ERR_DENIED (let in) or
 * ERR_TIMEOUT (no answer in 5 s), and nothing is bound. ERR_CONFLICT without a key or when bound; ERR_IO with errno. */
enum err zchan_bind(struct zchan *z, const char *endpoint);
/* Dealer, after zchan_key; again: moves to another place. Reconnects by itself for ever, from 1 s up to 60 s apart, also
 * after a refusal. */
enum err zchan_connect(struct zchan *z, const char *endpoint, const uint8_t server_key[ZCHAN_KEY]);
/* Back to the state after zchan_new, without the key; the list stays. */
void zchan_close(struct zchan *z);

/* Hands one frame to the library; OK says no more than that. Router: `route` as it came with a frame. ERR_TOOBIG over
 * ZCHAN_FRAME_MAX or empty, ERR_CLOSED where nothing is bound or connected, ERR_NOTFOUND: no such route (any more),
 * ERR_AGAIN: not connected now, or 24 frames are queued already. */
enum err zchan_send(struct zchan *z, uint32_t route, struct bytes frame);

/* Frames are left in the library while paused; handshakes and events go on. */
void zchan_pause(struct zchan *z, bool paused);

enum { ZCHAN_READ = 1, ZCHAN_WRITE = 2 };
/* Waits until zchan_step has something to do, or `fd` is ready as wanted (a hang-up sets both), or timeout_ms (-1: for ever)
 * is over. ERR_IO with errno. */
enum err zchan_wait(struct zchan *z, int fd, unsigned want, int timeout_ms, unsigned *ready);
/* Answers handshakes, reports events, hands over at most 8 frames. */
enum err zchan_step(struct zchan *z);
