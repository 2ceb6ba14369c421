/* figures.c - the site's own figures, worked out on the worker. */
#include "node/page/web.h"

#include "node/desk/figures.h"

#include <stdlib.h>

struct figuring {
    struct figures_job *job;
    struct web *w;
};

static void figuring_free(void *ctx)
{
    struct figuring *g = ctx;
    figures_free(g->job);
    free(g);
}

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
    enum err e = figures_result(g->job, &v, &d);
    if (e)
        web_fail(g->w, e, &d);
    else
        web_json(g->w, 200, v);
}

void route_figures(struct web *w)
{
    int64_t campaign = 0;
    if (!web_campaign_of(w, httpd_query(w->r, "campaign"), &campaign))
        return;
    struct figuring *g = calloc(1, sizeof *g);
    if (g == NULL) {
        web_fail(w, ERR_NOMEM, NULL);
        return;
    }
    g->w = w;
    web_keep(w, g, figuring_free);
    enum err e = figures_new(w->app, campaign, &g->job);
    if (e == ERR_NOTFOUND) {
        web_error(w, 404, "notfound",
                  "no campaign is open here: the figures begin with an approved one");
        return;
    }
    if (!e)
        e = worker_submit(w->app->worker, run, done, g);
    if (e)
        web_fail(w, e, NULL);
    else
        httpd_hold(w->r);
}
