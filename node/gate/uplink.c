/* uplink.c - the keeper's side of the link. */
#include "node/gate/uplink_in.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/identity/governance.h"
#include "io/files.h"
#include "node/gate/arrive.h"
#include "node/gate/gate.h"
#include "node/gate/status.h"
#include "node/vault/outbox.h"

#include <stdio.h>

static void note(struct uplink *u, enum lognote_what what, uint64_t value)
{
    lognote_connection(&u->notes, u->link, what, value, clock_now_ms());
}

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

void uplink_look_up(void *ctx)
{
    struct uplink *u = ctx;
    struct diag d = {0};
    airlock_lookup_free(MOVE(u->lookup));
    if (u->suspended || u->connected) /* it came back by itself */
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
        uplink_calm(u, true); /* on a link that is up: the coordinator settles */
        hello(u);
    }
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct uplink *u = ctx;
    (void)ticket;
    if (!e) {
        linkdrv_room(u->link);
        return;
    }
    /* The log has it; it is sent again after the next hello. The connection may stand all the same, and then nobody else will
     * ask for that hello. */
    if (u->connected)
        loop_timer_set(u->again, DROPPED_FIRST_MS);
    lost(u);
}

/* Whom the coordinator let in before and lets in no more, a roster has revoked: it does not say so, and nothing else looks alike. */
static void refused(struct uplink *u, unsigned event, uint32_t value)
{
    note(u, event == ZCHAN_REFUSED ? LOGNOTE_REFUSED : LOGNOTE_HANDSHAKE, value);
    LOG_WARN("link.refused", ERR_DENIED, "event=%u value=%u", event, (unsigned)value);
    if (u->let_in)
        LOG_ERROR("link.cut_off", ERR_DENIED, "%s",
                  "the coordinator no longer knows this site's key: has a roster revoked it?");
    u->let_in = false;
    lost(u);
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct uplink *u = ctx;
    (void)site;
    if (event == ZCHAN_UP) {
        u->let_in = true;
        note(u, LOGNOTE_UP, 0);
        if (!u->stopped && !u->closed)
            hello(u);
    } else if (event == ZCHAN_DOWN) {
        note(u, LOGNOTE_DOWN, value);
        lost(u);
    } else if (event == ZCHAN_REFUSED || event == ZCHAN_BAD_HANDSHAKE) {
        refused(u, event, value);
    } else if (event == AIRPIPE_KEY_REFUSED || event == AIRPIPE_CONNECT_REFUSED) {
        connect_later(u, event == AIRPIPE_KEY_REFUSED ? "key" : "connect", (enum err)value);
    }
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

struct airlock_events uplink_airlock_events(struct uplink *u)
{
    return (struct airlock_events){on_frame, on_answered, on_peer, on_line, on_died, u};
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
    char name[64];
    AUTO_FD int dir = -1;
    (void)snprintf(name, sizeof name, "%llu-%s", (unsigned long long)clock_now_ms(),
                   link_fault_name(fault));
    enum err e = dir_make(u->app->dir, "evidence", 0700);
    if (!e)
        e = dir_open(u->app->dir, "evidence", &dir);
    if (!e)
        e = linkdrv_evidence_keep(u->link, dir, name);
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
    note(u, LOGNOTE_DROPPED, fault);
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

struct linkdrv_calls uplink_link_calls(struct uplink *u)
{
    return (struct linkdrv_calls){give, end_connection, act, u};
}

/* --- turns --- */

static void say_status(struct uplink *u)
{
    u->status_soon = false;
    enum err e = status_say(u->app);
    if (e)
        LOG_WARN("link.status", e, "%s", "");
}

/* A status is said when the link comes up, a second after it changed, and every ten minutes: while it is down none is due, so none waits. */
static void watch(struct uplink *u)
{
    uint64_t now = clock_mono_ms();
    if (link_state(linkdrv_link(u->link)) != LINK_UP) {
        u->up_ms = 0;
    } else if (u->up_ms == 0) {
        u->up_ms = now;
        say_status(u);
        uplink_note_access(u);
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
    lognote_turn(&u->notes, u->link, now);
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

void uplink_on_timer(void *ctx)
{
    (void)ctx; /* the turn's end does it */
}

void uplink_wake(struct uplink *u)
{
    if (u != NULL)
        loop_timer_set(u->timer, 0);
}

void uplink_status_soon(struct uplink *u)
{
    if (u == NULL)
        return;
    u->status_soon = true;
    loop_timer_set(u->status, STATUS_SOON_MS);
}

void uplink_on_status(void *ctx)
{
    struct uplink *u = ctx;
    uint64_t now = clock_mono_ms();
    if (u->up_ms == 0)
        return;
    if (now < u->quiet_ms)
        loop_timer_set(u->status, u->quiet_ms - now);
    else
        say_status(u);
}

void uplink_calm(struct uplink *u, bool begins)
{
    if (u->up_ms == 0)
        return;
    if (begins && u->status_soon && clock_mono_ms() >= u->quiet_ms)
        say_status(u);
    u->quiet_ms = clock_mono_ms() + SETTLED_QUIET_MS;
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
        uplink_look_up(u);
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
