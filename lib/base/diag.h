/* diag.h - what went wrong in words, for a person: filled by parsers of human input and by commands. */
#pragma once

#include "err.h"

#include <stdarg.h>

struct diag {
    unsigned line;     /* from 1; 0 = does not apply */
    unsigned column;   /* from 1; 0 = does not apply */
    char pointer[512]; /* RFC 6901 place in a document; "" is the whole or does not apply */
    char text[512];    /* one line, no final stop */
};

/* Sets the text and returns e, so that a refusal is one line. Accepts d == NULL. */
enum err diag_set(struct diag *d, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum err diag_at(struct diag *d, enum err e, const char *pointer, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
