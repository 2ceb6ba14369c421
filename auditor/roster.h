/* roster.h - `cloister-audit policy`: what an auditor of one site needs to know, out of the consortium's roster: the logs and
 * witnesses of both sides, and their message keys. Nothing here says that the roster is the right one; its fingerprint is
 * shown so that a person can ask somebody who knows. */
#pragma once

#include "findings.h"
#include "keys.h"
#include "policy.h"
#include "rosters.h"

struct roster_options {
    const char *roster;  /* file: a signed roster note */
    const char *site;    /* id */
    const char *witness; /* vkey of a third party whose cosignature is wanted too, or NULL */
    const char *keys;    /* where the keys file goes, or NULL */
};

/* The policy on `out`, the fingerprint on `log`. EXIT_UNREADABLE for what is no roster, EXIT_USAGE for a site that it does not
 * name. */
enum exit_status roster_policy(const struct roster_options *o, FILE *out, FILE *log);
/* The same for a command that needs no files in between: policy and keys of the site in the newest roster, and the message keys of
 * the older ones beside them. ERR_NOTFOUND where it names no such site. The caller owns both, also what stands there on failure. */
enum err roster_trust(const struct rosters *r, const char *site, struct policy **policy,
                      struct keys **keys);
