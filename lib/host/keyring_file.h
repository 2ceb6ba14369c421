/* keyring_file.h - the parts that keyring and sealed keys share: a slot (how a passphrase becomes a key) and a box (bytes under
 * a key), as JSON. */
#pragma once

#include "base/secret.h"
#include "core/json/json.h"
#include "host/keyring.h"

enum { BOX_KEY_SIZE = 32, BOX_SECRET_MAX = 64 };

/* Encrypts under key with a fresh nonce: {"nonce", "box"} in base64. The additional data is not in it. */
enum err box_seal(struct secret *key, struct secret *plain, struct bytes additional, json_t **out);
/* ERR_DENIED where the key, the additional data or a byte differs. */
enum err box_open(struct secret *key, const json_t *box, struct bytes additional,
                  struct secret **out);

/* {"alg":"argon2id","ops","mem_kib","salt"} for a new slot. */
enum err slot_kdf_new(enum keyring_kdf kdf, json_t **out);
/* Argon2id of the passphrase as the slot says; parameters are bounded (ERR_CORRUPT beyond 16 passes or 4 GiB). */
enum err slot_kdf_key(const json_t *kdf, struct secret *passphrase, struct secret **out);
