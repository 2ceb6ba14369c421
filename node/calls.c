/* calls.c - requests of commands, dispatched. */
#include "node/calls.h"

#include "host/say.h"
#include "io/files.h"
#include "node/ingest/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    call_handler *handler;
} table[] = {
    {"status", call_status},
    {"user_add", call_user_add},
    {"user_list", call_user_list},
    {"user_reset", call_user_reset},
    {"user_disable", call_user_disable},
    {"inbox_add", call_inbox_add},
    {"inbox_list", call_inbox_list},
    {"inbox_show", call_inbox_show},
    {"inbox_decide", call_inbox_decide},
    {"guideline", call_guideline},
    {"import_begin", call_import_begin},
    {"import_file", call_import_file},
    {"import_end", call_import_end},
    {"import_jsonl", call_import_jsonl},
    {"export", call_export},
    {"quality", call_quality},
    {"reads", call_reads},
    {"roster_pin", call_roster_pin},
    {"left", call_left},
    {"replies", call_replies},
    {"suspend", call_suspend},
    {"resume", call_resume},
    {"log_settle", call_log_settle},
    {"log_access", call_log_access},
};

void call_dispatch(struct call *c)
{
    const char *name = call_text(c, "cmd");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(name, table[i].name) == 0) {
            table[i].handler(c);
            return;
        }
    }
    call_end(c, EXIT_USAGE,
             "the running daemon does not know this command: is it an older version? Restart it");
}

void call_peer_gone(struct app *a, uint64_t peer)
{
    import_abandon(a, peer);
}

static void tell(struct call *c, const char *kind, json_t *value)
{
    json_t *message = value == NULL ? NULL : json_pack("{s:o}", kind, value);
    if (message != NULL)
        c->reply(c, message);
}

void call_row(struct call *c, json_t *row)
{
    tell(c, "row", row);
}

void call_progress(struct call *c, json_t *progress)
{
    tell(c, "progress", progress);
}

void call_end(struct call *c, int exit_code, const char *text)
{
    tell(c, "end", json_pack("{s:i, s:s?}", "exit", exit_code, "text", text));
    for (int i = 0; i < CALL_FDS; i++)
        fd_auto(&c->fds[i]);
    json_decref((json_t *)(uintptr_t)c->request);
    free(c);
}

void call_end_diag(struct call *c, enum err e, const char *where, const struct diag *d)
{
    char text[1400];
    const char *why = d->text[0] != '\0' ? d->text : err_name(e);
    if (d->pointer[0] != '\0')
        (void)snprintf(text, sizeof text, "%s: %s: %s", where, d->pointer, why);
    else
        (void)snprintf(text, sizeof text, "%s: %s", where, why);
    call_end(c, exit_of(e), text);
}

void call_end_err(struct call *c, enum err e, const char *what)
{
    char text[300];
    const char *hint = e == ERR_FULL ? ". Make room on the disk and try again" : "";
    (void)snprintf(text, sizeof text, "%s failed (%s)%s", what, err_name(e), hint);
    call_end(c, exit_of(e), e == OK ? NULL : text);
}

void call_on_worker(struct call *c, loop_fn *run, loop_fn *done, void *job)
{
    if (c->app->worker == NULL) {
        run(job);
        done(job);
        return;
    }
    if (worker_submit(c->app->worker, run, done, job)) {
        done(job); /* finds that nothing was done and says so */
    }
}

enum err call_read_file(const struct call *c, size_t i, size_t max, struct buf *out, struct diag *d)
{
    size_t n = 0;
    if (i >= CALL_FDS || c->fds[i] < 0)
        return ERR_INVALID;
    uint8_t *to = buf_reserve(out, max + 1);
    if (to == NULL)
        return ERR_NOMEM;
    enum err e = fd_read_some(c->fds[i], to, max + 1, &n);
    if (e)
        return e;
    buf_commit(out, n);
    return n > max ? diag_set(d, ERR_TOOBIG, "more than %zu bytes: nothing of this kind is so long",
                              max)
                   : OK;
}

const char *call_text(const struct call *c, const char *name)
{
    return json_text(c->request, name);
}

uint64_t call_u64(const struct call *c, const char *name)
{
    json_int_t v = json_integer_value(json_object_get(c->request, name));
    return v < 0 ? 0 : (uint64_t)v;
}

bool call_flag(const struct call *c, const char *name)
{
    return json_is_true(json_object_get(c->request, name));
}
