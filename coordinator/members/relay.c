/* relay.c - all members: opened and closed by the roster, turned together. */
#include "coordinator/members/relay.h"

#include "base/clock.h"
#include "base/log.h"
#include "host/say.h"
#include "io/files.h"

#include <stdlib.h>

enum { TIMER_LEAST_MS = 5, TIMER_MOST_MS = 3600 * 1000 };

struct member *relay_find(struct relay *r, const char *site)
{
    for (size_t i = 0; i < r->n; i++) {
        if (strcmp(r->members[i]->party.id, site) == 0)
            return r->members[i];
    }
    return NULL;
}

void relay_fail(struct relay *r, int exit_code)
{
    if (r->exit_code == EXIT_OK)
        r->exit_code = exit_code;
    loop_stop(r->loop);
}

void relay_wake(struct relay *r)
{
    loop_timer_set(r->timer, 0);
}

void relay_changed(struct relay *r, bool documents, bool roster)
{
    r->documents_changed |= documents;
    r->roster_changed |= roster;
    if (r->timer != NULL && (documents || roster)) /* there is none where a log is copied offline */
        relay_wake(r);
}

void relay_tell(struct relay *r, const char *site)
{
    struct member *m = relay_find(r, site);
    if (m != NULL)
        m->more = m->dirty = true;
}

/* --- the turn --- */

static void fill_outboxes(struct relay *r)
{
    r->documents_changed = false;
    for (size_t i = 0; i < r->n; i++) {
        enum err e = store_outbox_fill(r->app->store, r->members[i]->party.id);
        if (e)
            LOG_ERROR("outbox.fill", e, "site=%s", r->members[i]->party.id);
        r->documents_changed |= e != OK; /* again at the next turn */
        r->members[i]->more = r->members[i]->dirty = true;
    }
}

static void follow(struct relay *r)
{
    struct diag d = {0};
    r->roster_changed = false;
    enum err e = relay_follow_roster(r, &d);
    if (e) { /* half a roster is none: the next start tries again */
        LOG_ERROR("roster.follow", e, "why=%s", d.text);
        relay_fail(r, exit_of(e));
    }
}

static void set_timer(struct relay *r)
{
    uint64_t due = TIMER_MOST_MS;
    for (size_t i = 0; i < r->n; i++) {
        uint64_t in = member_due_ms(r->members[i]);
        due = in < due ? in : due;
    }
    loop_timer_set(r->timer, due < TIMER_LEAST_MS ? TIMER_LEAST_MS : due);
}

/* Whom a new roster leaves out has no turn any more: what came from it in this one is neither logged nor acted on. */
static bool turn_members(struct relay *r)
{
    do {
        if (r->roster_changed)
            follow(r);
        for (size_t i = 0; i < r->n && !r->roster_changed; i++) {
            if (member_turn(r->members[i]) != ERR_IO)
                continue;
            LOG_ERROR("exchange.dead", ERR_IO, "site=%s", r->members[i]->party.id);
            relay_fail(r, EXIT_IO);
            return false;
        }
    } while (r->roster_changed);
    return true;
}

static void on_turn_end(void *ctx)
{
    struct relay *r = ctx;
    if (r->timer == NULL)
        return; /* not begun, or over */
    if (!turn_members(r))
        return;
    if (r->documents_changed)
        fill_outboxes(r);
    set_timer(r);
}

static void on_timer(void *ctx)
{
    (void)ctx; /* the turn that it begins has an end */
}

/* --- life --- */

static bool same_keys(const struct party *a, const struct party *b)
{
    return memcmp(a->log.key.b, b->log.key.b, sizeof a->log.key.b) == 0 &&
           memcmp(a->msg.key.b, b->msg.key.b, sizeof a->msg.key.b) == 0 &&
           memcmp(a->witness.key.b, b->witness.key.b, sizeof a->witness.key.b) == 0 &&
           memcmp(a->curve, b->curve, sizeof a->curve) == 0;
}

/* Those that the roster no longer names as they are. */
static void close_gone(struct relay *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct member *m = r->members[i];
        struct party now;
        if (roster_site(r->app->roster, m->party.id, &now) == OK && now.active &&
            same_keys(&now, &m->party)) {
            m->party = now;
            r->members[kept++] = m;
            continue;
        }
        LOG_INFO("member.closed", "site=%s", m->party.id);
        member_free(m);
    }
    r->n = kept;
}

