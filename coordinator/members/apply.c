/* apply.c - what a site's message changes here. The log holds the message already: what is not ours to take is passed over, with a
 * line in the daemon's log. */
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "coordinator/assets.h"
#include "coordinator/documents.h"
#include "coordinator/members/relay.h"
#include "coordinator/store/watch.h"

#include <stdio.h>
#include <string.h>

/* What one payload brought about, told on only after the commit. */
struct brought {
    bool roster, document;
    char lead[PARTY_ID]; /* a site that is to be told a decision; "" for none */
};

static bool word_is(struct bytes word, enum document_kind kind)
{
    return bytes_eq(word, bytes_str(document_kind_name(kind)));
}

static enum err take_governed(struct app *a, const struct document_message *m, struct brought *b,
                              struct diag *d)
{
    bool roster = word_is(m->kind, DOCUMENT_ROSTER);
    struct taking t = {.known = false};
    enum err e = documents_propose(a, roster ? DOCUMENT_ROSTER : DOCUMENT_POLICY, m->note,
                                   PROPOSED_BY_SITE, &t, d);
    b->document = !e && !t.known;
    b->roster = b->document && t.in_force && roster;
    return e;
}

static enum err take_led(struct app *a, const struct document_message *m, bool leads,
                         struct brought *b, struct diag *d)
{
    AUTO(document) doc = NULL;
    bool known = false;
    bool campaign = word_is(m->kind, DOCUMENT_CAMPAIGN);
    if (!leads)
        return diag_set(d, ERR_DENIED, "this site leads nothing");
    enum err e = documents_take_led(a, campaign ? DOCUMENT_CAMPAIGN : DOCUMENT_GUIDELINE, m->note,
                                    &known, &doc, d);
    b->document = !e && !known;
    return e;
}

static enum err take_document(struct member *m, const struct document_message *doc,
                              struct brought *b)
{
    struct app *a = m->relay->app;
    struct diag d = {0};
    enum err e = ERR_INVALID;
    if (word_is(doc->kind, DOCUMENT_ROSTER) || word_is(doc->kind, DOCUMENT_POLICY))
        e = take_governed(a, doc, b, &d);
    else if (word_is(doc->kind, DOCUMENT_CAMPAIGN) || word_is(doc->kind, DOCUMENT_GUIDELINE))
        e = take_led(a, doc, m->party.leads, b, &d);
    else
        (void)diag_set(&d, e, "not a kind that is taken here");
    if (documents_refused(e) || e == ERR_FULL) {
        LOG_WARN("document.refused", e, "site=%s kind=%.*s", m->party.id, (int)doc->kind.n,
                 (const char *)doc->kind.p);
        LOG_DEBUG("document.refused", "why=%s %s", d.pointer, d.text);
        member_refused(m, "document", err_name(e), strlen(err_name(e)));
        return OK;
    }
    return e;
}

/* The frame in which the site said it, from its log; empty where it is too large to be quoted. */
static enum err frame_of(struct member *m, uint64_t index, struct bytes *out)
{
    struct logstore_item item;
    enum err e = logstore_get(m->log, index, &item);
    if (!e)
        *out = item.frame.n > BODY_ORIGINAL_MAX ? bytes_of(NULL, 0) : item.frame;
    return e;
}

/* A decision about a proposal has no lead: it is shown, and told to nobody. */
static enum err take_known_reply(struct member *m, uint64_t index, const struct campaign_reply *r,
                                 uint64_t now_ms, struct brought *b)
{
    struct app *a = m->relay->app;
    struct campaign_reply said = *r;
    bool found = false;
    enum err e = documents_lead_of(a, r->document, &found, b->lead);
    if (!e && found)
        e = frame_of(m, index, &said.original);
    if (!e && found && said.original.n == 0) {
        LOG_WARN("reply.not_told", ERR_TOOBIG, "site=%s index=%llu", m->party.id,
                 (unsigned long long)index);
        found = false;
    }
    if (!found)
        b->lead[0] = '\0';
    return e ? e : store_reply_put(a->store, m->party.id, &said, found ? b->lead : NULL, now_ms);
}

