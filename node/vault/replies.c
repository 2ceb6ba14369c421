/* replies.c - SQL of decisions that were told to this lead. */
#include "node/vault/replies.h"

#include <stdio.h>

static const char sql_there[] =
    "SELECT 1 FROM reply WHERE document = :document AND site = :site AND seq >= :seq";
static const char sql_put[] =
    "INSERT OR REPLACE INTO reply (document, site, decision, reason, roster, until_ms, seq, at_ms,"
    " frame) VALUES (:document, :site, :decision, :reason, :roster, :until, :seq, :at, :frame)";
static const char sql_list[] =
    "SELECT document, site, decision, reason, roster, until_ms, seq, at_ms FROM reply"
    " WHERE :document = 0 OR document = :document ORDER BY document, site";

static enum err there(struct vault *v, const struct reply_row *row, bool *older)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_there);
    bind_i64(s, ":document", row->document);
    bind_str(s, ":site", row->site);
    bind_u64(s, ":seq", row->seq);
    return stmt_row(s, older);
}

enum err replies_put(struct vault *v, const struct reply_row *row, struct bytes frame, bool *older)
{
    enum err e = there(v, row, older);
    if (e || *older)
        return e;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_put);
    bind_i64(s, ":document", row->document);
    bind_str(s, ":site", row->site);
    bind_str(s, ":decision", row->decision);
    bind_str(s, ":reason", row->reason);
    bind_u64(s, ":roster", row->roster);
    bind_u64(s, ":until", row->until_ms);
    bind_u64(s, ":seq", row->seq);
    bind_u64(s, ":at", row->at_ms);
    bind_blob(s, ":frame", frame);
    return stmt_run(s);
}

enum err replies_of(struct vault *v, int64_t document, replies_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_list);
    bind_i64(s, ":document", document);
    for (;;) {
        bool row = false;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct reply_row r = {.document = col_i64(s, 0),
                              .roster = col_u64(s, 4),
                              .until_ms = col_u64(s, 5),
                              .seq = col_u64(s, 6),
                              .at_ms = col_u64(s, 7)};
        (void)snprintf(r.site, sizeof r.site, "%s", col_str(s, 1));
        (void)snprintf(r.decision, sizeof r.decision, "%s", col_str(s, 2));
        (void)snprintf(r.reason, sizeof r.reason, "%s", col_str(s, 3));
        e = fn(ctx, &r);
        if (e)
            return e;
    }
}
