/* replies_cmd.h - what `campaign show` says of the sites' decisions. */
#pragma once

#include "host/options.h"

/* Asks the node, prints, returns an exit code. */
int replies_show(const struct options *o);
