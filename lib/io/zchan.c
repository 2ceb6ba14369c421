/* zchan.c - the socket: its settings, its life, frames in and out.
 *
 * A socket is never mended, it is replaced: after a refusal (libzmq then stops reconnecting for good) and after a revocation
 * (ZAP is asked at handshakes only, so every connection has to go; a new socket holds no frame of an old one). The secret
 * moves from the old to the new one through the library, so that no copy of it stays with us. */
#include "io/zchan_in.h"

#include "base/clock.h"
#include "base/rng.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

static bool library_fits(void)
{
    int major = 0;
    int minor = 0;
    int patch = 0;
    zmq_version(&major, &minor, &patch);
    /* Older ones can be stopped or overrun before anybody has logged in (CVE-2019-13132, CVE-2020-15166). */
    bool recent = major > 4 || (major == 4 && (minor > 3 || (minor == 3 && patch >= 4)));
    return recent && zmq_has("curve") == 1;
}

struct setting {
    int option;
    int value;
};

static bool set_all(void *socket, const struct setting *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (zmq_setsockopt(socket, s[i].option, &s[i].value, sizeof s[i].value) != 0)
            return false;
    }
    return true;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

void *zchan_socket(void *context, enum zchan_kind kind)
{
    static const struct setting both[] = {
        {ZMQ_HEARTBEAT_IVL, 15000},   {ZMQ_HEARTBEAT_TIMEOUT, 45000}, {ZMQ_HEARTBEAT_TTL, 60000},
        {ZMQ_SNDHWM, ZCHAN_SEND_HWM}, {ZMQ_RCVHWM, ZCHAN_HWM},        {ZMQ_LINGER, 0},
        {ZMQ_TCP_KEEPALIVE, 1},       {ZMQ_TCP_KEEPALIVE_IDLE, 60},   {ZMQ_TCP_KEEPALIVE_INTVL, 15},
        {ZMQ_TCP_KEEPALIVE_CNT, 4},   {ZMQ_TCP_MAXRT, 60000},         {ZMQ_IPV6, 1},
    };
    static const struct setting router[] = {
        {ZMQ_HANDSHAKE_IVL, 3000},
        {ZMQ_ROUTER_MANDATORY, 1}, /* else an unknown route swallows the frame */
        {ZMQ_ROUTER_HANDOVER, 0},  /* else a claimed routing id takes over another's */
        {ZMQ_BACKLOG, 64},
    };
    static const struct setting dealer[] = {
        {ZMQ_HANDSHAKE_IVL, 10000},     {ZMQ_IMMEDIATE, 1},           {ZMQ_RECONNECT_IVL, 1000},
        {ZMQ_RECONNECT_IVL_MAX, 60000}, {ZMQ_CONNECT_TIMEOUT, 10000},
    };
    /* Counts what CURVE adds to a frame: 65536 passes 65503 bytes and drops 65504 (measured). */
    const int64_t max = ZCHAN_FRAME_MAX + ZCHAN_CURVE_OVERHEAD;
    bool is_router = kind == ZCHAN_ROUTER;
    void *s = zmq_socket(context, is_router ? ZMQ_ROUTER : ZMQ_DEALER);
    if (s == NULL)
        return NULL;
    if (set_all(s, both, COUNT(both)) &&
        (is_router ? set_all(s, router, COUNT(router)) : set_all(s, dealer, COUNT(dealer))) &&
        zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &max, sizeof max) == 0)
        return s;
    (void)zmq_close(s);
    return NULL;
}

enum err zchan_set_server(void *socket, const uint8_t secret[ZCHAN_KEY])
{
    static const char domain[] = "fed"; /* an empty one would mean no ZAP at all, one day */
    const int on = 1;
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, ZCHAN_KEY) != 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, sizeof domain - 1) != 0)
        return err_from_errno(errno);
    return OK;
}

enum err zchan_set_client(void *socket, const uint8_t secret[ZCHAN_KEY],
                          const uint8_t server_key[ZCHAN_KEY])
{
    uint8_t public[ZCHAN_KEY];
    if (crypto_scalarmult_base(public, secret) != 0)
        return ERR_INVALID;
    if (zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public, ZCHAN_KEY) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, ZCHAN_KEY) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, ZCHAN_KEY) != 0)
        return err_from_errno(errno);
    return OK;
}

