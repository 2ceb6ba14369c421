/* suspension.h - whether a person has closed this site's wall: at most one row, which outlives restarts. */
#pragma once

#include "base/err.h"
#include "host/people.h"
#include "node/vault/vault.h"

struct suspension {
    bool on;
    char user[PERSON_NAME]; /* login name; of a command the system's user */
    char name[PERSON_SHOWN];
    uint64_t at_ms;
};

enum err suspension_get(struct vault *v, struct suspension *out);
/* In a transaction of its own. */
enum err suspension_set(struct vault *v, const struct suspension *to);
