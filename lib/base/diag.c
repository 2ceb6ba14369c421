/* diag.c - words for a refusal. */
#include "diag.h"

#include <stdio.h>

enum err diag_set(struct diag *d, enum err e, const char *fmt, ...)
{
    if (d == NULL)
        return e;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(d->text, sizeof d->text, fmt, ap);
    va_end(ap);
    return e;
}

enum err diag_at(struct diag *d, enum err e, const char *pointer, const char *fmt, ...)
{
    if (d == NULL)
        return e;
    (void)snprintf(d->pointer, sizeof d->pointer, "%s", pointer);
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(d->text, sizeof d->text, fmt, ap);
    va_end(ap);
    return e;
}
