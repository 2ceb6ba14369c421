/* sha256.h - SHA-256 (FIPS 180-4) of bytes, by libsodium. */
#pragma once

#include "bytes.h"
#include "err.h"

#include <sodium.h>

struct sha256 {
    crypto_hash_sha256_state s;
};

void sha256_init(struct sha256 *h);
void sha256_put(struct sha256 *h, struct bytes data);
struct hash sha256_end(struct sha256 *h);
struct hash sha256_of(struct bytes data);
