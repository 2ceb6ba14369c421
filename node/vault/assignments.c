/* assignments.c - SQL of assignments, the queue and the reviews' list. */
#include "node/vault/work.h"

#include <stdio.h>
#include <string.h>

#define ASSIGNMENT_COLUMNS                                                                         \
    "a.id, coalesce(a.campaign, 0), a.item, a.annotator, a.slot, a.state, coalesce(a.reviewer, "   \
    "''),"                                                                                         \
    " coalesce(a.review_ms, 0), a.made_ms, a.updated_ms"

static void take(struct stmt *s, struct assignment_row *out)
{
    *out = (struct assignment_row){.campaign = col_i64(s, 1),
                                   .slot = (unsigned)col_u64(s, 4),
                                   .review_ms = col_u64(s, 7),
                                   .made_ms = col_u64(s, 8),
                                   .updated_ms = col_u64(s, 9)};
    (void)snprintf(out->id, sizeof out->id, "%s", col_str(s, 0));
    (void)snprintf(out->item, sizeof out->item, "%s", col_str(s, 2));
    (void)snprintf(out->annotator, sizeof out->annotator, "%s", col_str(s, 3));
    (void)snprintf(out->state, sizeof out->state, "%s", col_str(s, 5));
    (void)snprintf(out->reviewer, sizeof out->reviewer, "%s", col_str(s, 6));
}

static enum err each(struct stmt *s, assignment_fn *fn, void *ctx)
{
    bool row = true;
    for (;;) {
        struct assignment_row a;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        take(s, &a);
        e = fn(ctx, &a);
        if (e)
            return e;
    }
}

static const char sql_get[] = "SELECT " ASSIGNMENT_COLUMNS " FROM assignment a WHERE a.id = :id";
static const char sql_add[] =
    "INSERT INTO assignment (id, campaign, item, annotator, slot, state, made_ms, updated_ms)"
    " VALUES (:id, nullif(:campaign, 0), :item, :annotator, :slot, :state, :made, :updated)";
static const char sql_state[] =
    "UPDATE assignment SET state = :state, updated_ms = :now WHERE id = :id";
static const char sql_review[] = "UPDATE assignment SET reviewer = nullif(:reviewer, ''), "
                                 "review_ms = nullif(:since, 0) WHERE id = :id";

enum err work_get(struct vault *v, const char *id, struct assignment_row *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_get);
    bind_str(s, ":id", id);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    if (!row)
        return ERR_NOTFOUND;
    take(s, out);
    return OK;
}

enum err work_add(struct vault *v, const struct assignment_row *a)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_add);
    bind_str(s, ":id", a->id);
    bind_i64(s, ":campaign", a->campaign);
    bind_str(s, ":item", a->item);
    bind_str(s, ":annotator", a->annotator);
    bind_i64(s, ":slot", a->slot);
    bind_str(s, ":state", a->state);
    bind_u64(s, ":made", a->made_ms);
    bind_u64(s, ":updated", a->updated_ms);
    return stmt_run(s);
}

enum err work_set_state(struct vault *v, const char *id, const char *state, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_state);
    bind_str(s, ":id", id);
    bind_str(s, ":state", state);
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

enum err work_set_review(struct vault *v, const char *id, const char *reviewer, uint64_t since_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_review);
    bind_str(s, ":id", id);
    bind_str(s, ":reviewer", reviewer);
    bind_u64(s, ":since", since_ms);
    return stmt_run(s);
}

static const char sql_of_person[] =
    "SELECT " ASSIGNMENT_COLUMNS " FROM assignment a WHERE a.annotator = :annotator"
    " AND (:state IS NULL OR a.state = :state) AND (:campaign = 0 OR a.campaign = :campaign)"
    " ORDER BY a.state = 'returned' DESC, a.state IN ('in_progress', 'assigned') DESC, "
    "a.updated_ms DESC";
static const char sql_of_item[] =
    "SELECT " ASSIGNMENT_COLUMNS
    " FROM assignment a WHERE a.item = :item AND a.campaign IS nullif(:campaign, 0)"
    " ORDER BY a.slot, a.made_ms, a.id";
static const char sql_item_campaign[] = "SELECT coalesce(campaign, 0) FROM assignment WHERE item = "
                                        ":item ORDER BY campaign DESC LIMIT 1";
static const char sql_in_review_before[] =
    "SELECT " ASSIGNMENT_COLUMNS
    " FROM assignment a WHERE a.state = 'in_review' AND a.review_ms < :since";
static const char sql_reviewed_by[] =
    "SELECT " ASSIGNMENT_COLUMNS
    " FROM assignment a WHERE a.state = 'in_review' AND a.reviewer = :reviewer";

enum err work_of_person(struct vault *v, const char *annotator, const char *state, int64_t campaign,
                        assignment_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_of_person);
    bind_str(s, ":annotator", annotator);
    bind_str(s, ":state", state);
    bind_i64(s, ":campaign", campaign);
    return each(s, fn, ctx);
}

enum err work_of_item(struct vault *v, int64_t campaign, const char *item, assignment_fn *fn,
                      void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_of_item);
    bind_str(s, ":item", item);
    bind_i64(s, ":campaign", campaign);
    return each(s, fn, ctx);
}

enum err work_item_campaign(struct vault *v, const char *item, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item_campaign);
    bind_str(s, ":item", item);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    if (!row)
        return ERR_NOTFOUND;
    *out = col_i64(s, 0);
    return OK;
}

enum err work_in_review_before(struct vault *v, uint64_t since_ms, assignment_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_in_review_before);
    bind_u64(s, ":since", since_ms);
    return each(s, fn, ctx);
}

