/* db.h - one SQLCipher database file: opened with a raw key and the settings of log-and-security.md 10, statements prepared
 * once, transactions that roll back unless committed. Knows no table. A struct db belongs to one thread. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/secret.h"

struct db;
struct stmt;

enum { DB_KEY_SIZE = 48 }; /* 32 bytes of key, 16 of salt */

/* Opens or, with `create`, makes the file. No connection checkpoints by itself, so that no save waits for one: see
 * db_checkpoint. ERR_DENIED: another key. ERR_CORRUPT: no SQLCipher file (d says which: plain SQLite,
 * damaged). ERR_NOTFOUND, ERR_CONFLICT (create, but there is one), ERR_FULL, ERR_IO as they are. The key is only read here. */
enum err db_open(const char *path, struct secret *key, bool create, struct db **out,
                 struct diag *d);
void db_free(
    struct db *db); /* checkpoints and truncates the -wal when it is the last; accepts NULL */
DEFINE_AUTO(db)

/* "4.6.1 community" and the like; static. */
const char *db_cipher_version(const struct db *db);
/* The last error in words, for a log: holds no bound value. Borrowed until the next call. */
const char *db_text(const struct db *db);

/* Several statements without results: migrations. */
enum err db_exec(struct db *db, const char *sql);
enum err db_user_version(struct db *db, uint32_t *out);
enum err db_set_user_version(struct db *db, uint32_t version);
/* For a migration that makes a table anew which others refer to: outside of a transaction off, then on again; before the commit
 * db_check_references says ERR_CORRUPT where a row refers to nothing. */
enum err db_enforce_references(struct db *db, bool on);
enum err db_check_references(struct db *db);
/* Moves the -wal into the file without waiting for readers or writers. */
enum err db_checkpoint(struct db *db);
/* Pages of the file against their HMACs: every page is read. ERR_CORRUPT with the first finding in d. */
enum err db_check(struct db *db, struct diag *d);

/* --- statements ---
 *   static const char sql_find[] = "SELECT ... WHERE id = :id";
 *   CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_find);
 *   bind_i64(s, ":id", id);
 *   enum err e = stmt_row(s, &found);
 * Prepared at the first use and kept by the address of the text. The refusal of a bind or of preparing sticks and is returned
 * by the next step; db_stmt never returns NULL. */
struct stmt *db_stmt(struct db *db, const char *sql);
/* Ready for the next use; bindings forgotten. For CLEANUP. */
void stmt_done(struct stmt **s);

void bind_i64(struct stmt *s, const char *name, int64_t v);
void bind_u64(struct stmt *s, const char *name, uint64_t v);      /* <= INT64_MAX */
void bind_text(struct stmt *s, const char *name, struct bytes v); /* copied */
void bind_str(struct stmt *s, const char *name, const char *v);   /* NULL binds NULL */
void bind_blob(struct stmt *s, const char *name, struct bytes v); /* copied */
void bind_borrowed(struct stmt *s, const char *name,
                   struct bytes v); /* a blob that outlives the statement's use */
void bind_null(struct stmt *s, const char *name);

/* One step: *row says whether there is a row. */
enum err stmt_row(struct stmt *s, bool *row);
/* To the end; rows are not looked at. */
enum err stmt_run(struct stmt *s);
/* Rows changed by the last stmt_run on this connection. */
uint64_t db_changes(const struct db *db);
int64_t db_last_id(const struct db *db);

/* Columns of the row, from 0; what is NULL is 0, empty or NULL. Borrowed until the next step. */
int64_t col_i64(struct stmt *s, int i);
uint64_t col_u64(struct stmt *s, int i);
struct bytes col_bytes(struct stmt *s, int i);
const char *col_str(struct stmt *s, int i); /* NUL-ended; NULL for NULL */
bool col_null(struct stmt *s, int i);

/* --- transactions ---
 *   CLEANUP(tx_end) struct tx tx;
 *   enum err e = tx_begin(db, &tx);   ...   return tx_commit(&tx);
 * Immediate: takes the write lock at once. Do not nest. */
struct tx {
    struct db *db; /* NULL once over */
};
enum err tx_begin(struct db *db, struct tx *tx);      /* sets *tx also on failure */
enum err tx_begin_read(struct db *db, struct tx *tx); /* one snapshot for several reads */
enum err tx_commit(struct tx *tx);
void tx_end(struct tx *tx);
