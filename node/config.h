/* config.h - node.conf (api.md 3): every key has a default; an unknown key is refused with file and line. */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct config {
    char listen[256];      /* [page] listen: 127.0.0.1:PORT or unix:PATH */
    char origin[256];      /* [page] origin: http://SITE.localhost:PORT; "" follows listen */
    char coordinator[256]; /* [link] coordinator: tcp://HOST:PORT; "": this site stands alone */
    char two_person[256];  /* [policy] two_person: yes or no; see config_two_person */
    uint64_t size_limit;   /* [vault] size_limit: bytes the vault may take; 0 = what the disk has */
    uint64_t text_limit;   /* [import] text_limit: bytes of a note */
    uint64_t image_limit;  /* [import] image_limit: bytes of a picture */
    uint64_t pixel_limit;  /* [import] pixel_limit: pixels of a picture */
    uint64_t idle_minutes; /* [page] idle_minutes: a login without a request ends */
    uint64_t login_hours;  /* [page] login_hours: a login ends in any case */
};

/* Does an approval need two different stewards? */
bool config_two_person(const struct config *c);

void config_default(struct config *c);
/* Reads over the defaults. A missing file is fine unless `must_exist`. d names line and key. */
enum err config_read(const char *path, bool must_exist, struct config *c, struct diag *d);
/* The effective configuration in the file's own form, each key with a line on what it means. */
void config_print(const struct config *c, FILE *out);
