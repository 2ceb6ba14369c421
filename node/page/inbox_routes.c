/* inbox_routes.c - the steward's inbox, on the page and by command. */
#include "base/clock.h"
#include "node/desk/inbox.h"
#include "node/gate/gate.h"
#include "node/gate/uplink.h"

#include "base/text.h"
#include "host/password.h"
#include "host/say.h"
#include "io/files.h"
#include "node/calls.h"
#include "node/page/web.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

static enum err add_row(void *ctx, const struct doc_row *row, const char *title)
{
    return json_array_append_new(ctx, inbox_row_json(row, title)) == 0 ? OK : ERR_NOMEM;
}

void route_inbox(struct web *w)
{
    json_t *list = json_array();
    enum err e = documents_inbox(w->app->vault, NULL, add_row, list);
    if (e) {
        json_decref(list);
        web_fail(w, e, NULL);
        return;
    }
    web_json(w, 200, json_pack("{s:o}", "inbox", list));
}

static bool entry_id(const char *text, int64_t *out)
{
    uint64_t v = 0;
    if (parse_u64_str(text, INT64_MAX, &v))
        return false;
    *out = (int64_t)v;
    return true;
}

void route_inbox_entry(struct web *w)
{
    int64_t id = 0;
    json_t *entry = NULL;
    enum err e = entry_id(w->param, &id) ? inbox_entry_json(w->app, id, &entry) : ERR_NOTFOUND;
    if (e)
        web_fail(w, e, NULL);
    else
        web_json(w, 200, entry);
}

static void decide_asked(struct web *w, bool right)
{
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    int64_t id = 0;
    json_t *entry = NULL;
    bool approve = strcmp(web_text(w, "decision"), "approve") == 0;
    if (!right) {
        web_error(w, 403, "password", "the password is wrong: nothing was decided");
        return;
    }
    enum err e = entry_id(w->param, &id)
                     ? inbox_decide(w->app, id, approve, web_text(w, "reason"), &w->who, &f)
                     : ERR_NOTFOUND;
    if (!e)
        e = inbox_entry_json(w->app, id, &entry);
    if (e)
        web_fail_desk(w, e, &f);
    else
        web_json(w, 200, entry);
}

void route_inbox_decide(struct web *w)
{
    const char *decision = web_text(w, "decision");
    const char *password = web_text(w, "password");
    if (decision == NULL || (strcmp(decision, "approve") != 0 && strcmp(decision, "refuse") != 0)) {
        web_error_at(w, 400, "malformed", "/decision", "approve or refuse");
        return;
    }
    if (password == NULL) {
        web_error_at(w, 400, "malformed", "/password", "a decision is signed with your password");
        return;
    }
    web_ask_password(w, password, decide_asked);
}

/* --- commands --- */

void call_inbox_add(struct call *c)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX + 1);
    struct diag d = {0};
    struct doc_row row;
    bool known = false;
    enum err e = call_read_file(c, 0, NOTE_MAX, &note, &d);
    if (!e)
        e = inbox_add(c->app, buf_bytes(&note), &row, &known, &d);
    if (!e) { /* a known one too: it may have been added before there was a consortium */
        e = gate_offer_led(c->app, row.kind, buf_bytes(&note), clock_now_ms());
        uplink_wake(c->app->uplink);
    }
    if (e) {
        call_end_diag(c, e, call_text(c, "file"), &d);
        return;
    }
    json_t *v = inbox_row_json(&row, "{}");
    (void)json_object_set_new(v, "known", json_boolean(known));
    call_row(c, v);
    call_end(c, EXIT_OK, NULL);
}

static enum err row_entry(void *ctx, const struct doc_row *row, const char *title)
{
    call_row(ctx, inbox_row_json(row, title));
    return OK;
}

void call_inbox_list(struct call *c)
{
    call_end_err(c, documents_inbox(c->app->vault, NULL, row_entry, c), "reading the inbox");
}

void call_inbox_show(struct call *c)
{
    int64_t id = 0;
    json_t *entry = NULL;
    enum err e =
        entry_id(call_text(c, "id"), &id) ? inbox_entry_json(c->app, id, &entry) : ERR_NOTFOUND;
    if (e) {
        call_end(c, exit_of(e), "there is no such entry: `inbox` lists them");
        return;
    }
    call_row(c, entry);
    call_end(c, EXIT_OK, NULL);
}

/* By command a steward signs with the same two components: user name and password. */
struct decision {
    struct call *call;
    struct person who;
    char password[PASSWORD_MAX + 1];
    bool right;
};

static void decision_run(void *ctx)
{
    struct decision *d = ctx;
    d->right = people_verify(d->who.password, d->password);
}

static void decision_done(void *ctx)
{
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    struct decision *d = ctx;
    struct call *c = d->call;
    int64_t id = 0;
    bool approve = strcmp(call_text(c, "decision"), "approve") == 0;
    struct person who = d->who;
    bool right = d->right;
    sodium_memzero(d->password, sizeof d->password);
    free(d);
    if (!right) {
        call_end(c, EXIT_REFUSED, "the password is not that steward's: nothing was decided");
        return;
    }
    enum err e = entry_id(call_text(c, "id"), &id)
                     ? inbox_decide(c->app, id, approve, call_text(c, "reason"), &who, &f)
                     : ERR_NOTFOUND;
    if (e)
        call_end_diag(c, e, "inbox", &f.d);
    else
        call_end(c, EXIT_OK, NULL);
}

void call_inbox_decide(struct call *c)
{
    struct decision *d = calloc(1, sizeof *d);
    enum err e =
        d == NULL ? ERR_NOMEM : people_find(vault_db(c->app->vault), call_text(c, "user"), &d->who);
    if (e || d->who.disabled) {
        free(d);
        call_end(c, e == ERR_NOMEM ? EXIT_AGAIN : EXIT_REFUSED, "no such steward");
        return;
    }
    d->call = c;
    (void)snprintf(d->password, sizeof d->password, "%s", call_text(c, "password"));
    if (c->app->hasher != NULL &&
        worker_submit(c->app->hasher, decision_run, decision_done, d) == OK)
        return;
    decision_run(d);
    decision_done(d);
}
