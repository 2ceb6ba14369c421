/* calls.h - what a command asks of the node. The same handlers serve a running daemon (over run/admin.sock) and a command that
 * opened the state directory itself because no daemon runs.
 *
 * A request is a JSON object with `cmd`; it may bring descriptors. A handler answers with any number of rows and exactly one
 * end, now or later (long work goes to the worker). Answers on the wire: {"row":...}, {"progress":...}, {"end":{"exit","text"}}. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

enum { CALL_FDS = 4 };

struct call {
    struct app *app;
    const json_t *request; /* lives as long as the call */
    int fds[CALL_FDS];     /* -1: none; a handler that keeps one sets it to -1 */
    uint64_t peer; /* who asks: 0 offline; else the admin peer, for what spans several requests */
    /* Answers reach `reply` in order; json is given. Filled in by who makes the call. */
    void (*reply)(struct call *c, json_t *message);
    void *reply_ctx;
    /* Of the running job. */
    loop_fn *run;
    loop_fn *done;
    void *job;
};

/* Finds the handler and runs it; an unknown command ends with exit 64. Takes the call (heap) and ends it. */
void call_dispatch(struct call *c);
/* The peer has gone: what it had begun is wound up. */
void call_peer_gone(struct app *a, uint64_t peer);

/* For handlers. json is given; NULL (no memory) is passed over. */
void call_row(struct call *c, json_t *row);
void call_progress(struct call *c, json_t *progress);
/* Frees the call. text NULL where all is well. */
void call_end(struct call *c, int exit_code, const char *text);
void call_end_diag(struct call *c, enum err e, const char *where, const struct diag *d);
/* The error's name and what the database said; for what should not happen. */
void call_end_err(struct call *c, enum err e, const char *what);

/* Runs run(job) on the worker, then done(job) on the loop's thread; both at once where there is no worker. */
void call_on_worker(struct call *c, loop_fn *run, loop_fn *done, void *job);

/* Appends the whole of the file that descriptor `i` is open on. ERR_INVALID without one, ERR_TOOBIG above `max`. */
enum err call_read_file(const struct call *c, size_t i, size_t max, struct buf *out,
                        struct diag *d);

/* Members of the request; "" and 0 where absent. */
const char *call_text(const struct call *c, const char *name);
uint64_t call_u64(const struct call *c, const char *name);
bool call_flag(const struct call *c, const char *name);

/* `inbox add` of a file that is no note: a picture that a guideline names. Ends the call. */
void call_asset_add(struct call *c, struct bytes data);

typedef void call_handler(struct call *c);
call_handler call_status, call_user_add, call_user_list, call_user_reset, call_user_disable;
call_handler call_inbox_add, call_inbox_list, call_inbox_show, call_inbox_decide;
call_handler call_import_begin, call_import_file, call_import_end, call_import_jsonl;
call_handler call_export, call_quality, call_reads, call_log_access, call_campaign_policy;
call_handler call_roster_pin, call_left, call_log_settle, call_replies, call_guideline,
    call_suspend, call_resume;
