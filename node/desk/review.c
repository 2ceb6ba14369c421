/* review.c - a reviewer's side of the desk. */
#include "node/desk/desk.h"

#include "base/hex.h"
#include "base/rng.h"
#include "node/desk/edge.h"
#include "node/desk/guidelines.h"
#include "node/desk/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_MAX = 64, IDLE_MS = 30 * 60 * 1000 };

/* The assignments of an item, gathered: handlers change them while they walk. */
struct slots {
    struct assignment_row a[SLOTS_MAX];
    size_t n;
};

static enum err gather(void *ctx, const struct assignment_row *a)
{
    struct slots *s = ctx;
    if (s->n == SLOTS_MAX)
        return ERR_TOOBIG;
    s->a[s->n++] = *a;
    return OK;
}

static bool is(const struct assignment_row *a, enum work_state s)
{
    return strcmp(a->state, work_state_name(s)) == 0;
}

enum err desk_may_review(struct app *a, int64_t campaign, const char *item,
                         const struct person *who, uint64_t now_ms, struct desk_fault *f)
{
    AUTO_MEM struct slots *s = calloc(1, sizeof *s);
    bool any = false;
    enum err e = s == NULL ? ERR_NOMEM : work_of_item(a->vault, campaign, item, gather, s);
    if (e)
        return e;
    for (size_t i = 0; i < s->n; i++) {
        const struct assignment_row *as = &s->a[i];
        if (strcmp(as->annotator, who->pseudonym) == 0 && !is(as, WORK_ADJUDICATED))
            return desk_refuse(f, ERR_DENIED, "own",
                               "nobody reviews an item that is their own work");
        if (is(as, WORK_ASSIGNED) || is(as, WORK_IN_PROGRESS) || is(as, WORK_RETURNED))
            return desk_refuse(f, ERR_CONFLICT, "state",
                               "an annotator is still at work on this item");
        if (is(as, WORK_IN_REVIEW) && strcmp(as->reviewer, who->pseudonym) != 0 &&
            now_ms - as->review_ms < IDLE_MS)
            return desk_refuse(f, ERR_CONFLICT, "state", "%s is reviewing this item", as->reviewer);
        any = any || !is(as, WORK_LOCKED);
    }
    return any ? OK : desk_refuse(f, ERR_NOTFOUND, "notfound", "no work was done on this item");
}

enum err desk_review_opened(struct app *a, int64_t campaign, const char *item,
                            const struct person *who, uint64_t now_ms)
{
    AUTO_MEM struct slots *s = calloc(1, sizeof *s);
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = s == NULL ? ERR_NOMEM : work_of_item(a->vault, campaign, item, gather, s);
    if (!e)
        e = vault_begin(a->vault, &tx);
    for (size_t i = 0; !e && i < s->n; i++) {
        if (is(&s->a[i], WORK_SUBMITTED))
            e = edge_take(a, &s->a[i], WORK_REVIEW_OPEN, now_ms, NULL);
        if (!e && (is(&s->a[i], WORK_SUBMITTED) || is(&s->a[i], WORK_IN_REVIEW)))
            e = work_set_review(a->vault, s->a[i].id, who->pseudonym, now_ms);
        if (e == ERR_CONFLICT)
            e = OK; /* tiers 0: it is looked at, and stays submitted */
    }
    return e ? e : vault_commit(&tx);
}

/* --- ends of a review without a decision --- */

static enum err release(struct app *a, const struct slots *s, uint64_t now_ms)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    if (s->n == 0)
        return OK;
    enum err e = vault_begin(a->vault, &tx);
    for (size_t i = 0; !e && i < s->n; i++) {
        e = edge_take(a, &s->a[i], WORK_RELEASE, now_ms, NULL);
        if (!e)
            e = work_set_review(a->vault, s->a[i].id, "", 0);
    }
    return e ? e : vault_commit(&tx);
}

static enum err gather_some(void *ctx, const struct assignment_row *a)
{
    struct slots *s = ctx;
    if (s->n < SLOTS_MAX)
        s->a[s->n++] = *a; /* the rest at the next turn */
    return OK;
}

enum err desk_release_idle(struct app *a, uint64_t now_ms)
{
    AUTO_MEM struct slots *s = calloc(1, sizeof *s);
    enum err e =
        s == NULL ? ERR_NOMEM : work_in_review_before(a->vault, now_ms - IDLE_MS, gather_some, s);
    return e ? e : release(a, s, now_ms);
}

