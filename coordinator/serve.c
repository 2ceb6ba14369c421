/* serve.c - `serve`: the daemon. The airlock starts first, while this process holds no key. */
#include "base/clock.h"
#include "base/log.h"
#include "coordinator/app.h"
#include "coordinator/calls.h"
#include "coordinator/commands.h"
#include "coordinator/config.h"
#include "coordinator/members/relay.h"
#include "coordinator/page/page.h"
#include "host/say.h"
#include "io/files.h"
#include "io/service.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { CHECKPOINT_MS = 10 * 1000, ENDPOINT = 300 };

struct serve {
    struct app *app;
    struct config config;
    struct loop *loop;
    struct admin *admin;
    struct relay relay;
    struct calls calls;
    struct worker *hasher;
    struct page *page;
    struct loop_timer *checkpoint;
    int run; /* run/, of the admin socket */
    bool ready;
    char listening[ENDPOINT];
};

static void on_signal(int number, void *ctx)
{
    struct serve *s = ctx;
    if (number == SIGHUP)
        return; /* nothing is read again while it runs */
    LOG_INFO("stop.asked", "signal=%d", number);
    loop_stop(s->loop);
}

static void on_checkpoint(void *ctx)
{
    struct serve *s = ctx;
    enum err e = store_checkpoint(s->app->store);
    if (e)
        LOG_WARN("store.checkpoint", e, "%s", "");
    e = page_forget_old(s->page, clock_now_ms());
    if (e)
        LOG_WARN("page.forget", e, "%s", "");
}

/* --- the airlock's word --- */

static void on_listening(void *ctx, uint32_t port)
{
    struct serve *s = ctx;
    const char *colon = strrchr(s->config.listen, ':');
    (void)snprintf(s->listening, sizeof s->listening, "%.*s:%u", (int)(colon - s->config.listen),
                   s->config.listen, port);
    LOG_INFO("listening", "on=%s", s->listening);
    if (s->ready)
        return; /* bound again after a revocation */
    s->ready = true;
    (void)printf("%s: ready: listening on %s, page %s, origin %s\n", program_name(), s->listening,
                 page_address(s->page), page_origin(s->page));
    (void)fflush(stdout);
    service_notify("READY=1");
}

static void on_not_listening(void *ctx, uint32_t number)
{
    struct serve *s = ctx;
    const char *at = s->config.listen;
    if (s->relay.exit_code != EXIT_OK)
        return;
    if (number == EADDRINUSE)
        relay_fail(&s->relay, complain(EXIT_AGAIN,
                                       "%s: the port is taken: end the program that has it, or "
                                       "name another in coordinator.conf",
                                       at));
    else
        relay_fail(&s->relay,
                   complain(EXIT_UNAVAILABLE,
                            "%s: cannot be bound (%s): is the address one of this machine?", at,
                            number == 0 ? "refused" : strerror((int)number)));
}

/* --- life --- */

static enum err start(struct serve *s, struct airlock *airlock, struct diag *d)
{
    struct relay *r = &s->relay;
    enum err e = loop_new(&s->loop);
    if (e)
        return e;
    r->app = s->app;
    r->loop = s->loop;
    r->airlock = airlock;
    r->listening = on_listening;
    r->not_listening = on_not_listening;
    r->ctx = s;
    s->calls = (struct calls){.relay = r, .listening = s->listening, .page = ""};
    struct admin_events events = calls_events(&s->calls);
    e = loop_signals(s->loop, on_signal, s);
    if (!e)
        e = loop_timer_add(s->loop, CHECKPOINT_MS, CHECKPOINT_MS, on_checkpoint, s, &s->checkpoint);
    if (!e)
        e = dir_make(s->app->dir, "run", 0700);
    if (!e)
        e = dir_open(s->app->dir, "run", &s->run);
    if (!e)
        e = relay_start(r, d);
    if (!e)
        e = admin_new(s->loop, s->run, &events, &s->admin);
    s->calls.admin = s->admin;
    if (!e)
        e = worker_new(s->loop, &s->hasher);
    s->calls.hasher = s->hasher;
    if (!e)
        e = page_start(&s->calls, &s->config, s->hasher, &s->page, d);
    if (!e)
        s->calls.page = page_address(s->page);
    return e ? e : relay_listen(r, s->config.listen, d);
}

static void stop(struct serve *s)
{
    service_notify("STOPPING=1");
    /* The thread first: what it still had to say is drained while all it speaks to is there. */
    worker_free(MOVE(s->hasher));
    if (s->loop != NULL)
        loop_drain(s->loop);
    page_free(MOVE(s->page));
    relay_stop(&s->relay);
    admin_free(MOVE(s->admin));
    fd_auto(&s->run);
}

static int run(struct serve *s, struct airlock *airlock)
{
    struct diag d = {0};
    enum err e = start(s, airlock, &d);
    if (e) {
        int code = complain_diag(
            e, s->page == NULL && s->hasher != NULL ? s->config.page : shown(s->app->state), &d);
        stop(s);
        return e == ERR_CONFLICT ? EXIT_AGAIN : code;
    }
    e = loop_run(s->loop);
    stop(s);
    return e ? complain(EXIT_BUG, "the loop broke (%s)", err_name(e)) : s->relay.exit_code;
}

static enum err read_config(const struct state_options *o, struct config *c, struct diag *d,
                            char *path, size_t size)
{
    if (o->config != NULL)
        (void)snprintf(path, size, "%s", o->config);
    else
        (void)snprintf(path, size, "%.1000s/coordinator.conf", state_dir(o));
    config_default(c);
    return config_read(path, o->config != NULL, c, d);
}

int cmd_serve(int argc, char **argv)
{
    struct options o;
    struct diag d = {0};
    char path[APP_PATH];
    AUTO(airlock) airlock = NULL;
    AUTO(app) a = NULL;
    struct serve s = {.run = -1, .relay = {.log = -1, .evidence = -1}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, NULL, 0,
                  "serve [--state DIR] [--config FILE]",
                  "Runs the relay until SIGTERM or Ctrl-C. Says on stdout when it is ready.", &o);
    if (o.done)
        return o.exit_code;
    enum err e = read_config(&o.state, &s.config, &d, path, sizeof path);
    if (e) {
        int code = complain_diag(e, shown(path), &d);
        return e == ERR_INVALID ? EXIT_CONFIG : code;
    }
    /* First of all: what it inherits must hold no key. */
    e = airlock_spawn(NULL, AIRLOCK_ROUTER, &airlock, &d);
    if (e)
        return complain_diag(e, "cloister-airlock", &d);
    e = app_open(&o.state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o.state)), &d);
    if (a->roster == NULL)
        return complain(EXIT_CONFIG,
                        "no roster is in force, so there is nobody to listen to: %s roster install "
                        "FILE",
                        program_name());
    s.app = a;
    int code = run(&s, airlock);
    airlock_free(MOVE(airlock)); /* before the loop that it is attached to */
    loop_free(MOVE(s.loop));
    return code;
}
