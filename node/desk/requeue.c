/* requeue.c - going over a campaign's work after its guideline changed. */
#include "node/desk/requeue.h"

#include "base/hex.h"
#include "base/log.h"
#include "core/json/json.h"
#include "node/desk/edge.h"
#include "node/desk/guidelines.h"
#include "node/vault/guidelines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 32, ITEM_MAX = 64, NAMED_MAX = 12, REASON = 1000 };

/* One guideline in force, and what it says otherwise than the version looked at last. */
struct watched {
    const char *kind; /* borrowed from the campaign */
    struct hash now;
    uint64_t version;
    json_t *doc;
    struct guideline_version v[GUIDELINE_VERSIONS_MAX];
    size_t n;
    struct hash before;
    json_t *changes; /* against `before`; NULL: none looked at yet */
};

enum { KINDS_MAX = 6 };

struct requeue {
    struct app *a;
    struct campaign *c;
    struct watched *kinds[KINDS_MAX];
    size_t n_kinds;
    uint64_t now_ms;
    /* Of the step: what was touched, and why. */
    struct requeue_row rows[STEP + ITEM_MAX];
    char reason[STEP][REASON];
    size_t n, seen;
    char last[WORK_ID];
};

static void requeue_free(struct requeue *q)
{
    if (q == NULL)
        return;
    for (size_t i = 0; i < q->n_kinds; i++) {
        json_decref(q->kinds[i]->doc);
        json_decref(q->kinds[i]->changes);
        free(q->kinds[i]);
    }
    free(q);
}
DEFINE_AUTO(requeue)

static enum err watch(struct requeue *q, const char *kind, const char *hash)
{
    char name[DOC_NAME];
    struct watched *w = calloc(1, sizeof *w);
    if (w == NULL)
        return ERR_NOMEM;
    q->kinds[q->n_kinds++] = w;
    w->kind = kind;
    (void)snprintf(name, sizeof name, "%.48s/%.10s", q->c->name, kind);
    enum err e = hash_parse_uri(bytes_str(hash), &w->now);
    if (!e)
        e = guidelines_of(q->a->vault, name, w->v, &w->n);
    if (!e)
        e = guideline_body(q->a, w->now, &w->doc);
    w->version = (uint64_t)json_integer_value(json_object_get(w->doc, "version"));
    return e;
}

/* Without a breaking version nothing needs to be looked at. */
static bool any_breaking(const struct requeue *q)
{
    for (size_t i = 0; i < q->n_kinds; i++) {
        for (size_t k = 0; k < q->kinds[i]->n; k++) {
            if (q->kinds[i]->v[k].breaking)
                return true;
        }
    }
    return false;
}

/* --- is it touched --- */

static enum err look_at(struct requeue *q, struct watched *w, struct hash before)
{
    AUTO_JSON old = NULL;
    if (w->changes != NULL && hash_eq(w->before, before))
        return OK;
    json_decref(w->changes);
    w->changes = NULL;
    w->before = before;
    enum err e = guideline_body(q->a, before, &old);
    if (e == ERR_NOTFOUND)
        e = OK; /* its words are not here: everything may have changed, nothing is named */
    if (!e && old == NULL)
        return (w->changes = json_array()) == NULL ? ERR_NOMEM : OK;
    return e ? e : guideline_changes(old, w->doc, &w->changes);
}

/* The version of this kind that the work pins, where the one in force breaks with it. */
static bool pinned_before(const struct watched *w, const json_t *doc, struct hash *out)
{
    const json_t *pins = json_object_get(doc, "guidelines");
    for (size_t i = 0; i < json_array_size(pins); i++) {
        const char *text = json_string_value(json_array_get(pins, i));
        if (text != NULL && !hash_parse_uri(bytes_str(text), out) &&
            guideline_breaks(w->v, w->n, *out, w->now))
            return true;
    }
    return false;
}

static const char *label_name(const struct requeue *q, const char *id)
{
    size_t at = schema_label(q->c->schema, id);
    const json_t *names = at == SCHEMA_NONE
                              ? NULL
                              : json_object_get(schema_parts(q->c->schema).labels[at].json, "name");
    const char *en = json_string_value(json_object_get(names, "en"));
    const json_t *any = json_object_iter_value(json_object_iter((json_t *)(uintptr_t)names));
    return en != NULL ? en : any != NULL ? json_string_value(any) : id;
}

