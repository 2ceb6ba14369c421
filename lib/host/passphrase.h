/* passphrase.h - where a passphrase comes from: a descriptor, a file, the service manager's credential, or a prompt on the
 * terminal. Never an argument, never the environment. */
#pragma once

#include "base/diag.h"
#include "base/secret.h"

enum { PASSPHRASE_MAX = 1024 };

struct passphrase_source {
    int fd;                 /* -1: none */
    const char *file;       /* NULL: none */
    const char *credential; /* name under $CREDENTIALS_DIRECTORY; NULL: none */
    const char *prompt;     /* what is asked for, "Passphrase of the node"; NULL: never ask */
    bool twice;             /* a new one is asked for twice */
};

/* Up to the first line end, at least 8 bytes where it is new (`twice`), at least 1 else. ERR_INVALID with words in d; without a
 * terminal nothing is asked. */
enum err passphrase_get(const struct passphrase_source *from, struct secret **out, struct diag *d);
