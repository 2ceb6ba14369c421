/* request.c - the enrolment request. */
#include "host/request.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/document.h"
#include "core/identity/note.h"
#include "core/json/json.h"
#include "host/sealed_key.h"

#include <sodium.h>
#include <stdio.h>

enum { NAME = 201, TEXT = 16 * 1024 };

static enum err set_text(json_t *doc, const char *name, const struct buf *b)
{
    return json_object_set_new(doc, name, json_stringn((const char *)b->p, b->n)) == 0 ? OK
                                                                                       : ERR_NOMEM;
}

static enum err set_base64(json_t *doc, const char *name, struct bytes raw)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(256);
    enum err e = base64_put(&b, raw);
    return e ? e : set_text(doc, name, &b);
}

static enum err set_vkey(json_t *doc, const char *name, const struct vkey *k)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(512);
    enum err e = vkey_put(k, &b);
    return e ? e : set_text(doc, name, &b);
}

static enum err own_vkey(struct keyring *k, enum keyring_key which, const char *suffix,
                         enum vkey_type type, struct vkey *out)
{
    char name[NAME];
    const struct keyring_identity *who = keyring_who(k);
    struct secret *seed = keyring_secret(k, which);
    (void)snprintf(name, sizeof name, "%s/%s%s", who->federation, who->id, suffix);
    struct ed25519_public pk = note_public(secret_borrow(seed));
    secret_give_back(seed);
    return vkey_make(bytes_str(name), type, pk, out);
}

static enum err set_curve25519(json_t *doc, const char *name, struct secret *seed)
{
    uint8_t pk[crypto_scalarmult_BYTES];
    int bad = crypto_scalarmult_base(pk, secret_borrow(seed));
    secret_give_back(seed);
    return bad != 0 ? ERR_INTERNAL : set_base64(doc, name, bytes_of(pk, sizeof pk));
}

/* Ed25519 over `cloister-proof/v1` NUL role NUL SHA-256(canonical JSON without proofs). */
static enum err prove(json_t *proofs, const char *role, struct secret *seed, struct hash doc)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(128);
    AUTO(secret) sk = NULL;
    uint8_t pk[32];
    uint8_t sig[crypto_sign_BYTES];
    (void)buf_put(&b, bytes_of("cloister-proof/v1", 18));
    (void)buf_put(&b, bytes_of(role, strlen(role) + 1));
    (void)buf_put(&b, hash_bytes(&doc));
    enum err e = buf_err(&b);
    if (!e)
        e = secret_new(crypto_sign_SECRETKEYBYTES, &sk);
    if (e)
        return e;
    (void)crypto_sign_seed_keypair(pk, secret_borrow(sk), secret_borrow(seed));
    (void)crypto_sign_detached(sig, NULL, b.p, b.n, secret_borrow(sk));
    secret_give_back(sk);
    secret_give_back(sk);
    secret_give_back(seed);
    return set_base64(proofs, role, bytes_of(sig, sizeof sig));
}

/* What the second key that signs no notes is for. */
static const char *sum_role(const struct request_keys *keys)
{
    return keys->coordinator ? "plan" : "sum";
}

static enum err public_half(struct keyring *k, const struct request_keys *keys, struct vkey own[3],
                            json_t *doc)
{
    struct ed25519_public sum = note_public(secret_borrow(keyring_secret(k, KEYRING_SUM)));
    secret_give_back(keyring_secret(k, KEYRING_SUM));
    enum err e = own_vkey(k, KEYRING_LOG, "", VKEY_ED25519, &own[0]);
    if (!e)
        e = own_vkey(k, KEYRING_MESSAGE, "/msg", VKEY_ED25519, &own[1]);
    if (!e)
        e = own_vkey(k, KEYRING_WITNESS, "/witness", VKEY_COSIGNATURE, &own[2]);
    static const char *const names[] = {"log", "msg", "witness"};
    for (int i = 0; !e && i < 3; i++)
        e = set_vkey(doc, names[i], &own[i]);
    if (!e && !keys->coordinator)
        e = set_vkey(doc, "gov", &keys->gov);
    if (!e && keys->has_lead)
        e = set_vkey(doc, "lead", &keys->lead);
    if (!e)
        e = set_base64(doc, sum_role(keys), bytes_of(sum.b, sizeof sum.b));
    if (!e && !keys->coordinator)
        e = set_curve25519(doc, "x25519", keyring_secret(k, KEYRING_X25519));
    return e ? e : set_curve25519(doc, "curve", keyring_secret(k, KEYRING_CURVE));
}

static enum err sign(struct bytes text, const struct vkey *key, struct secret *seed,
                     struct buf *out)
{
    enum err e = note_sign(text, key, secret_borrow(seed), out);
    secret_give_back(seed);
    return e;
}

static enum err sign_sealed(int dir, const char *file, struct secret *passphrase,
                            const struct vkey *key, struct bytes text, struct buf *out,
                            struct diag *d)
{
    AUTO(secret) seed = NULL;
    enum err e = sealed_key_open(dir, file, passphrase, &seed, d);
    return e ? e : sign(text, key, seed, out);
}

enum err request_note(int dir, struct keyring *k, const struct request_keys *keys, uint64_t now_ms,
                      struct buf *out, struct hash *hash, struct diag *d)
{
    char made[CLOCK_TEXT];
    struct vkey own[3];
    struct hash unproved;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(TEXT);
    const struct keyring_identity *who = keyring_who(k);
    (void)clock_rfc3339(now_ms, made);
    AUTO_JSON doc = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s%}", "v", 1, "federation",
                              who->federation, "kind", keys->coordinator ? "coordinator" : "node",
                              "id", who->id, "name", who->name, "made", made, (size_t)10);
    json_t *proofs = json_object();
    enum err e = doc == NULL || proofs == NULL ? ERR_NOMEM : public_half(k, keys, own, doc);
    if (!e)
        e = json_hash(doc, &unproved);
    if (!e)
        e = prove(proofs, "witness", keyring_secret(k, KEYRING_WITNESS), unproved);
    if (!e)
        e = prove(proofs, sum_role(keys), keyring_secret(k, KEYRING_SUM), unproved);
    if (doc == NULL || json_object_set_new(doc, "proofs", proofs) != 0)
        return ERR_NOMEM;
    if (!e)
        e = document_note_put(DOCUMENT_REQUEST, doc, &text);
    if (e)
        return e;
    *hash = sha256_of(buf_bytes(&text));
    (void)buf_put(out, buf_bytes(&text));
    (void)buf_putc(out, '\n');
    e = sign(buf_bytes(&text), &own[0], keyring_secret(k, KEYRING_LOG), out);
    if (!e)
        e = sign(buf_bytes(&text), &own[1], keyring_secret(k, KEYRING_MESSAGE), out);
    if (!e && !keys->coordinator)
        e = sign_sealed(dir, "gov.key", keys->gov_passphrase, &keys->gov, buf_bytes(&text), out, d);
    if (!e && keys->has_lead)
        e = sign_sealed(dir, "lead.key", keys->lead_passphrase, &keys->lead, buf_bytes(&text), out,
                        d);
    return e ? e : buf_err(out);
}
