/* airlock.h - the whole program but its main: start, then serve the keeper's pipe until it closes. */
#pragma once

#include "base/cleanup.h"
#include "base/err.h"
#include "io/zchan.h"

enum { AIRLOCK_PIPE_FD = 3 };

struct airlock_process;

/* Gives everything up that is not needed, and tells the keeper so. Call before any thread exists. *where names the step that
 * failed. */
enum err airlock_process_start(enum zchan_kind kind, struct airlock_process **out,
                               const char **where);
void airlock_process_free(struct airlock_process *a); /* accepts NULL */
DEFINE_AUTO(airlock_process)

/* Until the keeper closes the pipe (OK), or speaks out of turn or the library fails. */
enum err airlock_process_serve(struct airlock_process *a);
