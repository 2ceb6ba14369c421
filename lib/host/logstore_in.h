/* logstore_in.h - the inside of the log store, shared by its parts: logstore.c (life, append, sync), logstore_derive.c
 * (files and checkpoints), logstore_recover.c (open), logstore_read.c (reading back, copying). */
#pragma once

#include "base/hex.h"
#include "host/journal.h"
#include "host/logstore.h"

enum { LOG_FILE_MODE = 0640, LOG_DIR_MODE = 0750, LOG_COPY_NAMES = 1 << 20 };

/* An entry that is not derived yet: where its parts lie in logstore.bytes. */
struct log_item {
    size_t at; /* of its packed journal record */
    size_t entry_at, entry_n;
    size_t frame_at, frame_n;
    bool carried;
    struct hash leaf;
    struct hash frame;
};

struct logstore {
    int dir_fd, state_fd, lock_fd;
    struct vkey key; /* its name is the origin */
    struct secret *seed;
    bool dead;      /* a sync failed: see the header */
    bool unsigned_; /* the open signs nothing */

    /* Durable entries. */
    struct journal journal;
    struct tree tree;
    uint64_t last_ms;

    /* Packed records: first the durable ones that are not derived, then the queued ones. */
    struct buf bytes;
    struct log_item *items;
    size_t n_items, cap_items;
    size_t n_durable;
    struct hash queue_chain;
    uint64_t queue_ms;
    bool clock_noted; /* the step back under way is in the log already */

    /* Derived entries: they are in files, but for the partial tiles and the partial bundle, which are written at each
     * publish. */
    uint64_t derived;
    struct edge edge;
    struct buf tail;
    unsigned tail_n;

    struct checkpoint signed_last;
    bool signed_any;
    uint64_t published_ms;

    /* One bundle and one frame read back, for logstore_get. */
    struct buf bundle;
    uint64_t bundle_n; /* UINT64_MAX = none */
    struct buf frame;
};

/* Writes derived entries' files and the partial ones; afterwards all durable entries are derived. Can be repeated. */
enum err logstore_derive(struct logstore *s);
/* Signs the durable size and renames `checkpoint`; then removes the partials of the one before. */
enum err logstore_sign(struct logstore *s);
/* Starts a new journal at the derived size. */
enum err logstore_rotate(struct logstore *s);
/* "frame/<hh>/<64 hex>" */
enum { LOG_FRAME_PATH = 6 + 3 + HASH_TEXT };
void logstore_frame_path(struct hash frame, char out[LOG_FRAME_PATH]);
/* Replays the journal into a half-built store and holds it against the checkpoint. */
enum err logstore_recover(struct logstore *s, struct diag *d);
/* Takes note of one durable record (at replay) or of a queued one. */
enum err logstore_remember(struct logstore *s, const struct journal_record *r, struct hash frame);
void logstore_forget_derived(struct logstore *s);
