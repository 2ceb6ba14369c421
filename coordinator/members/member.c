/* member.c - one site: frames in, frames out, the end of a turn. */
#include "coordinator/members/member.h"

#include "base/clock.h"
#include "base/log.h"
#include "coordinator/members/relay.h"
#include "coordinator/store/watch.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "host/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 1000, SETTLE_TICK_MS = 100, HELLO_MOST = 64 * 1024 };

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void knock_later(struct member *m)
{
    m->knock_route = m->route;
    m->knock_at_ms = m->route == 0 ? UINT64_MAX : clock_mono_ms() + m->knock_wait_ms;
    m->knock_wait_ms = sooner(m->knock_wait_ms * 2, KNOCK_MOST_MS);
}

/* --- what the link asks for --- */

static enum err on_send(void *ctx, struct bytes frame)
{
    struct member *m = ctx;
    struct relay *r = m->relay;
    uint32_t ticket = 0;
    size_t i = 0;
    if (!m->connected)
        return OK; /* the next hello says what is missing */
    while (i < AIRPIPE_OUT_MAX && r->tickets[i].ticket != 0)
        i++;
    m->blocked = i == AIRPIPE_OUT_MAX;
    if (m->blocked)
        return ERR_AGAIN;
    enum err e = airlock_send(r->airlock, m->party.id, frame, &ticket);
    if (e == ERR_CLOSED)
        return OK; /* the airlock's end is told to the relay */
    m->blocked = e == ERR_AGAIN;
    if (!e) {
        r->tickets[i] = (struct relay_ticket){.ticket = ticket, .route = m->route};
        memcpy(r->tickets[i].site, m->party.id, sizeof m->party.id);
    }
    return e;
}

static void keep_evidence(struct member *m, enum link_fault fault)
{
    char name[WATCH_EVIDENCE];
    (void)snprintf(name, sizeof name, "%s-%llu", m->party.id, (unsigned long long)clock_now_ms());
    enum err e = linkdrv_evidence_keep(m->drv, m->relay->evidence, name);
    if (e)
        LOG_ERROR("evidence.lost", e, "site=%s", m->party.id);
    else
        LOG_ERROR("evidence.kept", OK, "site=%s file=evidence/%s", m->party.id, name);
    e = store_fault_put(m->relay->app->store, m->party.id, link_fault_name(fault), e ? "" : name,
                        clock_now_ms());
    if (e)
        LOG_ERROR("store.fault", e, "site=%s", m->party.id);
}

void member_refused(struct member *m, const char *side, const char *code, size_t n)
{
    char rule[WATCH_RULE];
    (void)snprintf(rule, sizeof rule, "%s:%.*s", side, (int)n, code);
    enum err e = store_refused(m->relay->app->store, m->party.id, rule, clock_now_ms());
    if (e)
        LOG_WARN("store.refused", e, "site=%s", m->party.id);
}

void member_note(struct member *m, enum lognote_what what, uint64_t value)
{
    lognote_connection(&m->notes, m->drv, what, value, clock_now_ms());
    m->dirty |= logstore_queued(m->log) > 0;
}

static void on_close(void *ctx, enum link_fault fault, bool for_good)
{
    struct member *m = ctx;
    m->connected = false;
    if (for_good) {
        m->knock_at_ms = UINT64_MAX;
        LOG_ERROR("link.stopped", ERR_DENIED, "site=%s fault=%s", m->party.id,
                  link_fault_name(fault));
        keep_evidence(m, fault);
        return;
    }
    member_note(m, LOGNOTE_DROPPED, fault);
    LOG_WARN("link.dropped", ERR_CLOSED, "site=%s fault=%s", m->party.id, link_fault_name(fault));
    member_refused(m, "frame", link_fault_name(fault), strlen(link_fault_name(fault)));
    knock_later(m);
}

/* --- life --- */

enum err member_keys(struct relay *r, const struct party *site, struct link_keys *own,
                     struct link_keys *peer)
{
    struct party coordinator;
    struct party toward;
    enum err e = roster_coordinator(r->app->roster, &coordinator);
    if (!e)
        e = party_toward(&coordinator, site->id, &toward);
    if (e)
        return e;
    *own = (struct link_keys){toward.log, toward.msg, toward.witness};
    *peer = (struct link_keys){site->log, site->msg, site->witness};
    return OK;
}

