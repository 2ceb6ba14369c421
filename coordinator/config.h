/* config.h - coordinator.conf: every key has a default; an unknown key is refused with file and line. */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdbool.h>

struct config {
    char page[256];   /* [page] listen: loopback or unix:PATH; port 0 takes a free one */
    char origin[256]; /* [page] origin: what people type; "": the coordinator's own */
    char listen
        [256]; /* [link] listen: tcp://ADDRESS:PORT, the address in digits or *; port 0 takes a free one */
};

void config_default(struct config *c);
/* Reads over the defaults. A missing file is fine unless `must_exist`. d names line and key. */
enum err config_read(const char *path, bool must_exist, struct config *c, struct diag *d);
