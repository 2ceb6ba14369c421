/* lognote.c - local entries of an exchange log. */
#include "host/lognote.h"

#include "base/log.h"
#include "base/rng.h"

static const char *const words[LOGNOTE_WHATS] = {[LOGNOTE_UP] = "up",
                                                 [LOGNOTE_DOWN] = "down",
                                                 [LOGNOTE_DROPPED] = "dropped",
                                                 [LOGNOTE_REFUSED] = "refused",
                                                 [LOGNOTE_HANDSHAKE] = "bad-handshake",
                                                 [LOGNOTE_ODD] = "odd-frame"};

void lognote_event(struct linkdrv *drv, const struct event *ev, uint64_t now_ms)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(EVENT_MAX + ENTRY_BLIND);
    uint8_t blind[ENTRY_BLIND];
    if (link_state(linkdrv_link(drv)) == LINK_STOPPED)
        return;
    rng_fill(blind, sizeof blind);
    enum err e = event_frame_put(blind, ev, &frame);
    if (e)
        LOG_ERROR("exchange.note", e, "event=%s", event_kind_name(ev->kind));
    else
        linkdrv_local(drv, buf_bytes(&frame), now_ms);
}

static void note(struct lognote *l, struct linkdrv *drv, enum lognote_what what, uint64_t now_ms)
{
    struct event ev = {
        .kind = EVENT_CONNECTION,
        .connection = {
            .what = words[what], .site = "", .n = l->of[what].n, .value = l->of[what].value}};
    lognote_event(drv, &ev, now_ms);
    l->of[what].n = 0;
    l->of[what].noted_ms = now_ms;
}

/* A clock that was set back delays a note by a minute at most. */
static bool may_note(const struct lognote *l, enum lognote_what what, uint64_t now_ms)
{
    uint64_t last = l->of[what].noted_ms;
    if (l->of[what].n == 0)
        return false;
    return last == 0 || now_ms >= last + LOGNOTE_MS || now_ms + LOGNOTE_MS < last;
}

void lognote_connection(struct lognote *l, struct linkdrv *drv, enum lognote_what what,
                        uint64_t value, uint64_t now_ms)
{
    l->of[what].n++;
    l->of[what].value = value;
    if (may_note(l, what, now_ms))
        note(l, drv, what, now_ms);
}

void lognote_turn(struct lognote *l, struct linkdrv *drv, uint64_t now_ms)
{
    for (unsigned i = 0; i < LOGNOTE_WHATS; i++) {
        if (may_note(l, (enum lognote_what)i, now_ms))
            note(l, drv, (enum lognote_what)i, now_ms);
    }
}
