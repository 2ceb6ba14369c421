/* conf.h - configuration files (inih): every key is known or the file is refused with its line. Knows no key by itself. */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdbool.h>

/* One setting. False: no such key or no such value; then d->text says why (empty: unknown key). */
typedef bool conf_set(void *ctx, const char *section, const char *key, const char *value,
                      struct diag *d);

/* Reads the file line by line. ERR_NOTFOUND where there is none, ERR_INVALID with d->line set. Values may not span lines. */
enum err conf_read(const char *path, conf_set *set, void *ctx, struct diag *d);
