/* conf.c - inih, with the line of a refusal. */
#include "io/conf.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>

struct reading {
    conf_set *set;
    void *ctx;
    struct diag *d;
};

static int on_value(void *ctx, const char *section, const char *name, const char *value)
{
    struct reading *r = ctx;
    struct diag d = {0};
    if (r->set(r->ctx, section, name, value == NULL ? "" : value, &d))
        return 1;
    if (r->d->text[0] == '\0') {
        if (d.text[0] == '\0')
            (void)diag_set(r->d, ERR_INVALID, "unknown key %.60s in section [%.60s]", name,
                           section);
        else
            *r->d = d;
    }
    return 0;
}

enum err conf_read(const char *path, conf_set *set, void *ctx, struct diag *d)
{
    struct diag own = {0};
    struct reading r = {.set = set, .ctx = ctx, .d = d == NULL ? &own : d};
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return err_from_errno(errno);
    r.d->text[0] = '\0';
    int line = ini_parse_file(f, on_value, &r);
    (void)fclose(f);
    if (line == 0)
        return OK;
    if (line < 0)
        return diag_set(r.d, ERR_NOMEM, "out of memory");
    r.d->line = (unsigned)line;
    if (r.d->text[0] == '\0')
        return diag_set(r.d, ERR_INVALID, "no setting and no section");
    return ERR_INVALID;
}
