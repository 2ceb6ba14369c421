/* state.h - the states of an assignment and the edges between them (labels.md, The work at a site), as one table. Every edge that
 * is not in it is refused. */
#pragma once

#include "base/err.h"

#include <stdbool.h>

enum work_state {
    WORK_ASSIGNED,
    WORK_IN_PROGRESS,
    WORK_SUBMITTED,
    WORK_IN_REVIEW,
    WORK_RETURNED,
    WORK_ACCEPTED,
    WORK_ADJUDICATED,
    WORK_SKIPPED,
    WORK_LOCKED
};
enum { WORK_STATE_COUNT = WORK_LOCKED + 1 };

enum work_event {
    WORK_OPEN, /* the annotator opens it */
    WORK_SUBMIT,
    WORK_SKIP,
    WORK_REVIEW_OPEN, /* a reviewer opens the item */
    WORK_ACCEPT,      /* accept or edit */
    WORK_RETURN,
    WORK_MERGE,   /* adjudication */
    WORK_RELEASE, /* the review was left idle, or its reviewer signed out */
    WORK_DISABLE, /* the annotator was disabled */
    WORK_REQUEUE  /* a breaking guideline version touches what was handed in */
};
enum { WORK_EVENT_COUNT = WORK_REQUEUE + 1 };

/* "in_progress" and the like: words of api.md, data.md 6 and the vault. Static. */
const char *work_state_name(enum work_state s);
bool work_state_of(const char *word, enum work_state *out);
/* ERR_CONFLICT where there is no such edge. With tiers 0 a submission is final: no review edge. */
enum err work_state_next(enum work_state from, enum work_event event, unsigned tiers,
                         enum work_state *out);
