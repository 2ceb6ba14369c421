/* people.c - names, roles, passwords. */
#include "node/people.h"

#include "base/hex.h"
#include "base/rng.h"
#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { OPS = 3, MEM = 64 * 1024 * 1024 };

/* In bytewise order, as they are stored. */
static const char *const role_names[] = {"adjudicator", "admin",    "annotator",
                                         "auditor",     "reviewer", "steward"};
enum { ROLE_COUNT = sizeof role_names / sizeof role_names[0] };

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

static enum err sort_roles(const char *const *roles, size_t n, struct person *p, struct diag *d)
{
    bool has[ROLE_COUNT] = {false};
    for (size_t i = 0; i < n; i++) {
        size_t r = 0;
        while (r < ROLE_COUNT && strcmp(roles[i], role_names[r]) != 0)
            r++;
        if (r == ROLE_COUNT)
            return diag_set(
                d, ERR_INVALID,
                "no role %.40s: annotator, reviewer, adjudicator, steward, auditor, admin",
                roles[i]);
        has[r] = true;
    }
    for (size_t r = 0; r < ROLE_COUNT; r++) {
        if (!has[r])
            continue;
        if (p->roles[0] != '\0')
            (void)strncat(p->roles, ",", sizeof p->roles - strlen(p->roles) - 1);
        (void)strncat(p->roles, role_names[r], sizeof p->roles - strlen(p->roles) - 1);
    }
    return p->roles[0] == '\0' ? diag_set(d, ERR_INVALID, "a person has at least one role") : OK;
}

enum err people_check_new(const char *user, const char *name, const char *const *roles, size_t n,
                          struct person *p, struct diag *d)
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
    return sort_roles(roles, n, p, d);
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
