/* edge.h - an assignment's state changed along core/work's table, and nowhere else. */
#pragma once

#include "core/work/state.h"
#include "node/desk/desk.h"

/* Within a transaction. ERR_CONFLICT where the table has no such edge; f (may be NULL) then names the state. */
enum err edge_take(struct app *a, const struct assignment_row *as, enum work_event event,
                   uint64_t now_ms, struct desk_fault *f);
