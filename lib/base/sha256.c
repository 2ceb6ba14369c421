/* sha256.c - SHA-256 by libsodium. */
#include "sha256.h"

void sha256_init(struct sha256 *h)
{
    (void)crypto_hash_sha256_init(&h->s);
}

void sha256_put(struct sha256 *h, struct bytes data)
{
    if (data.n > 0)
        (void)crypto_hash_sha256_update(&h->s, data.p, data.n);
}

struct hash sha256_end(struct sha256 *h)
{
    struct hash out;
    (void)crypto_hash_sha256_final(&h->s, out.b);
    return out;
}

struct hash sha256_of(struct bytes data)
{
    struct sha256 h;
    sha256_init(&h);
    sha256_put(&h, data);
    return sha256_end(&h);
}
