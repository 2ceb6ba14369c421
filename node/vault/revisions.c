/* revisions.c - SQL of drafts, revisions, reviews and comments. */
#include "node/vault/work.h"

#include <stdio.h>
#include <string.h>

static const char sql_draft_get[] =
    "SELECT n, saved_ms, doc FROM draft WHERE assignment = :assignment AND user = :user";
static const char sql_draft_first[] =
    "INSERT INTO draft VALUES (:assignment, :user, 1, :now, :doc) ON CONFLICT DO NOTHING";
static const char sql_draft_next[] =
    "UPDATE draft SET n = n + 1, saved_ms = :now, doc = :doc"
    " WHERE assignment = :assignment AND user = :user AND n = :base";
static const char sql_draft_drop[] =
    "DELETE FROM draft WHERE assignment = :assignment AND user = :user";

enum err draft_get(struct vault *v, const char *assignment, const char *user, bool *found,
                   uint64_t *n, uint64_t *saved_ms, struct buf *doc)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_draft_get);
    bind_str(s, ":assignment", assignment);
    bind_str(s, ":user", user);
    enum err e = stmt_row(s, found);
    if (e)
        return e;
    *n = *found ? col_u64(s, 0) : 0;
    *saved_ms = *found ? col_u64(s, 1) : 0;
    return *found && doc != NULL ? buf_put(doc, col_bytes(s, 2)) : OK;
}

enum err draft_put(struct vault *v, const char *assignment, const char *user, uint64_t base,
                   uint64_t now_ms, struct bytes doc, bool *stored)
{
    CLEANUP(stmt_done)
    struct stmt *s = db_stmt(vault_db(v), base == 0 ? sql_draft_first : sql_draft_next);
    bind_str(s, ":assignment", assignment);
    bind_str(s, ":user", user);
    bind_u64(s, ":now", now_ms);
    bind_text(s, ":doc", doc);
    if (base > 0)
        bind_u64(s, ":base", base);
    enum err e = stmt_run(s);
    *stored = !e && db_changes(vault_db(v)) == 1;
    return e;
}

enum err draft_drop(struct vault *v, const char *assignment, const char *user)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_draft_drop);
    bind_str(s, ":assignment", assignment);
    bind_str(s, ":user", user);
    return stmt_run(s);
}

#define REVISION_COLUMNS                                                                           \
    "id, assignment, n, base, status, coalesce(reason, ''), by, at_ms, active_ms, doc_hash, doc"

static enum err take(struct stmt *s, bool *found, struct revision_row *out, struct buf *doc)
{
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    struct bytes hash = col_bytes(s, 9);
    *out = (struct revision_row){.id = col_i64(s, 0),
                                 .n = col_u64(s, 2),
                                 .base = col_u64(s, 3),
                                 .at_ms = col_u64(s, 7),
                                 .active_ms = col_u64(s, 8)};
    (void)snprintf(out->assignment, sizeof out->assignment, "%s", col_str(s, 1));
    (void)snprintf(out->status, sizeof out->status, "%s", col_str(s, 4));
    (void)snprintf(out->reason, sizeof out->reason, "%s", col_str(s, 5));
    (void)snprintf(out->by, sizeof out->by, "%s", col_str(s, 6));
    if (hash.n == sizeof out->doc_hash.b)
        memcpy(out->doc_hash.b, hash.p, hash.n);
    return doc == NULL ? OK : buf_put(doc, col_bytes(s, 10));
}

static const char sql_newest[] =
    "SELECT " REVISION_COLUMNS
    " FROM revision WHERE assignment = :assignment ORDER BY n DESC LIMIT 1";
static const char sql_get[] =
    "SELECT " REVISION_COLUMNS " FROM revision WHERE assignment = :assignment AND n = :n";
static const char sql_first[] = "SELECT a.item, r.doc FROM assignment a JOIN revision r ON "
                                "r.assignment = a.id WHERE a.campaign = :campaign"
                                " AND r.n = (SELECT min(n) FROM revision f WHERE f.assignment = "
                                "a.id AND f.status = 'submitted')"
                                " ORDER BY a.item, a.annotator";
static const char sql_add[] = "INSERT INTO revision (assignment, n, base, status, reason, by, "
                              "at_ms, active_ms, doc_hash, doc)"
                              " VALUES (:assignment, :n, :base, :status, nullif(:reason, ''), :by, "
                              ":at, :active, :hash, :doc)";
static const char sql_newest_of_all[] =
    "SELECT id, doc_hash FROM revision ORDER BY id DESC LIMIT 1";
static const char sql_hash[] = "SELECT doc_hash FROM revision WHERE id = :id";

enum err revision_newest(struct vault *v, const char *assignment, bool *found,
                         struct revision_row *out, struct buf *doc)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_newest);
    bind_str(s, ":assignment", assignment);
    return take(s, found, out, doc);
}

enum err revision_get(struct vault *v, const char *assignment, uint64_t n, bool *found,
                      struct revision_row *out, struct buf *doc)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_get);
    bind_str(s, ":assignment", assignment);
    bind_u64(s, ":n", n);
    return take(s, found, out, doc);
}

