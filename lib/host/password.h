/* password.h - rules about people who sign in: names, roles, one-time passwords, hashes. */
#pragma once

#include "base/diag.h"
#include "host/people.h"

enum { ONE_TIME_PASSWORD = 4 * 6, PASSWORD_MIN = 10, PASSWORD_MAX = 200 };

/* A random password of four proquints (64 bits), to be changed at the first login. */
void people_one_time(char out[ONE_TIME_PASSWORD]);
/* argon2id, 64 MiB, 3 passes (log-and-security.md 11). A quarter of a second: on a worker. ERR_NOMEM. */
enum err people_hash(const char *password, char out[PERSON_HASH]);
bool people_verify(const char *hash, const char *password);
/* A hash that no password fits, so that an unknown user costs as much time as a known one. */
const char *people_no_hash(void);

/* Checks name and roles and puts the roles into *p, in the order of `known`, the program's roles in bytewise order, NULL-ended.
 * ERR_INVALID with words. */
enum err people_check_new(const char *user, const char *name, const char *const *roles, size_t n,
                          const char *const *known, struct person *p, struct diag *d);
/* What a password of one's own must be. ERR_INVALID with words. */
enum err people_check_password(const char *password, const char *user, struct diag *d);
