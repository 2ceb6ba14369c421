/* campaigns.c - approved campaigns. */
#include "node/desk/campaigns.h"

#include "base/clock.h"
#include "base/hex.h"
#include "node/desk/guidelines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 2 * 1024 * 1024 };

void campaigns_free(struct campaign *list)
{
    while (list != NULL) {
        struct campaign *c = list;
        list = c->next;
        document_free(c->doc);
        json_decref(c->guidelines);
        json_decref(c->guideline_list);
        json_decref(c->chains);
        free(c);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted_hashes(const json_t *guidelines)
{
    const char *hashes[8];
    size_t n = 0;
    const char *kind = NULL;
    json_t *hash = NULL;
    json_object_foreach((json_t *)(uintptr_t)guidelines, kind, hash)
    {
        if (n < sizeof hashes / sizeof hashes[0] && json_is_string(hash))
            hashes[n++] = json_string_value(hash);
    }
    qsort(hashes, n, sizeof hashes[0], by_text);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(hashes[i], hashes[i - 1]) != 0)
            (void)json_array_append_new(list, json_string(hashes[i]));
    }
    return list;
}

static enum err read_campaign(struct app *a, const struct doc_row *row, struct campaign **out)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(BODY_MAX);
    struct diag d = {0};
    struct campaign *c = calloc(1, sizeof *c);
    if (c == NULL)
        return ERR_NOMEM;
    enum err e = documents_texts(a->vault, row->id, NULL, &body, NULL);
    if (!e)
        e = document_of_text(DOCUMENT_CAMPAIGN, buf_bytes(&body), NULL, &c->doc, &d);
    if (e) {
        free(c);
        return e == ERR_INVALID ? ERR_CORRUPT : e;
    }
    const json_t *doc = document_json(c->doc);
    const json_t *review = json_object_get(doc, "review");
    const char *adjudicate = json_string_value(json_object_get(review, "adjudicate"));
    c->id = row->id;
    c->hash = row->hash;
    c->schema = document_schema(c->doc);
    (void)snprintf(c->name, sizeof c->name, "%s", row->name);
    c->annotators = (unsigned)json_integer_value(json_object_get(review, "annotators"));
    c->tiers = (unsigned)json_integer_value(json_object_get(review, "tiers"));
    c->overlap_ppm =
        (uint64_t)json_integer_value(json_object_get(json_object_get(doc, "scope"), "overlap_ppm"));
    (void)snprintf(c->adjudicate, sizeof c->adjudicate, "%s",
                   adjudicate == NULL ? "none" : adjudicate);
    c->next = a->campaigns;
    a->campaigns = c;
    *out = c;
    return OK;
}

static enum campaign_phase own_phase(const struct doc_row *row)
{
    uint64_t grace = (uint64_t)CAMPAIGN_GRACE_DAYS * 86400000u;
    if (strcmp(row->state, "approved") == 0)
        return CAMPAIGN_OPEN;
    if (strcmp(row->state, "withdrawn") == 0)
        return CAMPAIGN_WITHDRAWN;
    if (strcmp(row->state, "expired") != 0)
        return CAMPAIGN_UNDECIDED;
    return clock_now_ms() < row->until_ms + grace ? CAMPAIGN_CLOSING : CAMPAIGN_OVER;
}

/* Decisions change while the campaign stays: looked up anew each time. What was handed out before keeps its own reference. */
static enum err look(struct app *a, const struct doc_row *row, struct campaign *c)
{
    AUTO_JSON force = json_object();
    AUTO_JSON chains = json_object();
    enum campaign_phase phase = own_phase(row);
    enum err e = guidelines_in_force(a, c, &phase, force, chains);
    if (e)
        return e;
    c->phase = phase;
    c->until_ms = row->until_ms;
    json_decref(c->chains);
    c->chains = MOVE(chains);
    if (c->guidelines != NULL && json_equal(c->guidelines, force))
        return OK;
    json_decref(c->guidelines);
    json_decref(c->guideline_list);
    c->guidelines = MOVE(force);
    c->guideline_list = sorted_hashes(c->guidelines);
    return c->guideline_list == NULL ? ERR_NOMEM : OK;
}

const char *campaign_phase_code(enum campaign_phase p)
{
    static const char *const codes[] = {"open", "expired", "expired", "state", "withdrawn"};
    return codes[p];
}

enum err campaign_any(struct app *a, int64_t document, struct campaign **out, bool *open)
{
    struct doc_row row;
    struct campaign *c = a->campaigns;
    enum err e = documents_get(a->vault, document, &row);
    /* kept: only its hash is here, from a bundle */
    if (!e && (strcmp(row.kind, "campaign") != 0 || strcmp(row.state, "kept") == 0))
        e = ERR_NOTFOUND;
    while (c != NULL && c->id != document)
        c = c->next;
    if (!e && c == NULL)
        e = read_campaign(a, &row, &c);
    if (!e)
        e = look(a, &row, c);
    if (e)
        return e;
    *open = c->phase == CAMPAIGN_OPEN;
    *out = c;
    return OK;
}

enum err campaign_open(struct app *a, int64_t document, struct campaign **out)
{
    bool open = false;
    struct campaign *c = NULL;
    enum err e = campaign_any(a, document, &c, &open);
    if (e)
        return e;
    if (!open)
        return ERR_NOTFOUND;
    *out = c;
    return OK;
}

struct gathering {
    int64_t ids[64];
    size_t n;
};

static enum err gather(void *ctx, const struct doc_row *row, const char *title)
{
    struct gathering *g = ctx;
    bool alive = strcmp(row->state, "approved") == 0 || strcmp(row->state, "expired") == 0 ||
                 strcmp(row->state, "withdrawn") == 0;
    (void)title;
    if (alive && g->n < sizeof g->ids / sizeof g->ids[0])
        g->ids[g->n++] = row->id;
    return OK;
}

static enum err each_up_to(struct app *a, enum campaign_phase last, campaign_fn *fn, void *ctx)
{
    struct gathering g = {0};
    enum err e = documents_inbox(a->vault, "campaign", gather, &g);
    for (size_t i = 0; !e && i < g.n; i++) {
        struct campaign *c = NULL;
        bool open = false;
        enum err one = campaign_any(a, g.ids[i], &c, &open);
        if (one && one != ERR_NOTFOUND)
            e = one;
        else if (!one && c->phase <= last)
            e = fn(ctx, c);
    }
    return e;
}

enum err campaigns_each_open(struct app *a, campaign_fn *fn, void *ctx)
{
    return each_up_to(a, CAMPAIGN_OPEN, fn, ctx);
}

enum err campaigns_each_working(struct app *a, campaign_fn *fn, void *ctx)
{
    return each_up_to(a, CAMPAIGN_CLOSING, fn, ctx);
}

static enum err take_first(void *ctx, struct campaign *c)
{
    struct campaign **out = ctx;
    if (*out == NULL)
        *out = c; /* newest first */
    return OK;
}

enum err campaign_newest(struct app *a, struct campaign **out)
{
    struct campaign *c = NULL;
    enum err e = campaigns_each_open(a, take_first, &c);
    if (!e && c == NULL)
        e = each_up_to(a, CAMPAIGN_WITHDRAWN, take_first, &c);
    if (e)
        return e;
    if (c == NULL)
        return ERR_NOTFOUND;
    *out = c;
    return OK;
}
