/* cross.h - `cloister-audit cross`: the logs of both sides, each on its own and then against the other. */
#pragma once

#include "findings.h"

struct cross_options {
    const char *node, *coord;    /* folders */
    const char *policy, *keys;   /* files; both are wanted */
    const char *max_pending_age; /* seconds, or NULL: whatever waits is pending */
    const char *evidence;        /* folder for what can be shown to others, or NULL */
    bool json, strict;           /* as for verify */
};

/* Findings of both logs on `out`, those of the log whose name sorts first before the other's; the summary on `log`. */
enum exit_status cross(const struct cross_options *o, FILE *out, FILE *log);
