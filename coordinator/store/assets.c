/* assets.c - pictures that guidelines name, in pieces to whoever asked. */
#include "coordinator/store/store_in.h"

static const char sql_name[] = "INSERT INTO asset (sha256, bytes) VALUES (:sha256, :bytes) ON "
                               "CONFLICT (sha256) DO NOTHING";
static const char sql_get[] = "SELECT bytes, data IS NOT NULL FROM asset WHERE sha256 = :sha256";
static const char sql_bring[] = "UPDATE asset SET data = :data WHERE sha256 = :sha256";
static const char sql_want[] = "INSERT INTO wanted (site, sha256, offset) VALUES (:site, :sha256, "
                               ":offset) ON CONFLICT (site, sha256) DO UPDATE SET offset = "
                               ":offset, seq = NULL";
static const char sql_next[] =
    "SELECT w.sha256, w.offset, substr(a.data, w.offset + 1, :most) FROM wanted w JOIN asset a "
    "USING (sha256) WHERE w.site = :site AND w.seq IS NULL AND a.data IS NOT NULL ORDER BY "
    "w.sha256 LIMIT 1";
static const char sql_sending[] =
    "UPDATE wanted SET seq = :seq WHERE site = :site AND sha256 = :sha256";

enum err store_asset_name(struct store *s, struct hash sha256, uint64_t bytes)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_name);
    bind_blob(q, ":sha256", hash_bytes(&sha256));
    bind_u64(q, ":bytes", bytes);
    return stmt_run(q);
}

enum err store_asset(struct store *s, struct hash sha256, bool *named, uint64_t *bytes, bool *here)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_get);
    bind_blob(q, ":sha256", hash_bytes(&sha256));
    enum err e = stmt_row(q, named);
    if (e || !*named)
        return e;
    *bytes = col_u64(q, 0);
    *here = col_u64(q, 1) != 0;
    return OK;
}

enum err store_asset_bring(struct store *s, struct hash sha256, struct bytes data)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_bring);
    bind_blob(q, ":sha256", hash_bytes(&sha256));
    bind_borrowed(q, ":data", data);
    return stmt_run(q);
}

enum err store_wanted(struct store *s, const char *site, struct hash sha256, uint64_t offset)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_want);
    bind_str(q, ":site", site);
    bind_blob(q, ":sha256", hash_bytes(&sha256));
    bind_u64(q, ":offset", offset);
    return stmt_run(q);
}

enum err store_wanted_next(struct store *s, const char *site, bool *found, struct hash *sha256,
                           uint64_t *offset, struct buf *data)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_next);
    bind_str(q, ":site", site);
    bind_u64(q, ":most", BODY_CHUNK_MAX);
    enum err e = stmt_row(q, found);
    if (e || !*found)
        return e;
    struct bytes h = col_bytes(q, 0);
    if (h.n != sizeof sha256->b)
        return ERR_CORRUPT;
    memcpy(sha256->b, h.p, h.n);
    *offset = col_u64(q, 1);
    return buf_put(data, col_bytes(q, 2));
}

enum err store_wanted_sending(struct store *s, const char *site, struct hash sha256, uint64_t seq)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_sending);
    bind_str(q, ":site", site);
    bind_blob(q, ":sha256", hash_bytes(&sha256));
    bind_u64(q, ":seq", seq);
    return stmt_run(q);
}
