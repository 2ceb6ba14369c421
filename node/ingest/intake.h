/* intake.h - the bytes of one file on their way in: read, hashed, and checked for UTF-8, chunk after chunk.
 *
 * A large file has a thread for that, a few chunks ahead of the caller, who meanwhile encrypts and stores: the two cost about
 * the same and touch nothing of each other's. A small one is read by the caller itself, because a thread would cost more. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

struct intake;

enum {
    INTAKE_AHEAD = 8,                /* chunks in memory, the caller's one among them */
    INTAKE_THREAD = 4 * 1024 * 1024, /* files from this size on have a thread */
};

/* From the file's present place on; fd is borrowed and left alone by others until intake_free. `expected` is a guess at its
 * size. ERR_NOMEM, ERR_INTERNAL. */
enum err intake_new(int fd, bool text, uint64_t expected, struct intake **out);
/* Ends the thread: waits for the chunk that it is at. Accepts NULL. */
void intake_free(struct intake *k);
DEFINE_AUTO(intake)

/* The next VAULT_CHUNK bytes, fewer only at the file's end, none behind it; borrowed until the next call. ERR_INVALID: a text
 * that is not UTF-8 in this chunk, see intake_bad. ERR_IO. An error sticks. */
enum err intake_next(struct intake *k, struct bytes *out);
/* After ERR_INVALID: where; *cut where the text ends inside a character. */
uint64_t intake_bad(const struct intake *k, bool *cut);
/* After the end: the hash of all bytes, and the code points of a text. */
struct hash intake_hash(const struct intake *k);
uint64_t intake_length(const struct intake *k);
