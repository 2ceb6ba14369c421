/* Tests of core/work/state. Oracle: labels.md, The work at a site. */
#include "core/work/state.h"
#include "support/check.h"

struct edge {
    enum work_state from;
    enum work_event event;
    enum work_state to;
};

/* The sentence of labels.md, arrow by arrow. */
static const struct edge arrows[] = {
    {WORK_ASSIGNED, WORK_OPEN, WORK_IN_PROGRESS},
    {WORK_IN_PROGRESS, WORK_SUBMIT, WORK_SUBMITTED},
    {WORK_SUBMITTED, WORK_REVIEW_OPEN, WORK_IN_REVIEW},
    {WORK_IN_REVIEW, WORK_ACCEPT, WORK_ACCEPTED},
    {WORK_IN_REVIEW, WORK_RETURN, WORK_RETURNED},
    {WORK_RETURNED, WORK_OPEN, WORK_IN_PROGRESS},
    {WORK_IN_REVIEW, WORK_MERGE, WORK_ADJUDICATED},
    /* "all assignments of the item become adjudicated" */
    {WORK_ACCEPTED, WORK_MERGE, WORK_ADJUDICATED},
    {WORK_IN_REVIEW, WORK_RELEASE, WORK_SUBMITTED},
    {WORK_ASSIGNED, WORK_SKIP, WORK_SKIPPED},
    {WORK_IN_PROGRESS, WORK_SKIP, WORK_SKIPPED},
    {WORK_RETURNED, WORK_SKIP, WORK_SKIPPED},
    {WORK_ASSIGNED, WORK_DISABLE, WORK_LOCKED},
    {WORK_IN_PROGRESS, WORK_DISABLE, WORK_LOCKED},
    {WORK_RETURNED, WORK_DISABLE, WORK_LOCKED},
    {WORK_SUBMITTED, WORK_REQUEUE, WORK_RETURNED},
    {WORK_IN_REVIEW, WORK_REQUEUE, WORK_RETURNED},
    {WORK_ACCEPTED, WORK_REQUEUE, WORK_RETURNED},
    {WORK_ADJUDICATED, WORK_REQUEUE, WORK_RETURNED},
};

static const struct edge *arrow(enum work_state from, enum work_event event)
{
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
        if (arrows[i].from == from && arrows[i].event == event)
            return &arrows[i];
    }
    return NULL;
}

static void check_cell(enum work_state from, enum work_event event)
{
    const struct edge *want = arrow(from, event);
    enum work_state to = WORK_LOCKED;
    enum err e = work_state_next(from, event, 1, &to);
    if ((e == OK) != (want != NULL) || (want != NULL && to != want->to))
        print_error("%s, event %d: %s\n", work_state_name(from), (int)event, err_name(e));
    CHECK_ERR(e, want == NULL ? ERR_CONFLICT : OK);
    CHECK_INT(to, want == NULL ? WORK_LOCKED : want->to);
}

static void every_edge_is_an_arrow_and_every_other_is_refused(void **state)
{
    (void)state;
    for (int s = 0; s < WORK_STATE_COUNT; s++) {
        for (int e = 0; e < WORK_EVENT_COUNT; e++)
            check_cell((enum work_state)s, (enum work_event)e);
    }
}

static void without_a_review_tier_submitted_is_final(void **state)
{
    (void)state;
    enum work_state to = WORK_LOCKED;
    for (int e = 0; e < WORK_REQUEUE; e++)
        CHECK_ERR(work_state_next(WORK_SUBMITTED, (enum work_event)e, 0, &to), ERR_CONFLICT);
    /* but for a guideline that says its labels mean something else */
    CHECK_OK(work_state_next(WORK_SUBMITTED, WORK_REQUEUE, 0, &to));
    CHECK_INT(to, WORK_RETURNED);
    CHECK_OK(work_state_next(WORK_IN_PROGRESS, WORK_SUBMIT, 0, &to));
    CHECK_INT(to, WORK_SUBMITTED);
}

static void states_have_the_words_of_the_contract(void **state)
{
    (void)state;
    static const char *const words[] = {"assigned",    "in_progress", "submitted",
                                        "in_review",   "returned",    "accepted",
                                        "adjudicated", "skipped",     "locked"};
    enum work_state s = WORK_ASSIGNED;
    for (int i = 0; i < WORK_STATE_COUNT; i++) {
        CHECK_STR(work_state_name((enum work_state)i), words[i]);
        CHECK(work_state_of(words[i], &s));
        CHECK_INT(s, i);
    }
    CHECK(!work_state_of("draft", &s));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_edge_is_an_arrow_and_every_other_is_refused),
        CASE(without_a_review_tier_submitted_is_final),
        CASE(states_have_the_words_of_the_contract),
    };
    return RUN(cases, argc, argv);
}
