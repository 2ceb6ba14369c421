/* logedit.h - the forger's tool: a copied log's entries in memory, changed at will, and written back as a log whose every hash
 * is right and whose checkpoint is signed anew. All hashing is by the naive definitions. */
#pragma once

#include "base/buf.h"
#include "core/identity/note.h"
#include "core/tlog/entry.h"
#include "core/wire/msgnote.h"

enum { LOGEDIT_MAX = 2000 };

struct logedit {
    char dir[300];
    struct buf entry[LOGEDIT_MAX];
    size_t n;
};

/* A signing key, as its thief holds it. */
struct logedit_key {
    struct vkey key;
    uint8_t seed[NOTE_SEED];
};

/* Copies `from` to the folder `dir`, which is made, and reads its entries. */
void logedit_load(struct logedit *l, const char *from, const char *dir);
void logedit_fini(struct logedit *l);
/* The entry and, of out and in, its message; borrowed until that entry changes. False where it is none. */
bool logedit_entry(const struct logedit *l, size_t i, struct entry *e, struct msgnote *m);
/* The n-th data message (from 0) of the kind; its index. Fails the test where there is none. */
size_t logedit_find(const struct logedit *l, enum entry_kind kind, size_t nth);

void logedit_remove(struct logedit *l, size_t at, size_t count);
void logedit_swap(struct logedit *l, size_t a, size_t b);
/* Says the entry's message again with another status in its body, signed by `by`; the new frame is written too. */
void logedit_resay(struct logedit *l, size_t i, const struct logedit_key *by);
/* Appends a data message like the last of its kind, with the number after the newest message of that direction. */
void logedit_repeat(struct logedit *l, enum entry_kind kind, const struct logedit_key *by);
/* Moves all times. */
void logedit_shift(struct logedit *l, int64_t ms);
/* Index, time, and for messages of this side seq, prev and seen as the list has them now, signed by `by` (NULL: only index and
 * time). Frames are written anew. */
void logedit_mend(struct logedit *l, const struct logedit_key *by);
/* Writes bundles, tiles and a checkpoint signed by `log`; cp/ is emptied, as its checkpoints would tell. */
void logedit_save(const struct logedit *l, const struct logedit_key *log);
