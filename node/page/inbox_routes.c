/* inbox_routes.c - the steward's inbox on the page. */
#include "node/consortium/proposals.h"
#include "node/desk/inbox.h"
#include "node/desk/inbox_governed.h"

#include "base/text.h"
#include "host/password.h"
#include "node/page/web.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

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

/* A secret of the body is needed no longer than it takes to copy it. */
static void wipe(const struct web *w, const char *name)
{
    const char *text = web_text(w, name);
    if (text != NULL)
        sodium_memzero((char *)(uintptr_t)text, strlen(text));
}

static void decide(struct web *w, int64_t id, struct bytes signature)
{
    CLEANUP(desk_fault_fini) struct desk_fault f = {0};
    json_t *entry = NULL;
    const char *decision = web_text(w, "decision");
    enum err e = inbox_decide(w->app, id, decision, web_text(w, "reason"), signature, &w->who, &f);
    if (!e)
        e = inbox_entry_json(w->app, id, &entry);
    if (e)
        web_fail_desk(w, e, &f);
    else
        web_json(w, 200, entry);
}

static void signed_now(struct web *w)
{
    struct gov_signing *s = w->ctx;
    int64_t id = 0;
    enum err counted = s->e == ERR_DENIED ? web_count_wrong(w) : OK;
    if (counted)
        web_fail(w, counted, NULL);
    else if (s->e == ERR_DENIED)
        web_error_at(w, 403, "governor_passphrase", "/governor_passphrase",
                     "this passphrase does not open the governor's key: nothing was signed");
    else if (s->e)
        web_fail(w, s->e, &s->d);
    else if (!entry_id(w->param, &id))
        web_fail(w, ERR_NOTFOUND, NULL);
    else
        decide(w, id, buf_bytes(&s->line));
}

/* On the hashing thread, as the password before it: the key's passphrase costs as much to work out. */
static void sign_first(struct web *w, int64_t id)
{
    struct gov_signing *s = NULL;
    const char *passphrase = web_text(w, "governor_passphrase");
    enum err e = gov_signing_new(w->app, id, bytes_str(passphrase == NULL ? "" : passphrase), &s);
    wipe(w, "governor_passphrase");
    if (e == ERR_INVALID) {
        web_error_at(w, 400, "malformed", "/governor_passphrase",
                     "a roster or policy is signed with the governor's passphrase");
        return;
    }
    if (e) {
        web_fail(w, e, NULL);
        return;
    }
    web_keep(w, s, gov_signing_free);
    web_on_hasher(w, gov_signing_run, signed_now);
}

static void decide_asked(struct web *w, bool right)
{
    struct doc_row row;
    int64_t id = 0;
    if (!right) {
        web_error(w, 403, "password", "the password is wrong: nothing was decided");
        return;
    }
    enum err e = entry_id(w->param, &id) ? documents_get(w->app->vault, id, &row) : ERR_NOTFOUND;
    if (e)
        web_fail(w, e, NULL);
    else if (inbox_is_governed(&row) && strcmp(web_text(w, "decision"), "approve") == 0)
        sign_first(w, id);
    else
        decide(w, id, bytes_of(NULL, 0));
}

void route_inbox_decide(struct web *w)
{
    const char *decision = web_text(w, "decision");
    const char *password = web_text(w, "password");
    char kept[PASSWORD_MAX + 2]; /* one that is too long stays so */
    if (decision == NULL || (strcmp(decision, "approve") != 0 && strcmp(decision, "refuse") != 0 &&
                             strcmp(decision, "withdraw") != 0)) {
        web_error_at(w, 400, "malformed", "/decision", "approve, refuse or withdraw");
        return;
    }
    if (password == NULL) {
        web_error_at(w, 400, "malformed", "/password", "a decision is signed with your password");
        return;
    }
    (void)snprintf(kept, sizeof kept, "%s", password);
    wipe(w, "password");
    web_ask_password(w, kept, decide_asked);
    sodium_memzero(kept, sizeof kept);
}
