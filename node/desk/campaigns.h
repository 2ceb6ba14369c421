/* campaigns.h - campaigns that the steward approved, read once and kept: schema, guidelines, how many annotate. */
#pragma once

#include "base/diag.h"
#include "core/identity/document.h"
#include "node/app.h"
#include "node/vault/documents.h"

/* How far work on a campaign may go; the later word wins where campaign and guidelines differ. */
enum campaign_phase {
    CAMPAIGN_OPEN,
    CAMPAIGN_CLOSING, /* its last day has passed: no new work, what is open may still be handed in */
    CAMPAIGN_OVER,    /* and that time has passed too */
    CAMPAIGN_UNDECIDED, /* it, or a guideline, is not approved */
    CAMPAIGN_WITHDRAWN, /* it, or the guideline in force, was stopped at this site */
};
enum { CAMPAIGN_GRACE_DAYS = 14 };

struct campaign {
    struct campaign *next;
    int64_t id; /* of its document row */
    struct hash hash;
    char name[DOC_NAME];
    struct document *doc;
    const struct schema *schema; /* borrowed from doc */
    /* As of the last look at it (each campaign_... below is one); the guidelines are those in force, not those that the
     * campaign pins. */
    enum campaign_phase phase;
    uint64_t until_ms;      /* of its approval; 0: none */
    json_t *guidelines;     /* {kind: hash} */
    json_t *guideline_list; /* the hashes, sorted */
    json_t *chains;         /* {kind: [hash]}: every version that was ever in force */
    unsigned annotators;
    uint64_t overlap_ppm;
    unsigned tiers;
    char adjudicate[16];
};

/* The campaign of a document row. ERR_NOTFOUND: none, or not open: itself and the guideline in force of every kind must be
 * approved. Borrowed for as long as the app lives. */
enum err campaign_open(struct app *a, int64_t document, struct campaign **out);
/* The newest open campaign, else the newest that was stopped: figures outlive a campaign. ERR_NOTFOUND. */
enum err campaign_newest(struct app *a, struct campaign **out);
/* Open or not: the schema of a campaign's row, for work that can only be read. ERR_NOTFOUND. */
enum err campaign_any(struct app *a, int64_t document, struct campaign **out, bool *open);
/* "open", "expired", "state" or "withdrawn": the code of a refusal. Static. */
const char *campaign_phase_code(enum campaign_phase p);
typedef enum err campaign_fn(void *ctx, struct campaign *c);
enum err campaigns_each_open(struct app *a, campaign_fn *fn, void *ctx);
/* With those whose last day has passed, as long as work is taken. */
enum err campaigns_each_working(struct app *a, campaign_fn *fn, void *ctx);
void campaigns_free(struct campaign *list);