static enum err open_log(struct member *m, const char *origin, struct diag *d)
{
    struct secret *seed = keyring_secret(m->relay->app->keyring, KEYRING_LOG);
    enum err e = logstore_open_unsigned(m->relay->log, m->party.id, origin, seed, &m->log, d);
    return e == ERR_NOTFOUND ? logstore_create(m->relay->log, m->party.id, origin, seed, &m->log, d)
                             : e;
}

static enum err open_link(struct member *m, const struct link_keys *own,
                          const struct link_keys *peer, struct diag *d)
{
    struct app *a = m->relay->app;
    struct member_row row = {0};
    enum err e = store_member(a->store, m->party.id, &row);
    struct linkdrv_config config = {
        .link = {.side = LINK_COORDINATOR,
                 .own = *own,
                 .peer = *peer,
                 .msg_seed = keyring_secret(a->keyring, KEYRING_MESSAGE),
                 .witness_seed = keyring_secret(a->keyring, KEYRING_WITNESS)},
        .applied_index = row.applied_index,
        .calls = {.send = on_send, .close = on_close, .apply = member_apply, .ctx = m}};
    if (!e)
        e = linkdrv_new(m->log, &config, &m->drv, d);
    if (!e)
        e = store_outbox_unsaid(a->store, m->party.id, linkdrv_next_seq(m->drv));
    return e ? e : store_outbox_fill(a->store, m->party.id);
}

enum err member_new(struct relay *r, const struct party *site, struct member **out, struct diag *d)
{
    struct link_keys own;
    struct link_keys peer;
    AUTO(member) m = calloc(1, sizeof *m);
    if (m == NULL)
        return ERR_NOMEM;
    m->relay = r;
    m->party = *site;
    m->more = true;
    m->dirty = true;
    m->knock_at_ms = UINT64_MAX;
    m->knock_wait_ms = KNOCK_FIRST_MS;
    enum err e = member_keys(r, site, &own, &peer);
    if (!e)
        e = open_log(m, own.log.name, d);
    if (!e)
        e = open_link(m, &own, &peer, d);
    if (!e)
        *out = MOVE(m);
    return e;
}

static void end_settle(struct member *m, bool settled)
{
    struct member_settle s = m->settle;
    if (!s.on)
        return;
    m->settle.on = false;
    m->calm_at_ms = 0;
    linkdrv_settle(m->drv, false);
    s.done(s.ctx, m, settled);
}

void member_free(struct member *m)
{
    if (m == NULL)
        return;
    end_settle(m, false);
    linkdrv_free(m->drv);
    logstore_free(m->log);
    free(m);
}

/* --- what comes --- */

static bool is_hello(struct bytes bytes)
{
    CLEANUP(arena_fini) struct arena arena;
    struct frame f;
    struct note n;
    struct msgnote said;
    arena_init(&arena, (size_t)FRAME_BUDGET * FRAME_MAX);
    return frame_read(bytes, &arena, &f) == OK && note_parse(f.note, &n) == OK &&
           msgnote_parse(n.text, &said) == OK &&
           bytes_eq(said.type, bytes_str(body_token(BODY_HELLO)));
}

/* Over a route that it did not say hello on a site may say nothing else: it is asked to, and the frame is not logged. */
static bool move_to(struct member *m, uint32_t route, struct bytes frame)
{
    struct relay *r = m->relay;
    if (!is_hello(frame)) {
        if (airlock_knock(r->airlock, route))
            LOG_WARN("knock.failed", ERR_AGAIN, "site=%s", m->party.id);
        return false;
    }
    enum err e = airlock_route(r->airlock, m->party.id, route);
    if (e) {
        LOG_WARN("route.failed", e, "site=%s", m->party.id);
        return false;
    }
    m->route = route;
    m->connected = true;
    m->knock_at_ms = UINT64_MAX;
    linkdrv_disconnected(m->drv);
    member_note(m, LOGNOTE_UP, 0);
    linkdrv_connected(m->drv, clock_now_ms());
    return true;
}

/* A hello on a link that is up: the site settles its log and wants our receipts and cosignatures now. Ours settles with it, so
 * that the two copies an auditor compares end at the same message. */
static void settle_with_it(struct member *m, struct bytes frame)
{
    if (frame.n > HELLO_MOST || !is_hello(frame))
        return;
    m->calm_at_ms = clock_mono_ms() + SETTLE_MS;
    linkdrv_settle(m->drv, true);
}

