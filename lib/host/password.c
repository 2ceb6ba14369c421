/* password.c - names, roles, passwords. */
#include "host/password.h"

#include "base/hex.h"
#include "base/rng.h"
#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { OPS = 3, MEM = 64 * 1024 * 1024 };

void people_one_time(char out[ONE_TIME_PASSWORD])
{
    uint8_t raw[8];
    rng_fill(raw, sizeof raw);
    proquint_encode(bytes_of(raw, sizeof raw), out);
    sodium_memzero(raw, sizeof raw);
}

enum err people_hash(const char *password, char out[PERSON_HASH])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), OPS, MEM,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0
               ? OK
               : ERR_NOMEM;
}

bool people_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

const char *people_no_hash(void)
{
    return "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}

static bool user_ok(const char *s)
{
    size_t n = strlen(s);
    return n >= 1 && n <= 64 && s[0] >= 'a' && s[0] <= 'z' &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static bool name_ok(const char *s)
{
    struct bytes t = bytes_str(s);
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < 0x20 || t.p[i] == 0x7f)
            return false;
    }
    return t.n > 0 && t.n < PERSON_SHOWN && utf8_bad(t) == t.n;
}

/* "annotator, reviewer, ..." for the refusal. */
static void name_all(const char *const *known, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; known[i] != NULL; i++) {
        size_t n = strlen(out);
        (void)snprintf(out + n, size - n, "%s%s", n == 0 ? "" : ", ", known[i]);
    }
}

static bool is_known(const char *const *known, const char *role)
{
    size_t i = 0;
    while (known[i] != NULL && strcmp(known[i], role) != 0)
        i++;
    return known[i] != NULL;
}

static bool wanted(const char *const *roles, size_t n, const char *role)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(roles[i], role) == 0)
            return true;
    }
    return false;
}

static enum err sort_roles(const char *const *roles, size_t n, const char *const *known,
                           struct person *p, struct diag *d)
{
    char all[200];
    name_all(known, all, sizeof all);
    for (size_t i = 0; i < n; i++) {
        if (!is_known(known, roles[i]))
            return diag_set(d, ERR_INVALID, "no role %.40s: %s", roles[i], all);
    }
    for (size_t r = 0; known[r] != NULL; r++) {
        size_t at = strlen(p->roles);
        if (wanted(roles, n, known[r]))
            (void)snprintf(p->roles + at, sizeof p->roles - at, "%s%s", at == 0 ? "" : ",",
                           known[r]);
    }
    return p->roles[0] == '\0' ? diag_set(d, ERR_INVALID, "a person has at least one role") : OK;
}

enum err people_check_new(const char *user, const char *name, const char *const *roles, size_t n,
                          const char *const *known, struct person *p, struct diag *d)
{
    *p = (struct person){.must_change = true};
    if (!user_ok(user))
        return diag_set(d, ERR_INVALID,
                        "the user name has 1 to 64 lower-case letters, digits, . _ or -, and "
                        "begins with a letter");
    if (!name_ok(name))
        return diag_set(d, ERR_INVALID, "the printed name is one line of at most 200 bytes");
    (void)snprintf(p->user, sizeof p->user, "%s", user);
    (void)snprintf(p->name, sizeof p->name, "%s", name);
    return sort_roles(roles, n, known, p, d);
}

enum err people_check_password(const char *password, const char *user, struct diag *d)
{
    uint64_t n = utf8_length(bytes_str(password));
    if (n < PASSWORD_MIN)
        return diag_set(d, ERR_INVALID, "a password has at least %d characters", PASSWORD_MIN);
    if (strlen(password) > PASSWORD_MAX)
        return diag_set(d, ERR_INVALID, "a password has at most %d bytes", PASSWORD_MAX);
    if (strcmp(password, user) == 0)
        return diag_set(d, ERR_INVALID, "the password is the user name");
    return OK;
}