enum err desk_release_reviews(struct app *a, const char *reviewer, uint64_t now_ms)
{
    AUTO_MEM struct slots *s = calloc(1, sizeof *s);
    enum err e = s == NULL ? ERR_NOMEM : work_reviewed_by(a->vault, reviewer, gather_some, s);
    return e ? e : release(a, s, now_ms);
}

enum err desk_lock_work(struct app *a, const char *annotator, uint64_t now_ms)
{
    enum err e = desk_release_reviews(a, annotator, now_ms);
    size_t n = 0;
    do {
        AUTO_MEM struct slots *s = calloc(1, sizeof *s);
        CLEANUP(vault_end) struct vault_tx tx = {0};
        n = 0;
        if (!e)
            e = s == NULL ? ERR_NOMEM : work_open_of_person(a->vault, annotator, gather_some, s);
        if (!e)
            e = vault_begin(a->vault, &tx);
        for (size_t i = 0; !e && i < s->n; i++) {
            e = edge_take(a, &s->a[i], WORK_DISABLE, now_ms, NULL);
            if (!e && s->a[i].campaign != 0)
                e = work_slot_count(a->vault, s->a[i].campaign, s->a[i].item, -1);
            n++;
        }
        if (!e)
            e = vault_commit(&tx);
    } while (!e && n == SLOTS_MAX);
    return e;
}

/* --- decisions --- */

struct decision {
    struct app *a;
    int64_t campaign;
    const char *item;
    const struct person *who;
    const json_t *body;
    uint64_t now_ms;
    struct desk_fault *f;
    struct slots slots;
    struct desk_work of[SLOTS_MAX]; /* what `of` names, loaded */
    size_t n;
    const char *word;
    const char *cause;
};

static void decision_free(struct decision *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->n; i++)
        desk_work_fini(&d->of[i]);
    free(d);
}
DEFINE_AUTO(decision)

static enum err bad(struct decision *d, const char *pointer, const char *text)
{
    return diag_at(&d->f->d, ERR_INVALID, pointer, "%s", text);
}

static const struct assignment_row *slot_of(const struct decision *d, const char *id)
{
    for (size_t i = 0; i < d->slots.n; i++) {
        if (strcmp(d->slots.a[i].id, id) == 0)
            return &d->slots.a[i];
    }
    return NULL;
}

/* `of` names assignments of this item at their newest revision. */
static enum err read_of(struct decision *d)
{
    const json_t *of = json_object_get(d->body, "of");
    if (!json_is_array(of) || json_array_size(of) == 0 || json_array_size(of) > SLOTS_MAX)
        return bad(d, "/of", "name at least one assignment");
    for (size_t i = 0; i < json_array_size(of); i++) {
        const json_t *one = json_array_get(of, i);
        const char *id = json_string_value(json_object_get(one, "assignment"));
        const json_t *n = json_object_get(one, "n");
        if (id == NULL || !json_is_integer(n) || slot_of(d, id) == NULL)
            return bad(d, "/of", "an assignment of this item and the n of its revision");
        enum err e = desk_load(d->a, id, &d->of[d->n]);
        if (e)
            return e;
        const struct desk_work *w = &d->of[d->n++];
        if (!w->has_base || w->base.n != (uint64_t)json_integer_value(n))
            return desk_refuse(d->f, ERR_CONFLICT, "stale",
                               "revision %lld of %s is not the newest: load the item again",
                               json_integer_value(n), id);
        if (strcmp(w->a.annotator, d->who->pseudonym) == 0)
            return desk_refuse(d->f, ERR_DENIED, "own",
                               "nobody reviews an item that is their own work");
        if (!is(&w->a, WORK_IN_REVIEW) || strcmp(w->a.reviewer, d->who->pseudonym) != 0)
            return desk_refuse(d->f, ERR_CONFLICT, "state",
                               "%s is not in your review: open the item first", id);
        e = desk_goes_on(w, d->f);
        if (e)
            return e;
    }
    return OK;
}

static enum err read_words(struct decision *d)
{
    static const char *const causes[] = {"ambiguous", "guideline_gap", "annotator"};
    const json_t *cause = json_object_get(d->body, "cause");
    d->word = json_string_value(json_object_get(d->body, "decision"));
    d->cause = json_string_value(cause);
    if (d->word == NULL)
        return bad(d, "/decision", "accept, edit, return or adjudicate");
    for (size_t i = 0; d->cause != NULL && i < 4; i++) {
        if (i == 3)
            return bad(d, "/cause", "ambiguous, guideline_gap or annotator");
        if (strcmp(d->cause, causes[i]) == 0)
            break;
    }
    return cause == NULL || d->cause != NULL ? OK : bad(d, "/cause", "a word");
}

