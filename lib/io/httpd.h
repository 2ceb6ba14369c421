/* httpd.h - HTTP/1.1 on one listening socket inside the process's loop (libmicrohttpd, external epoll). Knows no route.
 *
 * A request reaches the handler once its body is whole. The handler answers with one httpd_reply*, or calls httpd_hold and
 * answers later from the same thread: a held connection costs nothing and blocks nobody.
 *
 * Refused here, before any handler: a Transfer-Encoding, more than one Content-Length or Host, a body over its limit (413),
 * more than the connection or header limits. (log-and-security.md 11) */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/err.h"
#include "io/loop.h"

struct httpd;
struct httpd_request; /* lives until its answer is sent; then `ended` is called */

typedef void httpd_handler(void *ctx, struct httpd_request *r);
/* Most bytes of body for this method and path. */
typedef size_t httpd_limit(void *ctx, const char *method, const char *path);
/* The answer was sent or the client has gone: forget r. Called for every request that reached the handler. */
typedef void httpd_ended(void *ctx, struct httpd_request *r);
/* Headers that every answer carries, also those made in here. */
struct httpd_header {
    const char *name;
    const char *value;
};

struct httpd_config {
    int listen_fd; /* taken: closed by httpd_free */
    httpd_handler *handler;
    httpd_limit *limit;
    httpd_ended *ended; /* may be NULL */
    void *ctx;
    const struct httpd_header *always; /* ends with a NULL name; static */
    unsigned connections;              /* most at a time */
    unsigned idle_s;                   /* a silent connection is closed */
};

/* Binds and listens: "HOST:PORT" (loopback addresses only) or "unix:PATH". Port 0 takes a free one. *out_port is 0 for a unix
 * socket. ERR_CONFLICT: taken. ERR_INVALID: no such form, or not loopback. */
enum err httpd_listen(const char *where, int *out_fd, unsigned *out_port, struct diag *d);

enum err httpd_new(struct loop *l, const struct httpd_config *c, struct httpd **out);
void httpd_free(struct httpd *h); /* held requests are ended; accepts NULL */
DEFINE_AUTO(httpd)

/* All borrowed, valid until the answer. */
const char *httpd_method(const struct httpd_request *r);
const char *httpd_path(const struct httpd_request *r);
const char *httpd_header_in(const struct httpd_request *r, const char *name); /* NULL: absent */
const char *httpd_query(const struct httpd_request *r,
                        const char *name); /* decoded; NULL: absent */
const char *httpd_cookie(const struct httpd_request *r, const char *name);
struct bytes httpd_body(const struct httpd_request *r);
/* The peer's address, "127.0.0.1" or "unix". Borrowed. */
const char *httpd_peer(const struct httpd_request *r);
/* Where the handler keeps what belongs to this request; freed with `release` (may be NULL) when it ends. */
void httpd_keep(struct httpd_request *r, void *data, void (*release)(void *));
void *httpd_kept(const struct httpd_request *r);

/* A header of the answer to come; copied. */
void httpd_header_out(struct httpd_request *r, const char *name, const char *value);
/* Copies the body. No memory: the connection is closed, which a client cannot take for an answer. */
void httpd_reply(struct httpd_request *r, unsigned status, const char *type, struct bytes body);
/* A body that lives as long as the program. */
void httpd_reply_static(struct httpd_request *r, unsigned status, const char *type,
                        struct bytes body);
/* A body of known size, read piece by piece: fills up to n bytes at `at`, returns how many, 0 on a failure (the connection is
 * then cut, so that a short body is never taken for a whole one). `end` releases ctx. */
typedef size_t httpd_reader(void *ctx, uint64_t at, uint8_t *out, size_t n);
void httpd_reply_reader(struct httpd_request *r, unsigned status, const char *type, uint64_t size,
                        httpd_reader *reader, void (*end)(void *), void *ctx);
/* Answer later. */
void httpd_hold(struct httpd_request *r);
