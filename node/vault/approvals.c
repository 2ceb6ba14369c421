/* approvals.c - SQL of decisions about documents: every one stays, the newest that took force counts. */
#include "node/vault/documents.h"

#include <stdio.h>

#define APPROVAL_COLUMNS                                                                           \
    "decision, NOT force, coalesce(reason, ''), user, name, meaning, roster, coalesce(until_ms, "  \
    "0), at_ms"

static const char sql_add[] =
    "INSERT INTO approval (document, decision, force, reason, user, name, meaning, roster, "
    "until_ms, at_ms) VALUES (:document, :decision, :force, nullif(:reason, ''), :user, :name, "
    ":meaning, :roster, nullif(:until, 0), :at)";
static const char sql_newest[] =
    "SELECT " APPROVAL_COLUMNS " FROM approval WHERE document = :document AND force"
    " ORDER BY id DESC LIMIT 1";
/* What took force after it has settled it. */
static const char sql_first[] =
    "SELECT " APPROVAL_COLUMNS " FROM approval WHERE document = :document AND id = (SELECT max(id) "
    "FROM approval WHERE document = :document) AND NOT force";

enum err approvals_add(struct vault *v, int64_t document, const struct approval_row *a)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_add);
    bind_i64(s, ":document", document);
    bind_str(s, ":decision", a->decision);
    bind_i64(s, ":force", !a->waits);
    bind_str(s, ":reason", a->reason);
    bind_str(s, ":user", a->user);
    bind_str(s, ":name", a->name);
    bind_str(s, ":meaning", a->meaning);
    bind_u64(s, ":roster", a->roster);
    bind_u64(s, ":until", a->until_ms);
    bind_u64(s, ":at", a->at_ms);
    return stmt_run(s);
}

static enum err one(struct vault *v, const char *sql, int64_t document, bool *found,
                    struct approval_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql);
    bind_i64(s, ":document", document);
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *out = (struct approval_row){.waits = col_i64(s, 1) != 0,
                                 .roster = col_u64(s, 6),
                                 .until_ms = col_u64(s, 7),
                                 .at_ms = col_u64(s, 8)};
    (void)snprintf(out->decision, sizeof out->decision, "%s", col_str(s, 0));
    (void)snprintf(out->reason, sizeof out->reason, "%s", col_str(s, 2));
    (void)snprintf(out->user, sizeof out->user, "%s", col_str(s, 3));
    (void)snprintf(out->name, sizeof out->name, "%s", col_str(s, 4));
    (void)snprintf(out->meaning, sizeof out->meaning, "%s", col_str(s, 5));
    return OK;
}

enum err approvals_newest(struct vault *v, int64_t document, bool *found, struct approval_row *out)
{
    return one(v, sql_newest, document, found, out);
}

enum err approvals_first(struct vault *v, int64_t document, bool *found, struct approval_row *out)
{
    return one(v, sql_first, document, found, out);
}
