/* serve.c - `serve`: the daemon. One loop; slow work on a worker with a connection of its own; passwords hashed on another
 * thread, so that a login never waits for an import. */
#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/wire/event.h"
#include "host/admin.h"
#include "host/options.h"
#include "host/say.h"
#include "io/service.h"
#include "node/access.h"
#include "node/calls.h"
#include "node/commands.h"
#include "node/desk/decide.h"
#include "node/desk/requeue.h"
#include "node/gate/uplink.h"
#include "node/ingest/job.h"
#include "node/page/page.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANCHOR_MS = 3600 * 1000,
    CHECKPOINT_MS = 2000,
    TICK_MS = 60 * 1000,
    REQUEUE_MS = 100,
};

struct serve {
    struct app *app;
    struct airlock *airlock; /* started first of all; NULL: no link is configured */
    int exit_code;           /* of a stop that was not asked for */
    struct loop_timer *publish, *anchor, *checkpoint, *tick, *requeue;
    bool checkpointing;
    enum err checkpoint_result;
};

static void on_signal(int number, void *ctx)
{
    struct serve *s = ctx;
    if (number == SIGHUP)
        return; /* nothing is read again while it runs */
    LOG_INFO("stop.asked", "signal=%d", number);
    loop_stop(s->app->loop);
}

static void on_anchor(void *ctx)
{
    struct serve *s = ctx;
    enum err e = app_anchor(s->app);
    if (e)
        LOG_ERROR("anchor.failed", e, "%s", "");
    else if (s->app->uplink != NULL)
        uplink_note_access(s->app->uplink);
}

/* Bundles, tiles and the signed checkpoint follow the journal, on a thread of the log's; the journal alone is the commit. */
static void on_publish(void *ctx)
{
    struct serve *s = ctx;
    uint64_t now = clock_now_ms();
    if (logstore_publish_in_ms(s->app->access, now) == 0) {
        enum err e = logstore_publish_beside(s->app->access, now);
        if (e)
            LOG_WARN("access.publish", e, "%s", "");
    }
}

static void run_checkpoint(void *ctx)
{
    struct serve *s = ctx;
    s->checkpoint_result = db_checkpoint(vault_db(s->app->worker_vault));
}

static void checkpoint_done(void *ctx)
{
    struct serve *s = ctx;
    s->checkpointing = false;
    if (s->checkpoint_result)
        LOG_WARN("vault.checkpoint", s->checkpoint_result, "%s", "");
}

static void on_checkpoint(void *ctx)
{
    struct serve *s = ctx;
    if (s->checkpointing)
        return;
    s->checkpointing = worker_submit(s->app->worker, run_checkpoint, checkpoint_done, s) == OK;
}

static void on_tick(void *ctx)
{
    struct serve *s = ctx;
    enum err e = desk_release_idle(s->app, clock_now_ms());
    if (!e)
        e = decide_expire(s->app, clock_now_ms());
    if (!e)
        e = page_forget_old(s->app->page, clock_now_ms());
    if (e)
        LOG_WARN("tick.failed", e, "%s", "");
}

/* Steps, so that a save never waits for all of a campaign's work. */
static void on_requeue(void *ctx)
{
    struct serve *s = ctx;
    bool more = false;
    enum err e = requeue_step(s->app, clock_now_ms(), &more);
    if (e)
        LOG_WARN("guideline.requeue", e, "%s", "");
}

/* --- commands over the admin socket --- */

static void reply_to_peer(struct call *c, json_t *message)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    struct admin_peer *p = admin_find(c->app->admin, c->peer);
    if (p != NULL && !json_canonical(message, &b) && admin_send(p, buf_bytes(&b)))
        LOG_WARN("admin.reply", ERR_CLOSED, "%s", "");
    json_decref(message);
}

static void on_message(void *ctx, struct admin_peer *p, struct bytes payload, int fds[ADMIN_FDS],
                       size_t n)
{
    struct serve *s = ctx;
    json_t *request = NULL;
    struct call *c = calloc(1, sizeof *c);
    if (c == NULL || json_read(payload, ADMIN_MAX, &request, NULL)) {
        free(c);
        admin_finish(p);
        return;
    }
    *c = (struct call){
        .app = s->app, .request = request, .peer = admin_peer_id(p), .reply = reply_to_peer};
    for (size_t i = 0; i < CALL_FDS; i++) {
        c->fds[i] = i < n ? fds[i] : -1;
        if (i < n)
            fds[i] = -1;
    }
    call_dispatch(c);
}

static void on_closed(void *ctx, struct admin_peer *p)
{
    struct serve *s = ctx;
    call_peer_gone(s->app, admin_peer_id(p));
}

/* --- life --- */

/* The commits of one turn: access log first, because answers wait for it. */
static void on_turn_end(void *ctx)
{
    struct serve *s = ctx;
    struct app *a = s->app;
    page_turn_end(a->page);
    if (a->uplink == NULL || uplink_turn(a->uplink) == OK)
        return;
    s->exit_code =
        complain(EXIT_IO, "%s/log: the exchange log cannot be written any more", a->state);
    loop_stop(a->loop);
}

static enum err start_uplink(struct serve *s, struct diag *d)
{
    struct app *a = s->app;
    if (s->airlock == NULL)
        return OK;
    if (a->roster == NULL) {
        LOG_WARN("link.waits", ERR_NOTFOUND, "%s", "no roster is pinned: see `roster pin`");
        airlock_free(MOVE(s->airlock));
        return OK;
    }
    return uplink_start(a, MOVE(s->airlock), &a->uplink, d);
}