static enum err mark(struct decision *d, const struct desk_work *w, const char *word,
                     enum work_event event)
{
    struct review_row r = {.n = w->base.n, .at_ms = d->now_ms};
    (void)snprintf(r.assignment, sizeof r.assignment, "%s", w->a.id);
    (void)snprintf(r.by, sizeof r.by, "%s", d->who->pseudonym);
    (void)snprintf(r.decision, sizeof r.decision, "%s", word);
    (void)snprintf(r.cause, sizeof r.cause, "%s", d->cause == NULL ? "" : d->cause);
    enum err e = edge_take(d->a, &w->a, event, d->now_ms, d->f);
    if (!e)
        e = work_set_review(d->a->vault, w->a.id, "", 0);
    return e ? e : review_add(d->a->vault, &r);
}

static enum err add_comments(struct decision *d, const char *assignment)
{
    const json_t *list = json_object_get(d->body, "comments");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *c = json_array_get(list, i);
        enum err e = desk_comment(
            d->a, d->item, assignment, json_string_value(json_object_get(c, "region")),
            d->who->pseudonym, json_string_value(json_object_get(c, "text")), d->now_ms, d->f);
        if (e)
            return e == ERR_INVALID ? bad(d, "/comments", "each with a text, and perhaps a region")
                                    : e;
    }
    return OK;
}

/* The document of a decision, judged; pointers begin with /doc. */
static enum err judge_doc(struct decision *d, const struct desk_work *w,
                          enum annotation_stage stage, struct annotation **out)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT((size_t)9 * 1024 * 1024);
    const json_t *doc = json_object_get(d->body, "doc");
    char pointer[sizeof d->f->d.pointer];
    if (!json_is_object(doc))
        return bad(d, doc == NULL ? "" : "/doc", "the document is missing");
    enum err e = json_canonical(doc, &text);
    if (e == ERR_INVALID)
        return bad(d, "/doc", "a number that is no integer");
    if (!e)
        e = desk_judge(w, buf_bytes(&text), stage, out, &d->f->d);
    if (e == ERR_INVALID) {
        (void)snprintf(pointer, sizeof pointer, "/doc%.500s", d->f->d.pointer);
        memcpy(d->f->d.pointer, pointer, sizeof pointer);
    }
    return e;
}

static enum err do_accept(struct decision *d)
{
    enum err e = OK;
    for (size_t i = 0; !e && i < d->n; i++)
        e = mark(d, &d->of[i], "accept", WORK_ACCEPT);
    return e ? e : add_comments(d, d->of[0].a.id);
}

static enum err do_edit(struct decision *d, json_t **out)
{
    AUTO(annotation) doc = NULL;
    if (d->n != 1)
        return bad(d, "/of", "an edit is of one assignment");
    enum err e = guidelines_must_be_read(d->a, d->of[0].campaign, d->who->pseudonym, d->f);
    if (!e)
        e = judge_doc(d, &d->of[0], ANNOTATION_SUBMIT, &doc);
    if (!e)
        e = desk_checks(&d->of[0], doc, NULL, d->f);
    if (!e)
        e = desk_write_revision(d->a, &d->of[0], d->who->pseudonym, "accepted", NULL, 0, d->now_ms,
                                doc, out);
    if (!e)
        e = mark(d, &d->of[0], "edit", WORK_ACCEPT);
    return e ? e : add_comments(d, d->of[0].a.id);
}

static enum err do_return(struct decision *d, json_t **out)
{
    const json_t *comments = json_object_get(d->body, "comments");
    if (d->n != 1)
        return bad(d, "/of", "a return is of one assignment");
    if (json_array_size(comments) == 0)
        return bad(d, "/comments", "say at least once what is to be done");
    enum err e = OK;
    if (json_object_get(d->body, "doc") != NULL) {
        AUTO(annotation) doc = NULL;
        e = judge_doc(d, &d->of[0], ANNOTATION_DRAFT, &doc);
        /* A revision only where the reviewer changed something. */
        if (!e && !hash_eq(annotation_hash(doc), d->of[0].base.doc_hash))
            e = desk_write_revision(d->a, &d->of[0], d->who->pseudonym, "returned", NULL, 0,
                                    d->now_ms, doc, out);
    }
    if (!e)
        e = mark(d, &d->of[0], "return", WORK_RETURN);
    return e ? e : add_comments(d, d->of[0].a.id);
}

