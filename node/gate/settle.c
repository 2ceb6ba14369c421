/* settle.c - `log settle`: the exchange log, receipted and cosigned, copied for an auditor. */
#include "base/clock.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/gate/left.h"
#include "node/gate/uplink.h"

#include <stdlib.h>

enum { POLL_MS = 100, SETTLE_MS = 10000 };

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
    enum err e = left_open_log(a, &own, &log, &d);
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