void member_frame(struct member *m, uint32_t route, struct bytes frame)
{
    enum link_state state = link_state(linkdrv_link(m->drv));
    if (state == LINK_STOPPED)
        return;
    if (route != m->route || !m->connected) {
        if (!move_to(m, route, frame))
            return;
    } else if (state == LINK_UP) {
        settle_with_it(m, frame);
    }
    m->heard_ms = clock_now_ms();
    linkdrv_frame(m->drv, frame, m->heard_ms);
    m->dirty = true;
}

void member_lost(struct member *m, uint32_t route)
{
    if (!m->connected || m->route != route)
        return;
    m->connected = false;
    linkdrv_disconnected(m->drv);
    member_note(m, LOGNOTE_DOWN, 0);
    knock_later(m);
    m->dirty = true;
}

/* --- the turn --- */

static void settle_turn(struct member *m, uint64_t now_ms)
{
    if (m->calm_at_ms != 0 && m->calm_at_ms <= clock_mono_ms()) {
        m->calm_at_ms = 0;
        if (!m->settle.on)
            linkdrv_settle(m->drv, false);
    }
    if (!m->settle.on)
        return;
    m->settle.look_ms = clock_mono_ms() + SETTLE_TICK_MS;
    if (linkdrv_settled(m->drv)) {
        end_settle(m, true);
        return;
    }
    if (clock_mono_ms() >= m->settle.until_ms) {
        end_settle(m, false);
        return;
    }
    if (m->connected && linkdrv_wants_hello(m->drv, now_ms) &&
        airlock_knock(m->relay->airlock, m->route))
        LOG_WARN("knock.failed", ERR_AGAIN, "site=%s", m->party.id);
}

static enum err say_and_commit(struct member *m, uint64_t now_ms)
{
    enum err e = OK;
    for (int i = 0; i < LINK_WINDOW && !e; i++) {
        e = member_say(m, now_ms);
        enum err turned = linkdrv_turn(m->drv, now_ms);
        e = turned == ERR_IO || !e ? turned : e;
        if (!m->more || !linkdrv_can_send(m->drv))
            break;
    }
    return e;
}

/* Kept as a time: what is left until then, asked of the link later, would be put off each time it is asked. */
static uint64_t next_due(const struct member *m)
{
    uint64_t in = linkdrv_due_ms(m->drv, clock_now_ms());
    uint64_t at = in == UINT64_MAX ? in : clock_mono_ms() + in;
    at = sooner(at, m->knock_at_ms);
    if (m->calm_at_ms != 0)
        at = sooner(at, m->calm_at_ms);
    return m->settle.on ? sooner(at, m->settle.look_ms) : at;
}

enum err member_turn(struct member *m)
{
    uint64_t now = clock_now_ms();
    if (member_due_ms(m) > 0)
        return OK;
    m->dirty = false;
    m->again_ms = 0;
    if (m->knock_at_ms <= clock_mono_ms()) {
        (void)!airlock_knock(m->relay->airlock, m->knock_route);
        knock_later(m);
    }
    lognote_turn(&m->notes, m->drv, now);
    enum err e = say_and_commit(m, now);
    if (link_state(linkdrv_link(m->drv)) == LINK_UP)
        m->knock_wait_ms = KNOCK_FIRST_MS;
    settle_turn(m, now);
    m->due_at_ms = next_due(m);
    if (!e)
        return OK;
    /* What was to be said in this turn was not: its numbers are free again. */
    LOG_WARN("turn.failed", e, "site=%s", m->party.id);
    m->dirty = true;
    m->more = true;
    m->again_ms = clock_mono_ms() + AGAIN_MS;
    enum err undone =
        store_outbox_unsaid(m->relay->app->store, m->party.id, linkdrv_next_seq(m->drv));
    return e == ERR_IO ? e : undone == ERR_IO ? undone : OK;
}

uint64_t member_due_ms(const struct member *m)
{
    uint64_t mono = clock_mono_ms();
    uint64_t at = m->dirty ? m->again_ms : m->due_at_ms;
    return at == UINT64_MAX ? at : at > mono ? at - mono : 0;
}

/* --- for an auditor --- */

enum err member_settle(struct member *m, const struct member_settle *want)
{
    if (m->settle.on)
        return ERR_AGAIN;
    m->settle = *want;
    m->settle.on = true;
    m->settle.until_ms = clock_mono_ms() + SETTLE_MS;
    linkdrv_settle(m->drv, true);
    m->dirty = true;
    relay_wake(m->relay);
    return OK;
}
