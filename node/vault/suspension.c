/* suspension.c - SQL of the closed wall. */
#include "node/vault/suspension.h"

#include <stdio.h>

static const char sql_get[] = "SELECT user, name, at_ms FROM suspension";
static const char sql_close[] =
    "INSERT INTO suspension VALUES (1, :user, :name, :at) ON CONFLICT (one) DO UPDATE SET"
    " user = excluded.user, name = excluded.name, at_ms = excluded.at_ms";
static const char sql_open[] = "DELETE FROM suspension";

enum err suspension_get(struct vault *v, struct suspension *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_get);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    *out = (struct suspension){.on = row, .at_ms = row ? col_u64(s, 2) : 0};
    (void)snprintf(out->user, sizeof out->user, "%s", row ? col_str(s, 0) : "");
    (void)snprintf(out->name, sizeof out->name, "%s", row ? col_str(s, 1) : "");
    return OK;
}

enum err suspension_set(struct vault *v, const struct suspension *to)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), to->on ? sql_close : sql_open);
    enum err e = vault_begin(v, &tx);
    if (to->on) {
        bind_str(s, ":user", to->user);
        bind_str(s, ":name", to->name);
        bind_u64(s, ":at", to->at_ms);
    }
    if (!e)
        e = stmt_run(s);
    return e ? e : vault_commit(&tx);
}
