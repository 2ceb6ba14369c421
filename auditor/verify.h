/* verify.h - `cloister-audit verify`: one log, from its folder and the auditor's own files alone. */
#pragma once

#include "findings.h"

struct verify_options {
    const char *log;    /* the folder */
    const char *policy; /* file */
    const char *keys;   /* file, or NULL */
    const char *pin;    /* SIZE:ROOT, or NULL */
    const char *since;  /* a checkpoint file of the last audit, or NULL */
    bool json;          /* the summary on stderr as one JSON object instead of words */
    bool strict;        /* what is only noted counts as incomplete */
};

/* Findings on `out`, one JSON object a line; the summary, or why nothing was read, on `log`. */
enum exit_status verify(const struct verify_options *o, FILE *out, FILE *log);
