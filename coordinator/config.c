/* config.c - coordinator.conf. */
#include "coordinator/config.h"

#include "base/text.h"
#include "io/conf.h"

#include <stdio.h>
#include <string.h>

void config_default(struct config *c)
{
    (void)snprintf(c->listen, sizeof c->listen, "%s", "tcp://127.0.0.1:7600");
    (void)snprintf(c->page, sizeof c->page, "%s", "127.0.0.1:7602");
    c->origin[0] = '\0';
}

/* The shape only: the airlock has the last word on the address. */
static bool endpoint_ok(const char *s)
{
    uint64_t port = 0;
    const char *colon = strrchr(s, ':');
    return strncmp(s, "tcp://", 6) == 0 && colon > s + 6 &&
           parse_u64_str(colon + 1, UINT16_MAX, &port) == OK;
}

/* Whether the address is one is httpd_listen's word. */
static bool set_page(struct config *c, const char *name, const char *value, struct diag *d)
{
    char *to = strcmp(name, "listen") == 0   ? c->page
               : strcmp(name, "origin") == 0 ? c->origin
                                             : NULL;
    if (to == NULL)
        return false;
    if (strlen(value) >= sizeof c->page) {
        (void)diag_set(d, ERR_TOOBIG, "%s is too long", name);
        return false;
    }
    (void)snprintf(to, sizeof c->page, "%s", value);
    return true;
}

static bool set_key(void *ctx, const char *section, const char *name, const char *value,
                    struct diag *d)
{
    struct config *c = ctx;
    if (strcmp(section, "page") == 0)
        return set_page(c, name, value, d);
    if (strcmp(section, "link") != 0 || strcmp(name, "listen") != 0)
        return false;
    if (strlen(value) >= sizeof c->listen || !endpoint_ok(value)) {
        (void)diag_set(d, ERR_INVALID,
                       "listen is tcp://ADDRESS:PORT with the address in digits, or * for all");
        return false;
    }
    (void)snprintf(c->listen, sizeof c->listen, "%s", value);
    return true;
}

enum err config_read(const char *path, bool must_exist, struct config *c, struct diag *d)
{
    enum err e = conf_read(path, set_key, c, d);
    if (e == ERR_NOTFOUND && !must_exist)
        return OK;
    if (e && d->text[0] == '\0')
        return diag_set(d, e, "cannot be read (%s)", err_name(e));
    return e;
}
