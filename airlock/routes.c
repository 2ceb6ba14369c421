/* routes.c - a list: a consortium has tens of sites. */
#include "airlock/routes.h"

#include <stdlib.h>

void routes_fini(struct routes *r)
{
    free(r->p);
    *r = (struct routes){0};
}

static struct route *find(const struct routes *r, struct bytes name)
{
    for (size_t i = 0; i < r->n; i++) {
        if (bytes_eq(bytes_str(r->p[i].name), name))
            return &r->p[i];
    }
    return NULL;
}

enum err routes_set(struct routes *r, struct bytes name, uint32_t route)
{
    struct route *known = find(r, name);
    if (known != NULL) {
        known->route = route;
        return OK;
    }
    if (r->n == ZCHAN_ALLOW_MAX || name.n > ZCHAN_ID_MAX)
        return ERR_TOOBIG;
    struct route *p = realloc(r->p, (r->n + 1) * sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    r->p = p;
    p += r->n++;
    *p = (struct route){.route = route};
    memcpy(p->name, name.p, name.n);
    return OK;
}

bool routes_get(const struct routes *r, struct bytes name, uint32_t *out)
{
    const struct route *known = find(r, name);
    if (known == NULL)
        return false;
    *out = known->route;
    return true;
}

void routes_clear(struct routes *r)
{
    r->n = 0;
}