static void put_reason(const struct requeue *q, const struct watched *w, char out[REASON])
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(REASON - 1);
    size_t n = json_array_size(w->changes);
    (void)buf_printf(&b, "The guideline for %s, version %llu, changes what labels mean", w->kind,
                     (unsigned long long)w->version);
    for (size_t i = 0; i < n && i < NAMED_MAX; i++)
        (void)buf_printf(&b, "%s %.60s", i == 0 ? ":" : ",",
                         label_name(q, json_text(json_array_get(w->changes, i), "id")));
    if (n > NAMED_MAX)
        (void)buf_printf(&b, " and %zu more", n - NAMED_MAX);
    (void)buf_puts(&b, ". Look at this work again.");
    (void)snprintf(out, REASON, "%.*s", (int)b.n, b.n == 0 ? "" : (const char *)b.p);
}

static enum err touched(struct requeue *q, const json_t *doc, bool *out, char reason[REASON])
{
    *out = false;
    for (size_t i = 0; !*out && i < q->n_kinds; i++) {
        struct watched *w = q->kinds[i];
        struct hash before;
        if (!pinned_before(w, doc, &before))
            continue;
        enum err e = look_at(q, w, before);
        if (e)
            return e;
        *out = guideline_touches(w->changes, w->kind, q->c->schema, doc);
        if (*out && reason != NULL)
            put_reason(q, w, reason);
    }
    return OK;
}

static enum err judge_row(void *ctx, const struct requeue_row *r, struct bytes text)
{
    struct requeue *q = ctx;
    bool yes = false;
    AUTO_JSON doc = json_loadb((const char *)text.p, text.n, 0, NULL);
    if (doc == NULL)
        return ERR_CORRUPT;
    q->seen++;
    (void)snprintf(q->last, sizeof q->last, "%s", r->a.id);
    enum err e = touched(q, doc, &yes, q->reason[q->n]);
    if (!e && yes)
        q->rows[q->n++] = *r;
    return e;
}

/* --- back to the annotator --- */

static enum err say_why(struct requeue *q, const struct requeue_row *r, const char *reason)
{
    struct comment_row c = {.n = r->n, .at_ms = q->now_ms, .by = GUIDELINE_BY};
    struct review_row v = {.n = r->n, .at_ms = q->now_ms, .by = GUIDELINE_BY, .decision = "return"};
    (void)snprintf(c.item, sizeof c.item, "%s", r->a.item);
    (void)snprintf(c.assignment, sizeof c.assignment, "%s", r->a.id);
    (void)snprintf(v.assignment, sizeof v.assignment, "%s", r->a.id);
    enum err e = review_add(q->a->vault, &v);
    return e ? e : comment_add(q->a->vault, &c, bytes_str(reason));
}

static enum err give_back(struct requeue *q, const struct requeue_row *r, const char *reason)
{
    struct assignment_row now;
    enum work_state state;
    enum err e = work_get(q->a->vault, r->a.id, &now);
    if (!e && !work_state_of(now.state, &state))
        e = ERR_CORRUPT;
    if (!e && state == WORK_RETURNED)
        return OK; /* with its neighbours of a merged item, in this same step */
    if (!e)
        e = edge_take(q->a, &r->a, WORK_REQUEUE, q->now_ms, NULL);
    if (!e)
        e = work_set_review(q->a->vault, r->a.id, "", 0);
    if (!e)
        e = say_why(q, r, reason);
    if (e || !r->gone)
        return e;
    /* Nobody would ever open it: it is kept and locked, and somebody else gets the item. */
    e = edge_take(q->a, &r->a, WORK_DISABLE, q->now_ms, NULL);
    return e ? e : work_slot_count(q->a->vault, q->c->id, r->a.item, -1);
}

struct neighbours {
    const struct requeue *q;
    bool older_only;
    struct requeue_row rows[ITEM_MAX];
    size_t n;
};

