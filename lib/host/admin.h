/* admin.h - the socket by which commands reach a running daemon: run/admin.sock, for the same user and root (SO_PEERCRED).
 *
 * Messages: u32 big-endian length, then that many bytes, at most ADMIN_MAX; a message may carry descriptors with its first
 * byte. Both sides speak; what the bytes mean is the caller's. Bound and connected through /proc/self/fd, because sun_path
 * holds 107 bytes only. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "io/loop.h"

struct admin;
struct admin_peer;

enum { ADMIN_MAX = 1024 * 1024, ADMIN_FDS = 4 };

struct admin_events {
    /* A whole message. Descriptors not set to -1 by the callee are closed afterwards. */
    void (*message)(void *ctx, struct admin_peer *p, struct bytes payload, int fds[ADMIN_FDS],
                    size_t n);
    /* The other side has gone, or spoke out of turn: forget p. */
    void (*closed)(void *ctx, struct admin_peer *p);
    void *ctx;
};

/* Listens in the folder `run`; an old socket there is replaced, the state's lock says that no other daemon lives. */
enum err admin_new(struct loop *l, int run, const struct admin_events *events, struct admin **out);
void admin_free(struct admin *a); /* closes all peers without `closed`; accepts NULL */
DEFINE_AUTO(admin)

/* A number that is never used again: keep it across turns, then look the peer up. */
uint64_t admin_peer_id(const struct admin_peer *p);
struct admin_peer *admin_find(struct admin *a, uint64_t id); /* NULL: gone */
/* Queued and sent as the other side reads. ERR_TOOBIG: the message, or more than 64 MiB unread; the peer is then closed. */
enum err admin_send(struct admin_peer *p, struct bytes payload);
/* Bytes queued and not yet taken: a producer waits while this is large. */
size_t admin_backlog(const struct admin_peer *p);
/* After what is queued has been sent. */
void admin_finish(struct admin_peer *p);

/* --- the command's side, blocking --- */
/* ERR_NOTFOUND: nobody listens. */
enum err admin_connect(int run, int *out_fd);
enum err admin_say(int fd, struct bytes payload, const int *fds, size_t n);
/* One message appended to *out (cleared first). ERR_CLOSED at the end. */
enum err admin_hear(int fd, struct buf *out);
