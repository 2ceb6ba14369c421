/* replies.h - what the other sites' stewards decided about documents that are led here. */
#pragma once

#include "node/vault/documents.h"

enum { REPLY_SITE = 33, REPLY_WORD = 33 };

struct reply_row {
    int64_t document;
    char site[REPLY_SITE];
    char decision[REPLY_WORD], reason[REPLY_WORD]; /* reason "" for an approval */
    uint64_t roster, until_ms, seq, at_ms;
};

/* Replaces this site's decision. *older: one of the same or a later number is there, and nothing was done. In the caller's
 * transaction. */
enum err replies_put(struct vault *v, const struct reply_row *row, struct bytes frame, bool *older);
/* Of one document (0: of all), by document and site. */
typedef enum err replies_fn(void *ctx, const struct reply_row *row);
enum err replies_of(struct vault *v, int64_t document, replies_fn *fn, void *ctx);
