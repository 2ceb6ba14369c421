/* work.c - an annotator's side of the desk. */
#include "node/desk/desk.h"

#include "base/hex.h"
#include "base/rng.h"
#include "base/text.h"
#include "core/work/queue.h"
#include "node/desk/edge.h"
#include "node/desk/guidelines.h"
#include "node/desk/write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOC_MAX = 9 * 1024 * 1024, CANDIDATES = 4, COMMENT_MAX = 10000 };

void desk_fault_fini(struct desk_fault *f)
{
    json_decref(f->extra);
    f->extra = NULL;
}

enum err desk_refuse(struct desk_fault *f, enum err e, const char *code, const char *fmt, ...)
{
    if (f == NULL)
        return e;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(f->d.text, sizeof f->d.text, fmt, ap);
    va_end(ap);
    f->code = code;
    return e;
}

/* --- loading --- */

void desk_work_fini(struct desk_work *w)
{
    json_decref(w->streams);
    json_decref(w->base_doc);
    w->streams = NULL;
    w->base_doc = NULL;
}

static enum err add_stream(void *ctx, const struct record_stream *s, const char *doc,
                           const char *clock)
{
    json_t *streams = ctx;
    (void)clock;
    json_t *v = doc == NULL ? NULL : json_loads(doc, 0, NULL);
    return v != NULL && json_object_set_new(streams, s->slot, v) == 0 ? OK : ERR_NOMEM;
}

/* Only the slots that the campaign's schema has: what else the session holds is not this campaign's. */
static enum err load_streams(struct app *a, struct desk_work *w)
{
    w->streams = json_object();
    if (w->streams == NULL)
        return ERR_NOMEM;
    enum err e = records_of_item(a->vault, w->a.item, add_stream, w->streams);
    if (e || w->campaign == NULL)
        return e;
    const char *slot = NULL;
    json_t *stream = NULL;
    void *tmp = NULL;
    json_object_foreach_safe(w->streams, tmp, slot, stream)
    {
        if (schema_stream(w->campaign->schema, slot) == SCHEMA_NONE)
            (void)json_object_del(w->streams, slot);
    }
    return OK;
}

enum err desk_load(struct app *a, const char *assignment, struct desk_work *out)
{
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(DOC_MAX);
    CLEANUP(desk_work_fini) struct desk_work w = {0};
    bool open = false;
    enum err e = work_get(a->vault, assignment, &w.a);
    if (!e && w.a.campaign != 0) {
        e = campaign_any(a, w.a.campaign, &w.campaign, &open);
        if (e == ERR_NOTFOUND)
            e = OK; /* readable all the same */
    }
    if (!e)
        e = load_streams(a, &w);
    if (!e)
        e = revision_newest(a->vault, assignment, &w.has_base, &w.base, &doc);
    if (!e && w.has_base)
        e = json_read(buf_bytes(&doc), DOC_MAX, &w.base_doc, NULL);
    if (e)
        return e;
    *out = w;
    w = (struct desk_work){0};
    return OK;
}

enum err desk_judge(const struct desk_work *w, struct bytes text, enum annotation_stage stage,
                    struct annotation **out, struct diag *d)
{
    AUTO_JSON doc = NULL;
    struct annotation_context ctx = {.schema = w->campaign->schema,
                                     .streams = w->streams,
                                     .item = w->a.item,
                                     .guidelines = w->campaign->guideline_list,
                                     .base = w->base_doc,
                                     .stage = stage,
                                     .checks_apart = true};
    enum err e = annotation_read(text, &ctx, out, d);
    if (e != ERR_INVALID || stage != ANNOTATION_DRAFT ||
        strncmp(d->pointer, "/guidelines", 11) != 0)
        return e;
    /* What was begun under an earlier version is kept under it, until the person has read what changed. */
    if (json_read(text, DOC_MAX, &doc, NULL) ||
        !guidelines_pinnable(w->campaign, json_object_get(doc, "guidelines")))
        return e;
    ctx.guidelines = json_object_get(doc, "guidelines");
    *d = (struct diag){0};
    return annotation_read(text, &ctx, out, d);
}

/* --- new work --- */

static struct queue_place place_of(const struct candidate_row *c)
{
    return (struct queue_place){c->slots, c->taken, c->priority, c->tie};
}

