/* diff.h - `cloister-audit diff`: the exchange logs of two sites against each other. Did the coordinator show both the same
 * documents? */
#pragma once

#include "rosters.h"

struct diff_options {
    const char *log[2]; /* folders of two nodes' logs */
    struct paths rosters;
    const char *evidence; /* folder for what can be shown to others, or NULL */
    bool json, strict;    /* as for verify */
};

/* Findings of both logs on `out`, those of the log whose name sorts first before the other's; the summary on `log`. */
enum exit_status diff(const struct diff_options *o, FILE *out, FILE *log);
