/* crypto.c - SHA-256 by libcrypto. */
#include "io/crypto.h"

#include <openssl/evp.h>

struct fast_sha256 {
    EVP_MD_CTX *ctx;
    bool failed;
};

enum err fast_sha256_new(struct fast_sha256 **out)
{
    AUTO(fast_sha256) h = calloc(1, sizeof *h);
    if (h == NULL)
        return ERR_NOMEM;
    h->ctx = EVP_MD_CTX_new();
    if (h->ctx == NULL || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
        return ERR_NOMEM;
    *out = MOVE(h);
    return OK;
}

void fast_sha256_free(struct fast_sha256 *h)
{
    if (h == NULL)
        return;
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void fast_sha256_put(struct fast_sha256 *h, struct bytes data)
{
    if (data.n > 0 && EVP_DigestUpdate(h->ctx, data.p, data.n) != 1)
        h->failed = true;
}

enum err fast_sha256_end(struct fast_sha256 *h, struct hash *out)
{
    unsigned n = 0;
    bool bad = h->failed || EVP_DigestFinal_ex(h->ctx, out->b, &n) != 1 || n != sizeof out->b;
    h->failed = EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1;
    return bad ? ERR_INTERNAL : OK;
}
