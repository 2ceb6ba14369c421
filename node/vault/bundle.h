/* bundle.h - the vault as lines of an export (data.md 6): one query a type of line, each row JSON. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"
#include "node/vault/vault.h"

enum { BUNDLE_TYPES = 10 };
/* Types in the order of the bundle, without its first and last line. */
const char *bundle_type(size_t i);

/* campaign 0: everything. Within one read transaction of the caller's. */
enum err bundle_count(struct vault *v, size_t type, int64_t campaign, uint64_t *out);
/* JSON of one line, not canonical; members that are null are absent ones. Borrowed for the call. */
typedef enum err bundle_fn(void *ctx, struct bytes json);
enum err bundle_each(struct vault *v, size_t type, int64_t campaign, bundle_fn *fn, void *ctx);

/* Whole streams of the exported items: id, hash, size. */
typedef enum err bundle_stream_fn(void *ctx, int64_t stream, struct hash sha256, uint64_t bytes);
enum err bundle_streams(struct vault *v, int64_t campaign, bundle_stream_fn *fn, void *ctx);

/* No session, stream or work is here. */
enum err bundle_vault_empty(struct vault *v, bool *out);
/* A suggestion and its decisions, as lines bring them. */
enum err bundle_suggestion(struct vault *v, const char *id, const char *item, struct bytes doc);
enum err bundle_suggestion_decision(struct vault *v, const char *id, const char *by,
                                    const char *decision, uint64_t shown_ms, uint64_t decided_ms);
