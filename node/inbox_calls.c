/* inbox_calls.c - the steward's inbox for commands. */
#include "base/clock.h"
#include "base/text.h"
#include "host/password.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/consortium/proposals.h"
#include "node/desk/inbox.h"
#include "node/desk/inbox_governed.h"
#include "node/gate/gate.h"
#include "node/gate/uplink.h"
#include "node/vault/assets.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool entry_id(const struct call *c, int64_t *out)
{
    uint64_t v = 0;
    if (parse_u64_str(call_text(c, "id"), INT64_MAX, &v))
        return false;
    *out = (int64_t)v;
    return true;
}

/* A campaign or guideline of this site's own lead goes on to the consortium; a known one too: it may have been added before there
 * was one. A roster or policy goes when it is signed. */
static enum err add(struct app *a, struct bytes note, struct doc_row *row, bool *known,
                    struct diag *d)
{
    enum document_kind kind = DOCUMENT_REQUEST;
    if (proposals_kind(note, &kind))
        return proposals_take(a, kind, note, row, known, d);
    enum err e = inbox_add(a, note, row, known, d);
    if (!e)
        e = gate_offer_led(a, row->kind, note, clock_now_ms());
    return e;
}

void call_inbox_add(struct call *c)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)ASSET_MAX + 1);
    struct diag d = {0};
    struct doc_row row;
    bool known = false;
    enum err e = call_read_file(c, 0, ASSET_MAX, &note, &d);
    if (!e && !bytes_begin(buf_bytes(&note), bytes_str("cloister-"))) {
        call_asset_add(c, buf_bytes(&note));
        return;
    }
    if (!e)
        e = add(c->app, buf_bytes(&note), &row, &known, &d);
    if (e) {
        call_end_diag(c, e, call_text(c, "file"), &d);
        return;
    }
    uplink_wake(c->app->uplink);
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
    enum err e = entry_id(c, &id) ? inbox_entry_json(c->app, id, &entry) : ERR_NOTFOUND;
    if (e) {
        call_end(c, exit_of(e), "there is no such entry: `inbox` lists them");
        return;
    }
    call_row(c, entry);
    call_end(c, EXIT_OK, NULL);
}

/* --- deciding --- */

/* By command a steward signs with the same two components: user name and password; a roster or policy with the governor's
 * passphrase besides. */
struct decision {
    struct call *call;
    struct person who;
    int64_t id;
    bool approve, right;
    char password[PASSWORD_MAX + 1];
    struct gov_signing *signing; /* NULL: nothing is signed */
};

static void decision_free(struct decision *d)
{
    gov_signing_free(d->signing);
    sodium_memzero(d, sizeof *d);
    free(d);
}

static void decision_run(void *ctx)
{
    struct decision *d = ctx;
    d->right = people_verify(d->who.password, d->password);
    if (d->right && d->signing != NULL)
        gov_signing_run(d->signing);
}

static void decision_done(void *ctx)
{
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    struct decision *d = ctx;
    struct call *c = d->call;
    json_t *entry = NULL;
    struct bytes line = d->signing == NULL ? bytes_of(NULL, 0) : buf_bytes(&d->signing->line);
    enum err e = d->right ? OK : ERR_DENIED;
    if (!d->right)
        (void)diag_set(&f.d, e, "the password is not that steward's: nothing was decided");
    if (!e && d->signing != NULL) {
        e = d->signing->e;
        f.d = d->signing->d;
    }
    if (!e)
        e = inbox_decide(c->app, d->id, call_text(c, "decision"), call_text(c, "reason"), line,
                         &d->who, &f);
    if (!e)
        e = inbox_entry_json(c->app, d->id, &entry);
    decision_free(d);
    if (e) {
        call_end_diag(c, e, "inbox", &f.d);
        return;
    }
    call_row(c, entry);
    call_end(c, EXIT_OK, NULL);
}

/* The request is not needed any more, and its secrets stand in nobody's memory but the decision's. */
static void wipe(const struct call *c, const char *name)
{
    const char *text = call_text(c, name);
    sodium_memzero((char *)(uintptr_t)text, strlen(text));
}

static enum err prepare(struct call *c, struct decision *d, struct diag *why)
{
    struct doc_row row;
    struct bytes passphrase = bytes_str(call_text(c, "governor_passphrase"));
    enum err e = people_find(vault_db(c->app->vault), call_text(c, "user"), &d->who);
    if (e || d->who.disabled)
        return diag_set(why, e == OK || e == ERR_NOTFOUND ? ERR_DENIED : e, "no such steward");
    d->call = c;
    d->approve = strcmp(call_text(c, "decision"), "approve") == 0;
    if (!entry_id(c, &d->id) || documents_get(c->app->vault, d->id, &row))
        return diag_set(why, ERR_NOTFOUND, "there is no such entry: `inbox` lists them");
    if (!d->approve || !inbox_is_governed(&row))
        return OK;
    e = gov_signing_new(c->app, d->id, passphrase, &d->signing);
    return e == ERR_INVALID ? diag_set(why, e,
                                       "a %s is signed with the governor's passphrase: "
                                       "--gov-passphrase-file F",
                                       row.kind)
                            : e;
}

void call_inbox_decide(struct call *c)
{
    struct diag why = {0};
    struct decision *d = calloc(1, sizeof *d);
    enum err e = d == NULL ? ERR_NOMEM : prepare(c, d, &why);
    if (d != NULL)
        (void)snprintf(d->password, sizeof d->password, "%s", call_text(c, "password"));
    wipe(c, "password");
    wipe(c, "governor_passphrase");
    if (e) {
        if (d != NULL)
            decision_free(d);
        call_end_diag(c, e, "inbox", &why);
        return;
    }
    if (c->app->hasher != NULL &&
        worker_submit(c->app->hasher, decision_run, decision_done, d) == OK)
        return;
    decision_run(d);
    decision_done(d);
}
