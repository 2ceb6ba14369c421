/* decide.c - decisions about documents, as a table, with two persons where the site wants them. */
#include "node/desk/decide.h"

#include "base/log.h"
#include "base/text.h"
#include "core/identity/governance.h"
#include "node/desk/guidelines.h"
#include "node/desk/inbox_governed.h"
#include "node/desk/requeue.h"
#include "node/gate/gate.h"

#include <stdio.h>
#include <string.h>

enum { DOC_BYTES = 2 * 1024 * 1024 };

/* What is not here is refused: a refusal is final, a withdrawal or an end can be taken back by a new approval. */
static const struct {
    const char *from, *decision, *to;
    bool pending; /* only while a first of two people has approved */
} edges[] = {
    {"waiting", "approve", "approved", false},    {"waiting", "refuse", "refused", false},
    {"approved", "withdraw", "withdrawn", false}, {"withdrawn", "approve", "approved", false},
    {"expired", "approve", "approved", false},    {"withdrawn", "refuse", "refused", true},
    {"expired", "refuse", "refused", true},
};

static const char *state_after(const char *from, const char *decision, bool pending)
{
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        if (strcmp(edges[i].from, from) == 0 && strcmp(edges[i].decision, decision) == 0 &&
            (pending || !edges[i].pending))
            return edges[i].to;
    }
    return NULL;
}

static enum err read_body(struct app *a, const struct doc_row *row, json_t **out)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(DOC_BYTES);
    enum err e = documents_texts(a->vault, row->id, NULL, &body, NULL);
    return e ? e : json_read(buf_bytes(&body), DOC_BYTES, out, NULL);
}

/* An approval ends with the campaign's last day. */
static enum err until_of(struct app *a, const struct doc_row *row, const json_t *doc, uint64_t *out)
{
    uint64_t day = 0;
    const json_t *scope = json_object_get(doc, "scope");
    *out = 0;
    if (strcmp(row->kind, "guideline") == 0)
        return guideline_until(a, json_text(doc, "campaign"), out);
    if (strcmp(row->kind, "campaign") == 0 && date_ms(bytes_str(json_text(scope, "until")), &day))
        *out = day + 86400000u;
    return OK;
}

static enum err may_approve(struct app *a, const struct doc_row *row, struct approval_row *ap,
                            struct desk_fault *f)
{
    AUTO_JSON doc = NULL;
    enum err e = read_body(a, row, &doc);
    if (!e)
        e = until_of(a, row, doc, &ap->until_ms);
    if (!e && ap->until_ms != 0 && ap->until_ms <= ap->at_ms)
        return desk_refuse(f, ERR_CONFLICT, "expired",
                           "the last day of this campaign has passed: a new version must name a "
                           "later one");
    if (!e && strcmp(row->kind, "guideline") == 0) {
        e = guideline_fits(a, doc, row->hash, &f->d);
        f->code = e == ERR_CONFLICT ? "fork" : f->code;
    }
    return e;
}

enum err decide_may(struct app *a, const struct doc_row *row, const char *decision,
                    const struct person *who, struct approval_row *ap, struct desk_fault *f)
{
    struct approval_row first;
    bool pending = false;
    bool approve = strcmp(decision, "approve") == 0;
    bool two = approve && config_two_person(&a->config);
    enum err e = approvals_first(a->vault, row->id, &pending, &first);
    if (e)
        return e;
    bool over = inbox_is_governed(row) && strcmp(row->state, "waiting") != 0;
    if (over || state_after(row->state, decision, pending) == NULL)
        return desk_refuse(f, ERR_CONFLICT, "state", "this document is %s already", row->state);
    if (two && pending && strcmp(first.user, who->user) == 0)
        return desk_refuse(f, ERR_CONFLICT, "same_person",
                           "you have approved it: a second steward must do so too");
    e = approve ? may_approve(a, row, ap, f) : OK;
    if (e)
        return e;
    ap->waits = two && !pending;
    ap->roster = a->roster == NULL ? 0 : document_version(a->roster);
    (void)snprintf(ap->decision, sizeof ap->decision, "%s", decision);
    (void)snprintf(ap->user, sizeof ap->user, "%s", who->user);
    (void)snprintf(ap->name, sizeof ap->name, "%s", who->name);
    (void)snprintf(ap->meaning, sizeof ap->meaning, "%s this %s as data steward of this site%s",
                   approve                           ? inbox_is_governed(row) ? "signs" : "approves"
                   : strcmp(decision, "refuse") == 0 ? "refuses"
                                                     : "withdraws",
                   row->kind,
                   !two      ? ""
                   : pending ? ", as the second of two people"
                             : ", as the first of two");
    return OK;
}

/* The campaign that a document belongs to. */
static void campaign_name(const struct doc_row *row, char out[DOC_NAME])
{
    (void)snprintf(out, DOC_NAME, "%s", row->name);
    if (strcmp(row->kind, "guideline") == 0)
        out[strcspn(out, "/")] = '\0';
}

enum err decide_take_force(struct app *a, const struct doc_row *row, const struct approval_row *ap,
                           struct bytes signature)
{
    char name[DOC_NAME];
    const char *state = state_after(row->state, ap->decision, true);
    enum err e = state == NULL ? ERR_CONFLICT : documents_set_state(a->vault, row->id, state);
    if (!e && signature.n > 0) /* it speaks for itself */
        return governed_sign(a, row, signature, ap->at_ms);
    campaign_name(row, name);
    if (!e && strcmp(state, "approved") == 0)
        e = requeue_ask(a, name);
    return e ? e : gate_offer_reply(a, row->hash, state, ap->reason, ap->until_ms, ap->at_ms);
}

enum err decide_expire(struct app *a, uint64_t now_ms)
{
    uint64_t n = 0;
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = documents_expire(a->vault, now_ms, &n);
    if (!e)
        e = vault_commit(&tx);
    if (!e && n > 0)
        LOG_INFO("document.expired", "n=%llu", (unsigned long long)n);
    return e;
}
