/* zchan_monitor.c - the library's own events, the only place where refused and broken peers show.
 *
 * libzmq's thread writes them with a call that waits, holding a lock that closing the socket needs: a reader that is gone or
 * full while events still come stops the whole library for good (seen). So the reader has no limit, and goes last. */
#include "base/clock.h"
#include "io/zchan_in.h"

#include <errno.h>
#include <stdio.h>

enum { EVENTS_A_STEP = 4096, EVENT_BYTES = 6 /* u16 and u32, both in host order */ };

static const int wanted_events =
    ZMQ_EVENT_CONNECTED | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED |
    ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

static void *watch(struct zchan *z, void *socket, int events)
{
    char endpoint[64];
    /* A name used again might still belong to the socket before, which another thread is closing. */
    (void)snprintf(endpoint, sizeof endpoint, "inproc://monitor-%u", z->sockets++);
    if (zmq_socket_monitor(socket, endpoint, events) != 0)
        return NULL;
    const int no_limit = 0;
    void *m = zmq_socket(z->context, ZMQ_PAIR);
    if (m != NULL && zmq_setsockopt(m, ZMQ_RCVHWM, &no_limit, sizeof no_limit) == 0 &&
        zmq_connect(m, endpoint) == 0)
        return m;
    if (m != NULL)
        (void)zmq_close(m);
    return NULL;
}

void *zchan_monitor_of(struct zchan *z, void *socket)
{
    return watch(z, socket, wanted_events);
}

void zchan_close_watched(void *socket, void *monitor)
{
    if (socket != NULL) {
        (void)zmq_socket_monitor(socket, NULL, 0);
        (void)zmq_close(socket);
    }
    if (monitor != NULL)
        (void)zmq_close(monitor);
}

static void msg_end(zmq_msg_t *m)
{
    (void)zmq_msg_close(m);
}

enum err zchan_monitor_next(void *monitor, struct zchan_seen *out)
{
    CLEANUP(msg_end) zmq_msg_t what;
    CLEANUP(msg_end) zmq_msg_t where; /* our own endpoint: says nothing of the peer */
    struct zchan_seen seen = {0};
    uint16_t event = 0;
    (void)zmq_msg_init(&what);
    (void)zmq_msg_init(&where);
    if (zmq_msg_recv(&what, monitor, ZMQ_DONTWAIT) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return err_from_errno(errno);
        *out = seen;
        return OK;
    }
    if (zmq_msg_more(&what) && zmq_msg_recv(&where, monitor, 0) < 0)
        return err_from_errno(errno);
    if (zmq_msg_size(&what) != EVENT_BYTES)
        return ERR_INTERNAL;
    const uint8_t *p = zmq_msg_data(&what);
    memcpy(&event, p, sizeof event);
    memcpy(&seen.value, p + sizeof event, sizeof seen.value);
    seen.event = event;
    *out = seen;
    return OK;
}

/* ERR_TIMEOUT: none came. */
static enum err await_event(void *monitor, struct zchan_seen *out)
{
    zmq_pollitem_t item = {.socket = monitor, .events = ZMQ_POLLIN};
    int n = 0;
    do
        n = zmq_poll(&item, 1, ZCHAN_START_MS);
    while (n < 0 && errno == EINTR);
    return n > 0 ? zchan_monitor_next(monitor, out) : ERR_TIMEOUT;
}

/* Nobody listens there, which the library's I/O thread finds out; and its reaper ends the monitor of a closed socket. */
enum err zchan_await_threads(struct zchan *z)
{
    struct zchan_seen seen = {0};
    void *s = zmq_socket(z->context, ZMQ_DEALER);
    void *monitor = s == NULL ? NULL : watch(z, s, ZMQ_EVENT_ALL);
    enum err e = monitor == NULL || zmq_connect(s, "ipc://@cloister-nobody") != 0
                     ? err_from_errno(errno)
                     : await_event(monitor, &seen);
    if (s != NULL)
        (void)zmq_close(s);
    while (!e && seen.event != ZMQ_EVENT_MONITOR_STOPPED)
        e = await_event(monitor, &seen);
    if (monitor != NULL)
        (void)zmq_close(monitor);
    return e;
}

static void note(struct zchan *z, enum zchan_event what)
{
    if (z->kind == ZCHAN_ROUTER)
        return;
    if (what == ZCHAN_UP) {
        z->up = true;
        z->backoff_ms = ZCHAN_BACKOFF_FIRST_MS;
    } else if (what != ZCHAN_CONNECTED) {
        z->up = false;
        z->broken = true;
    }
}

/* Without descriptors libzmq tries again as fast as it can while somebody waits at the door: tens of thousands of these a second,
 * which told one by one would keep everybody behind them from being heard. */
static bool accept_failed_is_known(struct zchan *z)
{
    uint64_t now = clock_mono_ms();
    if (z->accept_failed_ms != 0 && now - z->accept_failed_ms < ZCHAN_ACCEPT_FAILED_MS)
        return true;
    z->accept_failed_ms = now;
    return false;
}

static void report(struct zchan *z, struct zchan_seen seen)
{
    enum zchan_event what = ZCHAN_EVENTS;
    uint32_t value = 0;
    switch (seen.event) {
    case ZMQ_EVENT_CONNECTED:
    case ZMQ_EVENT_ACCEPTED:
        what =
            ZCHAN_CONNECTED; /* the value is a descriptor, which another thread may have closed */
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        what = ZCHAN_UP;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        what = ZCHAN_DOWN;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        what = ZCHAN_REFUSED;
        value = seen.value;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        what = ZCHAN_BAD_HANDSHAKE;
        value = seen.value;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        what = ZCHAN_NO_HANDSHAKE;
        value = seen.value;
        break;
    case ZMQ_EVENT_ACCEPT_FAILED:
        if (accept_failed_is_known(z))
            return;
        what = ZCHAN_ACCEPT_FAILED;
        value = seen.value;
        break;
    default:
        return;
    }
    note(z, what);
    z->events.event(z->events.ctx, what, "", value);
}

enum err zchan_monitor_step(struct zchan *z)
{
    for (int i = 0; i < EVENTS_A_STEP && z->monitor != NULL; i++) {
        struct zchan_seen seen = {0};
        enum err e = zchan_monitor_next(z->monitor, &seen);
        if (e)
            return e;
        if (seen.event == 0)
            return OK;
        report(z, seen);
    }
    return OK;
}
