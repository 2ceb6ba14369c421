/* store.c - the store over SQLCipher. */
#include "coordinator/store/store.h"

#include "io/db.h"
#include "store_migrations.h"

#include <stdlib.h>

struct store {
    struct db *db;
};

static enum err migrate(struct store *s, struct diag *d)
{
    uint32_t at = 0;
    enum err e = db_user_version(s->db, &at);
    if (!e && at > store_migrations_count)
        return diag_set(d, ERR_CORRUPT,
                        "the store is of version %u, this program knows up to %zu: use the newer "
                        "program that wrote it",
                        at, store_migrations_count);
    for (size_t i = at; !e && i < store_migrations_count; i++) {
        CLEANUP(tx_end) struct tx tx;
        e = tx_begin(s->db, &tx);
        if (!e)
            e = db_exec(s->db, (const char *)store_migrations[i].begin);
        if (!e)
            e = db_set_user_version(s->db, (uint32_t)i + 1);
        if (!e)
            e = tx_commit(&tx);
        if (e)
            return diag_set(d, e, "migration %s failed: %s", store_migrations[i].name,
                            db_text(s->db));
    }
    return e;
}

static enum err open_one(const char *path, struct secret *key, bool create, struct store **out,
                         struct diag *d)
{
    AUTO(store) s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    enum err e = db_open(path, key, create, &s->db, d);
    if (!e)
        e = migrate(s, d);
    if (!e)
        *out = MOVE(s);
    return e;
}

enum err store_create(const char *path, struct secret *key, struct store **out, struct diag *d)
{
    return open_one(path, key, true, out, d);
}

enum err store_open(const char *path, struct secret *key, struct store **out, struct diag *d)
{
    return open_one(path, key, false, out, d);
}

void store_free(struct store *s)
{
    if (s == NULL)
        return;
    db_free(s->db);
    free(s);
}

static const char sql_add[] = "INSERT INTO document (kind, version, hash, note, installed_ms)"
                              " VALUES (:kind, :version, :hash, :note, :now)";
static const char sql_newest[] =
    "SELECT note FROM document WHERE kind = :kind ORDER BY version DESC LIMIT 1";

enum err store_document_add(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms)
{
    CLEANUP(tx_end) struct tx tx;
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_add);
    enum err e = tx_begin(s->db, &tx);
    bind_str(q, ":kind", kind);
    bind_u64(q, ":version", version);
    bind_blob(q, ":hash", hash_bytes(&hash));
    bind_blob(q, ":note", note);
    bind_u64(q, ":now", now_ms);
    if (!e)
        e = stmt_run(q);
    return e ? e : tx_commit(&tx);
}

enum err store_document_newest(struct store *s, const char *kind, bool *found, struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_newest);
    bind_str(q, ":kind", kind);
    enum err e = stmt_row(q, found);
    return e || !*found ? e : buf_put(note, col_bytes(q, 0));
}
