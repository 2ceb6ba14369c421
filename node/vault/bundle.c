/* bundle.c - SQL of exports. */
#include "node/vault/bundle.h"

#include <assert.h>
#include <string.h>

/* The assignments of the export; its items are those of the campaign, worked on or not; of everything with campaign 0. */
/* Queries are read line by line. */
/* clang-format off */
#define PICKED " (:campaign = 0 OR a.campaign = :campaign)"
#define ITEMS                                                                                      \
    " (SELECT i.id FROM item i WHERE :campaign = 0"                                                \
    " UNION SELECT ci.item FROM campaign_item ci WHERE ci.campaign = :campaign"                    \
    " UNION SELECT a.item FROM assignment a WHERE a.campaign = :campaign)"
#define HASH(x) "'sha256:' || lower(hex(" x "))"

static const struct {
    const char *type;
    const char *rows;
} lines[BUNDLE_TYPES] = {
    {"schema",
     "SELECT json_object('type', 'schema', 'hash', " HASH("d.hash") ", 'doc', json(d.body)) FROM document d"
     " WHERE d.kind = 'schema' AND (:campaign = 0 OR " HASH("d.hash") " IN"
     " (SELECT json_extract(r.doc, '$.schema') FROM revision r JOIN assignment a ON a.id = r.assignment WHERE" PICKED
     "  UNION SELECT json_extract(s.doc, '$.schema') FROM suggestion s WHERE s.item IN" ITEMS "))"
     " ORDER BY d.hash"},
    {"guideline",
     "SELECT json_object('type', 'guideline', 'hash', " HASH("d.hash") ", 'doc', json(d.body)) FROM document d"
     " WHERE d.kind = 'guideline' AND (:campaign = 0 OR " HASH("d.hash") " IN"
     " (SELECT g.value FROM revision r JOIN assignment a ON a.id = r.assignment, json_each(r.doc, '$.guidelines') g"
     "  WHERE" PICKED "))"
     " ORDER BY d.hash"},
    {"session",
     "SELECT json_object('type', 'session', 'id', se.pseudonym) FROM session se"
     " WHERE se.id IN (SELECT i.session FROM item i WHERE i.id IN" ITEMS ")"
     " ORDER BY se.pseudonym"},
    {"item",
     "SELECT json_object('type', 'item', 'id', i.id, 'session', se.pseudonym)"
     " FROM item i JOIN session se ON se.id = i.session WHERE i.id IN" ITEMS
     " ORDER BY i.id"},
    {"stream",
     "SELECT json_object('type', 'stream', 'item', s.item, 'id', s.slot, 'media_type', st.media_type,"
     " 'bytes', st.bytes, 'stream', json(st.doc), 'clock', json(st.clock))"
     " FROM item_stream s JOIN stream st ON st.id = s.stream WHERE st.state <> 'partial' AND s.item IN" ITEMS
     " ORDER BY s.item, s.slot"},
    {"assignment",
     "SELECT json_object('type', 'assignment', 'id', a.id, 'item', a.item, 'annotator', a.annotator, 'slot', a.slot,"
     " 'state', a.state) FROM assignment a WHERE" PICKED
     " ORDER BY a.id"},
    {"revision",
     "SELECT json_object('type', 'revision', 'assignment', r.assignment, 'n', r.n, 'base', r.base, 'status', r.status,"
     " 'reason', r.reason, 'by', r.by, 'at_ms', r.at_ms, 'active_ms', r.active_ms,"
     " 'doc_hash', " HASH("r.doc_hash") ", 'doc', json(r.doc))"
     " FROM revision r JOIN assignment a ON a.id = r.assignment WHERE" PICKED
     " ORDER BY r.assignment, r.n"},
    {"review",
     "SELECT json_object('type', 'review', 'assignment', r.assignment, 'n', r.n, 'by', r.by, 'at_ms', r.at_ms,"
     " 'decision', r.decision, 'cause', r.cause)"
     " FROM review r JOIN assignment a ON a.id = r.assignment WHERE" PICKED
     " ORDER BY r.assignment, r.n, r.at_ms, r.id"},
    {"comment",
     "SELECT json_object('type', 'comment', 'item', c.item, 'assignment', c.assignment, 'n', c.n, 'region', c.region,"
     " 'by', c.by, 'at_ms', c.at_ms, 'text', c.text)"
     " FROM comment c LEFT JOIN assignment a ON a.id = c.assignment"
     " WHERE c.item IN" ITEMS " AND (c.assignment IS NULL OR" PICKED ")"
     " ORDER BY c.item, coalesce(c.assignment, ''), coalesce(c.n, 0), c.at_ms, c.id"},
    {"suggestion",
     "SELECT json_set(s.doc, '$.decisions', json((SELECT coalesce(json_group_array(json_object('by', d.by,"
     " 'decision', d.decision, 'shown_ms', d.shown_ms, 'decided_ms', d.decided_ms)), '[]')"
     " FROM suggestion_decision d WHERE d.suggestion = s.id)))"
     " FROM suggestion s WHERE s.item IN" ITEMS
     " ORDER BY s.item, s.id"},
};
/* clang-format on */

