/* status.c - what is known of each site, as rows. */
#include "base/hex.h"
#include "coordinator/calls.h"
#include "coordinator/store/watch.h"
#include "core/identity/note.h"
#include "core/identity/proposal.h"
#include "io/files.h"

#include <stdio.h>

enum { CHECKPOINT_NOTE_MAX = 64 * 1024 };

static json_t *hash_json(struct hash h)
{
    return json_string(hash_uri(h).s);
}

static enum err add_ack(void *ctx, const struct ack_row *row)
{
    json_t *j =
        json_pack("{s:s, s:I, s:o, s:b, s:s?, s:I}", "kind", row->kind, "version",
                  (json_int_t)row->version, "hash", hash_json(row->hash), "sent", (int)row->sent,
                  "answer", row->code, "answered_ms", (json_int_t)row->acked_ms);
    return json_array_append_new(ctx, j) != 0 ? ERR_NOMEM : OK;
}

static enum err add_reply(void *ctx, const struct reply_row *row)
{
    json_t *j = json_pack("{s:o, s:s, s:s, s:I, s:I, s:I}", "document", hash_json(row->document),
                          "decision", row->decision, "reason", row->reason, "roster",
                          (json_int_t)row->roster, "until_ms", (json_int_t)row->until_ms, "at_ms",
                          (json_int_t)row->at_ms);
    return json_array_append_new(ctx, j) != 0 ? ERR_NOMEM : OK;
}

static json_t *log_json(uint64_t size, struct hash root)
{
    return json_pack("{s:I, s:o}", "size", (json_int_t)size, "head", hash_json(root));
}

/* Of the checkpoint that was signed last; null where there is no log. */
static json_t *log_on_disk(const struct app *a, const char *site)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(CHECKPOINT_NOTE_MAX);
    AUTO_FD int fd = -1;
    char path[64];
    const char *name = NULL;
    struct note n;
    struct checkpoint c;
    (void)snprintf(path, sizeof path, "log/%s/checkpoint", site);
    if (dir_of(a->dir, path, 0, &fd, &name) || file_read(fd, name, CHECKPOINT_NOTE_MAX, &b) ||
        note_parse(buf_bytes(&b), &n) || checkpoint_parse(n.text, &c))
        return json_null();
    return log_json(c.size, c.root);
}

static const char *state_name(const struct member *m)
{
    static const char *const names[] = {[LINK_DOWN] = "down",
                                        [LINK_GREETING] = "greeting",
                                        [LINK_UP] = "up",
                                        [LINK_STOPPED] = "stopped"};
    return names[link_state(linkdrv_link(m->drv))];
}

static json_t *fault_of(const struct member *m)
{
    enum link_fault f = m == NULL ? LINK_FINE : link_fault(linkdrv_link(m->drv));
    return f == LINK_FINE ? json_null() : json_string(link_fault_name(f));
}

static json_t *figures_json(const struct member_row *row)
{
    if (row->status_ms == 0)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "at_ms", (json_int_t)row->status_ms,
                     "software", (json_int_t)row->software, "roster", (json_int_t)row->roster,
                     "policy", (json_int_t)row->policy, "pending", (json_int_t)row->pending,
                     "oldest_s", (json_int_t)row->oldest_s, "disk", row->disk);
}

/* --- what went wrong --- */

static enum err add_refusal(void *ctx, const char *rule, uint64_t n, uint64_t last_ms)
{
    json_t *j = json_pack("{s:s, s:I, s:I}", "rule", rule, "n", (json_int_t)n, "last_ms",
                          (json_int_t)last_ms);
    return json_array_append_new(ctx, j) != 0 ? ERR_NOMEM : OK;
}

static enum err add_guideline(void *ctx, struct hash campaign, const char *stream, uint64_t version)
{
    json_t *j = json_pack("{s:o, s:s, s:I}", "campaign", hash_json(campaign), "stream", stream,
                          "version", (json_int_t)version);
    return json_array_append_new(ctx, j) != 0 ? ERR_NOMEM : OK;
}

static json_t *peer_json(const struct member *m)
{
    struct checkpoint c;
    if (m == NULL || !linkdrv_peer_head(m->drv, &c))
        return json_null();
    return log_json(c.size, c.root);
}

/* A stop is told until the site is up again: it outlives this process, as its evidence does. */
static enum err add_fault(struct app *a, const struct member *m, const char *site, json_t *to)
{
    struct fault_row f;
    enum err e = store_fault(a->store, site, &f);
    if (e)
        return e;
    bool red = f.found || (m != NULL && link_state(linkdrv_link(m->drv)) == LINK_STOPPED);
    json_t *more =
        json_pack("{s:b, s:o, s:o, s:o}", "red", (int)red, "stopped",
                  f.found ? json_string(f.fault) : json_null(), "stopped_ms",
                  f.found ? json_integer((json_int_t)f.at_ms) : json_null(), "evidence",
                  f.evidence[0] == '\0' ? json_null() : json_sprintf("evidence/%s", f.evidence));
    int failed = json_object_update_new(to, more);
    return failed != 0 ? ERR_NOMEM : OK;
}

