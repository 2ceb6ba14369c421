/* vault.c - opening, migrations, and the turn of writing. */
#include "node/vault/vault.h"

#include "migrations.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A mutex alone would let the worker, which begins its next transaction at once, win every race. */
struct turn {
    pthread_mutex_t lock;
    pthread_cond_t free;
    bool taken;
    unsigned keeper_waits;
    unsigned users; /* connections that share it */
};

struct vault {
    struct db *db;
    struct turn *turn;
    bool keeper;
};

static struct turn *turn_new(void)
{
    struct turn *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)pthread_cond_init(&t->free, NULL);
    t->users = 1;
    return t;
}

static void turn_drop(struct turn *t)
{
    if (t == NULL)
        return;
    (void)pthread_mutex_lock(&t->lock);
    unsigned left = --t->users;
    (void)pthread_mutex_unlock(&t->lock);
    if (left > 0)
        return;
    (void)pthread_mutex_destroy(&t->lock);
    (void)pthread_cond_destroy(&t->free);
    free(t);
}

static void turn_take(struct turn *t, bool keeper)
{
    (void)pthread_mutex_lock(&t->lock);
    t->keeper_waits += keeper;
    while (t->taken || (!keeper && t->keeper_waits > 0))
        (void)pthread_cond_wait(&t->free, &t->lock);
    t->keeper_waits -= keeper;
    t->taken = true;
    (void)pthread_mutex_unlock(&t->lock);
}

static void turn_give(struct turn *t)
{
    (void)pthread_mutex_lock(&t->lock);
    t->taken = false;
    (void)pthread_cond_broadcast(&t->free);
    (void)pthread_mutex_unlock(&t->lock);
}

void vault_free(struct vault *v)
{
    if (v == NULL)
        return;
    db_free(v->db);
    turn_drop(v->turn);
    free(v);
}

struct db *vault_db(struct vault *v)
{
    return v->db;
}

enum err vault_begin(struct vault *v, struct vault_tx *tx)
{
    tx->v = NULL;
    turn_take(v->turn, v->keeper);
    enum err e = tx_begin(v->db, &tx->tx);
    if (e)
        turn_give(v->turn);
    else
        tx->v = v;
    return e;
}

enum err vault_commit(struct vault_tx *tx)
{
    enum err e = tx_commit(&tx->tx);
    if (e)
        return e; /* vault_end rolls back */
    turn_give(tx->v->turn);
    tx->v = NULL;
    return OK;
}

void vault_end(struct vault_tx *tx)
{
    if (tx->v == NULL)
        return;
    tx_end(&tx->tx);
    turn_give(tx->v->turn);
    tx->v = NULL;
}

static enum err migrate_one(struct vault *v, size_t i)
{
    CLEANUP(vault_end) struct vault_tx tx;
    enum err e = vault_begin(v, &tx);
    if (!e)
        e = db_exec(v->db, (const char *)migrations[i].begin);
    if (!e)
        e = db_check_references(v->db);
    if (!e)
        e = db_set_user_version(v->db, (uint32_t)i + 1);
    return e ? e : vault_commit(&tx);
}

/* A table that others refer to is made anew under another name and then takes the old one's: with references enforced, SQLite
 * would take its rows away first. What they are worth is checked before each commit. */
static enum err migrate(struct vault *v, struct diag *d)
{
    uint32_t at = 0;
    enum err e = db_user_version(v->db, &at);
    if (e || at == migrations_count)
        return e;
    if (at > migrations_count)
        return diag_set(d, ERR_CORRUPT,
                        "the vault is of version %u, this program knows up to %zu: use the newer "
                        "program that wrote it",
                        at, migrations_count);
    e = db_enforce_references(v->db, false);
    for (size_t i = at; !e && i < migrations_count; i++) {
        e = migrate_one(v, i);
        if (e)
            return diag_set(d, e, "migration %s failed: %s", migrations[i].name, db_text(v->db));
    }
    return e ? e : db_enforce_references(v->db, true);
}

static enum err open_one(const char *path, struct secret *key, bool create, struct turn *shared,
                         struct vault **out, struct diag *d)
{
    AUTO(vault) v = calloc(1, sizeof *v);
    if (v == NULL)
        return ERR_NOMEM;
    v->keeper = shared == NULL;
    if (shared != NULL) {
        (void)pthread_mutex_lock(&shared->lock);
        shared->users++;
        (void)pthread_mutex_unlock(&shared->lock);
    }
    v->turn = shared == NULL ? turn_new() : shared;
    if (v->turn == NULL)
        return ERR_NOMEM;
    enum err e = db_open(path, key, create, &v->db, d);
    if (!e && shared == NULL)
        e = migrate(v, d);
    if (e)
        return e;
    *out = MOVE(v);
    return OK;
}

enum err vault_create(const char *path, struct secret *key, struct vault **out, struct diag *d)
{
    return open_one(path, key, true, NULL, out, d);
}

enum err vault_open(const char *path, struct secret *key, struct vault **out, struct diag *d)
{
    return open_one(path, key, false, NULL, out, d);
}

enum err vault_open_second(struct vault *first, const char *path, struct secret *key,
                           struct vault **out, struct diag *d)
{
    return open_one(path, key, false, first->turn, out, d);
}

static const char sql_meta_set[] =
    "INSERT INTO meta VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char sql_meta_get[] = "SELECT value FROM meta WHERE key = :key";

enum err vault_meta_set(struct vault *v, const char *key, const char *value)
{
    CLEANUP(stmt_done) struct stmt *s = db_stmt(v->db, sql_meta_set);
    bind_str(s, ":key", key);
    bind_str(s, ":value", value);
    return stmt_run(s);
}

enum err vault_meta_get(struct vault *v, const char *key, char *out, size_t size)
{
    bool row = false;
    CLEANUP(stmt_done) struct stmt *s = db_stmt(v->db, sql_meta_get);
    bind_str(s, ":key", key);
    enum err e = stmt_row(s, &row);
    if (e)
        return e;
    (void)snprintf(out, size, "%s", row ? col_str(s, 0) : "");
    return OK;
}
