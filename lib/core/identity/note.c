/* note.c - C2SP signed notes and cosignatures, by libsodium's Ed25519. */
#include "core/identity/note.h"

#include "base/hex.h"
#include "base/text.h"

#include <inttypes.h>
#include <sodium.h>

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a space */
enum { COSIGNATURE = 8 + NOTE_SIGNATURE, KEY_ID = 4 };

static bool text_ok(struct bytes in)
{
    for (size_t i = 0; i < in.n; i++) {
        if (in.p[i] < ' ' && in.p[i] != '\n')
            return false;
    }
    return utf8_bad(in) == in.n;
}

/* Unicode's White_Space above ASCII, in UTF-8: U+0085 U+00A0 U+1680 U+2000-200A U+2028 U+2029 U+202F U+205F U+3000. */
static bool space_at(struct bytes t, size_t i)
{
    struct bytes rest = bytes_skip(t, i);
    static const char *const one[] = {"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80",
                                      "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
                                      "\xe2\x81\x9f", "\xe3\x80\x80"};
    for (size_t k = 0; k < sizeof one / sizeof one[0]; k++) {
        if (bytes_begin(rest, bytes_str(one[k])))
            return true;
    }
    return rest.n >= 3 && rest.p[0] == 0xe2 && rest.p[1] == 0x80 && rest.p[2] >= 0x80 &&
           rest.p[2] <= 0x8a;
}

/* Wider than vkey_name_ok, which holds for our own keys: other signers' lines are ignored, not refused. */
static bool foreign_name_ok(struct bytes name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] <= ' ' || name.p[i] == '+' || space_at(name, i))
            return false;
    }
    return name.n > 0;
}

