/* documents.c - SQL of documents, approvals and opened campaigns. */
#include "node/vault/documents.h"

#include <stdio.h>
#include <string.h>

static const char sql_add[] =
    "INSERT INTO document (kind, hash, name, version, title, body, note, state, received_ms)"
    " VALUES (:kind, :hash, :name, :version, :title, :body, :note, :state, :received) RETURNING id";

enum err documents_add(struct vault *v, const struct doc_row *row, struct bytes title,
                       struct bytes body, struct bytes note, int64_t *out)
{
    bool got = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_add);
    bind_str(s, ":kind", row->kind);
    bind_blob(s, ":hash", hash_bytes(&row->hash));
    bind_str(s, ":name", row->name);
    bind_u64(s, ":version", row->version);
    bind_text(s, ":title", title);
    bind_text(s, ":body", body);
    if (note.n == 0)
        bind_null(s, ":note");
    else
        bind_blob(s, ":note", note);
    bind_str(s, ":state", row->state);
    bind_u64(s, ":received", row->received_ms);
    enum err e = stmt_row(s, &got);
    if (!e && out != NULL)
        *out = col_i64(s, 0);
    return e;
}

static const char sql_fill[] = "UPDATE document SET name = :name, version = :version, title = "
                               ":title, body = :body, note = :note, state = 'waiting',"
                               " received_ms = :received WHERE id = :id AND state = 'kept'";

enum err documents_fill(struct vault *v, const struct doc_row *row, struct bytes title,
                        struct bytes body, struct bytes note)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_fill);
    bind_i64(s, ":id", row->id);
    bind_str(s, ":name", row->name);
    bind_u64(s, ":version", row->version);
    bind_text(s, ":title", title);
    bind_text(s, ":body", body);
    bind_blob(s, ":note", note);
    bind_u64(s, ":received", row->received_ms);
    return stmt_run(s);
}

#define DOC_COLUMNS                                                                                \
    "d.id, d.kind, d.hash, d.name, d.version, d.state, d.received_ms,"                             \
    " coalesce((SELECT max(at_ms) FROM approval WHERE document = d.id AND force), 0),"             \
    " coalesce((SELECT until_ms FROM approval WHERE document = d.id AND force AND"                 \
    " decision = 'approve' ORDER BY id DESC LIMIT 1), 0)"

static void take(struct stmt *s, struct doc_row *out)
{
    struct bytes hash = col_bytes(s, 2);
    *out = (struct doc_row){.id = col_i64(s, 0),
                            .version = col_u64(s, 4),
                            .received_ms = col_u64(s, 6),
                            .decided_ms = col_u64(s, 7),
                            .until_ms = col_u64(s, 8)};
    (void)snprintf(out->kind, sizeof out->kind, "%s", col_str(s, 1));
    (void)snprintf(out->name, sizeof out->name, "%s", col_str(s, 3));
    (void)snprintf(out->state, sizeof out->state, "%s", col_str(s, 5));
    if (hash.n == sizeof out->hash.b)
        memcpy(out->hash.b, hash.p, hash.n);
}

static const char sql_find[] = "SELECT " DOC_COLUMNS " FROM document d WHERE d.hash = :hash";
static const char sql_get[] = "SELECT " DOC_COLUMNS " FROM document d WHERE d.id = :id";
static const char sql_before[] =
    "SELECT " DOC_COLUMNS " FROM document d WHERE d.kind = :kind AND d.name = :name AND d.version "
    "< :version AND d.state = 'approved'"
    " ORDER BY d.version DESC LIMIT 1";
static const char sql_texts[] = "SELECT title, body, note FROM document WHERE id = :id";
static const char sql_state[] = "UPDATE document SET state = :state WHERE id = :id";
static const char sql_inbox[] =
    "SELECT " DOC_COLUMNS ", d.title FROM document d"
    " WHERE d.note IS NOT NULL AND CASE WHEN :kind IS NULL"
    " THEN d.kind IN ('campaign', 'guideline') OR d.id IN (SELECT document FROM governed WHERE"
    "  proposed = 1) ELSE d.kind = :kind END"
    " ORDER BY d.received_ms DESC, d.id DESC";

static enum err one(struct stmt *s, bool *found, struct doc_row *out)
{
    enum err e = stmt_row(s, found);
    if (!e && *found)
        take(s, out);
    return e;
}

enum err documents_find(struct vault *v, struct hash hash, bool *found, struct doc_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_find);
    bind_blob(s, ":hash", hash_bytes(&hash));
    return one(s, found, out);
}

enum err documents_get(struct vault *v, int64_t id, struct doc_row *out)
{
    bool found = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_get);
    bind_i64(s, ":id", id);
    enum err e = one(s, &found, out);
    return e ? e : found ? OK : ERR_NOTFOUND;
}

enum err documents_before(struct vault *v, const struct doc_row *row, bool *found,
                          struct doc_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_before);
    bind_str(s, ":kind", row->kind);
    bind_str(s, ":name", row->name);
    bind_u64(s, ":version", row->version);
    return one(s, found, out);
}

enum err documents_texts(struct vault *v, int64_t id, struct buf *title, struct buf *body,
                         struct buf *note)
{
    bool row = false;
    struct buf *to[3] = {title, body, note};
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_texts);
    bind_i64(s, ":id", id);
    enum err e = stmt_row(s, &row);
    if (!e && !row)
        return ERR_NOTFOUND;
    for (int i = 0; !e && i < 3; i++) {
        if (to[i] != NULL)
            e = buf_put(to[i], col_bytes(s, i));
    }
    return e;
}

