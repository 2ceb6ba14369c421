/* store.c - the store over SQLCipher. */
#include "coordinator/store/store_in.h"

#include "store_migrations.h"

#include <stdlib.h>

static enum err migrate(struct store *s, struct diag *d)
{
    uint32_t at = 0;
    enum err e = db_user_version(s->db, &at);
    if (!e && at > store_migrations_count)
        return diag_set(d, ERR_CORRUPT,
                        "the store is of version %u, this program knows up to %zu: use the newer "
                        "program that wrote it",
                        at, store_migrations_count);
    for (size_t i = at; !e && i < store_migrations_count; i++) {
        CLEANUP(tx_end) struct tx tx;
        e = tx_begin(s->db, &tx);
        if (!e)
            e = db_exec(s->db, (const char *)store_migrations[i].begin);
        if (!e)
            e = db_set_user_version(s->db, (uint32_t)i + 1);
        if (!e)
            e = tx_commit(&tx);
        if (e)
            return diag_set(d, e, "migration %s failed: %s", store_migrations[i].name,
                            db_text(s->db));
    }
    return e;
}

static enum err open_one(const char *path, struct secret *key, bool create, struct store **out,
                         struct diag *d)
{
    AUTO(store) s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    enum err e = db_open(path, key, create, &s->db, d);
    if (!e)
        e = migrate(s, d);
    if (!e)
        *out = MOVE(s);
    return e;
}

enum err store_create(const char *path, struct secret *key, struct store **out, struct diag *d)
{
    return open_one(path, key, true, out, d);
}

enum err store_open(const char *path, struct secret *key, struct store **out, struct diag *d)
{
    return open_one(path, key, false, out, d);
}

void store_free(struct store *s)
{
    if (s == NULL)
        return;
    db_free(s->db);
    free(s);
}

enum err store_begin(struct store *s, struct tx *tx)
{
    return tx_begin(s->db, tx);
}

const char *store_text(const struct store *s)
{
    return db_text(s->db);
}

enum err store_checkpoint(struct store *s)
{
    return db_checkpoint(s->db);
}

struct hash col_hash(struct stmt *q, int i)
{
    struct hash h = {{0}};
    struct bytes b = col_bytes(q, i);
    if (b.n == sizeof h.b)
        memcpy(h.b, b.p, sizeof h.b);
    return h;
}
