/* reads.h - who opened which record: the access log read back, newest first. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

struct reads_filter {
    const char *user;    /* NULL: any */
    const char *patient; /* the hospital's own identifier; NULL: any */
    uint64_t limit;      /* 0: all */
};
/* {index, at_ms, user, role, purpose, patient, item, assignment|null, n|null, streams, outcome}; row is given. */
typedef enum err reads_fn(void *ctx, json_t *row);
enum err reads_each(struct app *a, const struct reads_filter *f, reads_fn *fn, void *ctx);