static enum err open_new(struct relay *r, struct diag *d)
{
    const struct event begun = {.kind = EVENT_START, .start = {CLOISTER_VERSION}};
    for (size_t i = 0; i < roster_site_count(r->app->roster); i++) {
        struct party p;
        enum err e = roster_site_at(r->app->roster, i, &p);
        if (e)
            return e;
        if (!p.active || relay_find(r, p.id) != NULL)
            continue;
        if (r->n == RELAY_MEMBERS_MAX)
            return diag_set(d, ERR_TOOBIG, "more than %d sites", RELAY_MEMBERS_MAX);
        e = member_new(r, &p, &r->members[r->n], d);
        if (e)
            return d->text[0] != '\0'
                       ? e
                       : diag_set(d, e, "log/%s: cannot be opened (%s)", p.id, err_name(e));
        lognote_event(r->members[r->n++]->drv, &begun, clock_now_ms());
    }
    return OK;
}

static enum err allow(struct relay *r)
{
    AUTO_MEM struct zchan_allowed *list = calloc(r->n + 1, sizeof *list);
    if (list == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < r->n; i++) {
        memcpy(list[i].id, r->members[i]->party.id, sizeof r->members[i]->party.id);
        memcpy(list[i].key, r->members[i]->party.curve, ZCHAN_KEY);
    }
    return airlock_allow(r->airlock, list, r->n);
}

enum err relay_follow_roster(struct relay *r, struct diag *d)
{
    close_gone(r);
    enum err e = allow(r); /* who has gone is cut off before anybody new is let in */
    if (!e)
        e = open_new(r, d);
    return e ? e : allow(r);
}

static enum err folder(struct relay *r, const char *name, int *out)
{
    enum err e = dir_make(r->app->dir, name, 0700);
    return e ? e : dir_open(r->app->dir, name, out);
}

enum err relay_start(struct relay *r, struct diag *d)
{
    struct airlock_events events = relay_events(r);
    r->log = r->evidence = -1;
    enum err e = folder(r, "log", &r->log);
    if (!e)
        e = folder(r, "evidence", &r->evidence);
    if (!e)
        e = loop_timer_add(r->loop, TIMER_MOST_MS, 0, on_timer, r, &r->timer);
    if (!e)
        e = airlock_attach(r->airlock, r->loop, &events);
    if (!e)
        e = open_new(r, d);
    if (!e)
        loop_at_turn_end(r->loop, on_turn_end, r);
    return e;
}

enum err relay_listen(struct relay *r, const char *endpoint, struct diag *d)
{
    struct secret *key = keyring_secret(r->app->keyring, KEYRING_CURVE);
    enum err e = airlock_key(r->airlock, secret_borrow(key));
    secret_give_back(key);
    if (!e)
        e = allow(r);
    if (!e)
        e = airlock_bind(r->airlock, endpoint);
    return e ? diag_set(d, e, "the airlock does not take its orders (%s)", err_name(e)) : OK;
}

static void publish_last(struct member *m)
{
    const struct event ended = {.kind = EVENT_STOP};
    uint64_t later = clock_now_ms() + LOGSTORE_PUBLISH_MS;
    lognote_event(m->drv, &ended, clock_now_ms());
    if (linkdrv_turn(m->drv, clock_now_ms()) || !link_may_sign(linkdrv_link(m->drv)) ||
        logstore_publish_in_ms(m->log, later) > 0)
        return;
    enum err e = logstore_publish(m->log, later);
    if (e)
        LOG_WARN("exchange.publish", e, "site=%s", m->party.id);
}

void relay_stop(struct relay *r)
{
    loop_timer_end(r->timer);
    r->timer = NULL;
    while (r->n > 0) {
        struct member *m = r->members[--r->n];
        if (r->exit_code != EXIT_IO)
            publish_last(m);
        member_free(m);
    }
    fd_auto(&r->log);
    fd_auto(&r->evidence);
    r->log = r->evidence = -1;
}