/* --- life --- */
static void drop_socket(struct zchan *z)
{
    zchan_close_watched(z->socket, z->monitor);
    z->monitor = NULL;
    z->socket = NULL;
    z->up = false;
    z->broken = false;
}

/* libzmq numbers its routing ids from rand(), which nobody has seeded: the first is 0x6b8b4567 in every process. A peer that
 * knows the next number can claim it as its own id, and libzmq aborts when it comes to it; one that knows another's former
 * number gets what is still sent there. */
static void hide_numbers(void)
{
    unsigned seed = 0;
    rng_fill(&seed, sizeof seed);
    srand(seed);
}

static enum err make_socket(struct zchan *z)
{
    hide_numbers();
    z->socket = zchan_socket(z->context, z->kind);
    if (z->socket != NULL)
        z->monitor = zchan_monitor_of(z, z->socket);
    if (z->monitor != NULL)
        return OK;
    enum err e = err_from_errno(errno);
    drop_socket(z);
    return e;
}

enum err zchan_new(enum zchan_kind kind, const struct zchan_events *events, struct zchan **out)
{
    if (!library_fits())
        return ERR_CONFLICT;
    AUTO(zchan) z = calloc(1, sizeof *z);
    if (z == NULL)
        return ERR_NOMEM;
    z->kind = kind;
    z->events = *events;
    z->backoff_ms = ZCHAN_BACKOFF_FIRST_MS;
    z->context = zmq_ctx_new();
    if (z->context == NULL || zmq_ctx_set(z->context, ZMQ_BLOCKY, 0) != 0 ||
        zmq_ctx_set(z->context, ZMQ_MAX_SOCKETS, 64) != 0)
        return err_from_errno(errno);
    enum err e = kind == ZCHAN_ROUTER ? zchan_zap_bind(z) : OK;
    if (!e)
        e = make_socket(z);
    if (!e)
        e = zchan_await_threads(z);
    if (e)
        return e;
    *out = MOVE(z);
    return OK;
}

void zchan_free(struct zchan *z)
{
    if (z == NULL)
        return;
    drop_socket(z);
    if (z->zap != NULL)
        (void)zmq_close(z->zap);
    if (z->context != NULL)
        (void)zmq_ctx_term(z->context);
    free(z->allowed.p);
    free(z);
}

enum err zchan_key(struct zchan *z, const uint8_t secret[ZCHAN_KEY])
{
    if (z->socket == NULL || z->state != ZCHAN_SHUT)
        return ERR_CONFLICT;
    enum err e = OK;
    if (z->kind == ZCHAN_ROUTER)
        e = zchan_set_server(z->socket, secret);
    else if (zmq_setsockopt(z->socket, ZMQ_CURVE_SECRETKEY, secret, ZCHAN_KEY) != 0)
        e = err_from_errno(errno);
    z->keyed = e == OK;
    return e;
}

static enum err secret_of(void *socket, uint8_t secret[ZCHAN_KEY])
{
    size_t n = ZCHAN_KEY;
    return zmq_getsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, &n) == 0 ? OK
                                                                        : err_from_errno(errno);
}

/* A new socket with the key of the old one, neither bound nor connected. */
static enum err renew(struct zchan *z)
{
    uint8_t secret[ZCHAN_KEY];
    enum err e = secret_of(z->socket, secret);
    drop_socket(z);
    if (!e)
        e = make_socket(z);
    if (!e)
        e = z->kind == ZCHAN_ROUTER ? zchan_set_server(z->socket, secret)
                                    : zchan_set_client(z->socket, secret, z->server_key);
    sodium_memzero(secret, sizeof secret);
    return e;
}

void zchan_close(struct zchan *z)
{
    drop_socket(z);
    z->state = ZCHAN_SHUT;
    z->keyed = false;
    if (make_socket(z))
        return; /* zchan_key will say so */
}

/* --- bind and connect --- */
static uint32_t bound_port(void *socket)
{
    char endpoint[ZCHAN_ENDPOINT_MAX + 1] = {0};
    size_t n = sizeof endpoint;
    uint32_t v = 0;
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &n) != 0)
        return 0;
    const char *port = strrchr(endpoint, ':');
    for (const char *p = port == NULL ? "" : port + 1; *p >= '0' && *p <= '9'; p++)
        v = v * 10 + (uint32_t)(*p - '0');
    return v;
}

