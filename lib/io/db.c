/* db.c - SQLCipher behind a few calls. */
#include "io/db_inner.h"

#include "base/hex.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

enum { BUSY_MS = 10000, WAL_LIMIT = 64 * 1024 * 1024 };

enum err db_err_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OK;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_AGAIN;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERR_CORRUPT;
    case SQLITE_TOOBIG:
        return ERR_TOOBIG;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERR_DENIED;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return ERR_IO;
    default:
        return ERR_INTERNAL;
    }
}

/* No plain-text copy by a statement that was slipped in: no other file, no setting after the opening. */
static int authorize(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    const struct db *db = ctx;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    if (!db->locked_down)
        return SQLITE_OK;
    return action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_PRAGMA
               ? SQLITE_DENY
               : SQLITE_OK;
}

const char *db_text(const struct db *db)
{
    return sqlite3_errmsg(db->h);
}

const char *db_cipher_version(const struct db *db)
{
    return db->cipher;
}

enum err db_exec_text(struct db *db, const char *sql)
{
    return db_err_of(sqlite3_exec(db->h, sql, NULL, NULL, NULL));
}

static enum err set_key(struct db *db, struct secret *key)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 + 2 * DB_KEY_SIZE + 2];
    size_t at = 0;
    assert(secret_size(key) == DB_KEY_SIZE);
    const uint8_t *raw = secret_borrow(key);
    text[at++] = 'x';
    text[at++] = '\'';
    for (size_t i = 0; i < DB_KEY_SIZE; i++) {
        text[at++] = digits[raw[i] >> 4];
        text[at++] = digits[raw[i] & 15];
    }
    text[at++] = '\'';
    secret_give_back(key);
    int rc = sqlite3_key_v2(db->h, "main", text, (int)at);
    sodium_memzero(text, sizeof text);
    return db_err_of(rc);
}

static enum err one_text(struct db *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->h, sql, -1, &s, NULL);
    out[0] = '\0';
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    if (rc == SQLITE_ROW) {
        const unsigned char *t = sqlite3_column_text(s, 0);
        (void)snprintf(out, size, "%s", t == NULL ? "" : (const char *)t);
    }
    (void)sqlite3_finalize(s);
    return db_err_of(rc);
}

/* Plain SQLite under this name would take every PRAGMA below and encrypt nothing. */
static enum err check_cipher(struct db *db, struct diag *d)
{
    enum err e = one_text(db, "PRAGMA cipher_version", db->cipher, sizeof db->cipher);
    if (e)
        return e;
    char *rest = NULL;
    unsigned long major = strtoul(db->cipher, &rest, 10);
    unsigned long minor = *rest == '.' ? strtoul(rest + 1, NULL, 10) : 0;
    if (major < 4 || (major == 4 && minor < 5))
        return diag_set(d, ERR_INTERNAL, "the SQLCipher library is %s; 4.5 or newer is needed",
                        db->cipher[0] == '\0' ? "plain SQLite" : db->cipher);
    return OK;
}

static enum err looks_plain(const char *path, bool *plain)
{
    char head[16] = {0};
    FILE *f = fopen(path, "re");
    *plain = false;
    if (f == NULL)
        return OK; /* the opening will say */
    size_t n = fread(head, 1, sizeof head, f);
    (void)fclose(f);
    *plain = n == sizeof head && memcmp(head, "SQLite format 3", 16) == 0;
    return OK;
}

static enum err settings(struct db *db)
{
    static const char first[] = "PRAGMA temp_store=MEMORY;"
                                "PRAGMA cipher_page_size=16384;"
                                "PRAGMA cipher_memory_security=OFF;";
    static const char after[] = "PRAGMA journal_mode=WAL;"
                                "PRAGMA synchronous=FULL;"
                                "PRAGMA foreign_keys=ON;"
                                "PRAGMA trusted_schema=OFF;"
                                "PRAGMA cell_size_check=ON;"
                                "PRAGMA secure_delete=ON;"
                                "PRAGMA mmap_size=0;"
                                "PRAGMA cache_size=-32768;";
    char limit[80];
    enum err e = db_exec_text(db, first);
    if (!e)
        e = db_exec_text(db, "SELECT count(*) FROM sqlite_master");
    if (!e)
        e = db_exec_text(db, after);
    (void)snprintf(limit, sizeof limit, "PRAGMA journal_size_limit=%d;PRAGMA wal_autocheckpoint=0;",
                   WAL_LIMIT);
    if (!e)
        e = db_exec_text(db, limit);
    return e;
}

