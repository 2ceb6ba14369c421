/* state_calls.c - what commands ask of the node's state: status, reads, figures. */
#include "base/hex.h"
#include "host/say.h"
#include "node/calls.h"
#include "node/desk/figures.h"
#include "node/reads.h"
#include "node/state.h"
#include "node/vault/documents.h"

#include <stdlib.h>

void call_status(struct call *c)
{
    json_t *v = NULL;
    enum err e = state_json(c->app, &v);
    if (!e)
        call_row(c, v);
    call_end_err(c, e, "reading the state");
}

static enum err row_read(void *ctx, json_t *row)
{
    call_row(ctx, row);
    return OK;
}

void call_reads(struct call *c)
{
    struct reads_filter f = {.user = json_string_value(json_object_get(c->request, "user")),
                             .patient = json_string_value(json_object_get(c->request, "patient"))};
    enum err e = reads_each(c->app, &f, row_read, c);
    call_end_err(c, e, "reading the access log back");
}

/* --- figures --- */

struct figuring {
    struct call *c;
    struct figures_job *job;
};

static void run(void *ctx)
{
    struct figuring *g = ctx;
    figures_run(g->job);
}

static void done(void *ctx)
{
    struct figuring *g = ctx;
    struct diag d = {0};
    json_t *v = NULL;
    struct call *c = g->c;
    enum err e = figures_result(g->job, &v, &d);
    figures_free(g->job);
    free(g);
    if (e) {
        call_end_diag(c, e, "quality", &d);
        return;
    }
    call_row(c, v);
    call_end(c, EXIT_OK, NULL);
}

static enum err campaign_id(struct call *c, int64_t *out)
{
    struct hash h;
    struct doc_row row;
    bool found = false;
    const char *text = call_text(c, "campaign");
    *out = 0;
    if (text[0] == '\0')
        return OK;
    if (hash_parse_uri(bytes_str(text), &h))
        return ERR_NOTFOUND;
    enum err e = documents_find(c->app->vault, h, &found, &row);
    if (!e && !found)
        e = ERR_NOTFOUND;
    if (!e)
        *out = row.id;
    return e;
}

void call_quality(struct call *c)
{
    int64_t campaign = 0;
    struct figuring *g = calloc(1, sizeof *g);
    enum err e = g == NULL ? ERR_NOMEM : campaign_id(c, &campaign);
    if (!e)
        e = figures_new(c->app, campaign, &g->job);
    if (e) {
        free(g);
        call_end(c, exit_of(e), "no such campaign is open here: `inbox` lists them");
        return;
    }
    g->c = c;
    call_on_worker(c, run, done, g);
}
