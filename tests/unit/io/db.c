/* Tests of io/db: what log-and-security.md 10 asks of an opened vault. */
#include "io/db.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdio.h>

static const char *path_of(const char *name)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", scratch_dir(), name);
    return path;
}

static struct secret *key_of(uint8_t fill)
{
    uint8_t raw[DB_KEY_SIZE];
    struct secret *key = NULL;
    memset(raw, fill, sizeof raw);
    CHECK_OK(secret_copy(bytes_of(raw, sizeof raw), &key));
    return key;
}

static struct db *open_new(const char *name)
{
    AUTO(secret) key = key_of(7);
    struct db *db = NULL;
    struct diag d = {0};
    CHECK_OK(db_open(path_of(name), key, true, &db, &d));
    return db;
}

static void what_was_committed_is_there_under_the_same_key_only(void **state)
{
    (void)state;
    AUTO(secret) right = key_of(7);
    AUTO(secret) wrong = key_of(8);
    struct diag d = {0};
    {
        AUTO(db) db = open_new("a.db");
        CHECK_OK(db_exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT; INSERT INTO "
                             "t VALUES (1, 'x')"));
    }
    AUTO(db) db = NULL;
    CHECK_ERR(db_open(path_of("a.db"), wrong, false, &db, &d), ERR_DENIED);
    CHECK(db == NULL && d.text[0] != '\0');
    CHECK_OK(db_open(path_of("a.db"), right, false, &db, &d));
    static const char sql[] = "SELECT v FROM t WHERE id = :id";
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
    bool row = false;
    bind_i64(s, ":id", 1);
    CHECK_OK(stmt_row(s, &row));
    CHECK(row);
    CHECK_STR(col_str(s, 0), "x");
}

static void plain_sqlite_is_refused_by_name(void **state)
{
    (void)state;
    AUTO(secret) key = key_of(7);
    AUTO(db) db = NULL;
    struct diag d = {0};
    FILE *f = fopen(path_of("plain.db"), "w");
    CHECK(f != NULL);
    CHECK(fwrite("SQLite format 3\0", 1, 16, f) == 16);
    for (int i = 0; i < 4080; i++)
        CHECK(fputc(0, f) == 0);
    CHECK(fclose(f) == 0);
    CHECK_ERR(db_open(path_of("plain.db"), key, false, &db, &d), ERR_CORRUPT);
    CHECK(strstr(d.text, "plain SQLite") != NULL);
}

static void no_file_holds_what_was_stored(void **state)
{
    (void)state;
    static const char canary[] = "Hedwig Mustermann 1943";
    AUTO(db) db = open_new("canary.db");
    CHECK_OK(db_exec(db, "CREATE TABLE t (v TEXT) STRICT"));
    static const char sql[] = "INSERT INTO t VALUES (:v)";
    for (int i = 0; i < 2000; i++) {
        CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
        bind_str(s, ":v", canary);
        CHECK_OK(stmt_run(s));
    }
    static const char *const files[] = {"canary.db", "canary.db-wal"};
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_fini) struct buf b;
        slurp(path_of(files[i]), &b);
        CHECK(b.n > 0);
        CHECK(memmem(b.p, b.n, "Mustermann", 10) == NULL);
    }
}

static void attach_and_pragma_are_refused_after_the_opening(void **state)
{
    (void)state;
    AUTO(db) db = open_new("att.db");
    CHECK_ERR(db_exec(db, "ATTACH 'other.db' AS o KEY ''"), ERR_DENIED);
    CHECK_ERR(db_exec(db, "PRAGMA synchronous=OFF"), ERR_DENIED);
}

static void an_uncommitted_transaction_leaves_nothing(void **state)
{
    (void)state;
    AUTO(db) db = open_new("tx.db");
    CHECK_OK(db_exec(db, "CREATE TABLE t (v INTEGER) STRICT"));
    {
        CLEANUP(tx_end) struct tx tx;
        CHECK_OK(tx_begin(db, &tx));
        CHECK_OK(db_exec(db, "INSERT INTO t VALUES (1)"));
    }
    {
        CLEANUP(tx_end) struct tx tx;
        CHECK_OK(tx_begin(db, &tx));
        CHECK_OK(db_exec(db, "INSERT INTO t VALUES (2)"));
        CHECK_OK(tx_commit(&tx));
    }
    static const char sql[] = "SELECT sum(v) FROM t";
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
    bool row = false;
    CHECK_OK(stmt_row(s, &row));
    CHECK_INT(col_i64(s, 0), 2);
}

static void a_broken_constraint_is_a_conflict(void **state)
{
    (void)state;
    AUTO(db) db = open_new("con.db");
    CHECK_OK(
        db_exec(db, "CREATE TABLE t (v INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)"));
    CHECK_ERR(db_exec(db, "INSERT INTO t VALUES (1)"), ERR_CONFLICT);
}

static void a_flipped_bit_in_a_page_is_found(void **state)
{
    (void)state;
    AUTO(secret) key = key_of(7);
    struct diag d = {0};
    {
        AUTO(db) db = open_new("flip.db");
        CHECK_OK(
            db_exec(db, "CREATE TABLE t (v BLOB) STRICT; INSERT INTO t VALUES (zeroblob(200000))"));
    }
    FILE *f = fopen(path_of("flip.db"), "r+");
    CHECK(f != NULL && fseek(f, 16384 * 4 + 100, SEEK_SET) == 0);
    int c = fgetc(f);
    CHECK(fseek(f, -1, SEEK_CUR) == 0 && fputc(c ^ 1, f) >= 0 && fclose(f) == 0);
    AUTO(db) db = NULL;
    CHECK_OK(db_open(path_of("flip.db"), key, false, &db, &d));
    CHECK_ERR(db_check(db, &d), ERR_CORRUPT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(what_was_committed_is_there_under_the_same_key_only),
        CASE(plain_sqlite_is_refused_by_name),
        CASE(no_file_holds_what_was_stored),
        CASE(attach_and_pragma_are_refused_after_the_opening),
        CASE(an_uncommitted_transaction_leaves_nothing),
        CASE(a_broken_constraint_is_a_conflict),
        CASE(a_flipped_bit_in_a_page_is_found),
    };
    return RUN(cases, argc, argv);
}
