/* left.c - `left`: what crossed this site's wall, read back out of the exchange log; and `log settle`. */
#include "node/gate/left.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/governance.h"
#include "core/identity/note.h"
#include "core/wire/body_json.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/gate/uplink.h"

#include <stdlib.h>

enum { FLOOR = 64 * 1024, POLL_MS = 100, SETTLE_MS = 10000 };

/* An exchange log for reading: the running link's, or opened for this call. NULL where this site has none. */
static enum err open_log(struct app *a, struct logstore **own, struct logstore **out,
                         struct diag *d)
{
    char origin[APP_ORIGIN];
    if (a->uplink != NULL) {
        *out = uplink_log(a->uplink);
        return OK;
    }
    enum err e = logstore_open_unsigned(a->dir, "log", app_origin(a, "", origin),
                                        keyring_secret(a->keyring, KEYRING_LOG), own, d);
    *out = *own;
    return e == ERR_NOTFOUND ? OK : e;
}

/* One message as it left: NULL for any other entry. */
static enum err message_json(struct logstore *log, uint64_t index, bool whole, json_t **out)
{
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct logstore_item item;
    struct frame f;
    struct note n;
    struct msgnote m;
    struct body b;
    *out = NULL;
    enum err e = logstore_get(log, index, &item);
    if (e || item.entry.kind != ENTRY_OUT)
        return e;
    arena_init(&mem, item.frame.n * FRAME_BUDGET + FLOOR);
    if (frame_read(item.frame, &mem, &f) || note_parse(f.note, &n) || msgnote_parse(n.text, &m) ||
        body_read(f.body, &mem, &b))
        return ERR_CORRUPT;
    json_t *said = body_json(&b);
    *out = json_pack("{s:I, s:I, s:s%, s:I, s:s, s:o}", "index", (json_int_t)index, "at_ms",
                     (json_int_t)item.entry.time_ms, "type", m.type.p, m.type.n, "bytes",
                     (json_int_t)item.frame.n, "frame", hash_uri(item.entry.frame).s, "says", said);
    if (*out != NULL && whole) {
        CLEANUP(buf_fini) struct buf raw = BUF_INIT((size_t)2 * FRAME_MAX);
        if (base64_put(&raw, item.frame) == OK)
            (void)json_object_set_new(*out, "base64", json_stringn((const char *)raw.p, raw.n));
    }
    return *out == NULL ? ERR_NOMEM : OK;
}

void call_left(struct call *c)
{
    struct diag d = {0};
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    enum err e = open_log(c->app, &own, &log, &d);
    bool one = call_flag(c, "one");
    uint64_t from = log == NULL ? 0 : logstore_size(log);
    uint64_t to = 0;
    if (!e && one && call_u64(c, "index") >= from)
        e = diag_set(&d, ERR_NOTFOUND, "the exchange log has no such entry");
    if (!e && one) {
        to = call_u64(c, "index");
        from = to + 1;
    }
    for (uint64_t i = from; i > to && !e; i--) {
        json_t *row = NULL;
        e = message_json(log, i - 1, one, &row);
        if (row != NULL)
            call_row(c, row);
    }
    if (e)
        call_end_diag(c, e, "left", &d);
    else
        call_end(c, EXIT_OK, NULL);
}

enum err left_json(struct app *a, json_t **out)
{
    struct diag d = {0};
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    AUTO_JSON list = json_array();
    enum err e = open_log(a, &own, &log, &d);
    uint64_t size = log == NULL ? 0 : logstore_size(log);
    for (uint64_t i = size; i > 0 && !e && json_array_size(list) < LEFT_MAX; i--) {
        json_t *row = NULL;
        e = message_json(log, i - 1, false, &row);
        if (row != NULL && json_array_append_new(list, row) != 0)
            e = ERR_NOMEM;
    }
    if (!e)
        *out = MOVE(list);
    return e;
}

/* --- log settle --- */

struct settling {
    struct call *c;
    struct loop_timer *timer;
    uint64_t until_ms;
};

static void finish(struct call *c, struct logstore *log, bool settled)
{
    struct checkpoint cp = {.size = 0};
    struct diag d = {0};
    enum err e =
        c->fds[0] < 0 ? ERR_INVALID : logstore_copy(log, clock_now_ms(), c->fds[0], ".", &cp, &d);
    if (e) {
        call_end_diag(c, e, "log settle", &d);
        return;
    }
    call_row(c, json_pack("{s:I, s:s, s:b}", "size", (json_int_t)cp.size, "origin", cp.origin,
                          "settled", settled));
    call_end(c, EXIT_OK, NULL);
}

static void on_poll(void *ctx)
{
    struct settling *s = ctx;
    struct app *a = s->c->app;
    bool settled = uplink_settled(a->uplink);
    if (!settled && clock_mono_ms() < s->until_ms)
        return;
    uplink_settle(a->uplink, false);
    finish(s->c, uplink_log(a->uplink), settled);
    loop_timer_end(s->timer);
    free(s);
}

void call_log_settle(struct call *c)
{
    struct diag d = {0};
    struct app *a = c->app;
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    enum err e = open_log(a, &own, &log, &d);
    if (!e && log == NULL)
        e = diag_set(&d, ERR_NOTFOUND,
                     "this site has no exchange log: it has never been connected");
    if (e) {
        call_end_diag(c, e, "log settle", &d);
        return;
    }
    if (a->uplink == NULL) {
        finish(c, log, false);
        return;
    }
    struct settling *s = calloc(1, sizeof *s);
    if (s == NULL || loop_timer_add(a->loop, POLL_MS, POLL_MS, on_poll, s, &s->timer)) {
        free(s);
        call_end_err(c, ERR_NOMEM, "log settle");
        return;
    }
    s->c = c;
    s->until_ms = clock_mono_ms() + SETTLE_MS;
    uplink_settle(a->uplink, true);
}