/* The vault leaves out what the person holds, and brings the first rows of its index; the order is core's. */
static enum err take_candidate(void *ctx, const struct candidate_row *c)
{
    struct candidate_row *best = ctx;
    struct queue_place here = place_of(c);
    struct queue_place so_far = place_of(best);
    if (queue_open(&here, false) && (best->item[0] == '\0' || queue_before(&here, &so_far)))
        *best = *c;
    return OK;
}

static void new_id(char out[WORK_ID])
{
    uint8_t raw[10];
    char letters[20];
    rng_fill(raw, sizeof raw);
    base32_encode(bytes_of(raw, sizeof raw), letters);
    (void)snprintf(out, WORK_ID, "a_%s", letters);
}

enum err desk_next(struct app *a, struct campaign *c, const struct person *who, uint64_t now_ms,
                   bool *found, char out[WORK_ID])
{
    struct candidate_row best = {0};
    struct assignment_row as = {.campaign = c->id, .made_ms = now_ms, .updated_ms = now_ms};
    *found = false;
    CLEANUP(vault_end) struct vault_tx tx;
    enum err e = vault_begin(a->vault, &tx);
    /* The index of 0001_vault.sql has the order of core/work/queue.h. */
    if (!e)
        e = work_candidates(a->vault, c->id, who->pseudonym, CANDIDATES, take_candidate, &best);
    if (e || best.item[0] == '\0')
        return e;
    e = work_free_slot(a->vault, c->id, best.item, &as.slot);
    new_id(as.id);
    (void)snprintf(as.item, sizeof as.item, "%s", best.item);
    (void)snprintf(as.annotator, sizeof as.annotator, "%s", who->pseudonym);
    (void)snprintf(as.state, sizeof as.state, "%s", work_state_name(WORK_ASSIGNED));
    if (!e)
        e = work_add(a->vault, &as);
    if (!e)
        e = work_slot_count(a->vault, c->id, best.item, 1);
    if (!e)
        e = vault_commit(&tx);
    if (e)
        return e;
    *found = true;
    (void)snprintf(out, WORK_ID, "%s", as.id);
    return OK;
}

enum err desk_opened(struct app *a, const struct assignment_row *as, uint64_t now_ms)
{
    if (strcmp(as->state, work_state_name(WORK_ASSIGNED)) != 0 &&
        strcmp(as->state, work_state_name(WORK_RETURNED)) != 0)
        return OK;
    CLEANUP(vault_end) struct vault_tx tx;
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = edge_take(a, as, WORK_OPEN, now_ms, NULL);
    return e ? e : vault_commit(&tx);
}

/* --- drafts --- */

/* A draft is taken whatever became of the campaign, so that nothing typed is lost; only never approved work is not begun. */
static enum err writable(const struct desk_work *w, struct desk_fault *f)
{
    if (w->campaign == NULL || w->campaign->phase == CAMPAIGN_UNDECIDED)
        return desk_goes_on(w, f);
    if (strcmp(w->a.state, work_state_name(WORK_IN_PROGRESS)) != 0)
        return desk_refuse(f, ERR_CONFLICT, "state",
                           "the work is %s: open it first, if it is yours to do", w->a.state);
    return OK;
}

/* Both versions are kept: ours in the caller's hands, theirs goes along. */
static enum err stale(struct app *a, const struct desk_work *w, const struct person *who,
                      uint64_t base, struct desk_fault *f)
{
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(DOC_MAX);
    bool found = false;
    uint64_t n = 0;
    uint64_t saved = 0;
    enum err e = draft_get(a->vault, w->a.id, who->pseudonym, &found, &n, &saved, &doc);
    if (e)
        return e;
    json_t *theirs = found ? json_loadb((const char *)doc.p, doc.n, 0, NULL) : json_null();
    f->extra = json_pack("{s:I, s:{s:I, s:I, s:o}}", "yours", (json_int_t)base, "theirs", "n",
                         (json_int_t)n, "saved_ms", (json_int_t)saved, "doc", theirs);
    return desk_refuse(f, ERR_CONFLICT, "stale",
                       "another window saved draft %llu meanwhile: nothing was overwritten",
                       (unsigned long long)n);
}

