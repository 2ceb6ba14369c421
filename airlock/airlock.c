/* airlock.c - one loop between two sockets. It decides nothing: what the keeper hands over is sent, what comes is handed on with
 * the name that ZAP gave. The one frame of its own making is the knock, and that only as told. */
#include "airlock/airlock.h"

#include "airlock/harden.h"
#include "airlock/routes.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/rng.h"
#include "io/airpipe.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    OUT_MAX = 48 * 1024 * 1024, /* bytes that may wait for the keeper */
    PAUSE_AT =
        4 * 1024 * 1024, /* from here on frames are left to the library, and so to the senders */
    LINES_A_SECOND = 5,
    KEY_SHOWN = 8 /* bytes of a refused key in the log */
};

static const uint8_t knock[1] = {0};

struct airlock_process {
    struct zchan *z;
    struct airpipe pipe;
    struct routes routes;
    enum err fault;    /* of a write within a callback */
    uint64_t lines_ms; /* the second that is counted */
    unsigned lines;
    unsigned hushed; /* lines left out since the last one shown */
};

static void tell(struct airlock_process *a, const struct airpipe_msg *m)
{
    enum err e = airpipe_write(&a->pipe, m);
    if (e && !a->fault)
        a->fault = e;
}

static void tell_event(struct airlock_process *a, uint8_t event, const char *name, uint32_t value)
{
    struct airpipe_msg m = {
        .type = AIRPIPE_PEER, .event = event, .value = value, .name = bytes_str(name)};
    tell(a, &m);
}

/* --- from the network --- */
static void on_frame(void *ctx, const char *id, uint32_t route, struct bytes frame)
{
    struct airlock_process *a = ctx;
    struct airpipe_msg m = {
        .type = AIRPIPE_IN, .route = route, .name = bytes_str(id), .frame = frame};
    tell(a, &m);
    if (airpipe_backlog(&a->pipe) > PAUSE_AT)
        zchan_pause(a->z, true);
}

static void on_event(void *ctx, enum zchan_event what, const char *id, uint32_t value)
{
    struct airlock_process *a = ctx;
    /* A flood of handshakes must not fill the keeper's pipe: what is lost is news, no frame. */
    if (airpipe_backlog(&a->pipe) <= OUT_MAX / 2)
        tell_event(a, (uint8_t)what, id, value);
}

static bool may_say(struct airlock_process *a)
{
    uint64_t now = clock_mono_ms();
    if (now - a->lines_ms >= 1000) {
        a->lines_ms = now;
        a->lines = 0;
    }
    if (a->lines >= LINES_A_SECOND) {
        a->hushed++;
        return false;
    }
    a->lines++;
    return true;
}

static void on_refused(void *ctx, const char *address, const uint8_t key[ZCHAN_KEY])
{
    struct airlock_process *a = ctx;
    char line[200];
    char shown[2 * KEY_SHOWN + 1];
    if (!may_say(a))
        return;
    hex_encode(bytes_of(key, KEY_SHOWN), shown);
    (void)snprintf(line, sizeof line, "refused address=%s key=%s... left_out=%u", address, shown,
                   a->hushed);
    a->hushed = 0;
    struct airpipe_msg m = {.type = AIRPIPE_LOGLINE, .text = bytes_str(line)};
    tell(a, &m);
}

/* --- from the keeper --- */
static void answer(struct airlock_process *a, uint8_t event, enum err e)
{
    if (e)
        tell_event(a, event, "", (uint32_t)e);
}

static void on_allow(struct airlock_process *a, struct bytes list)
{
    struct zchan_allowed one;
    size_t n = 0;
    for (struct bytes l = list; airpipe_allow_next(&l, &one);)
        n++;
    AUTO_MEM struct zchan_allowed *all = calloc(n + 1, sizeof *all);
    if (all == NULL) {
        answer(a, AIRPIPE_ALLOW_REFUSED, ERR_NOMEM);
        return;
    }
    for (size_t i = 0; airpipe_allow_next(&list, &all[i]);)
        i++;
    answer(a, AIRPIPE_ALLOW_REFUSED, zchan_allow(a->z, all, n));
}

/* An endpoint as text; the codec holds it to ZCHAN_ENDPOINT_MAX visible characters. */
static void endpoint_of(struct bytes text, char out[ZCHAN_ENDPOINT_MAX + 1])
{
    memcpy(out, text.p, text.n);
    out[text.n] = '\0';
}

static enum airpipe_reason reason_of(enum err e)
{
    switch (e) {
    case ERR_AGAIN:
        return AIRPIPE_BUSY;
    case ERR_NOTFOUND:
        return AIRPIPE_NO_ROUTE;
    case ERR_CLOSED:
        return AIRPIPE_SHUT;
    default:
        return AIRPIPE_FAULT;
    }
}

