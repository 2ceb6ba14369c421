/* job.c - the daemon's side of an import. */
#include "node/ingest/job.h"

#include "base/clock.h"
#include "base/log.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/desk/desk.h"
#include "node/ingest/store.h"
#include "node/pseudonym.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct import_job {
    uint64_t peer;
    int64_t id; /* 0: a dry run */
    bool dry_run;
    uint64_t number;
    bool busy;      /* a file of it is on the worker */
    bool abandoned; /* ends when that file is done */
};

struct file_job {
    struct call *call;
    struct app *app;
    struct store_file f;
    char session[RECORD_ID];
    struct store_result result;
    enum err e;
    atomic_uint_least64_t bytes; /* told by the worker, read by the loop */
    atomic_bool told;            /* a progress message is under way */
};

static void end_job(struct app *a)
{
    enum err e = OK;
    if (!a->import->dry_run) {
        CLEANUP(vault_end) struct vault_tx tx;
        e = vault_begin(a->vault, &tx);
        if (!e)
            e = records_job_end(a->vault, a->import->id, clock_now_ms());
        if (!e)
            e = vault_commit(&tx);
    }
    if (!e && !a->import->dry_run)
        e = desk_open_items(a);
    if (e)
        LOG_WARN("import.end", e, "job=%lld", (long long)a->import->id);
    free(a->import);
    a->import = NULL;
}

void import_abandon(struct app *a, uint64_t peer)
{
    if (a->import == NULL || a->import->peer != peer)
        return;
    if (a->import->busy)
        a->import->abandoned = true;
    else
        end_job(a);
}

void import_stop(struct app *a)
{
    if (a->import != NULL)
        end_job(a);
}

void call_import_begin(struct call *c)
{
    struct app *a = c->app;
    if (a->import != NULL) {
        call_end(c, EXIT_AGAIN, "another import is running: wait until it has ended");
        return;
    }
    struct import_job *j = calloc(1, sizeof *j);
    enum err e = j == NULL ? ERR_NOMEM : OK;
    if (j != NULL) {
        j->peer = c->peer;
        j->dry_run = call_flag(c, "dry_run");
    }
    if (!e && !j->dry_run) {
        CLEANUP(vault_end) struct vault_tx tx;
        e = vault_begin(a->vault, &tx);
        if (!e)
            e = records_job_begin(a->vault, call_text(c, "by"), clock_now_ms(), &j->id);
        if (!e)
            e = vault_commit(&tx);
    }
    if (e) {
        free(j);
        call_end_err(c, e, "beginning the import");
        return;
    }
    a->import = j;
    call_end(c, EXIT_OK, NULL);
}

static void tell_progress(void *ctx)
{
    struct file_job *j = ctx;
    atomic_store(&j->told, false);
    call_progress(j->call, json_pack("{s:I}", "bytes", (json_int_t)atomic_load(&j->bytes)));
}

/* On the worker. Posts come in order, so this one is run before the job's done. */
static void on_progress(void *ctx, uint64_t bytes)
{
    struct file_job *j = ctx;
    atomic_store(&j->bytes, bytes);
    if (j->app->loop == NULL)
        call_progress(j->call, json_pack("{s:I}", "bytes", (json_int_t)bytes));
    else if (!atomic_exchange(&j->told, true) && loop_post(j->app->loop, tell_progress, j))
        atomic_store(&j->told, false);
}

static bool on_stopping(void *ctx)
{
    struct file_job *j = ctx;
    return j->app->worker != NULL && worker_stopping(j->app->worker);
}

static void run_file(void *ctx)
{
    struct file_job *j = ctx;
    j->e = store_take(j->app->worker_vault, &j->app->config, j->app->vault_path, &j->f, &j->result);
    if (j->app->loop != NULL && j->result.bytes >= STORE_COMMIT)
        (void)db_checkpoint(
            vault_db(j->app->worker_vault)); /* the next one would do it: keeps the -wal short */
}

static void file_done(void *ctx)
{
    static const char *const words[] = {"taken", "duplicate", "refused"};
    struct file_job *j = ctx;
    struct import_job *job = j->app->import;
    job->busy = false;
    if (j->e) {
        call_end_err(j->call, j->e, "storing the file");
    } else {
        call_row(j->call,
                 json_pack("{s:s, s:s, s:I}", "outcome", words[j->result.outcome], "reason",
                           j->result.reason, "bytes", (json_int_t)j->result.bytes));
        call_end(j->call, EXIT_OK, NULL);
    }
    if (job->abandoned)
        end_job(j->app);
    free(j);
}

static const char *check_file(const struct call *c)
{
    const struct import_job *job = c->app->import;
    if (job == NULL || job->peer != c->peer || job->busy)
        return "no import was begun here";
    if (c->fds[0] < 0)
        return "the file's descriptor is missing";
    if (call_text(c, "patient")[0] == '\0' || call_text(c, "session")[0] == '\0' ||
        call_text(c, "slot")[0] == '\0')
        return "patient, session and stream must be named";
    return NULL;
}

void call_import_file(struct call *c)
{
    const char *fault = check_file(c);
    struct file_job *j = fault != NULL ? NULL : calloc(1, sizeof *j);
    if (j == NULL) {
        call_end(c, EXIT_USAGE, fault == NULL ? "out of memory" : fault);
        return;
    }
    struct app *a = c->app;
    j->call = c;
    j->app = a;
    j->e = ERR_CLOSED; /* until it was run: a node that stops drops what is queued */
    j->f = (struct store_file){.fd = c->fds[0],
                               .session = j->session,
                               .patient = pseudonym_patient(a->keyring, call_text(c, "patient")),
                               .slot = call_text(c, "slot"),
                               .kind = call_text(c, "kind"),
                               .time = call_text(c, "time"),
                               .encoding = call_text(c, "encoding"),
                               .dry_run = a->import->dry_run,
                               .job = a->import->id,
                               .number = ++a->import->number,
                               .now_ms = clock_now_ms(),
                               .progress = on_progress,
                               .stopping = on_stopping,
                               .ctx = j};
    pseudonym_session(a->keyring, call_text(c, "patient"), call_text(c, "session"), j->session);
    a->import->busy = true;
    call_on_worker(c, run_file, file_done, j);
}

void call_import_end(struct call *c)
{
    struct import_job *job = c->app->import;
    struct records_count n = {0};
    if (job == NULL || job->peer != c->peer || job->busy) {
        call_end(c, EXIT_USAGE, "no import was begun here");
        return;
    }
    end_job(c->app);
    enum err e = records_count(c->app->vault, &n);
    if (!e)
        call_row(c, json_pack("{s:I, s:I, s:I, s:I}", "patients", (json_int_t)n.patients,
                              "sessions", (json_int_t)n.sessions, "items", (json_int_t)n.items,
                              "streams", (json_int_t)n.streams));
    call_end(c, exit_of(e), NULL);
}
