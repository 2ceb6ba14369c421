/* people.h - who may sign in to a daemon's page, their logins, and the buckets that slow guessing down: in the tables `user`, `login`
 * and `login_bucket` of the program's own database, which its migrations make. All SQL about them is people_db.c's; hashing is
 * host/password.h's. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"
#include "io/db.h"

enum {
    PERSON_NAME = 65,
    PERSON_SHOWN = 201,
    PERSON_ROLES = 80,
    PERSON_HASH = 128,
    PERSON_PSEUDONYM = 24
};

struct person {
    int64_t id;
    char user[PERSON_NAME];   /* what is typed at the login */
    char name[PERSON_SHOWN];  /* printed under approvals */
    char roles[PERSON_ROLES]; /* sorted, joined by a comma */
    char pseudonym[PERSON_PSEUDONYM];
    char password[PERSON_HASH]; /* crypto_pwhash_str */
    bool must_change;
    bool disabled;
    uint64_t last_login_ms; /* 0: never */
    uint32_t failures;
    uint64_t next_try_ms;
};

/* ERR_CONFLICT where the user is there. */
enum err people_add(struct db *db, const struct person *p, uint64_t now_ms, int64_t *out);
/* ERR_NOTFOUND. */
enum err people_find(struct db *db, const char *user, struct person *out);
enum err people_find_id(struct db *db, int64_t id, struct person *out);
enum err people_set_password(struct db *db, int64_t id, const char *hash, bool must_change);
/* disabled, failures, next_try_ms, last_login_ms of *p are written. */
enum err people_update(struct db *db, const struct person *p);
typedef enum err people_fn(void *ctx, const struct person *p);
enum err people_all(struct db *db, people_fn *fn, void *ctx); /* by user */
bool person_has(const struct person *p, const char *role);

/* A login: token is the SHA-256 of the cookie. */
struct login {
    struct hash token;
    char csrf[65]; /* hex */
    int64_t user;
    uint64_t made_ms, seen_ms;
};
enum err logins_add(struct db *db, const struct login *l);
enum err logins_find(struct db *db, struct hash token, bool *found, struct login *out);
enum err logins_seen(struct db *db, struct hash token, uint64_t now_ms);
enum err logins_drop(struct db *db, struct hash token);
enum err logins_drop_user(struct db *db, int64_t user);
enum err logins_drop_old(struct db *db, uint64_t made_before_ms, uint64_t seen_before_ms);

/* The bucket of an address: level and when it was so. */
enum err bucket_get(struct db *db, const char *address, uint32_t *level, uint64_t *at_ms);
enum err bucket_set(struct db *db, const char *address, uint32_t level, uint64_t at_ms);