static void on_out(struct airlock_process *a, const struct airpipe_msg *m)
{
    uint32_t route = 0;
    enum err e = OK;
    if (m->name.n > 0 && !routes_get(&a->routes, m->name, &route))
        e = ERR_NOTFOUND;
    if (!e)
        e = zchan_send(a->z, route, m->frame);
    struct airpipe_msg reply = {.type = e ? AIRPIPE_NOTSENT : AIRPIPE_SENT,
                                .ticket = m->ticket,
                                .reason = e ? reason_of(e) : (enum airpipe_reason)0};
    tell(a, &reply);
}

static void obey(struct airlock_process *a, const struct airpipe_msg *m)
{
    char endpoint[ZCHAN_ENDPOINT_MAX + 1];
    switch (m->type) {
    case AIRPIPE_KEY:
        answer(a, AIRPIPE_KEY_REFUSED, zchan_key(a->z, m->key.p));
        break;
    case AIRPIPE_ALLOW:
        on_allow(a, m->list);
        break;
    case AIRPIPE_BIND:
        endpoint_of(m->text, endpoint);
        answer(a, AIRPIPE_BIND_REFUSED, zchan_bind(a->z, endpoint));
        break;
    case AIRPIPE_CONNECT:
        endpoint_of(m->text, endpoint);
        answer(a, AIRPIPE_CONNECT_REFUSED, zchan_connect(a->z, endpoint, m->key.p));
        break;
    case AIRPIPE_CLOSE:
        zchan_close(a->z);
        routes_clear(&a->routes);
        break;
    case AIRPIPE_OUT:
        on_out(a, m);
        break;
    case AIRPIPE_ROUTE:
        if (routes_set(&a->routes, m->name, m->route))
            a->fault = ERR_NOMEM;
        break;
    case AIRPIPE_KNOCK:
        /* A peer that has gone meanwhile, or reads nothing, misses nothing. */
        (void)(zchan_send(a->z, m->route, bytes_of(knock, sizeof knock)) == OK);
        break;
    case AIRPIPE_SENT:
    case AIRPIPE_NOTSENT:
    case AIRPIPE_IN:
    case AIRPIPE_PEER:
    case AIRPIPE_LOGLINE:
        break; /* ours to say: the pipe lets none through */
    }
}

static enum err hear_keeper(struct airlock_process *a)
{
    for (;;) {
        struct airpipe_msg m;
        enum err e = airpipe_read(&a->pipe, &m);
        if (e)
            return e == ERR_AGAIN ? OK : e;
        obey(a, &m);
        if (a->fault)
            return a->fault;
    }
}

/* --- life --- */
enum err airlock_process_start(enum zchan_kind kind, struct airlock_process **out,
                               const char **where)
{
    bool filtered = false;
    *where = "give up rights";
    enum err e = harden_first(kind);
    if (e)
        return e;
    rng_start();
    AUTO(airlock_process) a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    struct zchan_events events = {
        .frame = on_frame, .event = on_event, .refused = on_refused, .ctx = a};
    *where = "start libzmq (4.3.4 or newer, with CURVE)";
    e = zchan_new(kind, &events, &a->z);
    if (e)
        return e;
    e = airpipe_init(&a->pipe, AIRLOCK_PIPE_FD, AIRPIPE_AIRLOCK, OUT_MAX);
    if (e)
        return e;
    *where = "enter the sandbox";
    e = harden_last(&filtered);
    if (e)
        return e;
    *where = "speak to the keeper: descriptor 3 must be its socket";
    tell_event(a, AIRPIPE_READY, "", filtered ? 1 : 0);
    if (a->fault)
        return a->fault;
    *out = MOVE(a);
    return OK;
}

void airlock_process_free(struct airlock_process *a)
{
    if (a == NULL)
        return;
    zchan_free(a->z);
    airpipe_fini(&a->pipe);
    routes_fini(&a->routes);
    free(a);
}

enum err airlock_process_serve(struct airlock_process *a)
{
    for (;;) {
        unsigned ready = 0;
        unsigned want = ZCHAN_READ | (airpipe_backlog(&a->pipe) > 0 ? (unsigned)ZCHAN_WRITE : 0U);
        zchan_pause(a->z, airpipe_backlog(&a->pipe) > PAUSE_AT);
        enum err e = zchan_wait(a->z, AIRLOCK_PIPE_FD, want, -1, &ready);
        if (!e && (ready & ZCHAN_WRITE))
            e = airpipe_flush(&a->pipe);
        if (!e && (ready & ZCHAN_READ))
            e = hear_keeper(a);
        if (!e)
            e = zchan_step(a->z);
        if (!e)
            e = a->fault;
        if (e)
            return e == ERR_CLOSED ? OK : e;
    }
}