static enum err take_reply(struct member *m, uint64_t index, const struct campaign_reply *r,
                           uint64_t now_ms, struct brought *b)
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    struct store *s = m->relay->app->store;
    bool known = false;
    enum err e = store_document_known(s, r->document, &known);
    if (!e && !known)
        e = store_proposal(s, r->document, &known, &note);
    if (e)
        return e;
    if (!known ||
        r->original.n > 0) { /* else a site could fill the store with answers to nothing */
        LOG_WARN("reply.unknown", ERR_NOTFOUND, "site=%s", m->party.id);
        return OK;
    }
    return take_known_reply(m, index, r, now_ms, b);
}

static enum err take_wish(struct member *m, const struct blob_request *r)
{
    bool named = false;
    enum err e = assets_want(m->relay->app, m->party.id, r, &named);
    if (!e && !named)
        LOG_WARN("asset.unknown", ERR_NOTFOUND, "site=%s", m->party.id);
    m->more |= named;
    m->dirty |= named;
    return e;
}

static enum err take_status(struct member *m, const struct status *said, uint64_t now_ms)
{
    struct store *s = m->relay->app->store;
    enum err e = store_member_status(s, m->party.id, said, now_ms);
    return e ? e : store_status_seen(s, m->party.id, said);
}

static enum err act(struct member *m, uint64_t index, const struct body *b, uint64_t now_ms,
                    struct brought *brought)
{
    struct store *s = m->relay->app->store;
    switch (b->kind) {
    case BODY_DOCUMENT:
        return take_document(m, &b->document, brought);
    case BODY_DOCUMENT_ACK:
        return store_outbox_acked(s, m->party.id, b->document_ack.hash, b->document_ack.code,
                                  now_ms);
    case BODY_CAMPAIGN_REPLY:
        return take_reply(m, index, &b->campaign_reply, now_ms, brought);
    case BODY_STATUS:
        return take_status(m, &b->status, now_ms);
    case BODY_REFUSED:
        LOG_WARN("message.refused", ERR_DENIED, "site=%s seq=%llu code=%.*s", m->party.id,
                 (unsigned long long)b->refused.seq, (int)b->refused.code.n,
                 (const char *)b->refused.code.p);
        member_refused(m, "site", (const char *)b->refused.code.p, b->refused.code.n);
        return OK;
    case BODY_BLOB_REQUEST:
        return take_wish(m, &b->blob_request);
    case BODY_CONTROL:
    case BODY_HELLO:
    case BODY_BLOB_CHUNK:
    case BODY_KINDS:
        break;
    }
    LOG_WARN("message.passed_over", ERR_INVALID, "site=%s type=%s", m->party.id,
             body_token(b->kind));
    return OK;
}

enum err member_apply(void *ctx, uint64_t index, const struct body *b)
{
    struct member *m = ctx;
    struct app *a = m->relay->app;
    struct brought brought = {.roster = false};
    struct diag d = {0};
    uint64_t now = clock_now_ms();
    CLEANUP(tx_end) struct tx tx;
    enum err e = store_begin(a->store, &tx);
    if (!e)
        e = act(m, index, b, now, &brought);
    if (!e)
        e = store_member_applied(a->store, m->party.id, index + 1, now);
    if (!e)
        e = tx_commit(&tx);
    if (e) {
        LOG_ERROR("apply.failed", e, "site=%s index=%llu store=%s", m->party.id,
                  (unsigned long long)index, store_text(a->store));
        return e;
    }
    /* Who governs and who leads is judged by the newest roster from the next payload on. */
    if (brought.document && app_reload(a, &d))
        return ERR_CORRUPT;
    relay_changed(m->relay, brought.document, brought.roster);
    if (brought.lead[0] != '\0')
        relay_tell(m->relay, brought.lead);
    return OK;
}
