/* replies.c - what each site's steward decided, and which of it the lead was told. */
#include "coordinator/store/store_in.h"

#include <stdio.h>

static const char sql_reply[] =
    "INSERT INTO reply (site, document, decision, reason, roster, until_ms, at_ms)"
    " VALUES (:site, :document, :decision, :reason, :roster, :until, :now)"
    " ON CONFLICT (site, document) DO UPDATE SET decision = :decision, reason = :reason,"
    " roster = :roster, until_ms = :until, at_ms = :now";
/* A newer decision of a site is told anew. */
static const char sql_tell[] =
    "INSERT INTO told (site, document, lead, original) VALUES (:site, :document, :lead, :original)"
    " ON CONFLICT (site, document) DO UPDATE SET lead = :lead, original = :original, seq = NULL";
static const char sql_replies[] =
    "SELECT document, decision, reason, roster, until_ms, at_ms FROM reply"
    " WHERE site = :site ORDER BY at_ms, document";
static const char sql_next[] =
    "SELECT r.site, r.document, r.decision, r.reason, r.roster, r.until_ms, t.original FROM told t"
    " JOIN reply r ON r.site = t.site AND r.document = t.document"
    " WHERE t.lead = :lead AND t.seq IS NULL ORDER BY r.at_ms, r.site, r.document LIMIT 1";
static const char sql_telling[] =
    "UPDATE told SET seq = :seq WHERE site = :site AND document = :document";

/* The wire holds 64 bits, a column 63: a figure beyond is kept as the largest, and its site's own words say what it was. */
static uint64_t capped(uint64_t v)
{
    return v > INT64_MAX ? INT64_MAX : v;
}

static enum err tell(struct store *s, const char *site, const struct campaign_reply *r,
                     const char *lead)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_tell);
    bind_str(q, ":site", site);
    bind_blob(q, ":document", hash_bytes(&r->document));
    bind_str(q, ":lead", lead);
    bind_blob(q, ":original", r->original);
    return stmt_run(q);
}

enum err store_reply_put(struct store *s, const char *site, const struct campaign_reply *r,
                         const char *lead, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_reply);
    bind_str(q, ":site", site);
    bind_blob(q, ":document", hash_bytes(&r->document));
    bind_text(q, ":decision", r->decision);
    bind_text(q, ":reason", r->reason);
    bind_u64(q, ":roster", capped(r->roster));
    bind_u64(q, ":until", capped(r->until_ms));
    bind_u64(q, ":now", now_ms);
    enum err e = stmt_run(q);
    return e || lead == NULL ? e : tell(s, site, r, lead);
}

enum err store_replies(struct store *s, const char *site, reply_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_replies);
    bool more = false;
    bind_str(q, ":site", site);
    enum err e = stmt_row(q, &more);
    while (!e && more) {
        struct reply_row row = {.document = col_hash(q, 0),
                                .decision = col_str(q, 1),
                                .reason = col_str(q, 2),
                                .roster = col_u64(q, 3),
                                .until_ms = col_u64(q, 4),
                                .at_ms = col_u64(q, 5)};
        e = fn(ctx, &row);
        if (!e)
            e = stmt_row(q, &more);
    }
    return e;
}

enum err store_reply_next(struct store *s, const char *lead, bool *found, struct reply_told *key,
                          struct campaign_reply *out, struct buf *mem)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_next);
    bind_str(q, ":lead", lead);
    enum err e = stmt_row(q, found);
    if (e || !*found)
        return e;
    size_t decision = col_bytes(q, 2).n;
    size_t reason = col_bytes(q, 3).n;
    (void)buf_put(mem, col_bytes(q, 2));
    (void)buf_put(mem, col_bytes(q, 3));
    e = buf_put(mem, col_bytes(q, 6));
    if (e)
        return e;
    (void)snprintf(key->site, sizeof key->site, "%s", col_str(q, 0));
    key->document = col_hash(q, 1);
    *out = (struct campaign_reply){
        .document = key->document,
        .decision = bytes_of(mem->p, decision),
        .reason = bytes_of(mem->p + decision, reason),
        .roster = col_u64(q, 4),
        .until_ms = col_u64(q, 5),
        .original = bytes_of(mem->p + decision + reason, mem->n - decision - reason)};
    return OK;
}

enum err store_reply_telling(struct store *s, const struct reply_told *key, uint64_t seq)
{
    CLEANUP(stmt_done) struct stmt *q = db_stmt(s->db, sql_telling);
    bind_str(q, ":site", key->site);
    bind_blob(q, ":document", hash_bytes(&key->document));
    bind_u64(q, ":seq", seq);
    return stmt_run(q);
}
