/* entry.h - `fedlog-entry/v1`, the text whose hash is a leaf of the log (log-and-security.md 2.2). */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"

enum entry_kind { ENTRY_OUT, ENTRY_IN, ENTRY_REJ, ENTRY_LOCAL };
enum { ENTRY_MAX = 65535, ENTRY_BLIND = 16 }; /* random bytes that begin a local frame */

struct entry {
    uint64_t index;
    uint64_t time_ms;
    enum entry_kind kind;
    uint64_t frame_size;
    struct hash frame; /* SHA-256 of the frame's bytes */
    struct bytes
        note; /* the signed message note of out and in, borrowed; empty for rej and local */
};

/* "out", "in", "rej", "local". Static. */
const char *entry_kind_name(enum entry_kind k);
/* Strict: what it takes, entry_put prints alike. The note's own grammar is core/wire/msgnote's business. ERR_TOOBIG,
 * ERR_INVALID. */
enum err entry_parse(struct bytes text, struct entry *out);
enum err entry_put(const struct entry *e, struct buf *out);
/* Is its first line `fedlog-entry/v<n>` with another n than ours? Then a newer tool reads it. */
bool entry_version_unknown(struct bytes text);
