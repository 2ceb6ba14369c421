/* uplink.c - the keeper's side of the link. */
#include "node/gate/uplink.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/identity/governance.h"
#include "host/airlock_lookup.h"
#include "io/files.h"
#include "node/gate/arrive.h"
#include "node/gate/gate.h"
#include "node/vault/outbox.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STATUS_MS = 10 * 60 * 1000,
    LOOKUP_AGAIN_MS = 30 * 1000,
    KNOCK_MS = 1000,
    DROPPED_FIRST_MS = 1000, /* after a dropped connection; twice that after the next, */
    DROPPED_MOST_MS = 60000, /* up to this, and from the start again once it held so long */
};

struct uplink {
    struct app *app;
    struct airlock *airlock;
    struct airlock_lookup *lookup;
    struct logstore *log;
    struct linkdrv *link;
    struct loop_timer *timer, *again, *status;
    uint8_t server_key[CURVE_KEY];
    bool connected;
    bool closed;         /* by us, and the key with it: given again before the next connection */
    bool stopped;        /* for good: see the log */
    bool suspended;      /* by a person: gate/suspend.h */
    uint64_t hello_ms;   /* of the last knock that was heeded */
    uint64_t up_ms;      /* when the link came up; 0: it is not */
    uint64_t dropped_ms; /* how long to wait after the next drop */
};

/* --- the airlock's word --- */

static void on_found(void *ctx, const char *endpoint)
{
    struct uplink *u = ctx;
    if (endpoint == NULL) {
        LOG_WARN("link.lookup", ERR_NOTFOUND, "coordinator=%s", u->app->config.coordinator);
        loop_timer_set(u->again, LOOKUP_AGAIN_MS);
        return;
    }
    enum err e = airlock_connect(u->airlock, endpoint, u->server_key);
    u->closed = false;
    if (e)
        LOG_ERROR("link.connect", e, "endpoint=%s", endpoint);
}

static void close_airlock(struct uplink *u)
{
    u->closed = true;
    if (airlock_close(u->airlock))
        LOG_WARN("link.close", ERR_CLOSED, "%s", "");
}

static enum err give_key(struct uplink *u)
{
    struct secret *key = keyring_secret(u->app->keyring, KEYRING_CURVE);
    enum err e = airlock_key(u->airlock, secret_borrow(key));
    secret_give_back(key);
    return e;
}

static void look_up(void *ctx)
{
    struct uplink *u = ctx;
    struct diag d = {0};
    airlock_lookup_free(MOVE(u->lookup));
    if (u->suspended)
        return;
    enum err e = u->closed ? give_key(u) : OK;
    if (e)
        (void)diag_set(&d, e, "the airlock does not take the key");
    else
        e = airlock_lookup_start(NULL, u->app->loop, u->app->config.coordinator, on_found, u,
                                 &u->lookup, &d);
    if (e) {
        LOG_ERROR("link.lookup", e, "%s", d.text);
        loop_timer_set(u->again, LOOKUP_AGAIN_MS);
    }
}

/* The airlock could not do it: it is told everything anew. */
static void connect_later(struct uplink *u, const char *what, enum err why)
{
    LOG_ERROR("link.connect", why, "%s", what);
    close_airlock(u);
    if (!u->stopped)
        loop_timer_set(u->again, LOOKUP_AGAIN_MS);
}

static void lost(struct uplink *u)
{
    u->connected = false;
    linkdrv_disconnected(u->link);
}

static void hello(struct uplink *u)
{
    u->connected = true;
    linkdrv_connected(u->link, clock_now_ms());
}

static void on_frame(void *ctx, const char *site, uint32_t route, struct bytes frame)
{
    struct uplink *u = ctx;
    uint64_t now = clock_mono_ms();
    (void)site;
    (void)route;
    if (u->stopped || u->closed)
        return;
    if (frame.n > 1) {
        linkdrv_frame(u->link, frame, clock_now_ms());
    } else if (now - u->hello_ms >= KNOCK_MS) { /* the knock: hello wanted */
        u->hello_ms = now;
        hello(u);
    }
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct uplink *u = ctx;
    (void)ticket;
    if (e)
        lost(u); /* the log has it; it is sent again after the next hello */
    else
        linkdrv_room(u->link);
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct uplink *u = ctx;
    (void)site;
    if (event == ZCHAN_UP && !u->stopped && !u->closed)
        hello(u);
    else if (event == ZCHAN_DOWN)
        lost(u);
    else if (event == ZCHAN_REFUSED || event == ZCHAN_BAD_HANDSHAKE)
        LOG_WARN("link.refused", ERR_DENIED, "event=%u value=%u", event, (unsigned)value);
    else if (event == AIRPIPE_KEY_REFUSED || event == AIRPIPE_CONNECT_REFUSED)
        connect_later(u, event == AIRPIPE_KEY_REFUSED ? "key" : "connect", (enum err)value);
}

