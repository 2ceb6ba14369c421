/* campaigns.h - campaigns that the steward approved, read once and kept: schema, guidelines, how many annotate. */
#pragma once

#include "base/diag.h"
#include "core/identity/document.h"
#include "node/app.h"
#include "node/vault/documents.h"

struct campaign {
    struct campaign *next;
    int64_t id; /* of its document row */
    struct hash hash;
    struct document *doc;
    const struct schema *schema; /* borrowed from doc */
    json_t *guidelines;          /* {kind: hash}; borrowed from doc */
    json_t *guideline_list;      /* the hashes, sorted */
    unsigned annotators;
    uint64_t overlap_ppm;
    unsigned tiers;
    char adjudicate[16];
};

/* The campaign of a document row. ERR_NOTFOUND: none, or not open: itself and every guideline must be approved. Borrowed for as
 * long as the app lives. */
enum err campaign_open(struct app *a, int64_t document, struct campaign **out);
enum err campaign_open_hash(struct app *a, struct hash hash, struct campaign **out);
/* The newest open campaign; ERR_NOTFOUND. */
enum err campaign_newest(struct app *a, struct campaign **out);
/* Open or not: the schema of a campaign's row, for work that can only be read. ERR_NOTFOUND. */
enum err campaign_any(struct app *a, int64_t document, struct campaign **out, bool *open);
typedef enum err campaign_fn(void *ctx, struct campaign *c);
enum err campaigns_each_open(struct app *a, campaign_fn *fn, void *ctx);
void campaigns_free(struct campaign *list);
