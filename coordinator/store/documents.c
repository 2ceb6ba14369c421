/* documents.c - documents in force. */
#include "coordinator/store/store_in.h"

static const char sql_add[] = "INSERT INTO document (kind, version, hash, note, installed_ms)"
                              " VALUES (:kind, :version, :hash, :note, :now)";
static const char sql_newest[] =
    "SELECT note FROM document WHERE kind = :kind ORDER BY version DESC LIMIT 1";
static const char sql_known[] = "SELECT 1 FROM document WHERE hash = :hash";
static const char sql_note[] = "SELECT note FROM document WHERE hash = :hash";

enum err store_document_add(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_add);
    bind_str(q, ":kind", kind);
    bind_u64(q, ":version", version);
    bind_blob(q, ":hash", hash_bytes(&hash));
    bind_blob(q, ":note", note);
    bind_u64(q, ":now", now_ms);
    return stmt_run(q);
}

enum err store_document_newest(struct store *s, const char *kind, bool *found, struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_newest);
    bind_str(q, ":kind", kind);
    enum err e = stmt_row(q, found);
    return e || !*found ? e : buf_put(note, col_bytes(q, 0));
}

enum err store_document_known(struct store *s, struct hash hash, bool *known)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_known);
    bind_blob(q, ":hash", hash_bytes(&hash));
    return stmt_row(q, known);
}

enum err store_document_note(struct store *s, struct hash hash, bool *found, struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_note);
    bind_blob(q, ":hash", hash_bytes(&hash));
    enum err e = stmt_row(q, found);
    return e || !*found ? e : buf_put(note, col_bytes(q, 0));
}
