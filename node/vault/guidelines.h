/* guidelines.h - SQL of guideline versions: the rows of a chain, who has worked under which and read what changed, and how far
 * the work that a breaking one touches was gone over. */
#pragma once

#include "core/work/guideline.h"
#include "node/vault/documents.h"
#include "node/vault/work.h"

/* The versions of one guideline (name: campaign/kind), in any state; ERR_TOOBIG above GUIDELINE_VERSIONS_MAX. */
enum err guidelines_of(struct vault *v, const char *name,
                       struct guideline_version out[GUIDELINE_VERSIONS_MAX], size_t *out_n);

/* How a person (pseudonym) stands to a version: worked under it, has read its changes. */
enum err guideline_stands(struct vault *v, const char *user, struct hash guideline, bool *worked,
                          bool *read);
/* In the caller's transaction; the time of the first reading stays. */
enum err guideline_set_read(struct vault *v, const char *user, struct hash guideline,
                            uint64_t now_ms);

/* A campaign's work is to be gone over from its first assignment on. */
enum err requeue_mark(struct vault *v, int64_t campaign);
/* The campaign that is under way, and the assignment after which it goes on. */
enum err requeue_next(struct vault *v, bool *found, int64_t *out_campaign, char out_at[WORK_ID]);
/* at NULL: that campaign is done. */
enum err requeue_set(struct vault *v, int64_t campaign, const char *at);

/* An assignment that was handed in, with its newest revision. */
struct requeue_row {
    struct assignment_row a;
    uint64_t n;
    bool merged; /* a reviewer's own, with the merged document */
    bool gone;   /* nobody here can do it again: its annotator is disabled, or not of this site */
};
/* In states submitted, in_review, accepted and adjudicated, after `at`, by id. doc is borrowed for the call. */
typedef enum err requeue_fn(void *ctx, const struct requeue_row *r, struct bytes doc);
enum err requeue_each(struct vault *v, int64_t campaign, const char *at, unsigned limit,
                      requeue_fn *fn, void *ctx);
/* The same of one item, all of it. */
enum err requeue_item(struct vault *v, int64_t campaign, const char *item, requeue_fn *fn,
                      void *ctx);
