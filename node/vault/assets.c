/* assets.c - SQL of guidelines' pictures. */
#include "node/vault/assets.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS "sha256, media_type, bytes, have, asked, state"

static const char sql_want[] = "INSERT INTO asset (sha256, media_type, bytes) VALUES (:sha256, "
                               ":type, :bytes) ON CONFLICT (sha256) DO NOTHING";
static const char sql_get[] = "SELECT " COLUMNS " FROM asset WHERE sha256 = :sha256";
static const char sql_next[] = "SELECT " COLUMNS " FROM asset WHERE state = 'wanted' AND (asked IS "
                               "NULL OR asked <> have) ORDER BY sha256 LIMIT 1";
static const char sql_asked[] = "UPDATE asset SET asked = :offset WHERE sha256 = :sha256";
static const char sql_part[] = "INSERT INTO asset_part (sha256, offset, data) VALUES (:sha256, "
                               ":offset, :data)";
static const char sql_have[] = "UPDATE asset SET have = :have WHERE sha256 = :sha256";
static const char sql_parts[] = "SELECT data FROM asset_part WHERE sha256 = :sha256 ORDER BY "
                                "offset";
static const char sql_state[] = "UPDATE asset SET state = :state WHERE sha256 = :sha256";
static const char sql_drop_parts[] = "DELETE FROM asset_part WHERE sha256 = :sha256";
static const char sql_none[] = "UPDATE asset SET have = 0, asked = NULL WHERE sha256 = :sha256";

static enum err run_for(struct vault *v, const char *sql, struct hash sha256)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql);
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    return stmt_run(s);
}

static enum err take_row(struct stmt *s, bool *found, struct asset_row *out)
{
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *out = (struct asset_row){.bytes = col_u64(s, 2),
                              .have = col_u64(s, 3),
                              .was_asked = !col_null(s, 4),
                              .asked = col_u64(s, 4),
                              .whole = strcmp(col_str(s, 5), "whole") == 0,
                              .false_bytes = strcmp(col_str(s, 5), "false") == 0};
    struct bytes h = col_bytes(s, 0);
    if (h.n != sizeof out->sha256.b)
        return ERR_CORRUPT;
    memcpy(out->sha256.b, h.p, h.n);
    (void)snprintf(out->media_type, sizeof out->media_type, "%s", col_str(s, 1));
    return OK;
}

enum err assets_want(struct vault *v, struct hash sha256, const char *media_type, uint64_t bytes)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_want);
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    bind_str(s, ":type", media_type);
    bind_u64(s, ":bytes", bytes);
    return stmt_run(s);
}

enum err assets_get(struct vault *v, struct hash sha256, bool *found, struct asset_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_get);
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    return take_row(s, found, out);
}

enum err assets_next(struct vault *v, bool *found, struct asset_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_next);
    return take_row(s, found, out);
}

enum err assets_asked(struct vault *v, struct hash sha256, uint64_t offset)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_asked);
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    bind_u64(s, ":offset", offset);
    return stmt_run(s);
}

static enum err set_have(struct vault *v, const struct asset_row *row, uint64_t have)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_have);
    bind_blob(s, ":sha256", hash_bytes(&row->sha256));
    bind_u64(s, ":have", have);
    return stmt_run(s);
}

enum err assets_add(struct vault *v, const struct asset_row *row, struct bytes data)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_part);
    bind_blob(s, ":sha256", hash_bytes(&row->sha256));
    bind_u64(s, ":offset", row->have);
    bind_blob(s, ":data", data);
    enum err e = stmt_run(s);
    return e ? e : set_have(v, row, row->have + data.n);
}

enum err assets_read(struct vault *v, struct hash sha256, struct buf *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_parts);
    bool row = true;
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (!e && row)
            e = buf_put(out, col_bytes(s, 0));
        if (e || !row)
            return e;
    }
}

static enum err set_state(struct vault *v, struct hash sha256, const char *state)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_state);
    bind_blob(s, ":sha256", hash_bytes(&sha256));
    bind_str(s, ":state", state);
    return stmt_run(s);
}

enum err assets_whole(struct vault *v, struct hash sha256)
{
    return set_state(v, sha256, "whole");
}

enum err assets_forget(struct vault *v, struct hash sha256, bool false_bytes)
{
    enum err e = run_for(v, sql_drop_parts, sha256);
    if (!e)
        e = run_for(v, sql_none, sha256);
    return e ? e : set_state(v, sha256, false_bytes ? "false" : "wanted");
}
