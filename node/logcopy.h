/* logcopy.h - the command's half of `log access DIR` and `log settle DIR`. */
#pragma once

#include "node/door.h"

/* Makes DIR, hands its descriptor to the node, prints its own complaints. Returns an exit code. */
int log_copy(struct door *d, const char *cmd, const char *dir, door_fn *fn, void *ctx);
