/* access.c - appending to the access log. */
#include "node/access.h"

#include "base/clock.h"
#include "base/rng.h"

enum err access_append(struct app *a, const struct event *ev)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(EVENT_MAX + ENTRY_BLIND);
    uint8_t blind[ENTRY_BLIND];
    uint64_t index = 0;
    rng_fill(blind, sizeof blind);
    enum err e = event_frame_put(blind, ev, &frame);
    if (e)
        return e;
    return logstore_append(a->access, ENTRY_LOCAL, clock_now_ms(), buf_bytes(&frame),
                           bytes_of(NULL, 0), &index);
}

enum err access_sync(struct app *a)
{
    return logstore_sync(a->access);
}

enum err access_mark(struct app *a, enum event_kind kind)
{
    struct event ev = {.kind = kind};
    if (kind == EVENT_START)
        ev.start.version = CLOISTER_VERSION;
    enum err e = access_append(a, &ev);
    return e ? e : access_sync(a);
}
