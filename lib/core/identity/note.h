/* note.h - C2SP signed notes (signed-note v1.0.0) and cosignatures (tlog-cosignature v1): text, an empty line, signature
 * lines. Keys and secrets come as arguments; nothing is kept. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "core/identity/vkey.h"

enum { NOTE_SIGS_MAX = 100, NOTE_SEED = 32, NOTE_SIGNATURE = 64 };

struct note_sig {
    struct bytes name;
    struct bytes base64; /* canonical, of at least five bytes */
    struct key_id id;
};

/* All borrowed from the parsed bytes. */
struct note {
    struct bytes text;  /* ends in LF */
    struct bytes lines; /* all signature lines */
    size_t n;
    struct note_sig sig[NOTE_SIGS_MAX];
};

/* What one key had to say about a note. */
struct note_seal {
    bool valid;
    uint64_t time_s; /* of a cosignature, else 0; the newest where there are several */
};

/* Grammar only: valid UTF-8, no control byte but LF, split at the last empty line, 1 to 100 signature lines with canonical
 * base64. ERR_INVALID. */
enum err note_parse(struct bytes in, struct note *out);
/* Judges every line that bears a name and key id of `keys`, by the key's type; seals[i] belongs to keys[i]. Lines of other
 * keys are ignored. ERR_DENIED where a known key's signature is bad: the whole note is then worth nothing. */
enum err note_verify(const struct note *n, const struct vkey *keys, size_t n_keys,
                     struct note_seal *seals);
/* Parses, and wants a valid signature by this very key. ERR_INVALID, ERR_DENIED. */
enum err note_open(struct bytes in, const struct vkey *key, struct note *out);

/* The public key of a 32-byte Ed25519 seed. */
struct ed25519_public note_public(const uint8_t seed[NOTE_SEED]);
/* Appends one signature line by `key`, which must be of type VKEY_ED25519 and belong to the seed (ERR_INVALID). `text` ends
 * in LF. */
enum err note_sign(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                   struct buf *out);
/* Appends the line of a cosignature made at time_s over a checkpoint's text; key of type VKEY_COSIGNATURE. */
enum err note_cosign(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                     uint64_t time_s, struct buf *out);
/* Appends the whole note with one signature: text LF line. */
enum err note_make(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                   struct buf *out);
