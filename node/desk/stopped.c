/* stopped.c - what may still be done for a campaign that has ended here. */
#include "node/desk/desk.h"

enum err desk_goes_on(const struct desk_work *w, struct desk_fault *f)
{
    const char *code = w->campaign == NULL ? "state" : campaign_phase_code(w->campaign->phase);
    if (w->campaign != NULL && w->campaign->phase <= CAMPAIGN_CLOSING)
        return OK;
    if (w->campaign == NULL || w->campaign->phase == CAMPAIGN_UNDECIDED)
        return desk_refuse(f, ERR_CONFLICT, code,
                           "the campaign is not approved here: the work can be read only");
    if (w->campaign->phase == CAMPAIGN_WITHDRAWN)
        return desk_refuse(f, ERR_CONFLICT, code,
                           "the campaign was withdrawn at this site: drafts are kept, nothing is "
                           "handed in");
    return desk_refuse(f, ERR_CONFLICT, code,
                       "the campaign ended more than %d days ago: nothing is handed in any more",
                       CAMPAIGN_GRACE_DAYS);
}

const char *desk_stopped(const struct campaign *c)
{
    if (c == NULL || c->phase <= CAMPAIGN_CLOSING || c->phase == CAMPAIGN_UNDECIDED)
        return NULL;
    return campaign_phase_code(c->phase);
}

enum err desk_campaign(struct app *a, struct hash hash, struct campaign **out, struct desk_fault *f)
{
    struct doc_row row;
    bool found = false;
    bool open = false;
    struct campaign *c = NULL;
    enum err e = documents_find(a->vault, hash, &found, &row);
    if (!e)
        e = found ? campaign_any(a, row.id, &c, &open) : ERR_NOTFOUND;
    if (e)
        return e;
    if (c->phase == CAMPAIGN_UNDECIDED)
        return ERR_NOTFOUND;
    if (c->phase == CAMPAIGN_WITHDRAWN)
        return desk_refuse(f, ERR_CONFLICT, "withdrawn",
                           "the campaign was withdrawn at this site: no new work is given out");
    if (!open)
        return desk_refuse(f, ERR_CONFLICT, "expired",
                           "the campaign has ended: no new work is given out");
    *out = c;
    return OK;
}
