/* logstore_in.h - the inside of the log store, shared by its parts: logstore.c (life, append, sync), logstore_publish.c
 * (when, and on which thread), logstore_derive.c (files and checkpoints), logstore_rotate.c (a new journal), logstore_recover.c
 * (open), logstore_read.c (reading back, copying). */
#pragma once

#include "base/hex.h"
#include "host/journal.h"
#include "host/logstore.h"

#include <pthread.h>
#include <stdatomic.h>

enum { LOG_FILE_MODE = 0640, LOG_DIR_MODE = 0750, LOG_COPY_NAMES = 1 << 20 };

/* An entry that is not derived yet: where its parts lie in the bytes beside it. */
struct log_item {
    size_t at; /* of its packed journal record */
    size_t entry_at, entry_n;
    size_t frame_at, frame_n;
    bool carried;
    struct hash leaf;
    struct hash frame;
};

/* Durable entries on their way into files, and the checkpoint over them, signed already. */
struct log_batch {
    struct buf bytes;
    struct log_item *items;
    size_t n;
    uint64_t end;     /* entries of the log with the last of these */
    uint64_t last_ms; /* time of entry end - 1 */
    int frames_fd;    /* frame/, while it is derived from; -1 = not open */
    bool sign;
    struct checkpoint c;
    struct buf note;
    bool sync; /* the journal is to be rotated: all files on the disk before that */
    bool lost; /* which failed */
    enum err e;
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

    /* Packed records: first the durable ones that are not handed over yet, then the queued ones. */
    struct buf bytes;
    struct log_item *items;
    size_t n_items, cap_items;
    size_t n_durable;
    struct hash queue_chain;
    uint64_t queue_ms;
    bool clock_noted; /* the step back under way is in the log already */

    /* The thread that publishes. While `running`, it alone touches what is between here and the end of the next block; the
     * store's owner touches the rest. pthread_create and pthread_join are the only hand-overs. */
    pthread_t thread;
    bool running;         /* the owner's, like `ended` */
    bool ended;           /* waited for, but what it did is not taken over yet */
    atomic_bool finished; /* the thread's last word */
    size_t going_bytes;   /* the owner's: of `going`, counted into the backlog */
    struct log_batch going;

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

/* Waits for the thread: what is derived may be read. */
void logstore_wait(struct logstore *s);
/* The same, and takes over what it did: its error. OK where none ran. */
enum err logstore_settle(struct logstore *s);
/* Hands all durable entries over and derives them here and now; signs their size where `sign` says so. Not while a thread
 * runs. */
enum err logstore_derive_now(struct logstore *s, bool sign);
/* Writes the files of `going` and the partial ones; afterwards it is empty. Can be repeated. On either thread. */
enum err logstore_derive(struct logstore *s);
/* The checkpoint and its note for the durable size, into `going`. */
enum err logstore_sign(struct logstore *s);
/* Renames the signed checkpoint into place; then removes the partials of the one before. On either thread. */
enum err logstore_place_checkpoint(struct logstore *s);
/* Starts a new journal at the derived size, with what is durable beyond it. */
enum err logstore_rotate(struct logstore *s);
/* The same where all files are on the disk already. */
enum err logstore_begin_again(struct logstore *s);
/* "frame/<hh>/<64 hex>" */
enum { LOG_FRAME_PATH = 6 + 3 + HASH_TEXT };
void logstore_frame_path(struct hash frame, char out[LOG_FRAME_PATH]);
/* Replays the journal into a half-built store and holds it against the checkpoint. */
enum err logstore_recover(struct logstore *s, struct diag *d);
/* Takes note of one durable record (at replay) or of a queued one. */
enum err logstore_remember(struct logstore *s, const struct journal_record *r, struct hash frame);
