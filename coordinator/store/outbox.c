/* outbox.c - which document each site was told, and what it answered. */
#include "coordinator/store/store_in.h"

#include <stdio.h>

static const char sql_fill[] =
    "INSERT INTO outbox (site, document) SELECT :site, id FROM document"
    " WHERE id NOT IN (SELECT document FROM outbox WHERE site = :site) ORDER BY id";
static const char sql_next[] = "SELECT o.id, d.kind, d.note FROM outbox o"
                               " JOIN document d ON d.id = o.document"
                               " WHERE o.site = :site AND o.seq IS NULL ORDER BY o.id LIMIT 1";
static const char sql_sending[] = "UPDATE outbox SET seq = :seq WHERE id = :id";
static const char *const sql_unsaid[] = {
    "UPDATE outbox SET seq = NULL WHERE site = :site AND seq >= :seq",
    "DELETE FROM carried WHERE site = :site AND seq >= :seq",
    "UPDATE told SET seq = NULL WHERE lead = :site AND seq >= :seq",
    "UPDATE wanted SET seq = NULL WHERE site = :site AND seq >= :seq"};
static const char sql_acked[] =
    "UPDATE outbox SET acked_ms = :now, code = :code WHERE site = :site AND document ="
    " (SELECT id FROM document WHERE hash = :hash)";
static const char sql_acks[] =
    "SELECT d.kind, d.version, d.hash, o.seq, o.acked_ms, o.code FROM outbox o"
    " JOIN document d ON d.id = o.document WHERE o.site = :site ORDER BY o.id";

enum err store_outbox_fill(struct store *s, const char *site)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_fill);
    bind_str(q, ":site", site);
    return stmt_run(q);
}

enum err store_outbox_next(struct store *s, const char *site, bool *found, struct outbox_row *row,
                           struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_next);
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, found);
    if (e || !*found)
        return e;
    row->id = col_i64(q, 0);
    (void)snprintf(row->kind, sizeof row->kind, "%s", col_str(q, 1));
    return buf_put(note, col_bytes(q, 2));
}

enum err store_outbox_sending(struct store *s, int64_t id, uint64_t seq)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_sending);
    bind_u64(q, ":seq", seq);
    bind_i64(q, ":id", id);
    return stmt_run(q);
}

enum err store_outbox_unsaid(struct store *s, const char *site, uint64_t next_seq)
{
    enum err e = OK;
    for (size_t i = 0; i < sizeof sql_unsaid / sizeof sql_unsaid[0] && !e; i++) {
        CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_unsaid[i]);
        bind_str(q, ":site", site);
        bind_u64(q, ":seq", next_seq);
        e = stmt_run(q);
    }
    return e;
}

enum err store_outbox_acked(struct store *s, const char *site, struct hash hash, struct bytes code,
                            uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_acked);
    bind_str(q, ":site", site);
    bind_blob(q, ":hash", hash_bytes(&hash));
    bind_text(q, ":code", code);
    bind_u64(q, ":now", now_ms);
    return stmt_run(q);
}

enum err store_acks(struct store *s, const char *site, ack_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_acks);
    bool more = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        struct ack_row row = {.kind = col_str(q, 0),
                              .version = col_u64(q, 1),
                              .hash = col_hash(q, 2),
                              .sent = !col_null(q, 3),
                              .acked_ms = col_u64(q, 4),
                              .code = col_str(q, 5)};
        e = fn(ctx, &row);
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}
