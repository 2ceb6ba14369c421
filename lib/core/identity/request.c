/* request.c - rules of enrolment requests. */
#include "core/identity/request.h"

#include "base/hex.h"
#include "core/identity/rules.h"

#include <sodium.h>

enum { PROOF_MAX = 128 };

enum err request_proof_text(const json_t *request, const char *role, struct buf *out)
{
    struct hash hash;
    AUTO_JSON copy = json_copy((json_t *)(uintptr_t)request);
    if (copy == NULL)
        return ERR_NOMEM;
    (void)json_object_del(copy, "proofs");
    enum err e = json_hash(copy, &hash);
    if (e)
        return e;
    static const char head[] = "cloister-proof/v1";
    (void)buf_put(out, bytes_of(head, sizeof head));
    (void)buf_put(out, bytes_of(role, strlen(role) + 1));
    return buf_put(out, hash_bytes(&hash));
}

static bool proof_ok(const json_t *request, const char *role, struct ed25519_public key)
{
    uint8_t signature[crypto_sign_BYTES];
    size_t n = 0;
    const char *text = string_of(json_object_get(request, "proofs"), role);
    CLEANUP(buf_fini) struct buf message = BUF_INIT(PROOF_MAX);
    if (base64_decode(bytes_str(text), signature, sizeof signature, &n) || n != sizeof signature ||
        request_proof_text(request, role, &message))
        return false;
    /* Refuses S >= L, keys and points of small order, and keys that are not canonical. */
    return crypto_sign_verify_detached(signature, message.p, message.n, key.b) == 0;
}

static void judge_proof(const struct rules *r, const char *role, struct ed25519_public key)
{
    struct place proofs = place_member(r->at, "proofs");
    if (!proof_ok(r->doc, role, key))
        fault_in(r->f, &proofs, role, "no signature of this key over this request for the role %s",
                 role);
}

static void judge_raw_proof(const struct rules *r, const char *role)
{
    struct ed25519_public key;
    size_t n = 0;
    if (base64_decode(bytes_str(string_of(r->doc, role)), key.b, sizeof key.b, &n) == OK &&
        n == sizeof key.b)
        judge_proof(r, role, key);
}

void rules_request(const struct rules *r)
{
    struct vkey key;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(200);
    (void)buf_printf(&b, "%s/%s", string_of(r->doc, "federation"), string_of(r->doc, "id"));
    const char *origin = buf_cstr(&b);
    if (origin == NULL) {
        r->f->nomem = true;
        return;
    }
    rule_date(r->doc, "made", r->at, r->f);
    (void)rule_key(r->doc, "log", origin, "", VKEY_ED25519, r->at, r->f, &key);
    (void)rule_key(r->doc, "msg", origin, "/msg", VKEY_ED25519, r->at, r->f, &key);
    (void)rule_key(r->doc, "gov", origin, "/gov", VKEY_ED25519, r->at, r->f, &key);
    (void)rule_key(r->doc, "lead", origin, "/lead", VKEY_ED25519, r->at, r->f, &key);
    if (rule_key(r->doc, "witness", origin, "/witness", VKEY_COSIGNATURE, r->at, r->f, &key))
        judge_proof(r, "witness", key.key);
    judge_raw_proof(r, string_is(r->doc, "kind", "node") ? "sum" : "plan");
}
