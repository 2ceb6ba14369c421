/* logstore.h - an append-only, signed log on files (log-and-security.md 2.1, 3). One process writes (lock); what an auditor
 * reads lies beside it as plain files: checkpoint, tile/, frame/, cp/. Not for several threads at once; it has a thread of its
 * own that makes those files (logstore_publish_beside).
 *
 *   append, append, ... -> sync (one fdatasync: the commit point) -> act on it
 *   publish, from a timer: bundles, tiles and frame files are derived, then the signed checkpoint is renamed into place
 *
 * An entry costs its file system one file (its frame), which is many times its share of a sync: appends that come faster than
 * files can be made wait in memory, up to LOGSTORE_BACKLOG_MAX, and are durable all the same.
 *
 * state/journal holds entries and frames until their derived files are on disk; every open replays it. The journal is the
 * truth: a size is signed only when the journal holds it, so no crash makes us sign two roots for one size.
 *
 * After a failed sync to disk (EIO, or ENOSPC reported late) the store is dead: every call returns ERR_IO and the process
 * has to end and recover by opening anew. It is never retried, because the kernel may have dropped the pages.
 */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/secret.h"
#include "core/identity/vkey.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"

enum {
    LOGSTORE_FRAME_JOURNAL = 64 * 1024,   /* larger frames become a file before the commit */
    LOGSTORE_FRAME_MAX = 4 * 1024 * 1024, /* of any frame */
    LOGSTORE_BACKLOG_MAX =
        32 * 1024 * 1024, /* bytes not yet derived: above it append says ERR_FULL */
    LOGSTORE_JOURNAL_MAX = 16 * 1024 * 1024, /* publish rotates the journal above this */
    LOGSTORE_PUBLISH_MS = 200,               /* under load no checkpoint is signed more often */
};

struct logstore;

/* Makes the folder `name` (0750) below `at` with an empty log and a signed checkpoint of size 0, and opens it. ERR_CONFLICT
 * where a log is there already. `seed` (32 bytes, Ed25519) is borrowed until logstore_free; `origin` names the log and its
 * key. */
enum err logstore_create(int at, const char *name, const char *origin, struct secret *seed,
                         struct logstore **out, struct diag *d);
/* Opens and recovers. ERR_NOTFOUND no log there; ERR_CONFLICT another process has it; ERR_DENIED, ERR_IO, ERR_FULL;
 * ERR_CORRUPT: ROLLBACK or damage - the checkpoint is not ours, is larger than the journal or has another root, derived files
 * go beyond the journal. d says which; nothing was touched; the caller exits 78. */
enum err logstore_open(int at, const char *name, const char *origin, struct secret *seed,
                       struct logstore **out, struct diag *d);
/* The same, but signs nothing: for a log that another party holds checkpoints of, until that party has confirmed that it knows
 * nothing newer (log-and-security.md 3.9). What was synced but not published waits for the first logstore_publish. */
enum err logstore_open_unsigned(int at, const char *name, const char *origin, struct secret *seed,
                                struct logstore **out, struct diag *d);
/* Closes. What was synced but not published is published by the next open. Accepts NULL. */
void logstore_free(struct logstore *s);
DEFINE_AUTO(logstore)

/* Queues one entry: nothing is promised until logstore_sync said OK. `frame` and `note` are copied. Its time is max(now_ms,
 * the last entry's); before an entry whose clock stepped back by more than a second a local `clock` entry is queued once.
 * ERR_TOOBIG, ERR_NOMEM, ERR_FULL (backlog; large frame), ERR_IO: nothing was queued. `note` is empty for rej and local. */
enum err logstore_append(struct logstore *s, enum entry_kind kind, uint64_t now_ms,
                         struct bytes frame, struct bytes note, uint64_t *out_index);
/* Makes all queued entries durable by one write and one fdatasync. On an error none of them exists: their indices are given
 * out again. ERR_FULL can be tried again with new appends when there is room; ERR_IO is for ever. OK where none was queued. */
enum err logstore_sync(struct logstore *s);
/* Forgets what was queued and not synced: their indices are given out again. */
void logstore_undo(struct logstore *s);
/* Derives files and signs a checkpoint for all durable entries. Does nothing where there is nothing new, or within
 * LOGSTORE_PUBLISH_MS of the last (0 = now). ERR_FULL and ERR_DENIED can be retried; the log itself is whole. */
enum err logstore_publish(struct logstore *s, uint64_t now_ms);
/* The same on a thread, so that neither an append nor the caller's loop waits for it: hands the durable entries over and comes
 * back. What became of them the next call of this says, or logstore_publish. Does nothing while the thread is at work, and
 * waits for it once half the backlog is filled. */
enum err logstore_publish_beside(struct logstore *s, uint64_t now_ms);
/* ms until a publish has something to do; UINT64_MAX = nothing. For the loop's timer. */
uint64_t logstore_publish_in_ms(const struct logstore *s, uint64_t now_ms);

uint64_t logstore_size(const struct logstore *s);   /* durable entries */
uint64_t logstore_queued(const struct logstore *s); /* appended, not yet synced */
uint64_t
logstore_last_ms(const struct logstore *s); /* time of the newest durable entry; 0 = none */
struct hash logstore_root(const struct logstore *s);        /* over the durable entries */
const struct vkey *logstore_vkey(const struct logstore *s); /* borrowed */
/* The newest checkpoint that was published; one that is on its way there counts once the next publish has said so. */
struct checkpoint logstore_checkpoint(const struct logstore *s);

/* A durable entry with its frame, all borrowed until the next call on the store. Waits for the thread that publishes. */
struct logstore_item {
    struct entry entry;
    struct bytes text;  /* the entry as hashed */
    struct bytes frame; /* NULL where its file was pruned */
};
/* ERR_NOTFOUND beyond the end; ERR_CORRUPT where the files are damaged. Cheap when called with neighbouring indices, so
 * "newest to oldest" is a loop from logstore_size() - 1 down. */
enum err logstore_get(struct logstore *s, uint64_t index, struct logstore_item *out);

/* Its text alone; borrowed alike. */
enum err logstore_text(struct logstore *s, uint64_t index, struct bytes *out);

/* Publishes, keeps the checkpoint as cp/<size>, and copies checkpoint, cp/, peer/, tiles, entries and frames of exactly that size
 * into the folder `name` below `at`, which is made or must be empty (ERR_CONFLICT). *out is what was copied. */
enum err logstore_copy(struct logstore *s, uint64_t now_ms, int at, const char *name,
                       struct checkpoint *out, struct diag *d);
/* The auditor's policy for this log, of an access log: `log <vkey>` and `quorum none`. */
enum err logstore_policy_put(const struct logstore *s, struct buf *out);
