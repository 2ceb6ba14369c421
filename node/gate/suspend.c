/* suspend.c - the wall closed by a person's hand. Closing comes first and is undone where it cannot be written down; opening comes
 * last. */
#include "node/gate/suspend.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/wire/event.h"
#include "host/say.h"
#include "node/access.h"
#include "node/calls.h"
#include "node/gate/left.h"
#include "node/gate/uplink.h"

#include <stdio.h>

enum err suspend_load(struct app *a)
{
    return suspension_get(a->vault, &a->suspension);
}

json_t *suspend_json(const struct app *a)
{
    const struct suspension *s = &a->suspension;
    if (!s->on)
        return json_null();
    return json_pack("{s:s, s:s, s:I}", "user", s->user, "name", s->name, "since_ms",
                     (json_int_t)s->at_ms);
}

/* An entry of the exchange log, durable on OK: with the link's turn where it runs, else by hand. */
static enum err note_exchange(struct app *a, const struct event *ev, struct diag *d)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(EVENT_MAX + ENTRY_BLIND);
    AUTO(logstore) own = NULL;
    struct logstore *log = NULL;
    uint8_t blind[ENTRY_BLIND];
    uint64_t index = 0;
    rng_fill(blind, sizeof blind);
    enum err e = event_frame_put(blind, ev, &frame);
    if (e)
        return e;
    if (a->uplink != NULL) {
        e = uplink_note(a->uplink, buf_bytes(&frame));
        return e == ERR_CLOSED ? OK
                               : e; /* a link that stopped says nothing more; the access log does */
    }
    e = left_open_log(a, &own, &log, d);
    if (e || log == NULL)
        return e; /* it was never connected: there is no log to say it in */
    e = logstore_append(log, ENTRY_LOCAL, clock_now_ms(), buf_bytes(&frame), bytes_of(NULL, 0),
                        &index);
    return e ? e : logstore_sync(log);
}

static enum err write_down(struct app *a, const struct suspension *to, const char *user,
                           const char *name, struct diag *d)
{
    const struct event ev = {.kind = EVENT_SUSPEND,
                             .suspend = {.suspended = to->on, .user = user, .name = name}};
    enum err e = access_append(a, &ev);
    if (!e)
        e = access_sync(a);
    if (!e)
        e = note_exchange(a, &ev, d);
    return e ? e : suspension_set(a->vault, to);
}

enum err suspend_set(struct app *a, bool on, const char *user, const char *name, struct diag *d)
{
    struct suspension to = {.on = on, .at_ms = clock_now_ms()};
    if (a->config.coordinator[0] == '\0' || a->roster == NULL)
        return diag_set(d, ERR_NOTFOUND,
                        "this site has no link to a coordinator: nothing can leave it");
    if (a->suspension.on == on)
        return diag_set(d, ERR_CONFLICT,
                        on ? "this site is suspended already" : "this site is not suspended");
    (void)snprintf(to.user, sizeof to.user, "%s", user);
    (void)snprintf(to.name, sizeof to.name, "%s", name);
    if (on)
        uplink_suspend(a->uplink, true);
    enum err e = write_down(a, &to, user, name, d);
    if (e) {
        if (on)
            uplink_suspend(a->uplink, false);
        return d->text[0] != '\0' ? e
                                  : diag_set(d, e, "it cannot be written down (%s)", err_name(e));
    }
    a->suspension = to;
    LOG_INFO(on ? "gate.suspended" : "gate.resumed", "user=%s", user);
    if (!on)
        uplink_suspend(a->uplink, false);
    return OK;
}

/* --- commands --- */

static void by_command(struct call *c, bool on)
{
    struct diag d = {0};
    char name[PERSON_SHOWN];
    const char *by = call_text(c, "by");
    (void)snprintf(name, sizeof name, "operator %.60s", by);
    enum err e = suspend_set(c->app, on, by, name, &d);
    if (e) {
        call_end(c, exit_of(e), d.text);
        return;
    }
    call_row(c, json_pack("{s:o, s:b}", "suspended", suspend_json(c->app), "running",
                          (int)(c->app->loop != NULL)));
    call_end(c, EXIT_OK, NULL);
}

void call_suspend(struct call *c)
{
    by_command(c, true);
}

void call_resume(struct call *c)
{
    by_command(c, false);
}
