/* assets.h - pictures that guidelines name: which are wanted, what of them is here. A row stands from the moment that a believed
 * document names its hash; bytes of anything else have no place. All within the caller's transaction. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "node/vault/vault.h"

enum {
    ASSET_MAX = 16 * 1024 * 1024, /* a larger one is named by its guideline, and not fetched */
    ASSET_TYPE = 65,
};

struct asset_row {
    struct hash sha256;
    char media_type[ASSET_TYPE];
    uint64_t bytes, have;
    bool was_asked; /* the coordinator, for what comes at `asked` */
    uint64_t asked;
    bool whole;
    bool false_bytes; /* what came had another hash: not asked for again */
};

/* Nothing where the hash is known. */
enum err assets_want(struct vault *v, struct hash sha256, const char *media_type, uint64_t bytes);
enum err assets_get(struct vault *v, struct hash sha256, bool *found, struct asset_row *out);
/* The first that is wanted and not asked for at the place where it goes on; *found false where none. */
enum err assets_next(struct vault *v, bool *found, struct asset_row *out);
enum err assets_asked(struct vault *v, struct hash sha256, uint64_t offset);
/* Appends a part at `have`. */
enum err assets_add(struct vault *v, const struct asset_row *row, struct bytes data);
/* Appends all bytes that are here. */
enum err assets_read(struct vault *v, struct hash sha256, struct buf *out);
enum err assets_whole(struct vault *v, struct hash sha256);
/* Forgets the bytes; false_bytes: and does not ask for it again. */
enum err assets_forget(struct vault *v, struct hash sha256, bool false_bytes);
