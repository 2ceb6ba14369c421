/* people_db.c - SQL of users and logins. */
#include "host/people.h"

#include <stdio.h>
#include <string.h>

static const char sql_add[] =
    "INSERT INTO user (user, name, roles, password, must_change, made_ms)"
    " VALUES (:user, :name, :roles, :password, :must_change, :now) RETURNING id";

enum err people_add(struct db *db, const struct person *p, uint64_t now_ms, int64_t *out)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_add);
    bind_str(s, ":user", p->user);
    bind_str(s, ":name", p->name);
    bind_str(s, ":roles", p->roles);
    bind_str(s, ":password", p->password);
    bind_i64(s, ":must_change", p->must_change);
    bind_u64(s, ":now", now_ms);
    enum err e = stmt_row(s, &row);
    if (!e)
        *out = col_i64(s, 0);
    return e;
}

#define PERSON_COLUMNS                                                                             \
    "id, user, name, roles, password, must_change, disabled, coalesce(last_login_ms, 0), "         \
    "failures, next_try_ms"

static void take(struct stmt *s, struct person *out)
{
    *out = (struct person){.id = col_i64(s, 0),
                           .must_change = col_i64(s, 5) != 0,
                           .disabled = col_i64(s, 6) != 0,
                           .last_login_ms = col_u64(s, 7),
                           .failures = (uint32_t)col_u64(s, 8),
                           .next_try_ms = col_u64(s, 9)};
    (void)snprintf(out->user, sizeof out->user, "%s", col_str(s, 1));
    (void)snprintf(out->name, sizeof out->name, "%s", col_str(s, 2));
    (void)snprintf(out->roles, sizeof out->roles, "%s", col_str(s, 3));
    (void)snprintf(out->password, sizeof out->password, "%s", col_str(s, 4));
    (void)snprintf(out->pseudonym, sizeof out->pseudonym, "u_%lld", (long long)out->id);
}

static enum err one(struct stmt *s, struct person *out)
{
    bool row = false;
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    if (!row)
        return ERR_NOTFOUND;
    take(s, out);
    return OK;
}

static const char sql_find[] = "SELECT " PERSON_COLUMNS " FROM user WHERE user = :user";
static const char sql_find_id[] = "SELECT " PERSON_COLUMNS " FROM user WHERE id = :id";
static const char sql_all[] = "SELECT " PERSON_COLUMNS " FROM user ORDER BY user";

enum err people_find(struct db *db, const char *user, struct person *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_find);
    bind_str(s, ":user", user);
    return one(s, out);
}

enum err people_find_id(struct db *db, int64_t id, struct person *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_find_id);
    bind_i64(s, ":id", id);
    return one(s, out);
}

enum err people_all(struct db *db, people_fn *fn, void *ctx)
{
    bool row = true;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_all);
    for (;;) {
        struct person p;
        enum err e = stmt_row(s, &row);
        if (e || !row)
            return e;
        take(s, &p);
        e = fn(ctx, &p);
        if (e)
            return e;
    }
}

static const char sql_password[] = "UPDATE user SET password = :password, must_change = "
                                   ":must_change, failures = 0, next_try_ms = 0 WHERE id = :id";
static const char sql_update[] =
    "UPDATE user SET disabled = :disabled, failures = :failures, next_try_ms = :next,"
    " last_login_ms = nullif(:last, 0) WHERE id = :id";

enum err people_set_password(struct db *db, int64_t id, const char *hash, bool must_change)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_password);
    bind_i64(s, ":id", id);
    bind_str(s, ":password", hash);
    bind_i64(s, ":must_change", must_change);
    return stmt_run(s);
}

enum err people_update(struct db *db, const struct person *p)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_update);
    bind_i64(s, ":id", p->id);
    bind_i64(s, ":disabled", p->disabled);
    bind_i64(s, ":failures", p->failures);
    bind_u64(s, ":next", p->next_try_ms);
    bind_u64(s, ":last", p->last_login_ms);
    return stmt_run(s);
}

bool person_has(const struct person *p, const char *role)
{
    size_t n = strlen(role);
    for (const char *at = p->roles; at != NULL && *at != '\0';) {
        const char *comma = strchr(at, ',');
        size_t len = comma == NULL ? strlen(at) : (size_t)(comma - at);
        if (len == n && memcmp(at, role, n) == 0)
            return true;
        at = comma == NULL ? NULL : comma + 1;
    }
    return false;
}

static const char sql_login_add[] = "INSERT INTO login VALUES (:token, :csrf, :user, :made, :seen)";
static const char sql_login_find[] =
    "SELECT csrf, user, made_ms, seen_ms FROM login WHERE token = :token";
static const char sql_login_seen[] = "UPDATE login SET seen_ms = :now WHERE token = :token";
static const char sql_login_drop[] = "DELETE FROM login WHERE token = :token";
static const char sql_login_drop_user[] = "DELETE FROM login WHERE user = :user";
static const char sql_login_drop_old[] =
    "DELETE FROM login WHERE made_ms < :made OR seen_ms < :seen";

enum err logins_add(struct db *db, const struct login *l)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_add);
    bind_blob(s, ":token", hash_bytes(&l->token));
    bind_str(s, ":csrf", l->csrf);
    bind_i64(s, ":user", l->user);
    bind_u64(s, ":made", l->made_ms);
    bind_u64(s, ":seen", l->seen_ms);
    return stmt_run(s);
}

enum err logins_find(struct db *db, struct hash token, bool *found, struct login *out)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_find);
    bind_blob(s, ":token", hash_bytes(&token));
    enum err e = stmt_row(s, found);
    if (e || !*found)
        return e;
    *out = (struct login){
        .token = token, .user = col_i64(s, 1), .made_ms = col_u64(s, 2), .seen_ms = col_u64(s, 3)};
    (void)snprintf(out->csrf, sizeof out->csrf, "%s", col_str(s, 0));
    return OK;
}

enum err logins_seen(struct db *db, struct hash token, uint64_t now_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_seen);
    bind_blob(s, ":token", hash_bytes(&token));
    bind_u64(s, ":now", now_ms);
    return stmt_run(s);
}

enum err logins_drop(struct db *db, struct hash token)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_drop);
    bind_blob(s, ":token", hash_bytes(&token));
    return stmt_run(s);
}

enum err logins_drop_user(struct db *db, int64_t user)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_drop_user);
    bind_i64(s, ":user", user);
    return stmt_run(s);
}

enum err logins_drop_old(struct db *db, uint64_t made_before_ms, uint64_t seen_before_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_login_drop_old);
    bind_u64(s, ":made", made_before_ms);
    bind_u64(s, ":seen", seen_before_ms);
    return stmt_run(s);
}

static const char sql_bucket_get[] =
    "SELECT level, at_ms FROM login_bucket WHERE address = :address";
static const char sql_bucket_set[] =
    "INSERT INTO login_bucket VALUES (:address, :level, :at)"
    " ON CONFLICT (address) DO UPDATE SET level = excluded.level, at_ms = excluded.at_ms";

enum err bucket_get(struct db *db, const char *address, uint32_t *level, uint64_t *at_ms)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_bucket_get);
    bind_str(s, ":address", address);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    *level = row ? (uint32_t)col_u64(s, 0) : 0;
    *at_ms = row ? col_u64(s, 1) : 0;
    return OK;
}

enum err bucket_set(struct db *db, const char *address, uint32_t level, uint64_t at_ms)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(db, sql_bucket_set);
    bind_str(s, ":address", address);
    bind_i64(s, ":level", level);
    bind_u64(s, ":at", at_ms);
    return stmt_run(s);
}
