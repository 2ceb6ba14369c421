/* uplink_life.c - how the keeper's side of the link begins and ends, and what is asked of it. */
#include "base/clock.h"
#include "base/log.h"
#include "core/identity/governance.h"
#include "node/gate/uplink_in.h"
#include "node/vault/outbox.h"

#include <stdlib.h>
#include <string.h>

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
    struct linkdrv_config c = {.calls = uplink_link_calls(u)};
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
    const struct event start = {.kind = EVENT_START, .start = {CLOISTER_VERSION}};
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
    const struct airlock_events mine = uplink_airlock_events(u);
    enum err e = a->roster == NULL ? diag_set(d, ERR_NOTFOUND, "no roster is pinned") : OK;
    if (!e)
        e = loop_timer_add(a->loop, UINT64_MAX, 0, uplink_on_timer, u, &u->timer);
    if (!e)
        e = loop_timer_add(a->loop, UINT64_MAX, 0, uplink_look_up, u, &u->again);
    if (!e)
        e = loop_timer_add(a->loop, STATUS_MS, STATUS_MS, uplink_on_status, u, &u->status);
    if (!e)
        e = open_link(u, d);
    if (!e)
        e = airlock_attach(airlock, a->loop, &mine);
    if (e) {
        uplink_free(u);
        return e;
    }
    lognote_event(u->link, &start, clock_now_ms());
    uplink_look_up(u);
    *out = u;
    return OK;
}

void uplink_note_access(struct uplink *u)
{
    char origin[APP_ORIGIN];
    struct checkpoint c = logstore_checkpoint(u->app->access);
    struct event ev = {.kind = EVENT_CHECKPOINT,
                       .checkpoint = {app_origin(u->app, "/access", origin), c.size, c.root}};
    lognote_event(u->link, &ev, clock_now_ms());
}

void uplink_stop(struct uplink *u)
{
    const struct event stop = {.kind = EVENT_STOP};
    uint64_t now = clock_now_ms();
    if (u == NULL || u->stopped)
        return;
    uplink_note_access(u);
    lognote_event(u->link, &stop, now);
    if (linkdrv_turn(u->link, now) || !link_may_sign(linkdrv_link(u->link)))
        return;
    enum err e = logstore_publish(u->log, now + LOGSTORE_PUBLISH_MS);
    if (e)
        LOG_WARN("exchange.publish", e, "%s", "");
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
    uplink_calm(u, on);
    linkdrv_settle(u->link, on);
    uplink_wake(u);
}

bool uplink_settled(const struct uplink *u)
{
    return linkdrv_settled(u->link);
}
