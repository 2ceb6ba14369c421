/* campaigns.c - approved campaigns. */
#include "node/desk/campaigns.h"

#include "base/hex.h"

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
        json_decref(c->guideline_list);
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
    c->guidelines = json_object_get(doc, "guidelines");
    c->guideline_list = sorted_hashes(c->guidelines);
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

/* Every guideline that the campaign names is here and approved. */
static enum err guidelines_approved(struct app *a, const struct campaign *c, bool *all)
{
    const char *kind = NULL;
    json_t *hash = NULL;
    *all = true;
    json_object_foreach(c->guidelines, kind, hash)
    {
        struct hash h;
        struct doc_row row;
        bool found = false;
        if (hash_parse_uri(bytes_str(json_string_value(hash)), &h))
            return ERR_CORRUPT;
        enum err e = documents_find(a->vault, h, &found, &row);
        if (e)
            return e;
        *all = *all && found && strcmp(row.state, "approved") == 0;
    }
    return OK;
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
        e = guidelines_approved(a, c, open);
    if (e)
        return e;
    *open = *open && strcmp(row.state, "approved") == 0;
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

enum err campaign_open_hash(struct app *a, struct hash hash, struct campaign **out)
{
    struct doc_row row;
    bool found = false;
    enum err e = documents_find(a->vault, hash, &found, &row);
    if (e)
        return e;
    return found ? campaign_open(a, row.id, out) : ERR_NOTFOUND;
}

struct gathering {
    int64_t ids[64];
    size_t n;
};

static enum err gather(void *ctx, const struct doc_row *row, const char *title)
{
    struct gathering *g = ctx;
    (void)title;
    if (strcmp(row->state, "approved") == 0 && g->n < sizeof g->ids / sizeof g->ids[0])
        g->ids[g->n++] = row->id;
    return OK;
}

enum err campaigns_each_open(struct app *a, campaign_fn *fn, void *ctx)
{
    struct gathering g = {0};
    enum err e = documents_inbox(a->vault, "campaign", gather, &g);
    for (size_t i = 0; !e && i < g.n; i++) {
        struct campaign *c = NULL;
        enum err one = campaign_open(a, g.ids[i], &c);
        if (one && one != ERR_NOTFOUND)
            e = one;
        else if (!one)
            e = fn(ctx, c);
    }
    return e;
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
    if (e)
        return e;
    if (c == NULL)
        return ERR_NOTFOUND;
    *out = c;
    return OK;
}