enum err work_reviewed_by(struct vault *v, const char *reviewer, assignment_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_reviewed_by);
    bind_str(s, ":reviewer", reviewer);
    return each(s, fn, ctx);
}

#define FREE_FOR                                                                                   \
    " FROM campaign_item c WHERE c.campaign = :campaign AND c.taken < c.slots AND NOT EXISTS"      \
    " (SELECT 1 FROM assignment a WHERE a.item = c.item AND a.campaign = c.campaign AND "          \
    "a.annotator = :annotator)"
static const char sql_candidates[] = "SELECT c.item, c.slots, c.taken, c.priority, c.tie" FREE_FOR
                                     " ORDER BY c.priority DESC, c.taken DESC, c.tie LIMIT :limit";
static const char sql_queue[] = "SELECT count(*)" FREE_FOR;
static const char sql_slot_count[] =
    "UPDATE campaign_item SET taken = taken + :by WHERE campaign = :campaign AND item = :item";
static const char sql_slots_taken[] = "SELECT slot FROM assignment WHERE campaign = :campaign AND "
                                      "item = :item AND state <> 'locked' ORDER BY slot";

enum err work_candidates(struct vault *v, int64_t campaign, const char *annotator, unsigned limit,
                         candidate_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_candidates);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":annotator", annotator);
    bind_i64(s, ":limit", limit);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct candidate_row c = {.slots = (unsigned)col_u64(s, 1),
                                  .taken = (unsigned)col_u64(s, 2),
                                  .priority = col_i64(s, 3),
                                  .tie = (uint32_t)col_u64(s, 4)};
        (void)snprintf(c.item, sizeof c.item, "%s", col_str(s, 0));
        e = fn(ctx, &c);
        if (e)
            return e;
    }
}

enum err work_queue_length(struct vault *v, int64_t campaign, const char *annotator, uint64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_queue);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":annotator", annotator);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_u64(s, 0);
    return e;
}

enum err work_slot_count(struct vault *v, int64_t campaign, const char *item, int by)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_slot_count);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":item", item);
    bind_i64(s, ":by", by);
    return stmt_run(s);
}

enum err work_free_slot(struct vault *v, int64_t campaign, const char *item, unsigned *out)
{
    bool row = true;
    unsigned free_slot = 0;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_slots_taken);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":item", item);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e)
            return e;
        if (!row || (unsigned)col_u64(s, 0) != free_slot)
            break;
        free_slot++;
    }
    *out = free_slot;
    return OK;
}

/* One row an item: in_review where any assignment is, ready where all slots are filled and none is open, else done. */
static const char sql_reviews[] =
    "WITH r AS (SELECT a.item AS item, max(a.updated_ms) AS updated,"
    " CASE WHEN max(a.state = 'in_review') THEN 'in_review' WHEN max(a.state = 'submitted') THEN "
    "'ready' ELSE 'done' END AS state"
    " FROM assignment a JOIN campaign_item c ON c.campaign = a.campaign AND c.item = a.item"
    " WHERE a.campaign = :campaign AND a.state <> 'locked' AND c.taken >= c.slots"
    " GROUP BY a.item HAVING NOT max(a.state IN ('assigned', 'in_progress', 'returned'))"
    " AND max(a.state <> 'skipped') AND NOT max(a.annotator = :not_by AND a.state <> "
    "'adjudicated'))"
    " SELECT item, state, updated FROM r WHERE :state IS NULL OR state = :state ORDER BY updated, "
    "item LIMIT 2000";

enum err work_reviews(struct vault *v, int64_t campaign, const char *state, const char *not_by,
                      review_item_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_reviews);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":state", state);
    bind_str(s, ":not_by", not_by);
    for (;;) {
        struct review_item r;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        (void)snprintf(r.item, sizeof r.item, "%s", col_str(s, 0));
        (void)snprintf(r.state, sizeof r.state, "%s", col_str(s, 1));
        r.updated_ms = col_u64(s, 2);
        e = fn(ctx, &r);
        if (e)
            return e;
    }
}

/* Done: every slot filled, and nobody has still to do something on it. */
static const char sql_progress[] =
    "SELECT count(*), coalesce(sum(c.taken >= c.slots AND NOT EXISTS (SELECT 1 FROM assignment a "
    "WHERE a.item = c.item"
    " AND a.campaign = c.campaign AND a.state IN ('assigned', 'in_progress', 'returned'))), 0)"
    " FROM campaign_item c WHERE c.campaign = :campaign";
static const char sql_own[] = "SELECT state, count(*) FROM assignment WHERE campaign = :campaign "
                              "AND annotator = :annotator GROUP BY state";

enum err work_progress(struct vault *v, int64_t campaign, struct progress_row *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_progress);
    bind_i64(s, ":campaign", campaign);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = (struct progress_row){.items = col_u64(s, 0), .done = col_u64(s, 1)};
    return e;
}

enum err work_own_counts(struct vault *v, int64_t campaign, const char *annotator, count_fn *fn,
                         void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_own);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":annotator", annotator);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        e = fn(ctx, col_str(s, 0), col_u64(s, 1));
        if (e)
            return e;
    }
}

static const char sql_open_of_person[] =
    "SELECT " ASSIGNMENT_COLUMNS " FROM assignment a WHERE a.annotator = :annotator"
    " AND a.state IN ('assigned', 'in_progress', 'returned') ORDER BY a.id";

enum err work_open_of_person(struct vault *v, const char *annotator, assignment_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_open_of_person);
    bind_str(s, ":annotator", annotator);
    return each(s, fn, ctx);
}
