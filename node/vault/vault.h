/* vault.h - the node's one encrypted file: opened, migrated, and shared by keeper and worker without a save ever waiting for
 * an import. All SQL of the node stands in this folder. */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/secret.h"
#include "io/db.h"

struct vault;

enum { VAULT_CHUNK = 256 * 1024 }; /* bytes of a chunk; fixed when a stream is written */

/* Makes `path` and its tables. */
enum err vault_create(const char *path, struct secret *key, struct vault **out, struct diag *d);
/* Opens and migrates. ERR_DENIED: another key. ERR_CORRUPT: no vault of ours, or of a newer version; d says what to do. */
enum err vault_open(const char *path, struct secret *key, struct vault **out, struct diag *d);
/* A second connection for the worker's thread; shares the write turn of the first, which must outlive it. */
enum err vault_open_second(struct vault *first, const char *path, struct secret *key,
                           struct vault **out, struct diag *d);
void vault_free(struct vault *v);
DEFINE_AUTO(vault)

struct db *vault_db(struct vault *v);

/* Write transactions of both connections take turns here: the first connection (the keeper's) never waits for more than the
 * running one of the other, which in turn is kept short (4 MiB). Rolls back unless committed. */
struct vault_tx {
    struct vault *v; /* NULL once over */
    struct tx tx;
};
enum err vault_begin(struct vault *v, struct vault_tx *tx);
enum err vault_commit(struct vault_tx *tx);
void vault_end(struct vault_tx *tx);

/* meta */
enum err vault_meta_set(struct vault *v, const char *key, const char *value);
enum err vault_meta_get(struct vault *v, const char *key, char *out,
                        size_t size); /* "" where absent */
