/* roster.h - `cloister-audit policy`: what an auditor of one site needs to know, out of the consortium's roster: the logs and
 * witnesses of both sides, and their message keys. Nothing here says that the roster is the right one; its fingerprint is
 * shown so that a person can ask somebody who knows. */
#pragma once

#include "findings.h"

struct roster_options {
    const char *roster;  /* file: a signed roster note */
    const char *site;    /* id */
    const char *witness; /* vkey of a third party whose cosignature is wanted too, or NULL */
    const char *keys;    /* where the keys file goes, or NULL */
};

/* The policy on `out`, the fingerprint on `log`. EXIT_UNREADABLE for what is no roster, EXIT_USAGE for a site that it does not
 * name. */
enum exit_status roster_policy(const struct roster_options *o, FILE *out, FILE *log);
