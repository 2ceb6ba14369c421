/* zchan_allow.c - what may be connected to, and who may come in. */
#include "io/zchan_in.h"

#include <arpa/inet.h>

static bool port_ok(const char *p, bool may_be_zero)
{
    uint32_t v = 0;
    size_t n = strlen(p);
    if (n == 0 || n > 5 || strspn(p, "0123456789") != n || (n > 1 && p[0] == '0'))
        return false;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (uint32_t)(p[i] - '0');
    return v <= UINT16_MAX && (v > 0 || may_be_zero);
}

static bool address_ok(struct bytes a)
{
    char text[INET6_ADDRSTRLEN + 1] = {0};
    struct in6_addr parsed;
    bool six = a.n > 2 && a.p[0] == '[' && a.p[a.n - 1] == ']';
    if (six)
        a = bytes_of(a.p + 1, a.n - 2);
    if (a.n == 0 || a.n >= sizeof text)
        return false;
    memcpy(text, a.p, a.n);
    return inet_pton(six ? AF_INET6 : AF_INET, text, &parsed) == 1;
}

bool zchan_endpoint_ok(const char *endpoint)
{
    static const char scheme[] = "tcp://";
    const char *port = strrchr(endpoint, ':');
    if (strlen(endpoint) > ZCHAN_ENDPOINT_MAX ||
        !bytes_begin(bytes_str(endpoint), bytes_str(scheme)))
        return false;
    const char *host = endpoint + sizeof scheme - 1;
    if (port == NULL || port < host || !port_ok(port + 1, true))
        return false;
    struct bytes a = bytes_of(host, (size_t)(port - host));
    return bytes_eq(a, bytes_str("*")) || address_ok(a);
}

/* --- who may come in --- */
bool zchan_list_has(const struct zchan_list *l, const char *id)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->p[i].id, id) == 0)
            return true;
    }
    return false;
}

static bool entry_ok(const struct zchan_allowed *list, size_t n, const struct zchan_allowed *one)
{
    size_t len = strnlen(one->id, sizeof one->id);
    if (len == 0 || len > ZCHAN_ID_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (one->id[i] <= ' ' || one->id[i] > '~')
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (memcmp(list[i].key, one->key, ZCHAN_KEY) == 0 && strcmp(list[i].id, one->id) != 0)
            return false;
    }
    return true;
}

static bool list_has_pair(const struct zchan_list *l, const struct zchan_allowed *one)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->p[i].id, one->id) == 0 && memcmp(l->p[i].key, one->key, ZCHAN_KEY) == 0)
            return true;
    }
    return false;
}

enum err zchan_allow(struct zchan *z, const struct zchan_allowed *list, size_t n)
{
    if (z->kind != ZCHAN_ROUTER)
        return ERR_INVALID;
    if (n > ZCHAN_ALLOW_MAX)
        return ERR_TOOBIG;
    for (size_t i = 0; i < n; i++) {
        if (!entry_ok(list, i, &list[i]))
            return ERR_INVALID;
    }
    struct zchan_list fresh = {.p = calloc(n + 1, sizeof *list), .n = n};
    if (fresh.p == NULL)
        return ERR_NOMEM;
    if (n > 0)
        memcpy(fresh.p, list, n * sizeof *list);
    bool revoked = false;
    for (size_t i = 0; i < z->allowed.n; i++)
        revoked = revoked || !list_has_pair(&fresh, &z->allowed.p[i]);
    free(z->allowed.p);
    z->allowed = fresh;
    if (revoked && z->state != ZCHAN_SHUT)
        zchan_rebuild(z, 0);
    return OK;
}
