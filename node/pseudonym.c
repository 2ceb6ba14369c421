/* pseudonym.c - keyed pseudonyms. */
#include "node/pseudonym.h"

#include "base/hex.h"

#include <sodium.h>
#include <stdio.h>

/* Parts are told apart by their NUL. */
static struct hash keyed(struct keyring *k, const char *what, struct bytes a, struct bytes b)
{
    struct hash out;
    crypto_auth_hmacsha256_state s;
    struct secret *key = keyring_pseudonym_key(k);
    (void)crypto_auth_hmacsha256_init(&s, secret_borrow(key), secret_size(key));
    secret_give_back(key);
    (void)crypto_auth_hmacsha256_update(&s, (const uint8_t *)what, strlen(what) + 1);
    (void)crypto_auth_hmacsha256_update(&s, a.n == 0 ? (const uint8_t *)"" : a.p, a.n);
    (void)crypto_auth_hmacsha256_update(&s, (const uint8_t *)"", 1);
    (void)crypto_auth_hmacsha256_update(&s, b.n == 0 ? (const uint8_t *)"" : b.p, b.n);
    (void)crypto_auth_hmacsha256_final(&s, out.b);
    sodium_memzero(&s, sizeof s);
    return out;
}

struct hash pseudonym_patient(struct keyring *k, const char *patient)
{
    return keyed(k, "patient", bytes_str(patient), bytes_of(NULL, 0));
}

void pseudonym_session(struct keyring *k, const char *patient, const char *session,
                       char out[RECORD_ID])
{
    char letters[27]; /* 16 bytes */
    struct hash h = keyed(k, "session", bytes_str(patient), bytes_str(session));
    base32_encode(bytes_of(h.b, 16), letters);
    (void)snprintf(out, RECORD_ID, "s_%s", letters);
}

struct hash pseudonym_order(struct keyring *k, struct bytes campaign, const char *item)
{
    return keyed(k, "order", campaign, bytes_str(item));
}
