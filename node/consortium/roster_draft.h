/* roster_draft.h - a roster's first or next version, out of enrolment requests. */
#pragma once

#include "node/consortium/notes.h"

enum { DRAFT_LIST = 16 };

struct roster_draft {
    const char *k;     /* governors that must sign; NULL: as in `on` */
    const char *on;    /* file of the roster in force; NULL: this is the founding one */
    const char *until; /* end of membership of the new sites; NULL: two years from today */
    const char *out;   /* file; NULL: stdout */
    const char *governors[DRAFT_LIST], *revoke[DRAFT_LIST]; /* NULL-ended */
};

/* Verifies each request, writes the text that is to be signed, and prints its fingerprint on stderr. An exit code. */
int roster_draft(const struct roster_draft *r, char **files, int n);
