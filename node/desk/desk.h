/* desk.h - the work at this site: who labels what next, drafts, revisions, review. The rules' tables stand in core/work, the SQL
 * in vault/; here the two meet. Knows no HTTP. All on the keeper's thread. */
#pragma once

#include "core/annotation/annotation.h"
#include "host/people.h"
#include "node/app.h"
#include "node/desk/campaigns.h"
#include "node/vault/records.h"
#include "node/vault/work.h"

/* What a refusal needs beyond its words. */
struct desk_fault {
    const char *code; /* of api.md: stale, state, checks, ... */
    struct diag d;
    json_t *extra; /* members that go into the answer; the caller owns it */
};
void desk_fault_fini(struct desk_fault *f);
/* Sets code and words; returns e. */
enum err desk_refuse(struct desk_fault *f, enum err e, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* An assignment with what its annotation is judged by. */
struct desk_work {
    struct assignment_row a;
    struct campaign *campaign; /* borrowed; NULL: its note is not here, the work can only be read */
    json_t *streams;           /* data.md 2, by slot: what positions are checked against */
    bool has_base;             /* there is a newest revision */
    struct revision_row base;
    json_t *base_doc;
};
void desk_work_fini(struct desk_work *w);
/* May work on it be handed in or decided? ERR_CONFLICT, code "state", "withdrawn" or "expired". */
enum err desk_goes_on(const struct desk_work *w, struct desk_fault *f);
/* "withdrawn" or "expired" where nothing more is taken; NULL where work goes on, or was never approved. Static. */
const char *desk_stopped(const struct campaign *c);
/* The open campaign of a hash, for new work. ERR_NOTFOUND; ERR_CONFLICT where it was stopped. */
enum err desk_campaign(struct app *a, struct hash hash, struct campaign **out,
                       struct desk_fault *f);
/* ERR_NOTFOUND. */
enum err desk_load(struct app *a, const char *assignment, struct desk_work *out);
/* Judges a document as a draft or a submission; *out is canonical. A draft may pin guidelines that were in force before. ERR_INVALID
 * with pointer. */
enum err desk_judge(const struct desk_work *w, struct bytes text, enum annotation_stage stage,
                    struct annotation **out, struct diag *d);

/* New work for a person. *found false: none left. */
enum err desk_next(struct app *a, struct campaign *c, const struct person *who, uint64_t now_ms,
                   bool *found, char out[WORK_ID]);
/* The edge of opening: assigned|returned -> in_progress. After the access log. */
enum err desk_opened(struct app *a, const struct assignment_row *as, uint64_t now_ms);

/* Stores a draft over counter `base`. *theirs (n, saved_ms, doc) is filled where the counter differs: ERR_CONFLICT, "stale". */
enum err desk_draft(struct app *a, const struct desk_work *w, const struct person *who,
                    uint64_t base, struct bytes text, uint64_t now_ms, uint64_t *out_n,
                    struct desk_fault *f);
/* Draft, else newest revision, else the empty annotation becomes a revision. ERR_CONFLICT with code "stale" or "checks". */
enum err desk_submit(struct app *a, const struct desk_work *w, const struct person *who,
                     uint64_t base, const json_t *acks, uint64_t active_ms, uint64_t now_ms,
                     json_t **out, struct desk_fault *f);
enum err desk_skip(struct app *a, const struct desk_work *w, const struct person *who,
                   const char *reason, const char *text, uint64_t now_ms, json_t **out,
                   struct desk_fault *f);
enum err desk_comment(struct app *a, const char *item, const char *assignment, const char *region,
                      const char *by, const char *text, uint64_t now_ms, struct desk_fault *f);

/* --- review --- */
/* May this person review the item now? ERR_DENIED (own work), ERR_CONFLICT (not ready, another has it). */
enum err desk_may_review(struct app *a, int64_t campaign, const char *item,
                         const struct person *who, uint64_t now_ms, struct desk_fault *f);
/* submitted -> in_review for every such assignment of the item. After the access log. */
enum err desk_review_opened(struct app *a, int64_t campaign, const char *item,
                            const struct person *who, uint64_t now_ms);
/* The whole decision of api.md: {decision, of, doc?, cause?, comments?}. *out is a revision, or NULL. */
enum err desk_decide(struct app *a, int64_t campaign, const char *item, const struct person *who,
                     const json_t *body, uint64_t now_ms, json_t **out, struct desk_fault *f);
/* in_review -> submitted: of those idle for half an hour, or of one reviewer. */
enum err desk_release_idle(struct app *a, uint64_t now_ms);
enum err desk_release_reviews(struct app *a, const char *reviewer, uint64_t now_ms);
/* A disabled person's open work is kept and locked, its slots are free again. */
enum err desk_lock_work(struct app *a, const char *annotator, uint64_t now_ms);

/* Items that fit an approved campaign and are not in its queue yet. */
enum err desk_open_items(struct app *a);

/* --- documents as JSON, shared by page and export --- */
json_t *desk_revision_json(const struct revision_row *r, json_t *doc); /* doc is given */
/* {id, kind, media_type, bytes, stream, clock?, missing?} for each stream of an item. */
enum err desk_streams_json(struct app *a, const char *item, json_t **out);