static int digit64(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Judged without decoding, because a line of an unknown key may be of any length. */
static bool base64_canonical(struct bytes t)
{
    size_t pad = 0;
    while (pad < 2 && pad < t.n && t.p[t.n - 1 - pad] == '=')
        pad++;
    if (t.n == 0 || t.n % 4 != 0)
        return false;
    for (size_t i = 0; i < t.n - pad; i++) {
        if (digit64(t.p[i]) < 0)
            return false;
    }
    int last = digit64(t.p[t.n - pad - 1]);
    return (pad < 1 || (last & 3) == 0) && (pad < 2 || (last & 15) == 0);
}

static enum err line_parse(struct bytes line, struct note_sig *out)
{
    struct note_sig s = {.name = bytes_skip(line, sizeof dash - 1)};
    uint8_t first[6];
    size_t n = 0;
    if (!bytes_begin(line, bytes_str(dash)))
        return ERR_INVALID;
    const uint8_t *space = s.name.n == 0 ? NULL : memchr(s.name.p, ' ', s.name.n);
    if (space == NULL)
        return ERR_INVALID;
    s.base64 = bytes_skip(s.name, (size_t)(space - s.name.p) + 1);
    s.name.n = (size_t)(space - s.name.p);
    /* The key id and at least one byte of a signature: five bytes are eight digits. */
    if (!foreign_name_ok(s.name) || s.base64.n < 8 || !base64_canonical(s.base64) ||
        base64_decode(bytes_of(s.base64.p, 8), first, sizeof first, &n) || n < KEY_ID + 1)
        return ERR_INVALID;
    memcpy(s.id.b, first, KEY_ID);
    *out = s;
    return OK;
}

/* Splits at the last empty line. */
static enum err split(struct bytes in, struct note *n)
{
    for (size_t i = in.n; i >= 2; i--) {
        if (in.p[i - 1] == '\n' && in.p[i - 2] == '\n') {
            n->text = bytes_of(in.p, i - 1);
            n->lines = bytes_skip(in, i);
            return OK;
        }
    }
    return ERR_INVALID;
}

enum err note_parse(struct bytes in, struct note *out)
{
    struct note n = {.n = 0};
    if (!text_ok(in) || split(in, &n) || n.lines.n == 0)
        return ERR_INVALID;
    for (struct bytes rest = n.lines; rest.n > 0; n.n++) {
        const uint8_t *end = memchr(rest.p, '\n', rest.n);
        if (end == NULL || n.n == NOTE_SIGS_MAX)
            return ERR_INVALID;
        struct bytes line = bytes_of(rest.p, (size_t)(end - rest.p));
        enum err e = line_parse(line, &n.sig[n.n]);
        if (e)
            return e;
        rest = bytes_skip(rest, line.n + 1);
    }
    *out = n;
    return OK;
}

static bool verify_raw(const uint8_t *signature, struct bytes text, const struct vkey *key)
{
    return crypto_sign_verify_detached(signature, text.p, text.n, key->key.b) == 0;
}

static enum err cosigned_text(struct bytes text, uint64_t time_s, struct buf *out)
{
    (void)buf_printf(out, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
    return buf_put(out, text);
}

/* ERR_DENIED where the signature is not the key's. */
static enum err judge(const struct note *n, const struct note_sig *s, const struct vkey *key,
                      struct note_seal *seal)
{
    uint8_t raw[KEY_ID + COSIGNATURE];
    size_t size = 0;
    if (base64_decode(s->base64, raw, sizeof raw, &size))
        return ERR_DENIED;
    if (key->type == VKEY_ED25519) {
        if (size != KEY_ID + NOTE_SIGNATURE || !verify_raw(raw + KEY_ID, n->text, key))
            return ERR_DENIED;
        seal->valid = true;
        return OK;
    }
    if (size != sizeof raw)
        return ERR_DENIED;
    uint64_t time_s = get_be64(raw + KEY_ID);
    CLEANUP(buf_fini) struct buf message = BUF_INIT(n->text.n + 64);
    enum err e = cosigned_text(n->text, time_s, &message);
    if (e)
        return e;
    if (!verify_raw(raw + KEY_ID + 8, buf_bytes(&message), key))
        return ERR_DENIED;
    if (!seal->valid || time_s > seal->time_s)
        seal->time_s = time_s;
    seal->valid = true;
    return OK;
}

enum err note_verify(const struct note *n, const struct vkey *keys, size_t n_keys,
                     struct note_seal *seals)
{
    for (size_t k = 0; k < n_keys; k++)
        seals[k] = (struct note_seal){.valid = false};
    for (size_t i = 0; i < n->n; i++) {
        const struct note_sig *s = &n->sig[i];
        for (size_t k = 0; k < n_keys; k++) {
            if (memcmp(s->id.b, keys[k].id.b, KEY_ID) != 0 ||
                !bytes_eq(s->name, bytes_str(keys[k].name)))
                continue;
            enum err e = judge(n, s, &keys[k], &seals[k]);
            if (e)
                return e;
        }
    }
    return OK;
}

enum err note_open(struct bytes in, const struct vkey *key, struct note *out)
{
    struct note n;
    struct note_seal seal;
    enum err e = note_parse(in, &n);
    if (!e)
        e = note_verify(&n, key, 1, &seal);
    if (!e && !seal.valid)
        e = ERR_DENIED;
    if (!e)
        *out = n;
    return e;
}

struct ed25519_public note_public(const uint8_t seed[NOTE_SEED])
{
    struct ed25519_public key;
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_seed_keypair(key.b, secret, seed);
    sodium_memzero(secret, sizeof secret);
    return key;
}

/* Signs `message` into 64 bytes at `out`; ERR_INVALID where the seed is another key's. */
static enum err sign_raw(struct bytes message, const struct vkey *key,
                         const uint8_t seed[NOTE_SEED], uint8_t *out)
{
    struct ed25519_public own;
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_seed_keypair(own.b, secret, seed);
    bool fits = memcmp(own.b, key->key.b, sizeof own.b) == 0;
    if (fits)
        (void)crypto_sign_detached(out, NULL, message.p, message.n, secret);
    sodium_memzero(secret, sizeof secret);
    return fits ? OK : ERR_INVALID;
}

static enum err put_line(const struct vkey *key, struct bytes raw, struct buf *out)
{
    (void)buf_printf(out, "%s%s ", dash, key->name);
    (void)base64_put(out, raw);
    return buf_putc(out, '\n');
}

static bool signable(struct bytes text)
{
    return text.n > 0 && text.p[text.n - 1] == '\n' && text_ok(text);
}

enum err note_sign(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                   struct buf *out)
{
    uint8_t raw[KEY_ID + NOTE_SIGNATURE];
    if (!signable(text) || key->type != VKEY_ED25519)
        return ERR_INVALID;
    memcpy(raw, key->id.b, KEY_ID);
    enum err e = sign_raw(text, key, seed, raw + KEY_ID);
    return e ? e : put_line(key, bytes_of(raw, sizeof raw), out);
}

enum err note_cosign(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                     uint64_t time_s, struct buf *out)
{
    uint8_t raw[KEY_ID + COSIGNATURE];
    if (!signable(text) || key->type != VKEY_COSIGNATURE)
        return ERR_INVALID;
    CLEANUP(buf_fini) struct buf message = BUF_INIT(text.n + 64);
    enum err e = cosigned_text(text, time_s, &message);
    if (e)
        return e;
    memcpy(raw, key->id.b, KEY_ID);
    put_be64(raw + KEY_ID, time_s);
    e = sign_raw(buf_bytes(&message), key, seed, raw + KEY_ID + 8);
    return e ? e : put_line(key, bytes_of(raw, sizeof raw), out);
}

enum err note_make(struct bytes text, const struct vkey *key, const uint8_t seed[NOTE_SEED],
                   struct buf *out)
{
    (void)buf_put(out, text);
    (void)buf_putc(out, '\n');
    return note_sign(text, key, seed, out);
}