const char *bundle_type(size_t i)
{
    assert(i < BUNDLE_TYPES);
    return lines[i].type;
}

enum err bundle_each(struct vault *v, size_t type, int64_t campaign, bundle_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), lines[type].rows);
    bind_i64(s, ":campaign", campaign);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        e = fn(ctx, col_bytes(s, 0));
        if (e)
            return e;
    }
}

static enum err count_one(void *ctx, struct bytes json)
{
    (void)json;
    (*(uint64_t *)ctx)++;
    return OK;
}

enum err bundle_count(struct vault *v, size_t type, int64_t campaign, uint64_t *out)
{
    *out = 0;
    return bundle_each(v, type, campaign, count_one, out);
}

static const char sql_streams[] = "SELECT DISTINCT st.id, st.sha256, st.bytes FROM item_stream s "
                                  "JOIN stream st ON st.id = s.stream"
                                  " WHERE st.state = 'whole' AND s.item IN" ITEMS " ORDER BY st.id";

enum err bundle_streams(struct vault *v, int64_t campaign, bundle_stream_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_streams);
    bind_i64(s, ":campaign", campaign);
    for (;;) {
        struct hash h;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct bytes b = col_bytes(s, 1);
        if (b.n != sizeof h.b)
            return ERR_CORRUPT;
        memcpy(h.b, b.p, b.n);
        e = fn(ctx, col_i64(s, 0), h, col_u64(s, 2));
        if (e)
            return e;
    }
}

static const char sql_empty[] =
    "SELECT NOT EXISTS (SELECT 1 FROM session) AND NOT EXISTS (SELECT 1 FROM assignment)";

enum err bundle_vault_empty(struct vault *v, bool *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_empty);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0) != 0;
    return e;
}

static const char sql_suggestion[] = "INSERT INTO suggestion VALUES (:id, :item, :doc)";
static const char sql_decision[] =
    "INSERT INTO suggestion_decision VALUES (:id, :by, :decision, :shown, :decided)";

enum err bundle_suggestion(struct vault *v, const char *id, const char *item, struct bytes doc)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_suggestion);
    bind_str(s, ":id", id);
    bind_str(s, ":item", item);
    bind_text(s, ":doc", doc);
    return stmt_run(s);
}

enum err bundle_suggestion_decision(struct vault *v, const char *id, const char *by,
                                    const char *decision, uint64_t shown_ms, uint64_t decided_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_decision);
    bind_str(s, ":id", id);
    bind_str(s, ":by", by);
    bind_str(s, ":decision", decision);
    bind_u64(s, ":shown", shown_ms);
    bind_u64(s, ":decided", decided_ms);
    return stmt_run(s);
}