/* What the page shows beside what commands always said. */
static enum err add_watched(struct app *a, const struct member *m, const char *site, json_t *to)
{
    AUTO_JSON refusals = json_array();
    AUTO_JSON guidelines = json_array();
    enum err e = store_refusals(a->store, site, add_refusal, refusals);
    if (!e)
        e = store_guidelines(a->store, site, add_guideline, guidelines);
    if (!e)
        e = add_fault(a, m, site, to);
    if (e)
        return e;
    const struct link *l = m == NULL ? NULL : linkdrv_link(m->drv);
    json_t *more = json_pack("{s:O, s:O, s:o, s:I, s:I}", "refusals", refusals, "guidelines",
                             guidelines, "peer_log", peer_json(m), "received",
                             (json_int_t)(l == NULL ? 0 : link_received(l)), "acknowledged",
                             (json_int_t)(l == NULL ? 0 : link_acknowledged(l)));
    return json_object_update_new(to, more) != 0 ? ERR_NOMEM : OK;
}

static enum err site_json(struct app *a, struct relay *r, const struct party *p, json_t **out)
{
    struct member_row row = {0};
    const struct member *m = r == NULL ? NULL : relay_find(r, p->id);
    AUTO_JSON acks = json_array();
    AUTO_JSON replies = json_array();
    enum err e = store_member(a->store, p->id, &row);
    if (!e)
        e = store_acks(a->store, p->id, add_ack, acks);
    if (!e)
        e = store_replies(a->store, p->id, add_reply, replies);
    if (e)
        return e;
    uint64_t heard = m != NULL && m->heard_ms > row.last_ms ? m->heard_ms : row.last_ms;
    const char *state = !p->active ? "revoked" : m == NULL ? "down" : state_name(m);
    json_t *log =
        m == NULL ? log_on_disk(a, p->id) : log_json(logstore_size(m->log), logstore_root(m->log));
    *out = json_pack("{s:s, s:s, s:o, s:b, s:I, s:o, s:I, s:I, s:I, s:O, s:O, s:o}", "site", p->id,
                     "state", state, "fault", fault_of(m), "lead", (int)p->leads, "last_ms",
                     (json_int_t)heard, "status", figures_json(&row), "documents",
                     (json_int_t)row.documents, "sent", (json_int_t)row.sent, "answered",
                     (json_int_t)row.acked, "answers", acks, "replies", replies, "log", log);
    if (*out == NULL)
        return ERR_NOMEM;
    return add_watched(a, m, p->id, *out);
}

/* --- what is being signed --- */

struct proposals {
    const struct document *roster;
    json_t *list;
};

static enum err add_proposal(void *ctx, const struct proposal_row *row)
{
    struct proposals *p = ctx;
    struct governors g;
    AUTO_JSON signers = json_array();
    enum err e = proposal_signers(p->roster, row->note, &g);
    if (e)
        return e;
    for (size_t i = 0; i < g.n; i++) {
        if (g.has_signed[i])
            (void)json_array_append_new(signers, json_string(g.key[i].name));
    }
    json_t *j =
        json_pack("{s:s, s:I, s:o, s:i, s:i, s:O, s:I, s:I}", "kind", row->kind, "version",
                  (json_int_t)row->version, "hash", hash_json(row->hash), "valid",
                  (int)governors_signed(&g), "need", (int)g.need, "signed", signers, "refused",
                  (json_int_t)row->refused, "changed_ms", (json_int_t)row->changed_ms);
    return json_array_append_new(p->list, j) != 0 ? ERR_NOMEM : OK;
}

static json_t *version_json(const struct document *doc)
{
    return doc == NULL ? json_null() : json_integer((json_int_t)document_version(doc));
}

static enum err head_json(struct app *a, struct relay *r, const char *listening, json_t **out)
{
    const struct keyring_identity *who = keyring_who(a->keyring);
    AUTO_JSON list = json_array();
    struct proposals p = {a->roster, list};
    uint64_t rounds = 0;
    uint64_t results = 0;
    enum err e = store_rounds(a->store, &rounds, &results);
    if (!e && a->roster != NULL)
        e = store_proposals(a->store, add_proposal, &p);
    if (e)
        return e;
    *out =
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:o, s:O, s:I, s:I}", "coordinator", who->id,
                  "federation", who->federation, "name", who->name, "version", CLOISTER_VERSION,
                  "running", (int)(r != NULL), "listening", listening, "roster",
                  version_json(a->roster), "policy", version_json(a->policy), "proposals", list,
                  "rounds", (json_int_t)rounds, "results", (json_int_t)results);
    return *out == NULL ? ERR_NOMEM : OK;
}

enum err calls_status(struct app *a, struct relay *r, const char *listening, calls_row_fn *fn,
                      void *ctx)
{
    json_t *head = NULL;
    enum err e = head_json(a, r, listening, &head);
    if (e)
        return e;
    fn(ctx, head);
    size_t n = a->roster == NULL ? 0 : roster_site_count(a->roster);
    for (size_t i = 0; i < n; i++) {
        struct party p;
        json_t *row = NULL;
        e = roster_site_at(a->roster, i, &p);
        if (!e)
            e = site_json(a, r, &p, &row);
        if (e) {
            json_decref(row);
            return e;
        }
        fn(ctx, row);
    }
    return OK;
}
