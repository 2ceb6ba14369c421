/* proposals.c - versions that are being signed, and which site was told of them. */
#include "coordinator/store/store_in.h"

#include <stdio.h>

static const char sql_proposal[] = "SELECT note FROM proposal WHERE hash = :hash";
static const char sql_others[] = "SELECT count(*) FROM proposal WHERE hash <> :hash";
static const char sql_propose[] =
    "INSERT INTO proposal (hash, kind, version, note, changed_ms)"
    " VALUES (:hash, :kind, :version, :note, :now)"
    " ON CONFLICT (hash) DO UPDATE SET note = excluded.note, changed_ms = excluded.changed_ms";
static const char sql_end[] = "DELETE FROM proposal WHERE kind = :kind AND version <= :version";
static const char sql_end_carried[] =
    "DELETE FROM carried WHERE proposal NOT IN (SELECT hash FROM proposal)";
static const char sql_next[] =
    "SELECT p.hash, p.kind, p.note FROM proposal p WHERE NOT EXISTS (SELECT 1 FROM carried c"
    " WHERE c.site = :site AND c.proposal = p.hash) ORDER BY p.rowid LIMIT 1";
static const char sql_carried[] = "INSERT INTO carried (site, proposal, seq) VALUES (:site, :hash,"
                                  " :seq)";
static const char sql_list[] =
    "SELECT p.kind, p.version, p.changed_ms, p.hash, p.note, (SELECT count(*) FROM reply r"
    " WHERE r.document = p.hash AND r.decision = 'refused') FROM proposal p ORDER BY p.rowid";

enum err store_proposal(struct store *s, struct hash hash, bool *found, struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_proposal);
    bind_blob(q, ":hash", hash_bytes(&hash));
    enum err e = stmt_row(q, found);
    return e || !*found ? e : buf_put(note, col_bytes(q, 0));
}

enum err store_proposal_put(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *others = db_stmt(s->db, sql_others);
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_propose);
    bool row = false;
    bind_blob(others, ":hash", hash_bytes(&hash));
    enum err e = stmt_row(others, &row);
    if (!e && row && col_u64(others, 0) >= STORE_PROPOSALS)
        return ERR_FULL;
    bind_blob(q, ":hash", hash_bytes(&hash));
    bind_str(q, ":kind", kind);
    bind_u64(q, ":version", version);
    bind_blob(q, ":note", note);
    bind_u64(q, ":now", now_ms);
    return e ? e : stmt_run(q);
}

enum err store_proposals_end(struct store *s, const char *kind, uint64_t version)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_end);
    CLEANUP(stmt_done) struct stmt *carried = db_stmt(s->db, sql_end_carried);
    bind_str(q, ":kind", kind);
    bind_u64(q, ":version", version);
    enum err e = stmt_run(q);
    return e ? e : stmt_run(carried);
}

enum err store_proposal_next(struct store *s, const char *site, bool *found, struct hash *hash,
                             char kind[STORE_WORD], struct buf *note)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_next);
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, found);
    if (e || !*found)
        return e;
    *hash = col_hash(q, 0);
    (void)snprintf(kind, STORE_WORD, "%s", col_str(q, 1));
    return buf_put(note, col_bytes(q, 2));
}

enum err store_proposal_carried(struct store *s, const char *site, struct hash hash, uint64_t seq)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_carried);
    bind_str(q, ":site", site);
    bind_blob(q, ":hash", hash_bytes(&hash));
    bind_u64(q, ":seq", seq);
    return stmt_run(q);
}

enum err store_proposals(struct store *s, proposal_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_list);
    bool more = false;
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        struct proposal_row row = {.kind = col_str(q, 0),
                                   .version = col_u64(q, 1),
                                   .changed_ms = col_u64(q, 2),
                                   .hash = col_hash(q, 3),
                                   .note = col_bytes(q, 4),
                                   .refused = col_u64(q, 5)};
        e = fn(ctx, &row);
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}
