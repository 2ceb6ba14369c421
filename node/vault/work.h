/* work.h - assignments, drafts, revisions, reviews, comments: what people made. Rules stand in core/work and desk/; here is the
 * SQL. Every change is within a transaction of the caller's. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "node/vault/vault.h"

enum { WORK_ID = 32, WORK_STATE = 16, WORK_WHO = 24, WORK_STATUS = 16, WORK_REASON = 24 };

struct assignment_row {
    char id[WORK_ID];
    int64_t campaign; /* document; 0: its campaign is not here (a bundle) */
    char item[WORK_ID];
    char annotator[WORK_WHO];
    unsigned slot;
    char state[WORK_STATE];
    char reviewer[WORK_WHO]; /* "" = none */
    uint64_t review_ms;
    uint64_t made_ms, updated_ms;
};
typedef enum err assignment_fn(void *ctx, const struct assignment_row *a);

enum err work_get(struct vault *v, const char *id, struct assignment_row *out); /* ERR_NOTFOUND */
enum err work_add(struct vault *v, const struct assignment_row *a);
enum err work_set_state(struct vault *v, const char *id, const char *state, uint64_t now_ms);
/* Who reviews since when; reviewer "" ends it. */
enum err work_set_review(struct vault *v, const char *id, const char *reviewer, uint64_t since_ms);
/* Of one person, returned first, then by time of the last change; state NULL and campaign 0: any. */
enum err work_of_person(struct vault *v, const char *annotator, const char *state, int64_t campaign,
                        assignment_fn *fn, void *ctx);
/* Of one item in one campaign, by slot; locked ones too. */
enum err work_of_item(struct vault *v, int64_t campaign, const char *item, assignment_fn *fn,
                      void *ctx);
/* Any assignment of the item, whatever the campaign. */
enum err work_item_campaign(struct vault *v, const char *item,
                            int64_t *out); /* newest; ERR_NOTFOUND */
enum err work_in_review_before(struct vault *v, uint64_t since_ms, assignment_fn *fn, void *ctx);
enum err work_reviewed_by(struct vault *v, const char *reviewer, assignment_fn *fn, void *ctx);

/* The queue: items with a free slot that this person has none of, best first. */
struct candidate_row {
    char item[WORK_ID];
    unsigned slots, taken;
    int64_t priority;
    uint32_t tie;
};
typedef enum err candidate_fn(void *ctx, const struct candidate_row *c);
enum err work_candidates(struct vault *v, int64_t campaign, const char *annotator, unsigned limit,
                         candidate_fn *fn, void *ctx);
enum err work_queue_length(struct vault *v, int64_t campaign, const char *annotator, uint64_t *out);
/* Takes (by +1) or frees (by -1) a slot of the item. */
enum err work_slot_count(struct vault *v, int64_t campaign, const char *item, int by);
/* The lowest slot that no assignment but locked ones has. */
enum err work_free_slot(struct vault *v, int64_t campaign, const char *item, unsigned *out);

/* Items that wait for a review, or are in one: all slots filled, none open. */
struct review_item {
    char item[WORK_ID];
    char state[WORK_STATE]; /* ready, in_review, done */
    uint64_t updated_ms;
};
typedef enum err review_item_fn(void *ctx, const struct review_item *r);
/* state NULL: any. Items on which `not_by` has an assignment are left out. */
enum err work_reviews(struct vault *v, int64_t campaign, const char *state, const char *not_by,
                      review_item_fn *fn, void *ctx);

struct progress_row {
    uint64_t items, done;
};
enum err work_progress(struct vault *v, int64_t campaign, struct progress_row *out);
typedef enum err count_fn(void *ctx, const char *state, uint64_t n);
enum err work_own_counts(struct vault *v, int64_t campaign, const char *annotator, count_fn *fn,
                         void *ctx);

/* Drafts: one a person and assignment, with a counter of its own. */
enum err draft_get(struct vault *v, const char *assignment, const char *user, bool *found,
                   uint64_t *n, uint64_t *saved_ms, struct buf *doc);
/* Stores as base + 1 where the counter stands at base (0: none yet); *stored false where it does not. */
enum err draft_put(struct vault *v, const char *assignment, const char *user, uint64_t base,
                   uint64_t now_ms, struct bytes doc, bool *stored);
enum err draft_drop(struct vault *v, const char *assignment, const char *user);

struct revision_row {
    int64_t id;
    char assignment[WORK_ID];
    uint64_t n, base;
    char status[WORK_STATUS];
    char reason[WORK_REASON]; /* "" = none */
    char by[WORK_WHO];
    uint64_t at_ms, active_ms;
    struct hash doc_hash;
};
/* doc may be NULL where only the row is wanted. */
enum err revision_newest(struct vault *v, const char *assignment, bool *found,
                         struct revision_row *out, struct buf *doc);
enum err revision_get(struct vault *v, const char *assignment, uint64_t n, bool *found,
                      struct revision_row *out, struct buf *doc);
/* Of each assignment of a campaign the revision that was submitted first, which is what figures compare; by item, then annotator.
 * Borrowed for the call. */
typedef enum err first_fn(void *ctx, const char *item, struct bytes doc);
enum err work_first_submitted(struct vault *v, int64_t campaign, first_fn *fn, void *ctx);
/* ERR_CONFLICT where that n is there. */
enum err revision_add(struct vault *v, const struct revision_row *r, struct bytes doc);
enum err work_newest_revision(struct vault *v, uint64_t *id, struct hash *doc_hash); /* 0: none */
enum err work_revision_hash(struct vault *v, uint64_t id, bool *found, struct hash *out);

struct review_row {
    char assignment[WORK_ID];
    uint64_t n;
    char by[WORK_WHO];
    uint64_t at_ms;
    char decision[WORK_STATUS];
    char cause[WORK_REASON]; /* "" = none */
};
enum err review_add(struct vault *v, const struct review_row *r);
enum err review_newest(struct vault *v, const char *assignment, bool *found,
                       struct review_row *out);

struct comment_row {
    char item[WORK_ID];
    char assignment[WORK_ID]; /* "" = on the item */
    uint64_t n;               /* 0 = none */
    char region[65];          /* "" = none */
    char by[WORK_WHO];
    uint64_t at_ms;
};
enum err comment_add(struct vault *v, const struct comment_row *c, struct bytes text);
typedef enum err comment_fn(void *ctx, const struct comment_row *c, struct bytes text);
/* Of one assignment, or with assignment NULL of the whole item; oldest first. */
enum err comments_of(struct vault *v, const char *item, const char *assignment, comment_fn *fn,
                     void *ctx);
/* Of one person, what is still to be done by them: assigned, in_progress, returned. */
enum err work_open_of_person(struct vault *v, const char *annotator, assignment_fn *fn, void *ctx);