static enum err start_threads(struct app *a, struct diag *d)
{
    enum err e = loop_new(&a->loop);
    if (!e)
        e = vault_open_second(a->vault, a->vault_path, keyring_secret(a->keyring, KEYRING_DATABASE),
                              &a->worker_vault, d);
    if (e)
        a->worker_vault = a->vault;
    if (!e)
        e = worker_new(a->loop, &a->worker);
    return e ? e : worker_new(a->loop, &a->hasher);
}

static enum err start_timers(struct serve *s)
{
    struct loop *l = s->app->loop;
    enum err e =
        loop_timer_add(l, LOGSTORE_PUBLISH_MS, LOGSTORE_PUBLISH_MS, on_publish, s, &s->publish);
    if (!e)
        e = loop_timer_add(l, ANCHOR_MS, ANCHOR_MS, on_anchor, s, &s->anchor);
    if (!e)
        e = loop_timer_add(l, CHECKPOINT_MS, CHECKPOINT_MS, on_checkpoint, s, &s->checkpoint);
    if (!e)
        e = loop_timer_add(l, REQUEUE_MS, REQUEUE_MS, on_requeue, s, &s->requeue);
    return e ? e : loop_timer_add(l, TICK_MS, TICK_MS, on_tick, s, &s->tick);
}

static enum err start(struct serve *s, struct diag *d)
{
    struct app *a = s->app;
    struct admin_events events = {.message = on_message, .closed = on_closed, .ctx = s};
    enum err e = start_threads(a, d);
    if (!e)
        e = loop_signals(a->loop, on_signal, s);
    if (!e)
        e = page_start(a, &a->page, d);
    if (!e)
        e = admin_new(a->loop, a->run, &events, &a->admin);
    if (!e)
        e = start_uplink(s, d);
    if (!e)
        loop_at_turn_end(a->loop, on_turn_end, s);
    if (!e)
        e = start_timers(s);
    if (!e)
        e = decide_expire(a, clock_now_ms());
    if (!e)
        e = desk_open_items(a);
    if (!e)
        e = access_mark(a, EVENT_START);
    return e ? e : app_anchor(a);
}

static void stop(struct serve *s)
{
    struct app *a = s->app;
    service_notify("STOPPING=1");
    /* Threads first: what they still had to say is drained while all they speak to is there. */
    worker_free(MOVE(a->hasher));
    worker_free(a->worker); /* not MOVEd: its running job asks it whether to break off */
    a->worker = NULL;
    if (a->loop != NULL)
        loop_drain(a->loop);
    import_stop(a);
    admin_free(MOVE(a->admin));
    page_free(MOVE(a->page));
    enum err e = app_anchor(a);
    if (!e)
        e = access_mark(a, EVENT_STOP);
    if (!e)
        e = logstore_publish(a->access, clock_now_ms() + LOGSTORE_PUBLISH_MS);
    if (e)
        LOG_ERROR("stop.anchor", e, "%s", "");
    uplink_stop(a->uplink);
    uplink_free(MOVE(a->uplink));
    loop_free(MOVE(a->loop));
}

static int run(struct serve *s)
{
    struct diag d = {0};
    enum err e = start(s, &d);
    if (e) {
        int code = complain_diag(e, page_where(s->app), &d);
        stop(s);
        return e == ERR_CONFLICT ? EXIT_AGAIN : code;
    }
    (void)printf(PROGRAM ": ready: listening on %s, origin %s\n", page_address(s->app->page),
                 page_origin(s->app->page));
    (void)fflush(stdout);
    service_notify("READY=1");
    e = loop_run(s->app->loop);
    stop(s);
    if (s->exit_code)
        return s->exit_code;
    return e ? complain(EXIT_BUG, "the loop broke (%s)", err_name(e)) : EXIT_OK;
}

/* Before anything secret is in memory (architecture.md 9). */
static int start_airlock(const struct state_options *o, struct serve *s)
{
    char path[APP_PATH];
    struct config c;
    struct diag d = {0};
    config_default(&c);
    (void)snprintf(path, sizeof path, "%.1000s/node.conf", state_dir(o));
    if (config_read(o->config == NULL ? path : o->config, false, &c, &d) ||
        c.coordinator[0] == '\0')
        return EXIT_OK; /* a faulty file is named when the folder is opened */
    enum err e = airlock_spawn(NULL, AIRLOCK_DEALER, &s->airlock, &d);
    return e ? complain_diag(e, "cloister-airlock", &d) : EXIT_OK;
}

int cmd_serve(int argc, char **argv)
{
    struct options o;
    struct diag d = {0};
    struct serve s = {0};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, NULL, 0,
                  "serve [--state DIR] [--config FILE]",
                  "Runs the node until SIGTERM or Ctrl-C. Says on stdout when it is ready.", &o);
    if (o.done)
        return o.exit_code;
    int code = start_airlock(&o.state, &s);
    if (code)
        return code;
    AUTO(app) a = NULL;
    enum err e = app_open(&o.state, &a, &d);
    if (e) {
        airlock_free(s.airlock);
        return complain_diag(e, state_dir(&o.state), &d);
    }
    s.app = a;
    code = run(&s);
    airlock_free(s.airlock);
    return code;
}
