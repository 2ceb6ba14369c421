/* figures.c - first submitted revisions gathered from the vault and handed to core/quality. */
#include "node/desk/figures.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/quality/quality.h"
#include "node/desk/campaigns.h"
#include "node/vault/work.h"

#include <stdlib.h>
#include <string.h>

enum { DOC_MAX = 9 * 1024 * 1024, RATERS_MAX = 64 };

struct figures_job {
    struct vault *v;
    int64_t campaign;
    struct hash hash;
    const char *site;            /* the keyring's, which outlives us */
    const struct schema *schema; /* of the campaign, which the app keeps; only read */
    struct quality *quality;
    enum err e;
    /* Of the item under way. */
    char item[WORK_ID];
    struct annotation *docs[RATERS_MAX];
    size_t n;
};

enum err figures_new(struct app *a, int64_t campaign, struct figures_job **out)
{
    struct campaign *c = NULL;
    bool open = false;
    enum err e = campaign == 0 ? campaign_newest(a, &c) : campaign_any(a, campaign, &c, &open);
    if (!e && c->phase == CAMPAIGN_UNDECIDED)
        e = ERR_NOTFOUND;
    if (e)
        return e;
    struct figures_job *j = calloc(1, sizeof *j);
    if (j == NULL)
        return ERR_NOMEM;
    j->v = a->worker_vault;
    j->campaign = c->id;
    j->hash = c->hash;
    j->site = keyring_who(a->keyring)->id;
    j->schema = c->schema;
    *out = j;
    return OK;
}

static void drop_docs(struct figures_job *j)
{
    for (size_t i = 0; i < j->n; i++)
        annotation_free(j->docs[i]);
    j->n = 0;
}

void figures_free(struct figures_job *j)
{
    if (j == NULL)
        return;
    drop_docs(j);
    quality_free(j->quality);
    free(j);
}

static enum err close_item(struct figures_job *j)
{
    enum err e =
        j->n == 0 ? OK : quality_add(j->quality, (const struct annotation *const *)j->docs, j->n);
    drop_docs(j);
    return e;
}

/* Rows come by item, then by annotator. A revision by an older schema is not of this campaign's figures. */
static enum err take_first(void *ctx, const char *item, struct bytes doc)
{
    struct figures_job *j = ctx;
    struct annotation_context as = {.schema = j->schema, .base_unknown = true};
    enum err e = OK;
    if (strcmp(item, j->item) != 0) {
        e = close_item(j);
        memcpy(j->item, item, strlen(item) + 1);
    }
    if (e || j->n == RATERS_MAX)
        return e;
    e = annotation_read(doc, &as, &j->docs[j->n], NULL);
    if (e == ERR_INVALID)
        return OK;
    if (!e)
        j->n++;
    return e;
}

static enum err gather(struct figures_job *j)
{
    CLEANUP(tx_end) struct tx tx;
    enum err e = quality_new(j->schema, &j->quality);
    if (e)
        return e;
    e = tx_begin_read(vault_db(j->v), &tx);
    if (!e)
        e = work_first_submitted(j->v, j->campaign, take_first, j);
    return e ? e : close_item(j);
}

void figures_run(struct figures_job *j)
{
    j->e = gather(j);
}

enum err figures_result(struct figures_job *j, json_t **out, struct diag *d)
{
    AUTO_JSON tasks = NULL;
    enum err e = j->quality == NULL && !j->e ? ERR_NOMEM : j->e;
    if (!e)
        e = quality_json(j->quality, &tasks);
    if (e)
        return diag_set(d, e, "the figures cannot be worked out (%s)", err_name(e));
    *out = json_pack("{s:s, s:s, s:I, s:O}", "site", j->site, "campaign", hash_uri(j->hash).s,
                     "made_ms", (json_int_t)clock_now_ms(), "tasks", tasks);
    return *out == NULL ? ERR_NOMEM : OK;
}
