/* keyring_file.c - boxes and passphrase slots. */
#include "host/keyring_file.h"

#include "base/hex.h"
#include "base/rng.h"

#include <sodium.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
enum {
    SALT = crypto_pwhash_SALTBYTES,
    OPS_MAX = 16,
    MEM_KIB_MAX = 4 * 1024 * 1024,
    TEXT_MAX = 512
};

static json_t *base64_json(struct bytes b)
{
    CLEANUP(buf_fini) struct buf t = BUF_INIT(TEXT_MAX);
    if (base64_put(&t, b))
        return NULL;
    return json_stringn((const char *)t.p, t.n);
}

static enum err json_bytes(const json_t *v, const char *name, uint8_t *out, size_t cap, size_t *n)
{
    const json_t *s = json_object_get(v, name);
    if (!json_is_string(s))
        return ERR_CORRUPT;
    struct bytes text = bytes_of(json_string_value(s), json_string_length(s));
    return base64_decode(text, out, cap, n) ? ERR_CORRUPT : OK;
}

enum err box_seal(struct secret *key, struct secret *plain, struct bytes additional, json_t **out)
{
    uint8_t nonce[NONCE];
    uint8_t box[BOX_SECRET_MAX + TAG];
    unsigned long long n = 0;
    size_t size = secret_size(plain);
    if (size > BOX_SECRET_MAX || secret_size(key) != BOX_KEY_SIZE)
        return ERR_INTERNAL;
    rng_fill(nonce, sizeof nonce);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(box, &n, secret_borrow(plain), size,
                                                     additional.p, additional.n, NULL, nonce,
                                                     secret_borrow(key));
    secret_give_back(key);
    secret_give_back(plain);
    json_t *v = json_pack("{s:o*, s:o*}", "nonce", base64_json(bytes_of(nonce, sizeof nonce)),
                          "box", base64_json(bytes_of(box, (size_t)n)));
    if (v == NULL || json_object_size(v) != 2) {
        json_decref(v);
        return ERR_NOMEM;
    }
    *out = v;
    return OK;
}

enum err box_open(struct secret *key, const json_t *box, struct bytes additional,
                  struct secret **out)
{
    uint8_t nonce[NONCE + 3];
    uint8_t sealed[BOX_SECRET_MAX + TAG + 3];
    size_t nonce_n = 0;
    size_t n = 0;
    AUTO(secret) plain = NULL;
    enum err e = json_bytes(box, "nonce", nonce, sizeof nonce, &nonce_n);
    if (!e)
        e = json_bytes(box, "box", sealed, sizeof sealed, &n);
    if (e || nonce_n != NONCE || n <= TAG || n > BOX_SECRET_MAX + TAG ||
        secret_size(key) != BOX_KEY_SIZE)
        return ERR_CORRUPT;
    e = secret_new(n - TAG, &plain);
    if (e)
        return e;
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(secret_borrow(plain), NULL, NULL, sealed,
                                                         n, additional.p, additional.n, nonce,
                                                         secret_borrow(key));
    secret_give_back(key);
    secret_give_back(plain);
    if (bad != 0)
        return ERR_DENIED;
    *out = MOVE(plain);
    return OK;
}

enum err slot_kdf_new(enum keyring_kdf kdf, json_t **out)
{
    uint8_t salt[SALT];
    bool light = kdf == KDF_INTERACTIVE;
    rng_fill(salt, sizeof salt);
    json_t *v =
        json_pack("{s:s, s:i, s:i, s:o*}", "alg", "argon2id", "ops", light ? 2 : 3, "mem_kib",
                  light ? 64 * 1024 : 256 * 1024, "salt", base64_json(bytes_of(salt, sizeof salt)));
    if (v == NULL)
        return ERR_NOMEM;
    *out = v;
    return OK;
}

enum err slot_kdf_key(const json_t *kdf, struct secret *passphrase, struct secret **out)
{
    uint8_t salt[SALT + 3];
    size_t n = 0;
    AUTO(secret) key = NULL;
    const char *alg = json_string_value(json_object_get(kdf, "alg"));
    json_int_t ops = json_integer_value(json_object_get(kdf, "ops"));
    json_int_t mem = json_integer_value(json_object_get(kdf, "mem_kib"));
    enum err e = json_bytes(kdf, "salt", salt, sizeof salt, &n);
    if (e || alg == NULL || strcmp(alg, "argon2id") != 0 || n != SALT || ops < 1 || ops > OPS_MAX ||
        mem < 8 || mem > MEM_KIB_MAX)
        return ERR_CORRUPT;
    e = secret_new(BOX_KEY_SIZE, &key);
    if (e)
        return e;
    int bad =
        crypto_pwhash(secret_borrow(key), BOX_KEY_SIZE, (const char *)secret_borrow(passphrase),
                      secret_size(passphrase), salt, (unsigned long long)ops, (size_t)mem * 1024,
                      crypto_pwhash_ALG_ARGON2ID13);
    secret_give_back(passphrase);
    secret_give_back(key);
    if (bad != 0)
        return ERR_NOMEM;
    *out = MOVE(key);
    return OK;
}
