/* guidelines.c - SQL of guideline versions, of who has read them, and of work that is asked again. */
#include "node/vault/guidelines.h"

#include "base/hex.h"

#include <stdio.h>
#include <string.h>

static const char sql_of[] = "SELECT hash, version, state, json_extract(body, '$.supersedes'), "
                             "coalesce(json_extract(body, '$.breaking'), 0) FROM document"
                             " WHERE kind = 'guideline' AND name = :name ORDER BY version, id";

enum err guidelines_of(struct vault *v, const char *name,
                       struct guideline_version out[GUIDELINE_VERSIONS_MAX], size_t *out_n)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_of);
    bind_str(s, ":name", name);
    for (*out_n = 0;; (*out_n)++) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        if (*out_n == GUIDELINE_VERSIONS_MAX)
            return ERR_TOOBIG;
        struct guideline_version *g = &out[*out_n];
        struct bytes hash = col_bytes(s, 0);
        *g = (struct guideline_version){.version = col_u64(s, 1),
                                        .state = guideline_state_of(col_str(s, 2)),
                                        .breaking = col_i64(s, 4) != 0};
        if (hash.n == sizeof g->hash.b)
            memcpy(g->hash.b, hash.p, hash.n);
        if (!col_null(s, 3) && hash_parse_uri(col_bytes(s, 3), &g->before))
            return ERR_CORRUPT;
    }
}

static const char sql_stands[] =
    "SELECT worked, read_ms IS NOT NULL FROM guideline_seen WHERE user = :user AND hash = :hash";
static const char sql_read[] =
    "INSERT INTO guideline_seen (user, hash, read_ms) VALUES (:user, :hash, :now)"
    " ON CONFLICT DO UPDATE SET read_ms = coalesce(read_ms, :now)";

enum err guideline_stands(struct vault *v, const char *user, struct hash guideline, bool *worked,
                          bool *read)
{
    bool row = false;
    struct hash_uri uri = hash_uri(guideline);
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_stands);
    bind_str(s, ":user", user);
    bind_str(s, ":hash", uri.s);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    *worked = row && col_i64(s, 0) != 0;
    *read = row && col_i64(s, 1) != 0;
    return OK;
}

enum err guideline_set_read(struct vault *v, const char *user, struct hash guideline,
                            uint64_t now_ms)
{
    struct hash_uri uri = hash_uri(guideline);
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_read);
    bind_str(s, ":user", user);
    bind_str(s, ":hash", uri.s);
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

static const char sql_mark[] =
    "INSERT INTO requeue VALUES (:campaign, '') ON CONFLICT DO UPDATE SET at = ''";
static const char sql_next[] = "SELECT campaign, at FROM requeue ORDER BY campaign LIMIT 1";
static const char sql_set[] = "UPDATE requeue SET at = :at WHERE campaign = :campaign";
static const char sql_done[] = "DELETE FROM requeue WHERE campaign = :campaign";

enum err requeue_mark(struct vault *v, int64_t campaign)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_mark);
    bind_i64(s, ":campaign", campaign);
    return stmt_run(s);
}

enum err requeue_next(struct vault *v, bool *found, int64_t *out_campaign, char out_at[WORK_ID])
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_next);
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *out_campaign = col_i64(s, 0);
    (void)snprintf(out_at, WORK_ID, "%s", col_str(s, 1));
    return OK;
}

enum err requeue_set(struct vault *v, int64_t campaign, const char *at)
{
    CLEANUP(stmt_done)
    struct stmt *s = db_stmt(vault_db(v), at == NULL ? sql_done : sql_set);
    bind_i64(s, ":campaign", campaign);
    if (at != NULL)
        bind_str(s, ":at", at);
    return stmt_run(s);
}

#define HANDED_IN                                                                                  \
    "SELECT a.id, a.item, a.annotator, a.slot, a.state, r.n, r.status = 'adjudicated',"            \
    " NOT EXISTS (SELECT 1 FROM user u WHERE 'u_' || u.id = a.annotator AND NOT u.disabled),"      \
    " r.doc FROM assignment a JOIN revision r ON r.assignment = a.id AND r.n ="                    \
    " (SELECT max(n) FROM revision WHERE assignment = a.id) WHERE a.campaign = :campaign"          \
    " AND a.state IN ('submitted', 'in_review', 'accepted', 'adjudicated')"

static const char sql_each[] = HANDED_IN " AND a.id > :at ORDER BY a.id LIMIT :limit";
static const char sql_item[] = HANDED_IN " AND a.item = :item ORDER BY a.id";

static enum err each(struct stmt *s, int64_t campaign, requeue_fn *fn, void *ctx)
{
    bool row = true;
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct requeue_row r = {.a = {.campaign = campaign, .slot = (unsigned)col_u64(s, 3)},
                                .n = col_u64(s, 5),
                                .merged = col_i64(s, 6) != 0,
                                .gone = col_i64(s, 7) != 0};
        (void)snprintf(r.a.id, sizeof r.a.id, "%s", col_str(s, 0));
        (void)snprintf(r.a.item, sizeof r.a.item, "%s", col_str(s, 1));
        (void)snprintf(r.a.annotator, sizeof r.a.annotator, "%s", col_str(s, 2));
        (void)snprintf(r.a.state, sizeof r.a.state, "%s", col_str(s, 4));
        e = fn(ctx, &r, col_bytes(s, 8));
        if (e)
            return e;
    }
}

enum err requeue_each(struct vault *v, int64_t campaign, const char *at, unsigned limit,
                      requeue_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_each);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":at", at);
    bind_i64(s, ":limit", limit);
    return each(s, campaign, fn, ctx);
}

enum err requeue_item(struct vault *v, int64_t campaign, const char *item, requeue_fn *fn,
                      void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":item", item);
    return each(s, campaign, fn, ctx);
}