enum err desk_draft(struct app *a, const struct desk_work *w, const struct person *who,
                    uint64_t base, struct bytes text, uint64_t now_ms, uint64_t *out_n,
                    struct desk_fault *f)
{
    AUTO(annotation) doc = NULL;
    bool stored = false;
    enum err e = writable(w, f);
    if (!e)
        e = desk_judge(w, text, ANNOTATION_DRAFT, &doc, &f->d);
    if (e)
        return e;
    CLEANUP(vault_end) struct vault_tx tx;
    e = vault_begin(a->vault, &tx);
    if (!e)
        e = draft_put(a->vault, w->a.id, who->pseudonym, base, now_ms, annotation_bytes(doc),
                      &stored);
    if (!e && !stored)
        return stale(a, w, who, base, f);
    if (!e)
        e = vault_commit(&tx);
    if (e)
        return e;
    *out_n = base + 1;
    return OK;
}

/* The document that a submission or a skip takes: draft, else newest revision, else the empty annotation. */
static enum err current_doc(struct app *a, const struct desk_work *w, const struct person *who,
                            uint64_t *n, struct buf *out)
{
    bool found = false;
    uint64_t saved = 0;
    AUTO_JSON empty = NULL;
    enum err e = draft_get(a->vault, w->a.id, who->pseudonym, &found, n, &saved, out);
    if (e || found)
        return e;
    if (w->has_base)
        return json_canonical(w->base_doc, out);
    e = annotation_empty(w->a.item, schema_hash(w->campaign->schema), w->campaign->guideline_list,
                         w->streams, &empty);
    return e ? e : json_canonical(empty, out);
}

static bool acknowledged(const json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *s = json_string_value(json_array_get(list, i));
        if (s != NULL && strcmp(s, id) == 0)
            return true;
    }
    return false;
}

/* Blocking checks always refuse, warnings until they are acknowledged; a reviewer (acks NULL) decides over warnings. All that
 * failed are listed. */
enum err desk_checks(const struct desk_work *w, const struct annotation *doc, const json_t *acks,
                     struct desk_fault *f)
{
    size_t n = 0;
    bool refused = false;
    const struct failed_check *failed = annotation_failed(doc, &n);
    struct schema_parts parts = schema_parts(w->campaign->schema);
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < n; i++) {
        const struct schema_check *c = &parts.checks[failed[i].check];
        refused = refused || failed[i].block || (acks != NULL && !acknowledged(acks, c->id));
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:O}", "id", c->id, "severity",
                                                    failed[i].block ? "block" : "warn", "say",
                                                    (json_t *)(uintptr_t)c->say));
    }
    if (!refused)
        return OK;
    f->extra = json_pack("{s:O}", "checks", list);
    return desk_refuse(f, ERR_CONFLICT, "checks", "checks of the schema speak against it");
}

json_t *desk_revision_json(const struct revision_row *r, json_t *doc)
{
    json_t *v =
        json_pack("{s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:s, s:o}", "assignment", r->assignment, "n",
                  (json_int_t)r->n, "base", (json_int_t)r->base, "status", r->status, "by", r->by,
                  "at_ms", (json_int_t)r->at_ms, "active_ms", (json_int_t)r->active_ms, "doc_hash",
                  hash_uri(r->doc_hash).s, "doc", doc);
    if (v != NULL && r->reason[0] != '\0')
        (void)json_object_set_new(v, "reason", json_string(r->reason));
    return v;
}

/* Writes the next revision of an assignment, over its newest one. */
enum err desk_write_revision(struct app *a, const struct desk_work *w, const char *by,
                             const char *status, const char *reason, uint64_t active_ms,
                             uint64_t now_ms, const struct annotation *doc, json_t **out)
{
    struct revision_row r = {.n = (w->has_base ? w->base.n : 0) + 1,
                             .base = w->has_base ? w->base.n : 0,
                             .at_ms = now_ms,
                             .active_ms = active_ms,
                             .doc_hash = annotation_hash(doc)};
    (void)snprintf(r.assignment, sizeof r.assignment, "%s", w->a.id);
    (void)snprintf(r.status, sizeof r.status, "%s", status);
    (void)snprintf(r.reason, sizeof r.reason, "%s", reason == NULL ? "" : reason);
    (void)snprintf(r.by, sizeof r.by, "%s", by);
    enum err e = revision_add(a->vault, &r, annotation_bytes(doc));
    if (!e && out != NULL) {
        *out = desk_revision_json(&r, json_incref((json_t *)(uintptr_t)annotation_json(doc)));
        e = *out == NULL ? ERR_NOMEM : OK;
    }
    return e;
}

