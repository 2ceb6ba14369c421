/* freshness.c - anchors of the vault in the access log. */
#include "node/freshness.h"

#include "base/clock.h"
#include "node/access.h"
#include "node/vault/work.h"

enum err app_anchor(struct app *a)
{
    struct event ev = {.kind = EVENT_ANCHOR};
    enum err e = work_newest_revision(a->vault, &ev.anchor.newest_revision, &ev.anchor.doc_hash);
    if (!e)
        e = access_append(a, &ev);
    if (!e)
        e = access_sync(a);
    if (!e)
        a->last_anchor_ms = clock_now_ms();
    return e;
}

/* Looks back for the newest anchor; it is at most an hour of entries away. */
static enum err newest_anchor(struct app *a, bool *found, struct event_anchor *out)
{
    *found = false;
    for (uint64_t i = logstore_size(a->access); i > 0 && !*found; i--) {
        struct logstore_item item;
        struct event ev;
        CLEANUP(arena_fini) struct arena arena;
        arena_init(&arena, (size_t)EVENT_MAX * 16);
        enum err e = logstore_get(a->access, i - 1, &item);
        if (!e && item.frame.p == NULL)
            continue; /* pruned */
        if (!e)
            e = event_frame_read(item.frame, &arena, &ev);
        if (e)
            return e;
        *found = ev.kind == EVENT_ANCHOR;
        if (*found)
            *out = ev.anchor;
    }
    return OK;
}

enum err freshness_check(struct app *a, struct diag *d)
{
    struct event_anchor anchor = {0};
    struct hash have;
    bool found = false;
    bool there = false;
    enum err e = newest_anchor(a, &found, &anchor);
    if (e)
        return diag_set(d, ERR_CORRUPT, "the access log cannot be read back (%s)", err_name(e));
    if (!found || anchor.newest_revision == 0)
        return OK;
    e = work_revision_hash(a->vault, anchor.newest_revision, &there, &have);
    if (e)
        return diag_set(d, e, "the vault cannot be read (%s)", db_text(vault_db(a->vault)));
    if (there && hash_eq(have, anchor.doc_hash))
        return OK;
    return diag_set(d, ERR_CORRUPT,
                    "ROLLBACK: the access log names revision %llu, which this vault.db does not "
                    "hold as it was: an older copy was"
                    " put back. Put the newest vault.db and access/ back together",
                    (unsigned long long)anchor.newest_revision);
}
