/* vkey.h - C2SP verifier keys and signature lines: `<name>+<8 hex key id>+<base64(type || key)>` (C2SP signed-note v1.0.0,
 * log-and-security.md 2.4). */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"

enum vkey_type { VKEY_ED25519 = 1, VKEY_COSIGNATURE = 4 };
enum { VKEY_NAME_MAX = 200 };

struct key_id {
    uint8_t b[4];
};
struct ed25519_public {
    uint8_t b[32];
};

struct vkey {
    char name[VKEY_NAME_MAX + 1]; /* ASCII without space and '+' */
    struct key_id id;
    enum vkey_type type;
    struct ed25519_public key;
};

/* SHA-256(name LF type key)[0:4]. */
struct key_id vkey_id(struct bytes name, enum vkey_type type, struct ed25519_public key);
/* False for the empty name, one that is too long, or one with a space, a control byte, a non-ASCII byte or '+'. */
bool vkey_name_ok(struct bytes name);
/* Takes the canonical text only; the key id must be the right one (ERR_INVALID otherwise). */
enum err vkey_parse(struct bytes text, struct vkey *out);
/* The vkey of a name (vkey_name_ok) and a key. */
enum err vkey_make(struct bytes name, enum vkey_type type, struct ed25519_public key,
                   struct vkey *out);
enum err vkey_put(const struct vkey *k, struct buf *out);