/* The reviewer's own assignment, behind the annotators' slots, bears the merged document. */
static enum err own_slot(struct decision *d, struct desk_work *own)
{
    uint8_t raw[10];
    char letters[20];
    const struct desk_work *w = &d->of[0];
    *own = (struct desk_work){.campaign = w->campaign, .streams = json_incref(w->streams)};
    own->a = (struct assignment_row){
        .campaign = d->campaign, .slot = 0, .made_ms = d->now_ms, .updated_ms = d->now_ms};
    for (size_t i = 0; i < d->slots.n; i++) {
        if (d->slots.a[i].slot >= own->a.slot)
            own->a.slot = d->slots.a[i].slot + 1;
    }
    if (own->a.slot < w->campaign->annotators)
        own->a.slot = w->campaign->annotators;
    rng_fill(raw, sizeof raw);
    base32_encode(bytes_of(raw, sizeof raw), letters);
    (void)snprintf(own->a.id, sizeof own->a.id, "a_%s", letters);
    (void)snprintf(own->a.item, sizeof own->a.item, "%s", d->item);
    (void)snprintf(own->a.annotator, sizeof own->a.annotator, "%s", d->who->pseudonym);
    (void)snprintf(own->a.state, sizeof own->a.state, "%s", work_state_name(WORK_ADJUDICATED));
    return work_add(d->a->vault, &own->a);
}

static enum err do_adjudicate(struct decision *d, json_t **out)
{
    AUTO(annotation) doc = NULL;
    CLEANUP(desk_work_fini) struct desk_work own = {0};
    const struct campaign *c = d->of[0].campaign;
    if (!person_has(d->who, "adjudicator") && strcmp(c->adjudicate, "none") == 0)
        return desk_refuse(d->f, ERR_DENIED, "role",
                           "in this campaign adjudicators merge, reviewers do not");
    enum err e = guidelines_must_be_read(d->a, c, d->who->pseudonym, d->f);
    if (!e)
        e = own_slot(d, &own);
    if (!e)
        e = judge_doc(d, &own, ANNOTATION_SUBMIT, &doc);
    if (!e)
        e = desk_checks(&own, doc, NULL, d->f);
    if (!e)
        e = desk_write_revision(d->a, &own, d->who->pseudonym, "adjudicated", NULL, 0, d->now_ms,
                                doc, out);
    for (size_t i = 0; !e && i < d->n; i++)
        e = mark(d, &d->of[i], "adjudicate", WORK_MERGE);
    /* All others of the item that are still in review go with it. */
    for (size_t i = 0; !e && i < d->slots.n; i++) {
        struct assignment_row now;
        e = work_get(d->a->vault, d->slots.a[i].id, &now);
        if (!e && (is(&now, WORK_IN_REVIEW) || is(&now, WORK_ACCEPTED)))
            e = edge_take(d->a, &now, WORK_MERGE, d->now_ms, d->f);
    }
    return e ? e : add_comments(d, own.a.id);
}

static enum err decide(struct decision *d, json_t **out)
{
    if (strcmp(d->word, "accept") == 0)
        return do_accept(d);
    if (strcmp(d->word, "edit") == 0)
        return do_edit(d, out);
    if (strcmp(d->word, "return") == 0)
        return do_return(d, out);
    if (strcmp(d->word, "adjudicate") == 0)
        return do_adjudicate(d, out);
    return bad(d, "/decision", "accept, edit, return or adjudicate");
}

enum err desk_decide(struct app *a, int64_t campaign, const char *item, const struct person *who,
                     const json_t *body, uint64_t now_ms, json_t **out, struct desk_fault *f)
{
    AUTO(decision) d = calloc(1, sizeof *d);
    AUTO_JSON made = NULL;
    CLEANUP(vault_end) struct vault_tx tx = {0};
    if (d == NULL)
        return ERR_NOMEM;
    d->a = a;
    d->campaign = campaign;
    d->item = item;
    d->who = who;
    d->body = body;
    d->now_ms = now_ms;
    d->f = f;
    /* What was returned from the same review does not stop the decision on its neighbour. */
    enum err e = work_of_item(a->vault, campaign, item, gather, &d->slots);
    if (!e)
        e = read_words(d);
    if (!e)
        e = read_of(d);
    if (!e)
        e = vault_begin(a->vault, &tx);
    if (!e)
        e = decide(d, &made);
    if (!e)
        e = vault_commit(&tx);
    if (e)
        return e;
    *out = MOVE(made);
    return OK;
}
