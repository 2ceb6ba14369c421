/* vkey.c - C2SP verifier keys. */
#include "core/identity/vkey.h"

#include "base/hex.h"
#include "base/sha256.h"

#include <string.h>

struct key_id vkey_id(struct bytes name, enum vkey_type type, struct ed25519_public key)
{
    struct sha256 h;
    struct key_id id;
    uint8_t separator[2] = {'\n', (uint8_t)type};
    sha256_init(&h);
    sha256_put(&h, name);
    sha256_put(&h, bytes_of(separator, sizeof separator));
    sha256_put(&h, bytes_of(key.b, sizeof key.b));
    struct hash all = sha256_end(&h);
    memcpy(id.b, all.b, sizeof id.b);
    return id;
}

bool vkey_name_ok(struct bytes name)
{
    if (name.n == 0 || name.n > VKEY_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] <= ' ' || name.p[i] > '~' || name.p[i] == '+')
            return false;
    }
    return true;
}

enum err vkey_make(struct bytes name, enum vkey_type type, struct ed25519_public key,
                   struct vkey *out)
{
    if (!vkey_name_ok(name))
        return ERR_INVALID;
    struct vkey k = {.type = type, .key = key, .id = vkey_id(name, type, key)};
    memcpy(k.name, name.p, name.n);
    *out = k;
    return OK;
}

enum err vkey_parse(struct bytes text, struct vkey *out)
{
    const uint8_t *plus = text.n == 0 ? NULL : memchr(text.p, '+', text.n);
    if (plus == NULL)
        return ERR_INVALID;
    struct bytes name = bytes_of(text.p, (size_t)(plus - text.p));
    struct bytes rest = bytes_skip(text, name.n + 1);
    struct key_id id;
    uint8_t raw[33];
    size_t n = 0;
    if (rest.n < 9 || rest.p[8] != '+' || hex_decode(bytes_of(rest.p, 8), id.b, sizeof id.b) ||
        base64_decode(bytes_skip(rest, 9), raw, sizeof raw, &n) || n != sizeof raw)
        return ERR_INVALID;
    if (raw[0] != VKEY_ED25519 && raw[0] != VKEY_COSIGNATURE)
        return ERR_INVALID;
    struct ed25519_public key;
    memcpy(key.b, raw + 1, sizeof key.b);
    struct vkey k = {0};
    enum err e = vkey_make(name, raw[0] == VKEY_ED25519 ? VKEY_ED25519 : VKEY_COSIGNATURE, key, &k);
    if (e)
        return e;
    if (memcmp(k.id.b, id.b, sizeof id.b) != 0)
        return ERR_INVALID;
    *out = k;
    return OK;
}

enum err vkey_put(const struct vkey *k, struct buf *out)
{
    char id[9];
    uint8_t raw[33];
    hex_encode(bytes_of(k->id.b, sizeof k->id.b), id);
    raw[0] = (uint8_t)k->type;
    memcpy(raw + 1, k->key.b, sizeof k->key.b);
    (void)buf_printf(out, "%s+%s+", k->name, id);
    return base64_put(out, bytes_of(raw, sizeof raw));
}
