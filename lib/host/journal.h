/* journal.h - the file that makes a log entry durable: a head that stands for all entries before it, then one record an
 * entry, each chained to the record before by SHA-256. Used by logstore alone. */
#pragma once

#include "base/buf.h"
#include "core/tlog/bundle.h"
#include "core/tlog/tile.h"

enum {
    JOURNAL_FRAME_MAX = 64 * 1024,
    JOURNAL_RECORD_MAX = 64 * 1024 + 65535 + 64,
    JOURNAL_HEAD_MAX = 28 + TILE_LEVELS * TILE_BYTES + BUNDLE_MAX + 32,
};

/* The right edge of the tree: of each level the hashes of its last, partial tile. 256 stand there only until the full tile
 * is written. */
struct edge {
    struct {
        unsigned n;
        uint8_t hash[TILE_BYTES];
    } level[TILE_LEVELS];
};
/* The tree that an edge and its size stand for. */
void edge_tree(const struct edge *g, uint64_t size, struct tree *out);

/* Where the journal begins: `base` entries are in files already. */
struct journal_head {
    uint64_t base;
    uint64_t last_ms; /* time of entry base - 1 */
    struct edge edge;
    struct buf tail; /* the entries of the partial bundle, as bundled */
};

struct journal_record {
    struct bytes entry;
    struct bytes frame; /* empty where it was too large: then its file was durable first */
    bool carried;
};

struct journal {
    int fd;        /* -1 = not open */
    uint64_t end;  /* bytes of whole records */
    uint64_t room; /* bytes of the file: what follows `end` is zeros, or what no one was promised */
    struct hash chain; /* hash of the last record, or of the head */
};

/* Cuts the zeros off and closes. */
void journal_fini(struct journal *j);
/* Appends the head to *out, which is empty; *chain is what the first record is chained to. */
enum err journal_head_put(const struct journal_head *h, struct buf *out, struct hash *chain);
/* Puts a new journal in place of the old one (synced): `whole` is its head with the records that follow it already, `chain` the
 * hash of the last. *j is it, open. ERR_IO is fatal, any other error leaves the old one in use. */
enum err journal_begin(int state_fd, struct bytes whole, struct hash chain, mode_t mode,
                       struct journal *j);

typedef enum err journal_visitor(const struct journal_record *r, void *ctx);
/* Opens and replays: the head (into *h, whose tail the caller ends), then `visit` for each whole record, borrowed for the
 * call. What follows the last whole record was never acknowledged and is not counted in j->end; nothing is written here.
 * ERR_NOTFOUND, ERR_CORRUPT (head), ERR_IO, the visitor's error. `start` is called once between head and records. */
enum err journal_open(int state_fd, struct journal_head *h, enum err (*start)(void *ctx),
                      journal_visitor *visit, void *ctx, struct journal *j);
/* Cuts off what follows j->end and syncs, before the first append after an open. */
enum err journal_trim(struct journal *j);

/* Appends one packed record to *out and moves *chain on. */
enum err journal_pack(const struct journal_record *r, struct hash *chain, struct buf *out);
/* Writes packed records at the end, zeros behind them where none are left, and syncs once. ERR_FULL: they were cut off again,
 * all is as before. ERR_IO: the file is in an unknown state and must not be used any more. */
enum err journal_commit(struct journal *j, struct bytes records, struct hash chain);
