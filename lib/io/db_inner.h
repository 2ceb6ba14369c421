/* db_inner.h - what db.c (opening) and db_stmt.c (statements, transactions) share. */
#pragma once

#include "io/db.h"

#include <sqlcipher/sqlite3.h>

enum { STMT_MAX = 256 };

struct stmt {
    const char *sql; /* the address is the key */
    sqlite3_stmt *s;
    struct db *db;
    enum err e; /* sticks until stmt_done */
};

struct db {
    sqlite3 *h;
    struct stmt stmts[STMT_MAX];
    size_t stmt_count;
    char cipher[40];
    bool locked_down; /* the authorizer refuses ATTACH and PRAGMA */
};

/* The error of a result code of SQLite. */
enum err db_err_of(int rc);
enum err db_exec_text(struct db *db, const char *sql);
