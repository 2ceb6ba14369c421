/* records.h - sessions, streams and their bytes, items. Bytes are stored in chunks of VAULT_CHUNK, so that no stream is ever
 * whole in memory. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"
#include "node/vault/vault.h"

enum { RECORD_ID = 32, RECORD_SLOT = 65, RECORD_KIND = 8, RECORD_TYPE = 108 };

struct record_stream {
    int64_t id;
    int64_t session;
    char pseudonym[RECORD_ID]; /* of the session */
    char slot[RECORD_SLOT];
    char kind[RECORD_KIND];
    char media_type[RECORD_TYPE];
    uint64_t bytes; /* of a partial one: what is stored so far */
    struct hash sha256;
    bool whole;
    bool absent;
};

/* Finds or makes; patient may be empty (a bundle names none). Within a transaction. */
enum err records_session(struct vault *v, const char *pseudonym, struct bytes patient,
                         uint64_t now_ms, int64_t *out);
/* The stream of a session's slot; *found false where there is none. */
enum err records_find(struct vault *v, const char *pseudonym, const char *slot, bool *found,
                      struct record_stream *out);
/* A whole stream with these bytes, anywhere. */
enum err records_find_hash(struct vault *v, struct hash sha256, bool *found,
                           struct record_stream *out);
/* Whether work was handed out on the item of this session: its streams are then settled. */
enum err records_in_work(struct vault *v, const char *pseudonym, bool *out);

/* Writing a stream: begin (partial), put chunks in order, finish. Each within a transaction of the caller's. */
enum err records_begin(struct vault *v, int64_t session, const char *slot, const char *kind,
                       const char *media_type, int64_t *out);
enum err records_put(struct vault *v, int64_t stream, uint64_t chunk, struct bytes bytes);
/* Makes it whole, and part of the session's item. doc is the stream of data.md 2, clock a clock map or NULL. */
enum err records_finish(struct vault *v, int64_t stream, uint64_t bytes, struct hash sha256,
                        const char *media_type, const char *doc, const char *clock);
/* A stream known by name only, as a bundle without bytes brings it; the caller joins it to its item. */
enum err records_absent(struct vault *v, int64_t session, const char *slot, const char *kind,
                        const char *media_type, uint64_t bytes, struct hash sha256, const char *doc,
                        const char *clock, int64_t *out);
/* What records_finish does by itself for an import, piece by piece for a bundle. */
enum err records_item_add(struct vault *v, const char *item, int64_t session);
enum err records_item_stream(struct vault *v, const char *item, const char *slot, int64_t stream);
enum err records_session_id(struct vault *v, const char *pseudonym,
                            int64_t *out);                                      /* ERR_NOTFOUND */
enum err records_item_session(struct vault *v, const char *item, int64_t *out); /* ERR_NOTFOUND */
/* Deletes a partial stream, at most `chunks` of its chunks a call; *left false when it is gone. */
enum err records_drop(struct vault *v, int64_t stream, uint64_t chunks, bool *left);

/* Up to n bytes from `at`, across chunks; fewer only at the end. */
enum err records_read(struct vault *v, int64_t stream, uint64_t at, uint8_t *out, size_t n,
                      size_t *got);

/* Calls fn for each stream of an item, in the order of slots. doc is JSON, clock JSON or NULL; borrowed for the call. */
typedef enum err records_fn(void *ctx, const struct record_stream *s, const char *doc,
                            const char *clock);
enum err records_of_item(struct vault *v, const char *item, records_fn *fn, void *ctx);
/* Pseudonym of the item's session, and the patient's HMAC (zeros where unknown). ERR_NOTFOUND. */
enum err records_item(struct vault *v, const char *item, char session[RECORD_ID],
                      struct hash *patient);

struct records_count {
    uint64_t patients, sessions, items, streams, bytes;
};
enum err records_count(struct vault *v, struct records_count *out);

/* Import jobs: what became of each file, without its name. */
enum err records_job_begin(struct vault *v, const char *by, uint64_t now_ms, int64_t *out);
enum err records_job_file(struct vault *v, int64_t job, uint64_t number, const char *outcome,
                          int64_t stream, const char *reason);
enum err records_job_end(struct vault *v, int64_t job, uint64_t now_ms);
/* When it was recorded, as the hospital wrote it. */
enum err records_set_time(struct vault *v, int64_t stream, const char *time);
