/* sealed_key.c - a signing key under its own passphrase. */
#include "host/sealed_key.h"

#include "base/rng.h"
#include "host/keyring_file.h"
#include "io/files.h"

#include <sodium.h>

enum { FILE_MAX = 8192 };

static enum err additional(const char *vkey, const json_t *kdf, struct buf *out)
{
    (void)buf_printf(out, "cloister-key/v1\n%s\n", vkey);
    return json_canonical(kdf, out);
}

static enum err public_of(struct secret *seed, const char *name, struct vkey *out)
{
    struct ed25519_public pk;
    AUTO(secret) sk = NULL;
    enum err e = secret_new(crypto_sign_SECRETKEYBYTES, &sk);
    if (e)
        return e;
    (void)crypto_sign_seed_keypair(pk.b, secret_borrow(sk), secret_borrow(seed));
    secret_give_back(seed);
    secret_give_back(sk);
    return vkey_make(bytes_str(name), VKEY_ED25519, pk, out);
}

static enum err write_key(int dir, const char *file, struct secret *seed, const struct vkey *pub,
                          struct secret *passphrase, enum keyring_kdf how)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(512);
    CLEANUP(buf_fini) struct buf aad = BUF_INIT(2048);
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX);
    AUTO_JSON kdf = NULL;
    AUTO_JSON doc = NULL;
    AUTO(secret) key = NULL;
    json_t *box = NULL;
    enum err e = vkey_put(pub, &text);
    if (!e)
        e = slot_kdf_new(how, &kdf);
    if (!e)
        e = slot_kdf_key(kdf, passphrase, &key);
    if (!e)
        e = additional(buf_cstr(&text), kdf, &aad);
    if (!e)
        e = box_seal(key, seed, buf_bytes(&aad), &box);
    if (e)
        return e;
    doc =
        json_pack("{s:i, s:s, s:O, s:o}", "v", 1, "vkey", buf_cstr(&text), "kdf", kdf, "seed", box);
    e = doc == NULL ? ERR_NOMEM : json_canonical(doc, &b);
    if (!e)
        e = buf_putc(&b, '\n');
    return e ? e : file_create(dir, file, buf_bytes(&b), 0600);
}

enum err sealed_key_create(int dir, const char *file, const char *name, struct secret *passphrase,
                           enum keyring_kdf kdf, struct vkey *out)
{
    AUTO(secret) seed = NULL;
    struct vkey pub = {0};
    enum err e = secret_new(32, &seed);
    if (e)
        return e;
    rng_fill(secret_borrow(seed), 32);
    secret_give_back(seed);
    e = public_of(seed, name, &pub);
    if (!e)
        e = write_key(dir, file, seed, &pub, passphrase, kdf);
    if (e)
        return e;
    *out = pub;
    return OK;
}

static enum err read_key(int dir, const char *file, json_t **out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX + 1);
    enum err e = file_read(dir, file, FILE_MAX, &b);
    if (e)
        return e;
    return json_read(buf_bytes(&b), FILE_MAX, out, NULL) ? ERR_CORRUPT : OK;
}

static enum err vkey_of(const json_t *doc, struct vkey *out)
{
    const char *s = json_string_value(json_object_get(doc, "vkey"));
    return s == NULL || vkey_parse(bytes_str(s), out) ? ERR_CORRUPT : OK;
}

enum err sealed_key_public(int dir, const char *file, struct vkey *out)
{
    AUTO_JSON doc = NULL;
    enum err e = read_key(dir, file, &doc);
    return e ? e : vkey_of(doc, out);
}

enum err sealed_key_open(int dir, const char *file, struct secret *passphrase, struct secret **out,
                         struct diag *d)
{
    CLEANUP(buf_fini) struct buf aad = BUF_INIT(2048);
    AUTO_JSON doc = NULL;
    AUTO(secret) key = NULL;
    struct vkey pub;
    enum err e = read_key(dir, file, &doc);
    if (e == ERR_NOTFOUND)
        return diag_set(d, e, "%s: this node has no such key", file);
    if (!e)
        e = vkey_of(doc, &pub);
    const json_t *kdf = json_object_get(doc, "kdf");
    if (!e)
        e = slot_kdf_key(kdf, passphrase, &key);
    if (!e)
        e = additional(json_string_value(json_object_get(doc, "vkey")), kdf, &aad);
    if (!e)
        e = box_open(key, json_object_get(doc, "seed"), buf_bytes(&aad), out);
    if (e == ERR_DENIED)
        return diag_set(d, e, "%s: this passphrase does not open it", file);
    if (e)
        return diag_set(d, e, "%s: damaged: put the copy from your backup back", file);
    return OK;
}