static void say(const struct zchan *z, enum zchan_event what, uint32_t value)
{
    z->events.event(z->events.ctx, what, "", value);
}

static enum err open_now(struct zchan *z)
{
    int rc = z->kind == ZCHAN_ROUTER ? zmq_bind(z->socket, z->endpoint)
                                     : zmq_connect(z->socket, z->endpoint);
    if (rc != 0)
        return errno == EADDRINUSE ? ERR_AGAIN : err_from_errno(errno);
    z->state = ZCHAN_OPEN;
    if (z->kind == ZCHAN_ROUTER) {
        uint32_t port = bound_port(z->socket);
        /* An endpoint that said "any port" keeps the one it got. */
        char *at = strrchr(z->endpoint, ':');
        (void)snprintf(at, (size_t)(z->endpoint + sizeof z->endpoint - at), ":%u", port);
        say(z, ZCHAN_LISTENING, port);
    }
    return OK;
}

static enum err begin(struct zchan *z, enum zchan_kind kind, const char *endpoint)
{
    if (z->kind != kind || !zchan_endpoint_ok(endpoint))
        return ERR_INVALID;
    if (!z->keyed || (kind == ZCHAN_ROUTER && z->state != ZCHAN_SHUT))
        return ERR_CONFLICT;
    (void)snprintf(z->endpoint, sizeof z->endpoint, "%s", endpoint);
    return OK;
}

enum err zchan_bind(struct zchan *z, const char *endpoint)
{
    enum err e = begin(z, ZCHAN_ROUTER, endpoint);
    if (!e)
        e = zchan_self_test(z);
    if (!e)
        e = open_now(z);
    return e;
}

enum err zchan_connect(struct zchan *z, const char *endpoint, const uint8_t server_key[ZCHAN_KEY])
{
    enum err e = begin(z, ZCHAN_DEALER, endpoint);
    if (e)
        return e;
    uint8_t secret[ZCHAN_KEY];
    memcpy(z->server_key, server_key, ZCHAN_KEY);
    if (z->state != ZCHAN_SHUT) {
        e = renew(z);
        return e ? e : open_now(z);
    }
    e = secret_of(z->socket, secret);
    if (!e)
        e = zchan_set_client(z->socket, secret, server_key);
    sodium_memzero(secret, sizeof secret);
    return e ? e : open_now(z);
}

void zchan_rebuild(struct zchan *z, uint64_t wait_ms)
{
    uint64_t now = clock_mono_ms();
    if (renew(z)) {
        z->keyed = false;
        z->state = ZCHAN_SHUT;
        say(z, ZCHAN_BIND_FAILED, ENOMEM);
        return;
    }
    z->state = ZCHAN_REOPEN;
    z->reopen_ms = now + wait_ms;
    z->give_up_ms = now + ZCHAN_REBIND_MS;
    say(z, ZCHAN_REBUILDING, (uint32_t)wait_ms);
}

/* libzmq never comes back after a refusal or a breach of protocol, be it one frame over the limit: so no broken connection is
 * left to it. */
static void after_break(struct zchan *z)
{
    if (!z->broken || z->state != ZCHAN_OPEN)
        return;
    uint64_t wait = z->backoff_ms;
    z->backoff_ms = wait * 2 > ZCHAN_BACKOFF_LAST_MS ? ZCHAN_BACKOFF_LAST_MS : wait * 2;
    zchan_rebuild(z, wait);
}

static void reopen(struct zchan *z)
{
    uint64_t now = clock_mono_ms();
    if (z->state != ZCHAN_REOPEN || now < z->reopen_ms)
        return;
    enum err e = open_now(z);
    if (!e)
        return;
    int why = errno;
    if (e == ERR_AGAIN && now < z->give_up_ms) {
        z->reopen_ms = now + ZCHAN_REBIND_EVERY_MS;
        return;
    }
    z->state = ZCHAN_SHUT;
    say(z, ZCHAN_BIND_FAILED, (uint32_t)why);
}

enum err zchan_step(struct zchan *z)
{
    enum err e = z->zap == NULL ? OK : zchan_zap_step(z);
    if (!e && z->state == ZCHAN_OPEN && !z->paused)
        e = zchan_frames_step(
            z); /* before the monitor, which may replace the socket they wait in */
    if (!e)
        e = zchan_monitor_step(z);
    if (e)
        return e;
    after_break(z);
    reopen(z);
    return OK;
}
