/* worker.h - one thread for slow work. A job owns its data; what it has to tell the loop it posts with loop_post. */
#pragma once

#include "base/cleanup.h"
#include "base/err.h"
#include "io/loop.h"

struct worker;

/* Starts the thread. Jobs run one after another, in order. */
enum err worker_new(struct loop *l, struct worker **out);
/* Jobs not yet begun are dropped through their `done`, the running one is waited for. Accepts NULL. */
void worker_free(struct worker *w);
DEFINE_AUTO(worker)

/* run(ctx) on the worker's thread, then done(ctx) on the loop's; done alone where the worker is being freed. */
enum err worker_submit(struct worker *w, loop_fn *run, loop_fn *done, void *ctx);
/* For a long job: true where it should end early because the worker is being freed. Any thread. */
bool worker_stopping(const struct worker *w);
