/* airlock.h - the keeper's side of cloister-airlock: starts it, speaks to it, ends it. A daemon has no other socket to the
 * outside.
 *
 * Order: airlock_spawn first of all, before the keyring is opened and before any thread; airlock_attach when the loop stands;
 * then airlock_key, airlock_allow (router), airlock_bind or airlock_connect.
 *
 * ERR_CLOSED from any call: the airlock has died; `died` has come or comes. ERR_AGAIN from any call but airlock_send: it reads
 * so slowly that 24 MiB wait for it. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/err.h"
#include "io/airpipe.h"
#include "io/loop.h"

#include <sys/types.h>

struct airlock;

enum airlock_mode { AIRLOCK_DEALER, AIRLOCK_ROUTER };

struct airlock_events {
    /* site as ZAP knows it ("" at a dealer), never as the peer says; frame is borrowed until the return. Unlogged: append it
     * before acting on it. */
    void (*frame)(void *ctx, const char *site, uint32_t route, struct bytes frame);
    /* The answer to airlock_send, once a ticket. OK: handed to ZeroMQ, no more than that. ERR_NOTFOUND: the site has no route,
     * or its connection is gone; ERR_AGAIN: not connected now, or 24 frames wait there; ERR_CLOSED: not bound, not connected,
     * or the airlock died; ERR_IO. */
    void (*answered)(void *ctx, uint32_t ticket, enum err e);
    /* enum zchan_event, or one from AIRPIPE_READY on; site is "" where unknown. */
    void (*peer)(void *ctx, const char *site, unsigned event, uint32_t value);
    /* A line for the log, made safe for it: of the airlock, or what it wrote to stderr. At most 20 at once and one a second. */
    void (*line)(void *ctx, const char *text);
    /* Last of all, once; status as of waitpid. Everything but airlock_free is useless from now on. */
    void (*died)(void *ctx, int status);
    void *ctx;
};

/* Where cloister-airlock is: beside the running program, in the build folder, or in the libexec folder compiled in; the
 * environment has no say. ERR_NOTFOUND. */
enum err airlock_program(char *out, size_t size, struct diag *d);

/* Starts `program` (NULL: airlock_program finds it) with a clean environment. ERR_NOTFOUND, ERR_DENIED, ERR_IO, ERR_NOMEM,
 * each with words in d. */
enum err airlock_spawn(const char *program, enum airlock_mode mode, struct airlock **out,
                       struct diag *d);
/* Closes the pipe, waits up to 2 s for the end, then kills. Not from within its own callbacks. Accepts NULL. */
void airlock_free(struct airlock *a);
DEFINE_AUTO(airlock)

/* Once. The events are copied. */
enum err airlock_attach(struct airlock *a, struct loop *l, const struct airlock_events *events);
pid_t airlock_pid(const struct airlock *a); /* 0: it has died */

/* The secret goes straight into the socket; the caller wipes its own. A failure is told by `peer` (AIRPIPE_*_REFUSED). */
enum err airlock_key(struct airlock *a, const uint8_t secret[ZCHAN_KEY]);
/* Replaces the list; a pair gone from it loses its connection at once (and so does everybody, for a moment). ERR_TOOBIG over
 * ZCHAN_ALLOW_MAX, ERR_INVALID for a bad name. */
enum err airlock_allow(struct airlock *a, const struct zchan_allowed *sites, size_t n);
/* Endpoints with the address in digits, see zchan_endpoint_ok; `peer` says ZCHAN_LISTENING with the port, or why not. */
enum err airlock_bind(struct airlock *a, const char *endpoint);
enum err airlock_connect(struct airlock *a, const char *endpoint,
                         const uint8_t server_key[ZCHAN_KEY]);
/* Drops the socket and the key with it. */
enum err airlock_close(struct airlock *a);

/* Hands a frame over that is in the log already; site "" at a dealer. ERR_AGAIN: AIRPIPE_OUT_MAX are unanswered; ERR_INVALID:
 * empty, over ZCHAN_FRAME_MAX, or a bad name. */
enum err airlock_send(struct airlock *a, const char *site, struct bytes frame,
                      uint32_t *out_ticket);
/* Frames to this site take this route from now on. */
enum err airlock_route(struct airlock *a, const char *site, uint32_t route);
/* One constant byte: hello wanted. The only thing that leaves without being in the log. */
enum err airlock_knock(struct airlock *a, uint32_t route);
