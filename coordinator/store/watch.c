/* watch.c - SQL of what the operator sees. */
#include "coordinator/store/watch.h"
#include "coordinator/store/store_in.h"

#include <stdio.h>

struct db *store_people(struct store *s)
{
    return s->db;
}

static const char sql_refused[] =
    "INSERT INTO refusal SELECT :site, CASE WHEN"
    " EXISTS (SELECT 1 FROM refusal WHERE site = :site AND rule = :rule)"
    " OR (SELECT count(*) FROM refusal WHERE site = :site) < :most THEN :rule ELSE 'other' END,"
    " 1, :now WHERE true ON CONFLICT (site, rule) DO UPDATE SET n = n + 1, last_ms = :now";
static const char sql_refusals[] =
    "SELECT rule, n, last_ms FROM refusal WHERE site = :site ORDER BY last_ms DESC, rule";
static const char sql_fault_put[] =
    "INSERT INTO fault VALUES (:site, :fault, :evidence, :now) ON CONFLICT (site) DO UPDATE SET"
    " fault = excluded.fault, evidence = excluded.evidence, at_ms = excluded.at_ms";
static const char sql_fault[] = "SELECT fault, evidence, at_ms FROM fault WHERE site = :site";
static const char sql_fault_end[] = "DELETE FROM fault WHERE site = :site";
static const char sql_guidelines[] = "SELECT campaign, stream, version FROM guideline_at"
                                     " WHERE site = :site ORDER BY campaign, stream";
static const char sql_guidelines_end[] = "DELETE FROM guideline_at WHERE site = :site";
static const char sql_guideline[] =
    "INSERT INTO guideline_at VALUES (:site, :campaign, :stream, :version)"
    " ON CONFLICT (site, campaign, stream) DO UPDATE SET version = excluded.version";
static const char sql_documents[] = "SELECT kind, version, installed_ms, hash, note FROM document"
                                    " WHERE :kind IS NULL OR kind = :kind ORDER BY id DESC";
static const char sql_kept[] =
    "SELECT kind, version, installed_ms, hash, note FROM document WHERE hash = :hash UNION ALL"
    " SELECT kind, version, changed_ms, hash, note FROM proposal WHERE hash = :hash LIMIT 1";
static const char sql_rounds[] =
    "SELECT (SELECT count(*) FROM round), (SELECT count(*) FROM result)";
static const char sql_told[] = "SELECT site, decision, reason, roster, until_ms, at_ms FROM reply"
                               " WHERE document = :document ORDER BY at_ms, site";

static uint64_t capped(uint64_t v)
{
    return v > INT64_MAX ? INT64_MAX : v;
}

enum err store_refused(struct store *s, const char *site, const char *rule, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_refused);
    bind_str(q, ":site", site);
    bind_str(q, ":rule", rule);
    bind_i64(q, ":most", WATCH_RULES_MAX);
    bind_u64(q, ":now", now_ms);
    return stmt_run(q);
}

enum err store_refusals(struct store *s, const char *site, refusal_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_refusals);
    bool more = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        e = fn(ctx, col_str(q, 0), col_u64(q, 1), col_u64(q, 2));
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}

enum err store_fault_put(struct store *s, const char *site, const char *fault, const char *evidence,
                         uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_fault_put);
    bind_str(q, ":site", site);
    bind_str(q, ":fault", fault);
    bind_str(q, ":evidence", evidence);
    bind_u64(q, ":now", now_ms);
    return stmt_run(q);
}

enum err store_fault(struct store *s, const char *site, struct fault_row *out)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_fault);
    struct fault_row f = {.found = false};
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &f.found);
    if (!e && f.found) {
        (void)snprintf(f.fault, sizeof f.fault, "%s", col_str(q, 0));
        (void)snprintf(f.evidence, sizeof f.evidence, "%s", col_str(q, 1));
        f.at_ms = col_u64(q, 2);
    }
    if (!e)
        *out = f;
    return e;
}

enum err store_guidelines(struct store *s, const char *site, guideline_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_guidelines);
    bool more = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        e = fn(ctx, col_hash(q, 0), col_str(q, 1), col_u64(q, 2));
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}

static enum err forget(struct store *s, const char *sql, const char *site)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql);
    bind_str(q, ":site", site);
    return stmt_run(q);
}

static enum err put_guideline(struct store *s, const char *site, const struct guideline_version *g)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_guideline);
    bind_str(q, ":site", site);
    bind_blob(q, ":campaign", hash_bytes(&g->campaign));
    bind_text(q, ":stream", g->stream);
    bind_u64(q, ":version", capped(g->version));
    return stmt_run(q);
}

enum err store_status_seen(struct store *s, const char *site, const struct status *status)
{
    enum err e = forget(s, sql_fault_end, site);
    if (!e)
        e = forget(s, sql_guidelines_end, site);
    for (size_t i = 0; i < status->n_guidelines && !e; i++)
        e = put_guideline(s, site, &status->guidelines[i]);
    return e;
}

/* --- what is kept --- */

static enum err each_kept(struct stmt *q, bool *found, kept_fn *fn, void *ctx)
{
    bool more = false;
    enum err e = stmt_row(q, &more);
    *found = !e && more;
    while (!e && more) {
        struct kept_row row = {.kind = col_str(q, 0),
                               .version = col_u64(q, 1),
                               .at_ms = col_u64(q, 2),
                               .hash = col_hash(q, 3),
                               .note = col_bytes(q, 4)};
        e = fn(ctx, &row);
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}

enum err store_documents(struct store *s, const char *kind, kept_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_documents);
    bool found = false;
    if (kind == NULL)
        bind_null(q, ":kind");
    else
        bind_str(q, ":kind", kind);
    return each_kept(q, &found, fn, ctx);
}

enum err store_kept(struct store *s, struct hash hash, bool *found, kept_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_kept);
    bind_blob(q, ":hash", hash_bytes(&hash));
    return each_kept(q, found, fn, ctx);
}

enum err store_told(struct store *s, struct hash document, told_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_told);
    bool more = false;
    bind_blob(q, ":document", hash_bytes(&document));
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        struct told_row row = {.site = col_str(q, 0),
                               .decision = col_str(q, 1),
                               .reason = col_str(q, 2),
                               .roster = col_u64(q, 3),
                               .until_ms = col_u64(q, 4),
                               .at_ms = col_u64(q, 5)};
        e = fn(ctx, &row);
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}

enum err store_rounds(struct store *s, uint64_t *rounds, uint64_t *results)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_rounds);
    bool found = false;
    enum err e = stmt_row(q, &found);
    *rounds = found ? col_u64(q, 0) : 0;
    *results = found ? col_u64(q, 1) : 0;
    return e;
}
