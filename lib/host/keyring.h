/* keyring.h - a program's random keys, wrapped in one file (log-and-security.md 9).
 *
 * A 32-byte master key is wrapped once per slot with XChaCha20-Poly1305: under Argon2id of the passphrase, and under the
 * recovery key that is printed once on paper. Every other secret is wrapped under a subkey of the master key. Names, slot
 * parameters and identity are authenticated with each box, so an edited file is refused, not obeyed. Mode 0600. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/secret.h"

struct keyring;

enum keyring_key {
    KEYRING_DATABASE, /* 48 bytes: key and salt of io/db */
    KEYRING_LOG,      /* Ed25519 seeds, 32 bytes each */
    KEYRING_MESSAGE,
    KEYRING_WITNESS,
    KEYRING_SUM,
    KEYRING_X25519,
    KEYRING_CURVE,
    KEYRING_COUNT
};

enum keyring_kdf {
    KDF_INTERACTIVE, /* 2 passes over 64 MiB: tests and demonstrations; written in the slot */
    KDF_MODERATE     /* 3 passes over 256 MiB */
};

/* Who the keys belong to; authenticated, not secret. */
struct keyring_identity {
    char federation[101];
    char id[33];
    char name[801]; /* 1 to 200 code points */
};

enum { KEYRING_FILE_MAX = 64 * 1024, RECOVERY_TEXT = 16 * 6 }; /* 16 proquints and a NUL */

/* Draws all keys and writes `keyring`. ERR_CONFLICT where there is one. `words` receives the recovery key: print it once, then
 * sodium_memzero it. */
enum err keyring_create(int dir, const struct keyring_identity *who, struct secret *passphrase,
                        enum keyring_kdf kdf, char words[RECOVERY_TEXT], struct keyring **out);
/* ERR_DENIED: another passphrase. ERR_CORRUPT: a damaged or edited file. ERR_NOTFOUND: none. d says which and what to do. */
enum err keyring_open(int dir, struct secret *passphrase, struct keyring **out, struct diag *d);
enum err keyring_open_recovery(int dir, struct bytes words, struct keyring **out, struct diag *d);
/* Wraps the master key anew and replaces the file; the recovery slot stays. */
enum err keyring_change_passphrase(int dir, struct keyring *k, struct secret *passphrase,
                                   enum keyring_kdf kdf);
void keyring_free(struct keyring *k); /* wipes; accepts NULL */
DEFINE_AUTO(keyring)

/* Borrowed while the keyring lives. */
struct secret *keyring_secret(struct keyring *k, enum keyring_key which);
const struct keyring_identity *keyring_who(const struct keyring *k);
/* The key of pseudonyms, 32 bytes: a subkey of the master key. Borrowed. */
struct secret *keyring_pseudonym_key(struct keyring *k);
