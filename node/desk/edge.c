/* edge.c - one edge of an assignment's life. */
#include "node/desk/edge.h"

#include <string.h>

enum err edge_take(struct app *a, const struct assignment_row *as, enum work_event event,
                   uint64_t now_ms, struct desk_fault *f)
{
    enum work_state from;
    enum work_state to;
    struct assignment_row now;
    struct campaign *c = NULL;
    bool open = false;
    unsigned tiers = 1;
    enum err e = work_get(a->vault, as->id, &now); /* as it stands in this transaction */
    if (!e && !work_state_of(now.state, &from))
        e = ERR_CORRUPT;
    if (!e && now.campaign != 0 && campaign_any(a, now.campaign, &c, &open) == OK)
        tiers = c->tiers;
    if (e)
        return e;
    if (work_state_next(from, event, tiers, &to))
        return desk_refuse(f, ERR_CONFLICT, "state", "the work is %s: that cannot be done now",
                           now.state);
    return work_set_state(a->vault, as->id, work_state_name(to), now_ms);
}