enum err desk_submit(struct app *a, const struct desk_work *w, const struct person *who,
                     uint64_t base, const json_t *acks, uint64_t active_ms, uint64_t now_ms,
                     json_t **out, struct desk_fault *f)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(DOC_MAX);
    AUTO(annotation) doc = NULL;
    AUTO_JSON made = NULL;
    AUTO_JSON none = json_array();
    uint64_t n = 0;
    enum err e = writable(w, f);
    if (!e)
        e = desk_goes_on(w, f);
    if (!e)
        e = guidelines_must_be_read(a, w->campaign, who->pseudonym, f);
    if (!e)
        e = current_doc(a, w, who, &n, &text);
    if (!e && n != base)
        return stale(a, w, who, base, f);
    if (!e)
        e = desk_judge(w, buf_bytes(&text), ANNOTATION_SUBMIT, &doc, &f->d);
    if (!e)
        e = desk_checks(w, doc, acks == NULL ? none : acks, f);
    if (e)
        return e;
    CLEANUP(vault_end) struct vault_tx tx;
    e = vault_begin(a->vault, &tx);
    if (!e)
        e = desk_write_revision(a, w, who->pseudonym, "submitted", NULL, active_ms, now_ms, doc,
                                &made);
    if (!e)
        e = draft_drop(a->vault, w->a.id, who->pseudonym);
    if (!e)
        e = edge_take(a, &w->a, WORK_SUBMIT, now_ms, f);
    if (!e)
        e = vault_commit(&tx);
    if (e)
        return e;
    *out = MOVE(made);
    return OK;
}

/* --- skipping, comments --- */

enum err desk_comment(struct app *a, const char *item, const char *assignment, const char *region,
                      const char *by, const char *text, uint64_t now_ms, struct desk_fault *f)
{
    struct comment_row c = {.at_ms = now_ms};
    size_t n = text == NULL ? 0 : strlen(text);
    if (n == 0 || utf8_length(bytes_str(text)) > COMMENT_MAX)
        return diag_at(&f->d, ERR_INVALID, "/text", "a comment has 1 to %d characters",
                       COMMENT_MAX);
    if (region != NULL && strlen(region) >= sizeof c.region)
        return diag_at(&f->d, ERR_INVALID, "/region", "no such region");
    (void)snprintf(c.item, sizeof c.item, "%s", item);
    (void)snprintf(c.assignment, sizeof c.assignment, "%s", assignment == NULL ? "" : assignment);
    (void)snprintf(c.region, sizeof c.region, "%s", region == NULL ? "" : region);
    (void)snprintf(c.by, sizeof c.by, "%s", by);
    return comment_add(a->vault, &c, bytes_str(text));
}

static bool reason_ok(const char *reason)
{
    static const char *const reasons[] = {"unreadable", "wrong_item", "not_my_field", "other"};
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(reason, reasons[i]) == 0)
            return true;
    }
    return false;
}

enum err desk_skip(struct app *a, const struct desk_work *w, const struct person *who,
                   const char *reason, const char *text, uint64_t now_ms, json_t **out,
                   struct desk_fault *f)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(DOC_MAX);
    AUTO(annotation) doc = NULL;
    AUTO_JSON made = NULL;
    uint64_t n = 0;
    if (reason == NULL || !reason_ok(reason))
        return diag_at(&f->d, ERR_INVALID, "/reason",
                       "a reason is unreadable, wrong_item, not_my_field or other");
    enum err e = desk_goes_on(w, f);
    if (!e)
        e = current_doc(a, w, who, &n, &body);
    if (!e)
        e = desk_judge(w, buf_bytes(&body), ANNOTATION_DRAFT, &doc, &f->d);
    if (e)
        return e;
    CLEANUP(vault_end) struct vault_tx tx;
    e = vault_begin(a->vault, &tx);
    if (!e)
        e = edge_take(a, &w->a, WORK_SKIP, now_ms, f);
    if (!e)
        e = desk_write_revision(a, w, who->pseudonym, "skipped", reason, 0, now_ms, doc, &made);
    if (!e)
        e = draft_drop(a->vault, w->a.id, who->pseudonym);
    if (!e && text != NULL && text[0] != '\0')
        e = desk_comment(a, w->a.item, w->a.id, NULL, who->pseudonym, text, now_ms, f);
    if (!e)
        e = vault_commit(&tx);
    if (e)
        return e;
    *out = MOVE(made);
    return OK;
}
