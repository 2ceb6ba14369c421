/* wire.c - what the airlock says. */
#include "base/clock.h"
#include "base/log.h"
#include "coordinator/members/relay.h"
#include "host/say.h"

#include <errno.h>

enum { REFUSED_MS = 1000 };

static void on_frame(void *ctx, const char *site, uint32_t route, struct bytes frame)
{
    struct relay *r = ctx;
    struct member *m = relay_find(r, site);
    if (m != NULL) /* else its list was older than the roster */
        member_frame(m, route, frame);
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct relay *r = ctx;
    for (size_t i = 0; i < AIRPIPE_OUT_MAX; i++) {
        if (r->tickets[i].ticket != ticket)
            continue;
        struct relay_ticket t = r->tickets[i];
        r->tickets[i].ticket = 0;
        struct member *m = relay_find(r, t.site);
        if (e && m != NULL)
            member_lost(m, t.route);
    }
    /* There is room for one more, whoever waits for it. */
    for (size_t i = 0; i < r->n; i++)
        r->members[i]->dirty |= r->members[i]->blocked;
}

/* Strangers knock as often as they like: one line a second says how many. */
static void refused(struct relay *r, unsigned event, uint32_t value)
{
    uint64_t now = clock_mono_ms();
    enum lognote_what what = event == ZCHAN_REFUSED ? LOGNOTE_REFUSED : LOGNOTE_HANDSHAKE;
    r->refused++;
    for (size_t i = 0; i < r->n; i++)
        member_note(r->members[i], what, value);
    if (r->refused_ms != 0 && now - r->refused_ms < REFUSED_MS)
        return;
    r->refused_ms = now;
    LOG_WARN("peer.refused", ERR_DENIED, "event=%u value=%u count=%llu", event, value,
             (unsigned long long)r->refused);
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct relay *r = ctx;
    struct member *m = relay_find(r, site);
    switch (event) {
    case AIRPIPE_READY:
        if (value == 0)
            LOG_WARN("airlock.unfiltered", OK, "%s", "this kernel gives it no system-call filter");
        return;
    case ZCHAN_LISTENING:
        r->listening(r->ctx, value);
        return;
    case ZCHAN_BIND_FAILED:
        r->not_listening(r->ctx, value);
        return;
    case AIRPIPE_KEY_REFUSED:
    case AIRPIPE_ALLOW_REFUSED:
    case AIRPIPE_BIND_REFUSED:
        LOG_ERROR("airlock.refused", (enum err)value, "event=%u", event);
        /* The first bind says ERR_AGAIN where a port may become free, and no errno. */
        r->not_listening(r->ctx,
                         event == AIRPIPE_BIND_REFUSED && value == ERR_AGAIN ? EADDRINUSE : 0);
        return;
    case ZCHAN_DOWN:
        if (m != NULL)
            member_lost(m, m->route);
        return;
    case ZCHAN_REFUSED:
    case ZCHAN_BAD_HANDSHAKE:
    case ZCHAN_NO_HANDSHAKE:
        refused(r, event, value);
        return;
    case ZCHAN_MULTIPART:
    case ZCHAN_OVERSIZE:
    case ZCHAN_STRANGER:
    case ZCHAN_ODD_ROUTE:
    case ZCHAN_ACCEPT_FAILED:
        if (m != NULL)
            member_note(m, LOGNOTE_ODD, event);
        LOG_WARN("peer.odd", ERR_INVALID, "site=%s event=%u value=%u", site, event, value);
        return;
    default:
        return;
    }
}

static void on_line(void *ctx, const char *text)
{
    (void)ctx;
    LOG_INFO("airlock", "%s", text);
}

static void on_died(void *ctx, int status)
{
    struct relay *r = ctx;
    LOG_ERROR("airlock.died", ERR_CLOSED, "status=%d", status);
    r->airlock_dead = true;
    relay_fail(r, EXIT_UNAVAILABLE);
}

struct airlock_events relay_events(struct relay *r)
{
    return (struct airlock_events){.frame = on_frame,
                                   .answered = on_answered,
                                   .peer = on_peer,
                                   .line = on_line,
                                   .died = on_died,
                                   .ctx = r};
}
