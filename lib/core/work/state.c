/* state.c - the table of an assignment's states. */
#include "core/work/state.h"

#include <string.h>

static const char *const names[WORK_STATE_COUNT] = {"assigned",    "in_progress", "submitted",
                                                    "in_review",   "returned",    "accepted",
                                                    "adjudicated", "skipped",     "locked"};

/* An empty cell is refused. Cells hold the state plus one, so that empty is not `assigned`. */
#define TO(s) ((unsigned char)((s) + 1))
static const unsigned char edges[WORK_STATE_COUNT][WORK_EVENT_COUNT] = {
    [WORK_ASSIGNED] = {[WORK_OPEN] = TO(WORK_IN_PROGRESS),
                       [WORK_SKIP] = TO(WORK_SKIPPED),
                       [WORK_DISABLE] = TO(WORK_LOCKED)},
    [WORK_IN_PROGRESS] = {[WORK_SUBMIT] = TO(WORK_SUBMITTED),
                          [WORK_SKIP] = TO(WORK_SKIPPED),
                          [WORK_DISABLE] = TO(WORK_LOCKED)},
    [WORK_RETURNED] = {[WORK_OPEN] = TO(WORK_IN_PROGRESS),
                       [WORK_SKIP] = TO(WORK_SKIPPED),
                       [WORK_DISABLE] = TO(WORK_LOCKED)},
    /* Whatever was handed in comes back when its labels mean something else now, and then goes the way of every return. */
    [WORK_SUBMITTED] =
        {[WORK_REVIEW_OPEN] = TO(WORK_IN_REVIEW), [WORK_REQUEUE] = TO(WORK_RETURNED)},
    [WORK_IN_REVIEW] = {[WORK_ACCEPT] = TO(WORK_ACCEPTED),
                        [WORK_RETURN] = TO(WORK_RETURNED),
                        [WORK_MERGE] = TO(WORK_ADJUDICATED),
                        [WORK_RELEASE] = TO(WORK_SUBMITTED),
                        [WORK_REQUEUE] = TO(WORK_RETURNED)},
    /* A merge takes all assignments of the item with it, those accepted before too. */
    [WORK_ACCEPTED] = {[WORK_MERGE] = TO(WORK_ADJUDICATED), [WORK_REQUEUE] = TO(WORK_RETURNED)},
    [WORK_ADJUDICATED] = {[WORK_REQUEUE] = TO(WORK_RETURNED)},
};

const char *work_state_name(enum work_state s)
{
    return names[s];
}

bool work_state_of(const char *word, enum work_state *out)
{
    for (int i = 0; i < WORK_STATE_COUNT; i++) {
        if (strcmp(word, names[i]) == 0) {
            *out = (enum work_state)i;
            return true;
        }
    }
    return false;
}

enum err work_state_next(enum work_state from, enum work_event event, unsigned tiers,
                         enum work_state *out)
{
    unsigned char cell = edges[from][event];
    if (cell == 0 || (event == WORK_REVIEW_OPEN && tiers == 0))
        return ERR_CONFLICT;
    *out = (enum work_state)(cell - 1);
    return OK;
}
