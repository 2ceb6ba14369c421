/* outbox.c - SQL of the outbox. */
#include "node/vault/outbox.h"

static const char sql_add[] = "INSERT INTO outbox (body, made_ms) VALUES (:body, :now)";
static const char sql_next[] =
    "SELECT id, body, seq FROM outbox WHERE id > :after ORDER BY id LIMIT 1";
static const char sql_number[] = "UPDATE outbox SET seq = :seq WHERE id = :id";
static const char sql_unnumber[] = "UPDATE outbox SET seq = NULL WHERE seq >= :seq";
static const char sql_drop[] = "DELETE FROM outbox WHERE id = :id";
static const char sql_applied[] = "SELECT applied_index FROM exchange";
static const char sql_set_applied[] = "UPDATE exchange SET applied_index = :at";

enum err outbox_add(struct vault *v, struct bytes body, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_add);
    bind_blob(s, ":body", body);
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

enum err outbox_next(struct vault *v, int64_t after, bool *found, struct outbox_row *row,
                     struct buf *body)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_next);
    bind_i64(s, ":after", after);
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *row =
        (struct outbox_row){.id = col_i64(s, 0), .numbered = !col_null(s, 2), .seq = col_u64(s, 2)};
    return buf_put(body, col_bytes(s, 1));
}

enum err outbox_number(struct vault *v, int64_t id, uint64_t seq)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_number);
    enum err e = vault_begin(v, &tx);
    bind_i64(s, ":id", id);
    bind_u64(s, ":seq", seq);
    if (!e)
        e = stmt_run(s);
    return e ? e : vault_commit(&tx);
}

enum err outbox_unnumber(struct vault *v, uint64_t seq)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_unnumber);
    enum err e = vault_begin(v, &tx);
    bind_u64(s, ":seq", seq);
    if (!e)
        e = stmt_run(s);
    return e ? e : vault_commit(&tx);
}

enum err outbox_drop(struct vault *v, int64_t id)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_drop);
    enum err e = vault_begin(v, &tx);
    bind_i64(s, ":id", id);
    if (!e)
        e = stmt_run(s);
    return e ? e : vault_commit(&tx);
}

enum err exchange_applied(struct vault *v, uint64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_applied);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = row ? col_u64(s, 0) : 0;
    return e;
}

enum err exchange_set_applied(struct vault *v, uint64_t index)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_set_applied);
    bind_u64(s, ":at", index);
    return stmt_run(s);
}
