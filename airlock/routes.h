/* routes.h - which route each name speaks over now, as the keeper last said. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"
#include "io/zchan.h"

struct routes {
    struct route {
        char name[ZCHAN_ID_MAX + 1];
        uint32_t route;
    } * p;
    size_t n; /* at most ZCHAN_ALLOW_MAX */
};

void routes_fini(struct routes *r); /* accepts one of zeros */
/* ERR_NOMEM, ERR_TOOBIG: too many names. */
enum err routes_set(struct routes *r, struct bytes name, uint32_t route);
bool routes_get(const struct routes *r, struct bytes name, uint32_t *out);
void routes_clear(struct routes *r);
