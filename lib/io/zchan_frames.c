/* zchan_frames.c - frames in and out, and the waiting for both. */
#include "io/zchan_in.h"

#include "base/clock.h"

#include <errno.h>

enum {
    FRAMES_A_STEP = 8,
    ROUTE_BYTES = 5 /* a routing id that libzmq made: a zero byte and a running number */
};

static void say(const struct zchan *z, enum zchan_event what, const char *id)
{
    z->events.event(z->events.ctx, what, id, 0);
}

static void msg_end(zmq_msg_t *m)
{
    (void)zmq_msg_close(m);
}

static bool recv_part(void *socket, zmq_msg_t *m, enum err *e)
{
    if (zmq_msg_recv(m, socket, ZMQ_DONTWAIT) >= 0)
        return true;
    *e = errno == EAGAIN || errno == EINTR ? ERR_AGAIN : err_from_errno(errno);
    return false;
}

/* The rest of a message of too many parts. */
static enum err skip_parts(void *socket)
{
    enum err e = OK;
    bool more = true;
    while (more) {
        CLEANUP(msg_end) zmq_msg_t m;
        (void)zmq_msg_init(&m);
        if (!recv_part(socket, &m, &e))
            return e;
        more = zmq_msg_more(&m) != 0;
    }
    return OK;
}

/* Who sent it, as ZAP said at the handshake; NULL where that is nobody on the list now. */
static const char *sender(const struct zchan *z, zmq_msg_t *body)
{
    const char *id = zmq_msg_gets(body, "User-Id");
    return id != NULL && zchan_list_has(&z->allowed, id) ? id : NULL;
}

static void judge(struct zchan *z, const struct bytes *route, zmq_msg_t *body)
{
    struct bytes frame = bytes_of(zmq_msg_data(body), zmq_msg_size(body));
    const char *id = z->kind == ZCHAN_ROUTER ? sender(z, body) : "";
    if (id == NULL) {
        say(z, ZCHAN_STRANGER, "");
    } else if (frame.n == 0 || frame.n > ZCHAN_FRAME_MAX) {
        say(z, ZCHAN_OVERSIZE, id);
    } else if (z->kind == ZCHAN_DEALER) {
        z->events.frame(z->events.ctx, "", 0, frame);
    } else if (route->n != ROUTE_BYTES || route->p[0] != 0) {
        say(z, ZCHAN_ODD_ROUTE, id); /* none of ours sets one */
    } else {
        z->events.frame(z->events.ctx, id, get_be32(route->p + 1), frame);
    }
}

static enum err one_frame(struct zchan *z)
{
    CLEANUP(msg_end) zmq_msg_t from;
    CLEANUP(msg_end) zmq_msg_t body;
    enum err e = OK;
    (void)zmq_msg_init(&from);
    (void)zmq_msg_init(&body);
    if (z->kind == ZCHAN_ROUTER && !recv_part(z->socket, &from, &e))
        return e;
    if (!recv_part(z->socket, &body, &e))
        return e;
    if (zmq_msg_more(&body)) {
        say(z, ZCHAN_MULTIPART, "");
        return skip_parts(z->socket);
    }
    struct bytes route = bytes_of(zmq_msg_data(&from), zmq_msg_size(&from));
    judge(z, &route, &body);
    return OK;
}

enum err zchan_frames_step(struct zchan *z)
{
    for (int i = 0; i < FRAMES_A_STEP && z->state == ZCHAN_OPEN && !z->paused; i++) {
        enum err e = one_frame(z);
        if (e)
            return e == ERR_AGAIN ? OK : e;
    }
    return OK;
}

static enum err send_error(void)
{
    if (errno == EAGAIN || errno == EINTR)
        return ERR_AGAIN;
    return errno == EHOSTUNREACH ? ERR_NOTFOUND : err_from_errno(errno);
}

/* Once more where it seems full: that room was made since, the library learns only when it is asked something. */
static int send_part(void *socket, struct bytes part, int flags)
{
    int ready = 0;
    size_t n = sizeof ready;
    int rc = zmq_send(socket, part.p, part.n, flags | ZMQ_DONTWAIT);
    if (rc >= 0 || errno != EAGAIN || zmq_getsockopt(socket, ZMQ_EVENTS, &ready, &n) != 0)
        return rc;
    return zmq_send(socket, part.p, part.n, flags | ZMQ_DONTWAIT);
}

enum err zchan_send(struct zchan *z, uint32_t route, struct bytes frame)
{
    if (frame.n == 0 || frame.n > ZCHAN_FRAME_MAX)
        return ERR_TOOBIG;
    if (z->state == ZCHAN_SHUT)
        return ERR_CLOSED;
    /* IMMEDIATE says the same, but only when the library's thread has come to it. */
    if (z->state != ZCHAN_OPEN || (z->kind == ZCHAN_DEALER && !z->up))
        return ERR_AGAIN;
    if (z->kind == ZCHAN_ROUTER) {
        uint8_t to[ROUTE_BYTES] = {0};
        put_be32(to + 1, route);
        if (send_part(z->socket, bytes_of(to, sizeof to), ZMQ_SNDMORE) < 0)
            return send_error();
    }
    return send_part(z->socket, frame, 0) < 0 ? send_error() : OK;
}

void zchan_pause(struct zchan *z, bool paused)
{
    z->paused = paused;
}

static long patience(const struct zchan *z, int timeout_ms)
{
    if (z->state != ZCHAN_REOPEN)
        return timeout_ms;
    uint64_t now = clock_mono_ms();
    long left = z->reopen_ms > now ? (long)(z->reopen_ms - now) : 0;
    return timeout_ms >= 0 && timeout_ms < left ? timeout_ms : left;
}

enum err zchan_wait(struct zchan *z, int fd, unsigned want, int timeout_ms, unsigned *ready)
{
    zmq_pollitem_t item[4] = {{.fd = fd,
                               .events = (short)((want & ZCHAN_READ ? ZMQ_POLLIN : 0) |
                                                 (want & ZCHAN_WRITE ? ZMQ_POLLOUT : 0))}};
    int n = 1;
    if (z->zap != NULL)
        item[n++] = (zmq_pollitem_t){.socket = z->zap, .events = ZMQ_POLLIN};
    if (z->monitor != NULL)
        item[n++] = (zmq_pollitem_t){.socket = z->monitor, .events = ZMQ_POLLIN};
    if (z->state == ZCHAN_OPEN && !z->paused)
        item[n++] = (zmq_pollitem_t){.socket = z->socket, .events = ZMQ_POLLIN};
    *ready = 0;
    if (zmq_poll(item, n, patience(z, timeout_ms)) < 0)
        return errno == EINTR ? OK : err_from_errno(errno);
    if (item[0].revents & (ZMQ_POLLIN | ZMQ_POLLERR))
        *ready |= ZCHAN_READ;
    if (item[0].revents & (ZMQ_POLLOUT | ZMQ_POLLERR))
        *ready |= ZCHAN_WRITE;
    return OK;
}
