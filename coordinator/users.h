/* users.h - who may sign in to the operator's page, by command. */
#pragma once

#include "coordinator/app.h"
#include "core/json/json.h"
#include "host/password.h"

/* One command: filled by users_begin, hashed by users_run on any thread, ended by users_end. Wipe with users_wipe. */
struct users_job {
    struct person p;
    char password[ONE_TIME_PASSWORD]; /* "" where none is made */
    bool disable;
    enum err e;
};

/* `verb` is add, reset or disable; name "" = the user's. ERR_INVALID, ERR_NOTFOUND, ERR_CONFLICT with words. */
enum err users_begin(struct app *a, const char *verb, const char *user, const char *name,
                     struct users_job *out, struct diag *d);
void users_run(void *ctx);
/* Stores it. *out shows the one-time password this once; {user} of a disabled one. */
enum err users_end(struct app *a, struct users_job *job, json_t **out, struct diag *d);
void users_wipe(struct users_job *job);
/* A person, without what is secret. The caller owns it. */
json_t *users_json(const struct person *p);
