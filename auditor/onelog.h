/* onelog.h - one log under audit: its folder, its findings, the pass over it. */
#pragma once

#include "pass.h"

struct onelog {
    struct findings found;
    struct pass *pass;
    int fd;
    struct trace trace;
    struct shown
        *shown; /* set before onelog_verify: where the documents that came in are noted; or NULL */
    bool
        crossed; /* set before onelog_verify: fill the trace; what is pending the other log tells */
    bool absent; /* there is no folder of that name */
    bool opened; /* its checkpoint is signed by a log of the policy */
};

/* False without memory; onelog_fini in any case. x does not move afterwards. */
bool onelog_init(struct onelog *x);
void onelog_fini(struct onelog *x);
/* Opens the folder and its checkpoint; false where it is absent, or a finding says why nothing can be verified. The policy is borrowed until
 * onelog_fini. */
bool onelog_open(struct onelog *x, const char *folder, const struct policy *policy);
/* Everything that one log can be asked alone. `keys` are used up: each log wants its own. */
void onelog_verify(struct onelog *x, const struct policy *policy, struct keys *keys);
/* Are its leaves those that its checkpoint signs? Only then can anything be held against it (5.1.5). */
bool onelog_stands(const struct onelog *x);
