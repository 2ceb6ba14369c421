/* door.c - a command's way to its node. */
#include "node/door.h"

#include "host/admin.h"
#include "host/say.h"
#include "io/files.h"
#include "node/calls.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct door {
    int fd; /* -1: offline */
    struct app *app;
};

/* What an answer fills in. */
struct hearing {
    door_fn *fn;
    void *ctx;
    bool ended;
    int exit_code;
    char *text;
    size_t size;
};

static bool try_daemon(const struct state_options *o, struct door *d)
{
    AUTO_FD int dir = -1;
    AUTO_FD int run = -1;
    if (dir_open(AT_FDCWD, state_dir(o), &dir) || dir_open(dir, "run", &run))
        return false;
    return admin_connect(run, &d->fd) == OK;
}

int door_open(const struct state_options *o, struct door **out)
{
    struct diag why = {0};
    AUTO(door) d = calloc(1, sizeof *d);
    if (d == NULL)
        return complain(EXIT_AGAIN, "out of memory");
    d->fd = -1;
    if (!try_daemon(o, d)) {
        enum err e = app_open(o, &d->app, &why);
        if (e)
            return complain_diag(e, state_dir(o), &why);
    }
    *out = MOVE(d);
    return EXIT_OK;
}

void door_free(struct door *d)
{
    if (d == NULL)
        return;
    fd_auto(&d->fd);
    app_free(d->app);
    free(d);
}

bool door_is_daemon(const struct door *d)
{
    return d->fd >= 0;
}

static void hear(struct hearing *h, const json_t *message)
{
    const json_t *row = json_object_get(message, "row");
    const json_t *progress = json_object_get(message, "progress");
    const json_t *end = json_object_get(message, "end");
    if ((row != NULL || progress != NULL) && h->fn != NULL)
        h->fn(h->ctx, row, progress);
    if (end == NULL)
        return;
    const char *text = json_string_value(json_object_get(end, "text"));
    h->ended = true;
    h->exit_code = (int)json_integer_value(json_object_get(end, "exit"));
    (void)snprintf(h->text, h->size, "%s", text == NULL ? "" : text);
}

static void on_offline_reply(struct call *c, json_t *message)
{
    hear(c->reply_ctx, message);
    json_decref(message);
}

static int ask_offline(struct door *d, json_t *request, const int *fds, size_t n, struct hearing *h)
{
    struct call *c = calloc(1, sizeof *c);
    if (c == NULL) {
        json_decref(request);
        return EXIT_AGAIN;
    }
    *c =
        (struct call){.app = d->app, .request = request, .reply = on_offline_reply, .reply_ctx = h};
    for (size_t i = 0; i < CALL_FDS; i++)
        c->fds[i] = i < n ? fcntl(fds[i], F_DUPFD_CLOEXEC, 3) : -1;
    call_dispatch(c);
    return h->ended ? h->exit_code : EXIT_BUG;
}

static int lost(struct hearing *h)
{
    (void)snprintf(
        h->text, h->size,
        "the daemon went away in mid-answer: see its log, start it again, and repeat the command");
    return EXIT_UNAVAILABLE;
}

static int ask_daemon(struct door *d, json_t *request, const int *fds, size_t n, struct hearing *h)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    enum err e = json_canonical(request, &b);
    json_decref(request);
    if (!e)
        e = admin_say(d->fd, buf_bytes(&b), fds, n);
    if (e == ERR_TOOBIG) {
        (void)snprintf(h->text, h->size,
                       "what was handed over is larger than a command may send (1 MiB)");
        return EXIT_DATA;
    }
    while (!e && !h->ended) {
        AUTO_JSON message = NULL;
        e = admin_hear(d->fd, &b);
        if (!e)
            e = json_read(buf_bytes(&b), ADMIN_MAX, &message, NULL);
        if (!e)
            hear(h, message);
    }
    return e ? lost(h) : h->exit_code;
}

int door_ask_quiet(struct door *d, json_t *request, const int *fds, size_t n, door_fn *fn,
                   void *ctx, char *text, size_t size)
{
    struct hearing h = {.fn = fn, .ctx = ctx, .text = text, .size = size};
    text[0] = '\0';
    if (request == NULL) {
        (void)snprintf(text, size, "the request cannot be made: is a name or text no UTF-8?");
        return EXIT_DATA;
    }
    return d->fd >= 0 ? ask_daemon(d, request, fds, n, &h) : ask_offline(d, request, fds, n, &h);
}

int door_ask(struct door *d, json_t *request, const int *fds, size_t n, door_fn *fn, void *ctx)
{
    char text[1400];
    int exit_code = door_ask_quiet(d, request, fds, n, fn, ctx, text, sizeof text);
    if (text[0] != '\0')
        return complain(exit_code, "%s", text);
    return exit_code;
}