enum err work_first_submitted(struct vault *v, int64_t campaign, first_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_first);
    bind_i64(s, ":campaign", campaign);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        e = fn(ctx, col_str(s, 0), col_bytes(s, 1));
        if (e)
            return e;
    }
}

enum err revision_add(struct vault *v, const struct revision_row *r, struct bytes doc)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_add);
    bind_str(s, ":assignment", r->assignment);
    bind_u64(s, ":n", r->n);
    bind_u64(s, ":base", r->base);
    bind_str(s, ":status", r->status);
    bind_str(s, ":reason", r->reason);
    bind_str(s, ":by", r->by);
    bind_u64(s, ":at", r->at_ms);
    bind_u64(s, ":active", r->active_ms);
    bind_blob(s, ":hash", hash_bytes(&r->doc_hash));
    bind_text(s, ":doc", doc);
    return stmt_run(s);
}

enum err work_newest_revision(struct vault *v, uint64_t *id, struct hash *doc_hash)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_newest_of_all);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    memset(doc_hash, 0, sizeof *doc_hash);
    *id = row ? col_u64(s, 0) : 0;
    struct bytes hash = row ? col_bytes(s, 1) : bytes_of(NULL, 0);
    if (hash.n == sizeof doc_hash->b)
        memcpy(doc_hash->b, hash.p, hash.n);
    return OK;
}

enum err work_revision_hash(struct vault *v, uint64_t id, bool *found, struct hash *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_hash);
    bind_u64(s, ":id", id);
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    struct bytes hash = col_bytes(s, 0);
    if (hash.n != sizeof out->b)
        return ERR_CORRUPT;
    memcpy(out->b, hash.p, hash.n);
    return OK;
}

static const char sql_review_add[] =
    "INSERT INTO review (assignment, n, by, at_ms, decision, cause)"
    " VALUES (:assignment, :n, :by, :at, :decision, nullif(:cause, ''))";
static const char sql_review_newest[] =
    "SELECT n, by, at_ms, decision, coalesce(cause, '') FROM review WHERE assignment = :assignment"
    " ORDER BY id DESC LIMIT 1";

enum err review_add(struct vault *v, const struct review_row *r)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_review_add);
    bind_str(s, ":assignment", r->assignment);
    bind_u64(s, ":n", r->n);
    bind_str(s, ":by", r->by);
    bind_u64(s, ":at", r->at_ms);
    bind_str(s, ":decision", r->decision);
    bind_str(s, ":cause", r->cause);
    return stmt_run(s);
}

enum err review_newest(struct vault *v, const char *assignment, bool *found, struct review_row *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_review_newest);
    bind_str(s, ":assignment", assignment);
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *out = (struct review_row){.n = col_u64(s, 0), .at_ms = col_u64(s, 2)};
    (void)snprintf(out->assignment, sizeof out->assignment, "%s", assignment);
    (void)snprintf(out->by, sizeof out->by, "%s", col_str(s, 1));
    (void)snprintf(out->decision, sizeof out->decision, "%s", col_str(s, 3));
    (void)snprintf(out->cause, sizeof out->cause, "%s", col_str(s, 4));
    return OK;
}

static const char sql_comment_add[] =
    "INSERT INTO comment (item, assignment, n, region, by, at_ms, text)"
    " VALUES (:item, nullif(:assignment, ''), nullif(:n, 0), nullif(:region, ''), :by, :at, :text)";
static const char sql_comments[] =
    "SELECT item, coalesce(assignment, ''), coalesce(n, 0), coalesce(region, ''), by, at_ms, text "
    "FROM comment"
    " WHERE item = :item AND (:assignment IS NULL OR assignment = :assignment) ORDER BY id";

enum err comment_add(struct vault *v, const struct comment_row *c, struct bytes text)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_comment_add);
    bind_str(s, ":item", c->item);
    bind_str(s, ":assignment", c->assignment);
    bind_u64(s, ":n", c->n);
    bind_str(s, ":region", c->region);
    bind_str(s, ":by", c->by);
    bind_u64(s, ":at", c->at_ms);
    bind_text(s, ":text", text);
    return stmt_run(s);
}

enum err comments_of(struct vault *v, const char *item, const char *assignment, comment_fn *fn,
                     void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(vault_db(v), sql_comments);
    bind_str(s, ":item", item);
    bind_str(s, ":assignment", assignment);
    for (;;) {
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        struct comment_row c = {.n = col_u64(s, 2), .at_ms = col_u64(s, 5)};
        (void)snprintf(c.item, sizeof c.item, "%s", col_str(s, 0));
        (void)snprintf(c.assignment, sizeof c.assignment, "%s", col_str(s, 1));
        (void)snprintf(c.region, sizeof c.region, "%s", col_str(s, 3));
        (void)snprintf(c.by, sizeof c.by, "%s", col_str(s, 4));
        e = fn(ctx, &c, col_bytes(s, 6));
        if (e)
            return e;
    }
}
