/* db_plain.c - every value in a daemon's database, for a test that looks for what must not be there:
 *   db_plain STATE PASSPHRASE_FILE NAME.db   STATE is a copy: opening its database may change it. */
#include "base/rng.h"
#include "host/keyring.h"
#include "host/passphrase.h"
#include "io/db.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

enum { TABLES_MAX = 64, COLUMNS_MAX = 24, SQL_MAX = 256 };

/* One for each table: a statement is known by where its text is. */
static size_t tables(struct db *db, char (*sql)[SQL_MAX], enum err *e)
{
    static const char sql_tables[] = "SELECT name FROM sqlite_master WHERE type = 'table'";
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_tables);
    size_t n = 0;
    bool row = false;
    for (*e = stmt_row(s, &row); !*e && row && n < TABLES_MAX; *e = stmt_row(s, &row))
        (void)snprintf(sql[n++], SQL_MAX, "SELECT * FROM \"%.100s\"", col_str(s, 0));
    if (!*e && row)
        *e = ERR_TOOBIG;
    return n;
}

static enum err print_table(struct db *db, const char *sql)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql);
    bool row = false;
    (void)printf("%s\n", sql);
    enum err e = stmt_row(s, &row);
    for (; !e && row; e = stmt_row(s, &row)) {
        for (int i = 0; i < COLUMNS_MAX; i++) { /* SQLite answers NULL behind the last */
            struct bytes v = col_bytes(s, i);
            if (v.n > 0)
                (void)fwrite(v.p, 1, v.n, stdout);
            (void)putchar('\n');
        }
    }
    return e;
}

static enum err print_all(struct db *db)
{
    static char sql[TABLES_MAX][SQL_MAX];
    enum err e = OK;
    size_t n = tables(db, sql, &e);
    for (size_t i = 0; i < n && !e; i++)
        e = print_table(db, sql[i]);
    return e;
}

int main(int argc, char **argv)
{
    char path[1024];
    struct diag d = {0};
    AUTO_FD int dir = -1;
    AUTO(secret) passphrase = NULL;
    AUTO(keyring) k = NULL;
    AUTO(db) db = NULL;
    rng_start();
    if (argc != 4)
        return 64;
    struct passphrase_source from = {.fd = -1, .file = argv[2]};
    (void)snprintf(path, sizeof path, "%s/%s", argv[1], argv[3]);
    enum err e = dir_open(AT_FDCWD, argv[1], &dir);
    if (!e)
        e = passphrase_get(&from, &passphrase, &d);
    if (!e)
        e = keyring_open(dir, passphrase, &k, &d);
    if (!e)
        e = db_open(path, keyring_secret(k, KEYRING_DATABASE), false, &db, &d);
    if (!e)
        e = print_all(db);
    if (e)
        (void)fprintf(stderr, "db_plain: %s %s %s\n", err_name(e), d.text,
                      db == NULL ? "" : db_text(db));
    return e != OK;
}