static void on_line(void *ctx, const char *text)
{
    (void)ctx;
    LOG_INFO("airlock", "%s", text);
}

static void on_died(void *ctx, int status)
{
    struct uplink *u = ctx;
    LOG_ERROR("airlock.died", ERR_CLOSED, "status=%d", status);
    u->stopped = true;
    lost(u);
}

/* --- the link's word --- */

static enum err give(void *ctx, struct bytes frame)
{
    struct uplink *u = ctx;
    uint32_t ticket = 0;
    enum err e = u->connected ? airlock_send(u->airlock, "", frame, &ticket) : OK;
    return e == ERR_CLOSED ? OK : e; /* what cannot go now goes after the next hello */
}

static void keep_evidence(struct uplink *u, enum link_fault fault)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)2 * 1024 * 1024);
    char name[64];
    AUTO_FD int dir = -1;
    (void)linkdrv_evidence_put(u->link, &b);
    (void)snprintf(name, sizeof name, "%llu-%s", (unsigned long long)clock_now_ms(),
                   link_fault_name(fault));
    enum err e = dir_make(u->app->dir, "evidence", 0700);
    if (!e)
        e = dir_open(u->app->dir, "evidence", &dir);
    if (!e && !buf_err(&b))
        e = file_create(dir, name, buf_bytes(&b), 0600);
    LOG_ERROR("link.stopped", e, "fault=%s evidence=evidence/%s", link_fault_name(fault), name);
}

/* A dropped connection is made anew, but each time later: what is refused stands in the log, and a peer that says nothing else
 * would fill the disk with it. */
static void end_connection(void *ctx, enum link_fault fault, bool for_good)
{
    struct uplink *u = ctx;
    u->connected = false;
    u->up_ms = 0;
    close_airlock(u);
    if (for_good) {
        u->stopped = true;
        keep_evidence(u, fault);
        return;
    }
    LOG_WARN("link.dropped", ERR_CLOSED, "fault=%s again_in_ms=%u", link_fault_name(fault),
             (unsigned)u->dropped_ms);
    loop_timer_set(u->again, u->dropped_ms);
    u->dropped_ms *= 2;
    if (u->dropped_ms > DROPPED_MOST_MS)
        u->dropped_ms = DROPPED_MOST_MS;
}

static enum err act(void *ctx, uint64_t index, const struct body *b)
{
    struct uplink *u = ctx;
    return arrive(u->app, index, b);
}

/* --- turns --- */

static void say_status(struct uplink *u)
{
    enum err e = arrive_say_status(u->app);
    if (e)
        LOG_WARN("link.status", e, "%s", "");
}

/* A status is said when the link comes up and then every ten minutes: while it is down none is due, so none waits. */
static void watch(struct uplink *u)
{
    uint64_t now = clock_mono_ms();
    if (link_state(linkdrv_link(u->link)) != LINK_UP) {
        u->up_ms = 0;
    } else if (u->up_ms == 0) {
        u->up_ms = now;
        say_status(u);
        loop_timer_set(u->status, STATUS_MS);
        uplink_wake(u);
    } else if (now - u->up_ms >= DROPPED_MOST_MS) {
        u->dropped_ms = DROPPED_FIRST_MS;
    }
}

enum err uplink_turn(struct uplink *u)
{
    uint64_t now = clock_now_ms();
    if (u->stopped)
        return OK;
    enum err e = u->suspended ? OK : gate_pump(u->app, u->link, now);
    if (e)
        LOG_WARN("gate.pump", e, "%s", "");
    e = linkdrv_turn(u->link, now);
    if (e) {
        LOG_WARN("link.turn", e, "%s", "");
        enum err undone = outbox_unnumber(u->app->vault, linkdrv_next_seq(u->link));
        if (undone)
            LOG_WARN("link.outbox", undone, "%s", "");
    }
    loop_timer_set(u->timer, linkdrv_due_ms(u->link, now));
    watch(u);
    return e == ERR_IO ? e : OK;
}

static void on_timer(void *ctx)
{
    (void)ctx; /* the turn's end does it */
}

void uplink_wake(struct uplink *u)
{
    if (u != NULL)
        loop_timer_set(u->timer, 0);
}

static void on_status(void *ctx)
{
    struct uplink *u = ctx;
    if (u->up_ms != 0)
        say_status(u);
}

/* --- closed by a person --- */

void uplink_suspend(struct uplink *u, bool on)
{
    if (u == NULL || u->suspended == on)
        return;
    u->suspended = on;
    u->up_ms = 0;
    if (on) {
        airlock_lookup_free(MOVE(u->lookup));
        close_airlock(u);
        lost(u);
    } else if (!u->stopped) {
        look_up(u);
    }
}

