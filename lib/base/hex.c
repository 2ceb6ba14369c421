/* hex.c - text forms of bytes. */
#include "hex.h"

#include "checked.h"

#include <sodium.h>

void hex_encode(struct bytes in, char *out)
{
    (void)sodium_bin2hex(out, in.n * 2 + 1, in.n == 0 ? (const uint8_t *)"" : in.p, in.n);
}

static int nibble(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

enum err hex_decode(struct bytes in, uint8_t *out, size_t n)
{
    if (in.n != n * 2)
        return ERR_INVALID;
    for (size_t i = 0; i < in.n; i++) {
        if (nibble(in.p[i]) < 0)
            return ERR_INVALID;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(nibble(in.p[2 * i]) << 4 | nibble(in.p[2 * i + 1]));
    return OK;
}

struct hash_text hash_hex(struct hash h)
{
    struct hash_text t;
    hex_encode(hash_bytes(&h), t.s);
    return t;
}

enum err hash_parse_hex(struct bytes in, struct hash *out)
{
    return hex_decode(in, out->b, sizeof out->b);
}

struct hash_uri hash_uri(struct hash h)
{
    struct hash_uri t;
    memcpy(t.s, "sha256:", 7);
    hex_encode(hash_bytes(&h), t.s + 7);
    return t;
}

enum err hash_parse_uri(struct bytes in, struct hash *out)
{
    if (!bytes_begin(in, bytes_str("sha256:")))
        return ERR_INVALID;
    return hash_parse_hex(bytes_skip(in, 7), out);
}

enum err base64_put(struct buf *b, struct bytes in)
{
    size_t n = 0;
    if (mul_overflows(in.n / 3 + 1, 4, &n) || add_overflows(n, 1, &n))
        return ERR_TOOBIG;
    uint8_t *to = buf_reserve(b, n);
    if (to == NULL)
        return buf_err(b);
    const uint8_t *from = in.n == 0 ? (const uint8_t *)"" : in.p;
    (void)sodium_bin2base64((char *)to, n, from, in.n, sodium_base64_VARIANT_ORIGINAL);
    buf_commit(b, strlen((char *)to));
    return OK;
}

enum err base64_decode(struct bytes in, uint8_t *out, size_t cap, size_t *out_n)
{
    size_t n = 0;
    if (in.n == 0) {
        *out_n = 0;
        return OK;
    }
    if (in.n / 4 * 3 > cap + 2)
        return ERR_TOOBIG;
    /* libsodium 1.0.18 takes some bytes above 0x7f for digits. */
    for (size_t i = 0; i < in.n; i++) {
        if (in.p[i] > 0x7f)
            return ERR_INVALID;
    }
    /* With no end pointer libsodium refuses a trailing newline, missing padding and stray bits. */
    if (sodium_base642bin(out, cap, (const char *)in.p, in.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return ERR_INVALID;
    *out_n = n;
    return OK;
}

void base32_encode(struct bytes in, char *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t acc = 0;
    unsigned bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < in.n; i++) {
        acc = (acc << 8 | in.p[i]) & 0xffff;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            out[at++] = letters[acc >> bits & 31];
        }
    }
    if (bits > 0)
        out[at++] = letters[acc << (5 - bits) & 31];
    out[at] = '\0';
}

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aiou";

void proquint_encode(struct bytes in, char *out)
{
    size_t at = 0;
    for (size_t i = 0; i + 1 < in.n; i += 2) {
        unsigned v = get_be16(in.p + i);
        if (i > 0)
            out[at++] = '-';
        out[at++] = consonants[v >> 12];
        out[at++] = vowels[v >> 10 & 3];
        out[at++] = consonants[v >> 6 & 15];
        out[at++] = vowels[v >> 4 & 3];
        out[at++] = consonants[v & 15];
    }
    out[at] = '\0';
}

static int place(const char *letters, uint8_t c)
{
    uint8_t low = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
    const char *p = low == 0 ? NULL : strchr(letters, low);
    return p == NULL ? -1 : (int)(p - letters);
}

static enum err quint(const uint8_t *p, uint8_t *out)
{
    static const uint8_t bits[5] = {4, 2, 4, 2, 4};
    unsigned v = 0;
    for (int i = 0; i < 5; i++) {
        int d = place(i % 2 == 0 ? consonants : vowels, p[i]);
        if (d < 0)
            return ERR_INVALID;
        v = v << bits[i] | (unsigned)d;
    }
    put_be16(out, (uint16_t)v);
    return OK;
}

enum err proquint_decode(struct bytes in, uint8_t *out, size_t n)
{
    size_t at = 0;
    size_t i = 0;
    while (i < in.n) {
        if (in.p[i] == '-' || in.p[i] == ' ' || in.p[i] == '\n' || in.p[i] == '\r') {
            i++;
            continue;
        }
        if (in.n - i < 5 || at + 2 > n || quint(in.p + i, out + at))
            return ERR_INVALID;
        i += 5;
        at += 2;
    }
    return at == n ? OK : ERR_INVALID;
}