static enum err explain(enum err e, const char *path, struct diag *d)
{
    bool plain = false;
    (void)looks_plain(path, &plain);
    if (plain)
        return diag_set(d, ERR_CORRUPT, "a plain SQLite file, not an encrypted vault");
    if (e == ERR_CORRUPT)
        return diag_set(d, ERR_DENIED, "encrypted with another key, or damaged at its beginning");
    return diag_set(d, e, "cannot be opened (%s)", err_name(e));
}

enum err db_open(const char *path, struct secret *key, bool create, struct db **out, struct diag *d)
{
    struct stat st;
    bool there = lstat(path, &st) == 0;
    if (!create && !there)
        return diag_set(d, ERR_NOTFOUND, "is not there");
    if (there && !S_ISREG(st.st_mode))
        return diag_set(d, ERR_INVALID, "is no regular file");
    if (create && there)
        return diag_set(d, ERR_CONFLICT, "is already there");
    AUTO(db) db = calloc(1, sizeof *db);
    if (db == NULL)
        return ERR_NOMEM;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_FULLMUTEX;
    int rc = sqlite3_open_v2(path, &db->h, flags | (create ? SQLITE_OPEN_CREATE : 0), NULL);
    if (rc != SQLITE_OK)
        return explain(db_err_of(rc), path, d);
    (void)sqlite3_extended_result_codes(db->h, 1);
    (void)sqlite3_busy_timeout(db->h, BUSY_MS);
    (void)sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    (void)sqlite3_set_authorizer(db->h, authorize, db);
    /* SQLCipher would write a wrong key to stderr in its own words. */
    enum err e = db_exec_text(db, "PRAGMA cipher_log_level=NONE");
    if (!e)
        e = check_cipher(db, d);
    if (e == ERR_INTERNAL)
        return e;
    if (!e)
        e = set_key(db, key);
    if (!e)
        e = settings(db);
    if (e)
        return explain(e, path, d);
    db->locked_down = true;
    *out = MOVE(db);
    return OK;
}

void db_free(struct db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < db->stmt_count; i++)
        (void)sqlite3_finalize(db->stmts[i].s);
    if (db->h != NULL)
        (void)sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void)sqlite3_close(db->h);
    free(db);
}

enum err db_exec(struct db *db, const char *sql)
{
    return db_exec_text(db, sql);
}

static enum err unlocked(struct db *db, const char *sql, char *out, size_t size)
{
    db->locked_down = false;
    enum err e = one_text(db, sql, out, size);
    db->locked_down = true;
    return e;
}

enum err db_user_version(struct db *db, uint32_t *out)
{
    char text[24];
    enum err e = unlocked(db, "PRAGMA user_version", text, sizeof text);
    if (e)
        return e;
    *out = (uint32_t)strtoul(text, NULL, 10);
    return OK;
}

enum err db_set_user_version(struct db *db, uint32_t version)
{
    char sql[48];
    char text[24];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version=%u", version);
    return unlocked(db, sql, text, sizeof text);
}

enum err db_enforce_references(struct db *db, bool on)
{
    return db_err_of(sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, NULL));
}

enum err db_check_references(struct db *db)
{
    char table[128];
    enum err e = unlocked(db, "PRAGMA foreign_key_check", table, sizeof table);
    return e ? e : table[0] != '\0' ? ERR_CORRUPT : OK;
}

enum err db_checkpoint(struct db *db)
{
    int rc = sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return rc == SQLITE_BUSY ? OK : db_err_of(rc);
}

enum err db_check(struct db *db, struct diag *d)
{
    char text[300];
    enum err e = unlocked(db, "PRAGMA cipher_integrity_check", text, sizeof text);
    if (!e && text[0] != '\0')
        return diag_set(d, ERR_CORRUPT, "%s", text);
    if (!e)
        e = unlocked(db, "PRAGMA quick_check", text, sizeof text);
    if (!e && strcmp(text, "ok") != 0)
        return diag_set(d, ERR_CORRUPT, "%s", text);
    return e;
}