enum err uplink_note(struct uplink *u, struct bytes frame)
{
    if (u->stopped)
        return ERR_CLOSED;
    uint64_t before = logstore_size(u->log);
    linkdrv_local(u->link, frame, clock_now_ms());
    enum err e = uplink_turn(u);
    return !e && logstore_size(u->log) == before ? ERR_FULL : e;
}

/* --- life --- */

static enum err open_log(struct uplink *u, const struct link_keys *own, struct diag *d)
{
    struct app *a = u->app;
    struct secret *seed = keyring_secret(a->keyring, KEYRING_LOG);
    struct diag why = {0};
    enum err e = logstore_open_unsigned(a->dir, "log", own->log.name, seed, &u->log, &why);
    if (e == ERR_NOTFOUND)
        e = logstore_create(a->dir, "log", own->log.name, seed, &u->log, &why);
    return e ? diag_set(d, e, "the exchange log: %s", why.text[0] == '\0' ? err_name(e) : why.text)
             : OK;
}

static enum err open_link(struct uplink *u, struct diag *d)
{
    struct app *a = u->app;
    struct party own;
    struct party coordinator;
    struct linkdrv_config c = {.calls = {give, end_connection, act, u}};
    const char *id = keyring_who(a->keyring)->id;
    enum err e = roster_site(a->roster, id, &own);
    if (!e && !own.active)
        return diag_set(d, ERR_DENIED, "the roster in force has revoked this site");
    if (!e)
        e = roster_coordinator(a->roster, &coordinator);
    if (e)
        return diag_set(d, e, "the pinned roster cannot be read");
    memcpy(u->server_key, coordinator.curve, sizeof u->server_key);
    e = party_toward(&coordinator, id, &coordinator);
    c.link = (struct link_config){.side = LINK_NODE,
                                  .own = {own.log, own.msg, own.witness},
                                  .peer = {coordinator.log, coordinator.msg, coordinator.witness},
                                  .msg_seed = keyring_secret(a->keyring, KEYRING_MESSAGE),
                                  .witness_seed = keyring_secret(a->keyring, KEYRING_WITNESS)};
    if (!e)
        e = open_log(u, &c.link.own, d);
    if (!e)
        e = exchange_applied(a->vault, &c.applied_index);
    if (!e)
        e = linkdrv_new(u->log, &c, &u->link, d);
    return e ? e : outbox_unnumber(a->vault, linkdrv_next_seq(u->link));
}

enum err uplink_start(struct app *a, struct airlock *airlock, struct uplink **out, struct diag *d)
{
    const struct airlock_events events = {on_frame, on_answered, on_peer, on_line, on_died, NULL};
    struct airlock_events mine = events;
    struct uplink *u = calloc(1, sizeof *u);
    if (u == NULL) {
        airlock_free(airlock);
        return ERR_NOMEM;
    }
    u->app = a;
    u->airlock = airlock;
    u->closed = true;
    u->suspended = a->suspension.on;
    u->dropped_ms = DROPPED_FIRST_MS;
    mine.ctx = u;
    enum err e = a->roster == NULL ? diag_set(d, ERR_NOTFOUND, "no roster is pinned") : OK;
    if (!e)
        e = loop_timer_add(a->loop, UINT64_MAX, 0, on_timer, u, &u->timer);
    if (!e)
        e = loop_timer_add(a->loop, UINT64_MAX, 0, look_up, u, &u->again);
    if (!e)
        e = loop_timer_add(a->loop, STATUS_MS, STATUS_MS, on_status, u, &u->status);
    if (!e)
        e = open_link(u, d);
    if (!e)
        e = airlock_attach(airlock, a->loop, &mine);
    if (e) {
        uplink_free(u);
        return e;
    }
    look_up(u);
    *out = u;
    return OK;
}

void uplink_free(struct uplink *u)
{
    if (u == NULL)
        return;
    airlock_lookup_free(u->lookup);
    loop_timer_end(u->timer);
    loop_timer_end(u->again);
    loop_timer_end(u->status);
    linkdrv_free(u->link);
    airlock_free(u->airlock);
    logstore_free(u->log);
    free(u);
}

const char *uplink_state(const struct uplink *u)
{
    static const char *const names[] = {[LINK_DOWN] = "down",
                                        [LINK_GREETING] = "greeting",
                                        [LINK_UP] = "up",
                                        [LINK_STOPPED] = "stopped"};
    if (u == NULL)
        return "none";
    if (u->suspended && !u->stopped)
        return "suspended";
    return u->stopped ? "stopped" : names[link_state(linkdrv_link(u->link))];
}

struct logstore *uplink_log(struct uplink *u)
{
    return u->log;
}

void uplink_settle(struct uplink *u, bool on)
{
    linkdrv_settle(u->link, on);
    uplink_wake(u);
}

bool uplink_settled(const struct uplink *u)
{
    return linkdrv_settled(u->link);
}