enum err documents_set_state(struct vault *v, int64_t id, const char *state)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_state);
    bind_i64(s, ":id", id);
    bind_str(s, ":state", state);
    return stmt_run(s);
}

enum err documents_inbox(struct vault *v, const char *kind, documents_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_inbox);
    bind_str(s, ":kind", kind);
    for (;;) {
        struct doc_row row;
        bool found = false;
        enum err e = one(s, &found, &row);
        if (e || !found)
            return e;
        e = fn(ctx, &row, col_str(s, 9));
        if (e)
            return e;
    }
}

static const char sql_expire[] =
    "UPDATE document SET state = 'expired' WHERE state = 'approved' AND (SELECT until_ms FROM "
    "approval WHERE document = document.id AND force AND decision = 'approve' ORDER BY id DESC "
    "LIMIT 1) <= :now";
static const char sql_campaigns[] =
    "SELECT " DOC_COLUMNS ", d.body FROM document d WHERE d.kind = 'campaign' AND d.name = :name"
    " AND d.state <> 'kept' ORDER BY d.version DESC, d.id DESC";

enum err documents_expire(struct vault *v, uint64_t now_ms, uint64_t *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_expire);
    bind_u64(s, ":now", now_ms);
    enum err e = stmt_run(s);
    if (!e)
        *out = db_changes(vault_db(v));
    return e;
}

enum err documents_campaigns(struct vault *v, const char *name, campaign_body_fn *fn, void *ctx)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_campaigns);
    bind_str(s, ":name", name);
    for (;;) {
        struct doc_row row;
        bool found = false;
        enum err e = one(s, &found, &row);
        if (e || !found)
            return e;
        e = fn(ctx, &row, col_bytes(s, 9));
        if (e)
            return e;
    }
}

static const char sql_slot[] =
    "INSERT INTO campaign_slot VALUES (:campaign, :slot, :kind, :required) ON CONFLICT DO NOTHING";
/* An item fits where it has a stream of the schema and lacks none that is required. */
static const char sql_fitting[] =
    "SELECT i.id FROM item i WHERE EXISTS (SELECT 1 FROM item_stream s JOIN campaign_slot c"
    " ON c.campaign = :campaign AND c.slot = s.slot WHERE s.item = i.id)"
    " AND NOT EXISTS (SELECT 1 FROM campaign_slot c WHERE c.campaign = :campaign AND c.required"
    "  AND NOT EXISTS (SELECT 1 FROM item_stream s WHERE s.item = i.id AND s.slot = c.slot))"
    " AND NOT EXISTS (SELECT 1 FROM item_stream s JOIN campaign_slot c ON c.campaign = :campaign "
    "AND c.slot = s.slot"
    "  JOIN stream st ON st.id = s.stream WHERE s.item = i.id AND (st.kind <> c.kind OR st.state "
    "<> 'whole'))"
    " AND NOT EXISTS (SELECT 1 FROM campaign_item ci WHERE ci.campaign = :campaign AND ci.item = "
    "i.id)"
    " LIMIT 1000";
static const char sql_item_add[] = "INSERT INTO campaign_item (campaign, item, slots, tie, taken) "
                                   "SELECT :campaign, :item, :slots, :tie,"
                                   " (SELECT count(*) FROM assignment WHERE campaign = :campaign "
                                   "AND item = :item AND slot < :slots AND state <> 'locked')";

enum err campaign_slot_add(struct vault *v, int64_t campaign, const char *slot, const char *kind,
                           bool required)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_slot);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":slot", slot);
    bind_str(s, ":kind", kind);
    bind_i64(s, ":required", required);
    return stmt_run(s);
}

static enum err item_add(struct vault *v, int64_t campaign, const char *item, campaign_plan *plan,
                         void *ctx)
{
    unsigned slots = 0;
    uint32_t tie = 0;
    enum err e = plan(ctx, item, &slots, &tie);
    if (e)
        return e;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_item_add);
    bind_i64(s, ":campaign", campaign);
    bind_str(s, ":item", item);
    bind_i64(s, ":slots", slots);
    bind_i64(s, ":tie", tie);
    return stmt_run(s);
}

/* Up to a thousand new items. The names are gathered first: the query must not see what it inserts. */
static enum err items_step(struct vault *v, int64_t campaign, struct buf *names, uint64_t *n)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_fitting);
    bind_i64(s, ":campaign", campaign);
    *n = 0;
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct bytes id = col_bytes(s, 0);
        (void)buf_put(names, id);
        (void)buf_put(names, bytes_of("", 1));
        if (buf_err(names))
            return buf_err(names);
        (*n)++;
    }
}

enum err campaign_items_open(struct vault *v, int64_t campaign, campaign_plan *plan, void *ctx,
                             uint64_t *out_new)
{
    uint64_t n = 0;
    *out_new = 0;
    do {
        CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)128 * 1024);
        enum err e = items_step(v, campaign, &names, &n);
        const char *at = (const char *)names.p;
        for (uint64_t i = 0; !e && i < n; i++) {
            e = item_add(v, campaign, at, plan, ctx);
            at += strlen(at) + 1;
        }
        if (e)
            return e;
        *out_new += n;
    } while (n > 0);
    return OK;
}
