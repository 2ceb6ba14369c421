/* say.h - how commands speak: results on stdout, everything else on stderr, exit codes as sysexits (api.md 1). */
#pragma once

#include "base/diag.h"

#include <jansson.h>

enum {
    EXIT_OK = 0,
    EXIT_USAGE = 64,
    EXIT_DATA = 65,
    EXIT_NOINPUT = 66,
    EXIT_UNAVAILABLE = 69,
    EXIT_BUG = 70,
    EXIT_CANTCREATE = 73,
    EXIT_IO = 74,
    EXIT_AGAIN = 75,
    EXIT_REFUSED = 77,
    EXIT_CONFIG = 78
};

/* The program that runs, "cloister-node", and what people call it, "node". Static. */
const char *program_name(void);
const char *program_word(void);

/* `cloister-node: what happened: where. What to do.` Returns the exit code, so that a refusal is one line. */
int complain(int exit_code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The exit code that fits an error. */
int exit_of(enum err e);
/* complain() with the diag's words, or the error's name where it has none. */
int complain_diag(enum err e, const char *where, const struct diag *d);

/* One JSON document and a line feed on stdout. */
void print_json(const json_t *v);
/* Text that came from outside, safe for a terminal; at most 512 bytes of it are shown. Static buffer, valid until the next. */
const char *shown(const char *text);
