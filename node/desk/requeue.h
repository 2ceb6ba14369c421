/* requeue.h - work that a breaking guideline version touches is asked again: handed-in work goes back to `returned`, in steps that
 * a restart takes up where they were. */
#pragma once

#include "node/app.h"

/* What was done by nobody of this site: the `by` of such a return and of its comment. */
#define GUIDELINE_BY "guideline"

/* In the caller's transaction: all campaigns of that id are to be gone over. */
enum err requeue_ask(struct app *a, const char *campaign_name);
/* One step of at most a few dozen assignments, in a transaction of its own; *more: there is another to do. */
enum err requeue_step(struct app *a, uint64_t now_ms, bool *more);
/* All that is left, where no loop would do it later; in the daemon the first step, the timer does the rest. */
enum err requeue_now(struct app *a, uint64_t now_ms);
