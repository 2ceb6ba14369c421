/* A Frame, a Body and a LocalEvent that are taken pack to the same bytes, within eight times their size. */
#include "core/wire/body.h"
#include "core/wire/event.h"
#include "core/wire/frame.h"
#include "fuzz.h"

static size_t budget(size_t size)
{
    return size * FRAME_BUDGET + 65536;
}

static void as_frame(struct bytes in)
{
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FRAME_MAX);
    struct frame f;
    arena_init(&a, budget(in.n));
    enum err e = frame_read(in, &a, &f);
    MUST(a.used <= a.limit && e != ERR_NOMEM);
    if (e)
        return;
    MUST(frame_put(&f, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), in));
}

static void as_event(struct bytes in)
{
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FRAME_MAX);
    struct event ev;
    arena_init(&a, budget(in.n));
    enum err e = event_read_bytes(in, &a, &ev);
    MUST(a.used <= a.limit);
    if (e)
        return;
    MUST(event_put(&ev, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), in));
}

static void as_body(struct bytes in)
{
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FRAME_MAX);
    struct body body;
    arena_init(&a, budget(in.n));
    enum err e = body_read(in, &a, &body);
    MUST(a.used <= a.limit);
    if (e)
        return;
    MUST(body_put(&body, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_frame(bytes_of(data, size));
    as_body(bytes_of(data, size));
    as_event(bytes_of(data, size));
    return 0;
}
