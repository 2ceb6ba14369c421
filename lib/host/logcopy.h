/* logcopy.h - a consistent copy of a log's public files, made from files alone: it may run on a worker while the log grows. */
#pragma once

#include "base/bytes.h"
#include "base/diag.h"
#include "core/tlog/checkpoint.h"

/* Copies cp/ up to the checkpoint's size, tiles, bundles, frames of exactly that size, and the checkpoint itself last, from
 * the folder `from` into the empty folder `to`. A frame that was pruned is left out. ERR_CORRUPT where a file is missing or
 * is cut; ERR_FULL, ERR_IO. As with cp(1), nothing is synced. */
enum err logcopy(int from, int to, const struct checkpoint *c, struct bytes note, struct diag *d);
