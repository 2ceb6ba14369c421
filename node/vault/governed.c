/* governed.c - SQL of rosters and policies. */
#include "node/vault/governed.h"

static const char sql_newest[] =
    "SELECT id FROM document WHERE kind = :kind AND in_force_ms IS NOT "
    "NULL AND version < :version ORDER BY version DESC LIMIT 1";
static const char sql_state[] =
    "SELECT proposed, coalesce(in_force_ms, 0) FROM document WHERE id = :id";
static const char sql_propose[] = "UPDATE document SET proposed = 1 WHERE id = :id";
static const char sql_waiting[] =
    "SELECT count(*) FROM document WHERE proposed = 1 AND state = 'waiting'";
static const char sql_note[] = "UPDATE document SET note = :note WHERE id = :id";
static const char sql_force[] =
    "UPDATE document SET note = :note, in_force_ms = :now,"
    " state = CASE state WHEN 'waiting' THEN 'expired' ELSE state END WHERE id = :id";
static const char sql_overtaken[] =
    "UPDATE document SET state = 'expired' WHERE kind = :kind AND version <= :version"
    " AND proposed = 1 AND in_force_ms IS NULL AND state IN ('waiting', 'approved')";

enum err governed_before(struct vault *v, const char *kind, uint64_t version, bool *found,
                         struct doc_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_newest);
    bind_str(s, ":kind", kind);
    bind_u64(s, ":version", version);
    enum err e = stmt_row(s, found);
    return e || !*found ? e : documents_get(v, col_i64(s, 0), out);
}

enum err governed_newest(struct vault *v, const char *kind, bool *found, struct doc_row *out)
{
    return governed_before(v, kind, INT64_MAX, found, out);
}

enum err governed_standing(struct vault *v, int64_t id, bool *proposed, uint64_t *in_force_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_state);
    bool row = false;
    bind_i64(s, ":id", id);
    enum err e = stmt_row(s, &row);
    if (e || !row)
        return e ? e : ERR_NOTFOUND;
    *proposed = col_i64(s, 0) != 0;
    *in_force_ms = col_u64(s, 1);
    return OK;
}

enum err governed_propose(struct vault *v, int64_t id)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_propose);
    bind_i64(s, ":id", id);
    return stmt_run(s);
}

enum err governed_waiting(struct vault *v, uint64_t *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_waiting);
    bool row = false;
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = row ? col_u64(s, 0) : 0;
    return e;
}

enum err governed_set_note(struct vault *v, int64_t id, struct bytes note)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_note);
    bind_i64(s, ":id", id);
    bind_blob(s, ":note", note);
    return stmt_run(s);
}

enum err governed_take_force(struct vault *v, int64_t id, struct bytes note, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_force);
    bind_i64(s, ":id", id);
    bind_blob(s, ":note", note);
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

enum err governed_overtaken(struct vault *v, const char *kind, uint64_t version)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_overtaken);
    bind_str(s, ":kind", kind);
    bind_u64(s, ":version", version);
    return stmt_run(s);
}
