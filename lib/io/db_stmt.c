/* db_stmt.c - statements kept by the address of their text, and transactions. */
#include "io/db_inner.h"

#include <assert.h>

struct stmt *db_stmt(struct db *db, const char *sql)
{
    for (size_t i = 0; i < db->stmt_count; i++) {
        if (db->stmts[i].sql == sql)
            return &db->stmts[i];
    }
    assert(db->stmt_count < STMT_MAX); /* our own texts, counted at build time */
    struct stmt *s = &db->stmts[db->stmt_count++];
    *s = (struct stmt){.sql = sql, .db = db};
    return s;
}

void stmt_done(struct stmt **s)
{
    if (*s == NULL)
        return;
    (*s)->e = OK;
    if ((*s)->s != NULL) {
        (void)sqlite3_reset((*s)->s);
        (void)sqlite3_clear_bindings((*s)->s);
    }
}

/* Prepares at the first use; a failure is tried again next time. */
static bool ready(struct stmt *s)
{
    if (s->e)
        return false;
    if (s->s == NULL) {
        int rc = sqlite3_prepare_v3(s->db->h, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &s->s, NULL);
        s->e = db_err_of(rc);
    }
    return s->e == OK;
}

static int parameter(struct stmt *s, const char *name)
{
    if (!ready(s))
        return 0;
    int i = sqlite3_bind_parameter_index(s->s, name);
    assert(i > 0); /* our own statement does not name it */
    return i;
}

static void bound(struct stmt *s, int rc)
{
    if (rc != SQLITE_OK && s->e == OK)
        s->e = db_err_of(rc);
}

void bind_i64(struct stmt *s, const char *name, int64_t v)
{
    int i = parameter(s, name);
    if (i > 0)
        bound(s, sqlite3_bind_int64(s->s, i, v));
}

void bind_u64(struct stmt *s, const char *name, uint64_t v)
{
    assert(v <= INT64_MAX);
    bind_i64(s, name, (int64_t)v);
}

void bind_text(struct stmt *s, const char *name, struct bytes v)
{
    int i = parameter(s, name);
    const char *p = v.n == 0 ? "" : (const char *)v.p;
    if (i > 0)
        bound(s, sqlite3_bind_text64(s->s, i, p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void bind_str(struct stmt *s, const char *name, const char *v)
{
    if (v == NULL)
        bind_null(s, name);
    else
        bind_text(s, name, bytes_str(v));
}

static void blob(struct stmt *s, const char *name, struct bytes v, sqlite3_destructor_type keep)
{
    int i = parameter(s, name);
    if (i == 0)
        return;
    if (v.n == 0)
        bound(s, sqlite3_bind_zeroblob(s->s, i, 0));
    else
        bound(s, sqlite3_bind_blob64(s->s, i, v.p, v.n, keep));
}

void bind_blob(struct stmt *s, const char *name, struct bytes v)
{
    blob(s, name, v, SQLITE_TRANSIENT);
}

void bind_borrowed(struct stmt *s, const char *name, struct bytes v)
{
    blob(s, name, v, SQLITE_STATIC);
}

void bind_null(struct stmt *s, const char *name)
{
    int i = parameter(s, name);
    if (i > 0)
        bound(s, sqlite3_bind_null(s->s, i));
}

enum err stmt_row(struct stmt *s, bool *row)
{
    if (!ready(s))
        return s->e;
    int rc = sqlite3_step(s->s);
    s->e = db_err_of(rc);
    if (s->e)
        return s->e;
    *row = rc == SQLITE_ROW;
    return OK;
}

enum err stmt_run(struct stmt *s)
{
    bool row = true;
    while (row) {
        enum err e = stmt_row(s, &row);
        if (e)
            return e;
    }
    return OK;
}

uint64_t db_changes(const struct db *db)
{
    return (uint64_t)sqlite3_changes64(db->h);
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->h);
}

int64_t col_i64(struct stmt *s, int i)
{
    return sqlite3_column_int64(s->s, i);
}

uint64_t col_u64(struct stmt *s, int i)
{
    int64_t v = col_i64(s, i);
    return v < 0 ? 0 : (uint64_t)v;
}

struct bytes col_bytes(struct stmt *s, int i)
{
    const void *p = sqlite3_column_blob(s->s, i);
    return bytes_of(p, (size_t)sqlite3_column_bytes(s->s, i));
}

const char *col_str(struct stmt *s, int i)
{
    return (const char *)sqlite3_column_text(s->s, i);
}

bool col_null(struct stmt *s, int i)
{
    return sqlite3_column_type(s->s, i) == SQLITE_NULL;
}

static enum err begin(struct db *db, struct tx *tx, const char *sql)
{
    enum err e = db_exec_text(db, sql);
    tx->db = e ? NULL : db;
    return e;
}

enum err tx_begin(struct db *db, struct tx *tx)
{
    return begin(db, tx, "BEGIN IMMEDIATE");
}

enum err tx_begin_read(struct db *db, struct tx *tx)
{
    return begin(db, tx, "BEGIN");
}

enum err tx_commit(struct tx *tx)
{
    enum err e = db_exec_text(tx->db, "COMMIT");
    if (e == OK)
        tx->db = NULL;
    return e;
}

void tx_end(struct tx *tx)
{
    if (tx->db != NULL)
        (void)db_exec_text(tx->db, "ROLLBACK");
    tx->db = NULL;
}
