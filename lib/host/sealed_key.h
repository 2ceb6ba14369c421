/* sealed_key.h - one signing key in a file of its own, under a passphrase of its own that is asked at each signature: the lead's
 * and the governor's key (gate-and-rounds.md). Mode 0600. */
#pragma once

#include "base/diag.h"
#include "base/secret.h"
#include "core/identity/vkey.h"
#include "host/keyring.h"

/* Draws a seed and writes `file`; *out is the public half under `name`. ERR_CONFLICT where the file is there. */
enum err sealed_key_create(int dir, const char *file, const char *name, struct secret *passphrase,
                           enum keyring_kdf kdf, struct vkey *out);
/* The public half, without a passphrase. ERR_NOTFOUND, ERR_CORRUPT. */
enum err sealed_key_public(int dir, const char *file, struct vkey *out);
/* The 32-byte seed; the caller frees it as soon as the signature is made. ERR_DENIED: another passphrase. */
enum err sealed_key_open(int dir, const char *file, struct secret *passphrase, struct secret **out,
                         struct diag *d);