static bool older(const struct requeue *q, struct bytes text)
{
    struct hash before;
    bool yes = false;
    AUTO_JSON doc = json_loadb((const char *)text.p, text.n, 0, NULL);
    for (size_t i = 0; i < q->n_kinds; i++)
        yes = yes || pinned_before(q->kinds[i], doc, &before);
    return yes;
}

static enum err gather(void *ctx, const struct requeue_row *r, struct bytes doc)
{
    struct neighbours *n = ctx;
    if (r->merged || strcmp(r->a.state, work_state_name(WORK_ADJUDICATED)) != 0 ||
        (n->older_only && !older(n->q, doc)))
        return OK;
    if (n->n == ITEM_MAX)
        return ERR_TOOBIG;
    n->rows[n->n++] = *r;
    return OK;
}

/* A merged item comes back as a whole: its readings are compared again. The merged document stays as it is, with its revisions; the
 * next merge makes another. Where only the merged document is touched, readings that are newer than it stay. */
static enum err give_item_back(struct requeue *q, const struct requeue_row *r, const char *reason)
{
    AUTO_MEM struct neighbours *n = calloc(1, sizeof *n);
    if (n == NULL)
        return ERR_NOMEM;
    n->q = q;
    n->older_only = r->merged;
    enum err e = requeue_item(q->a->vault, q->c->id, r->a.item, gather, n);
    for (size_t i = 0; !e && i < n->n; i++)
        e = give_back(q, &n->rows[i], reason);
    return e;
}

static enum err settle(struct requeue *q)
{
    enum err e = OK;
    for (size_t i = 0; !e && i < q->n; i++) {
        const struct requeue_row *r = &q->rows[i];
        e = strcmp(r->a.state, work_state_name(WORK_ADJUDICATED)) == 0
                ? give_item_back(q, r, q->reason[i])
                : give_back(q, r, q->reason[i]);
    }
    return e;
}

static enum err go_over(struct requeue *q, const char *at)
{
    const char *kind = NULL;
    json_t *hash = NULL;
    enum err e = OK;
    json_object_foreach(q->c->guidelines, kind, hash)
    {
        if (!e && q->n_kinds < KINDS_MAX)
            e = watch(q, kind, json_string_value(hash));
    }
    if (!e && any_breaking(q))
        e = requeue_each(q->a->vault, q->c->id, at, STEP, judge_row, q);
    if (!e)
        e = settle(q);
    if (!e && q->n > 0)
        LOG_INFO("guideline.requeue", "campaign=%lld touched=%zu", (long long)q->c->id, q->n);
    return e ? e : requeue_set(q->a->vault, q->c->id, q->seen == STEP ? q->last : NULL);
}

enum err requeue_step(struct app *a, uint64_t now_ms, bool *more)
{
    char at[WORK_ID];
    int64_t campaign = 0;
    bool open = false;
    AUTO(requeue) q = calloc(1, sizeof *q);
    CLEANUP(vault_end) struct vault_tx tx = {0};
    if (q == NULL)
        return ERR_NOMEM;
    q->a = a;
    q->now_ms = now_ms;
    *more = false;
    enum err e = requeue_next(a->vault, more, &campaign, at);
    if (e || !*more)
        return e;
    e = campaign_any(a, campaign, &q->c, &open);
    if (!e)
        e = vault_begin(a->vault, &tx);
    /* Where nothing may be handed in, nothing is asked; the next approval asks again. */
    if (!e && q->c->phase > CAMPAIGN_CLOSING)
        e = requeue_set(a->vault, campaign, NULL);
    else if (!e)
        e = go_over(q, at);
    return e ? e : vault_commit(&tx);
}

enum err requeue_now(struct app *a, uint64_t now_ms)
{
    bool more = true;
    enum err e = OK;
    while (!e && more) {
        e = requeue_step(a, now_ms, &more);
        if (a->loop != NULL)
            break;
    }
    return e;
}

static enum err mark(void *ctx, const struct doc_row *row, struct bytes body)
{
    struct app *a = ctx;
    (void)body;
    return requeue_mark(a->vault, row->id);
}

enum err requeue_ask(struct app *a, const char *campaign_name)
{
    return documents_campaigns(a->vault, campaign_name, mark, a);
}
