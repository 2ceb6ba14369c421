/* governed.c - SQL of rosters and policies. */
#include "node/vault/governed.h"

static const char sql_newest[] =
    "SELECT d.id FROM document d JOIN governed g ON g.document = d.id WHERE d.kind = :kind"
    " AND g.in_force_ms IS NOT NULL AND d.version < :version ORDER BY d.version DESC LIMIT 1";
static const char sql_state[] =
    "SELECT proposed, coalesce(in_force_ms, 0) FROM governed WHERE document = :id";
static const char sql_propose[] = "INSERT INTO governed (document, proposed) VALUES (:id, 1)"
                                  " ON CONFLICT (document) DO UPDATE SET proposed = 1";
static const char sql_waiting[] = "SELECT count(*) FROM document d JOIN governed g ON g.document = "
                                  "d.id WHERE g.proposed = 1 AND d.state = 'waiting'";
static const char sql_note[] = "UPDATE document SET note = :note WHERE id = :id";
static const char sql_force[] = "INSERT INTO governed (document, in_force_ms) VALUES (:id, :now)"
                                " ON CONFLICT (document) DO UPDATE SET in_force_ms = :now";
static const char sql_unasked[] =
    "UPDATE document SET state = 'expired' WHERE id = :id AND state = 'waiting'";
static const char sql_overtaken[] =
    "UPDATE document SET state = 'expired' WHERE kind = :kind AND version <= :version"
    " AND state IN ('waiting', 'approved')"
    " AND id IN (SELECT document FROM governed WHERE in_force_ms IS NULL)";

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
    CLEANUP(stmt_done) struct stmt *force = db_stmt(vault_db(v), sql_force);
    CLEANUP(stmt_done) struct stmt *unasked = db_stmt(vault_db(v), sql_unasked);
    bind_i64(force, ":id", id);
    bind_u64(force, ":now", now_ms);
    bind_i64(unasked, ":id", id);
    enum err e = governed_set_note(v, id, note);
    if (!e)
        e = stmt_run(force);
    return e ? e : stmt_run(unasked);
}

enum err governed_overtaken(struct vault *v, const char *kind, uint64_t version)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_overtaken);
    bind_str(s, ":kind", kind);
    bind_u64(s, ":version", version);
    return stmt_run(s);
}
