/* hex.h - bytes as text: lower-case hex, strict base64 (RFC 4648 section 4), base32 in lower case, proquints. */
#pragma once

#include "buf.h"
#include "bytes.h"
#include "err.h"

/* Writes 2 n digits and a NUL. */
void hex_encode(struct bytes in, char *out);
/* Exactly n bytes from exactly 2 n lower-case digits. */
enum err hex_decode(struct bytes in, uint8_t *out, size_t n);

enum { HASH_TEXT = 64 + 1 }; /* 64 digits and a NUL */
struct hash_text {
    char s[HASH_TEXT];
};
struct hash_text hash_hex(struct hash h);
enum err hash_parse_hex(struct bytes in, struct hash *out);
/* "sha256:" and 64 digits: how documents write a hash. */
struct hash_uri {
    char s[7 + HASH_TEXT];
};
struct hash_uri hash_uri(struct hash h);
enum err hash_parse_uri(struct bytes in, struct hash *out);

/* Appends canonical base64, padded. */
enum err base64_put(struct buf *b, struct bytes in);
/* Canonical only: padded, no space, no stray bits. *out_n is what was written, at most cap. */
enum err base64_decode(struct bytes in, uint8_t *out, size_t cap, size_t *out_n);

/* RFC 4648 base32 in lower case without padding: ceil(8n/5) letters and a NUL. */
void base32_encode(struct bytes in, char *out);

/* Proquints (Wilkerson 2009, arXiv:0901.4016): five letters for each 16 bits, joined by '-'. in.n is even.
 * Writes 6 * in.n/2 bytes, the last a NUL. */
void proquint_encode(struct bytes in, char *out);
/* Reads them back; spaces or '-' between the words, any case. Wants exactly n bytes. */
enum err proquint_decode(struct bytes in, uint8_t *out, size_t n);
