/* store.h - one file into the vault, on the worker's thread: judged, hashed and stored in one pass, so that a file of any size
 * costs a few blocks of memory. A large one is read and hashed by a thread beside (intake.h), which is over when store_take
 * returns. Commits every 4 MiB at most, so that no save waits. */
#pragma once

#include "base/bytes.h"
#include "base/diag.h"
#include "node/config.h"
#include "node/vault/records.h"

enum {
    STORE_COMMIT = 4 * 1024 * 1024,
    STORE_CHECKPOINT =
        64 * 1024 * 1024, /* of a large file: then the -wal is moved into the vault */
};

/* Told now and then with the bytes stored so far; on the worker's thread. So is `stopping` asked. */
typedef void store_progress(void *ctx, uint64_t bytes);

struct store_file {
    int fd;              /* borrowed */
    const char *session; /* pseudonym */
    struct hash patient; /* HMAC */
    const char *slot;
    const char *kind;     /* text or image */
    const char *time;     /* as the hospital wrote it; "" = none */
    const char *encoding; /* of a text; "" = UTF-8 */
    bool dry_run;
    int64_t job;
    uint64_t number; /* of the file in the job */
    uint64_t now_ms;
    store_progress *progress;
    void *ctx;
    bool (*stopping)(
        void
            *ctx); /* the node is being stopped: break off, keep what is stored for the next time */
};

enum store_outcome { STORE_TAKEN, STORE_DUPLICATE, STORE_REFUSED };

struct store_result {
    enum store_outcome outcome;
    char reason
        [400]; /* why it was refused, of what it is a duplicate, or a note on what was taken */
    uint64_t bytes;
};

/* ERR_FULL, ERR_IO, ERR_NOMEM, ERR_CLOSED (stopping): the import cannot go on. Everything about the file itself is in *out. */
enum err store_take(struct vault *v, const struct config *c, const char *vault_path,
                    const struct store_file *f, struct store_result *out);
