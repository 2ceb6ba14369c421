/* watch.h - what the operator sees beside documents and answers: refusals, faults, guideline versions, and lists of all that is kept. */
#pragma once

#include "coordinator/store/store.h"

enum { WATCH_RULE = 48, WATCH_RULES_MAX = 64, WATCH_EVIDENCE = 80 };

/* The database, for host/people.h. Borrowed. */
struct db *store_people(struct store *s);

/* Counts one refusal. What a site can name is bounded: the 65th rule of a site counts as "other". */
enum err store_refused(struct store *s, const char *site, const char *rule, uint64_t now_ms);
typedef enum err refusal_fn(void *ctx, const char *rule, uint64_t n, uint64_t last_ms);
enum err store_refusals(struct store *s, const char *site, refusal_fn *fn, void *ctx);

struct fault_row {
    bool found;
    char fault[STORE_WORD], evidence[WATCH_EVIDENCE];
    uint64_t at_ms;
};
enum err store_fault_put(struct store *s, const char *site, const char *fault, const char *evidence,
                         uint64_t now_ms);
enum err store_fault(struct store *s, const char *site, struct fault_row *out);

typedef enum err guideline_fn(void *ctx, struct hash campaign, const char *stream,
                              uint64_t version);
enum err store_guidelines(struct store *s, const char *site, guideline_fn *fn, void *ctx);
/* Of a status that came, in the caller's transaction: replaces the site's versions, and ends its fault, for the link was up. */
enum err store_status_seen(struct store *s, const char *site, const struct status *status);

/* Borrowed until the return. */
struct kept_row {
    const char *kind;
    uint64_t version, at_ms;
    struct hash hash;
    struct bytes note;
};
typedef enum err kept_fn(void *ctx, const struct kept_row *row);
/* Every document; kind NULL: all. Newest first. */
enum err store_documents(struct store *s, const char *kind, kept_fn *fn, void *ctx);
/* Document or proposal of this hash. */
enum err store_kept(struct store *s, struct hash hash, bool *found, kept_fn *fn, void *ctx);

/* What each site answered to one document. */
struct told_row {
    const char *site, *decision, *reason;
    uint64_t roster, until_ms, at_ms;
};
typedef enum err told_fn(void *ctx, const struct told_row *row);
enum err store_told(struct store *s, struct hash document, told_fn *fn, void *ctx);

/* How many rounds there were, and how many released something. */
enum err store_rounds(struct store *s, uint64_t *rounds, uint64_t *results);
