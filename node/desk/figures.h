/* figures.h - agreement of this site's annotators on one campaign: gathered from the vault, worked out by core/quality. They compare
 * each annotator's first submitted revision; review never changes them. */
#pragma once

#include "base/diag.h"
#include "core/json/json.h"
#include "node/app.h"

struct figures_job;
/* On the keeper's thread; campaign 0: the newest open one. ERR_NOTFOUND. */
enum err figures_new(struct app *a, int64_t campaign, struct figures_job **out);
void figures_run(struct figures_job *j); /* on the worker's thread, with the worker's connection */
/* The document of GET /api/figures; the caller owns *out. */
enum err figures_result(struct figures_job *j, json_t **out, struct diag *d);
void figures_free(struct figures_job *j); /* accepts NULL */
