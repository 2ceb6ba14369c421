/* harden.h - what this process gives up (log-and-security.md 11), in two steps: before the library's threads exist, and when
 * all that a start needs is done. */
#pragma once

#include "base/err.h"
#include "io/zchan.h"

/* Nothing inherited but descriptors 0 to 3; no core, no debugger, no new rights; dies with its parent. ERR_IO with errno. */
enum err harden_first(enum zchan_kind kind);

/* From now on: no file is written, no process or thread started, no call made but those of the list in sandbox.c.
 * *out_filtered is false where the kernel has no seccomp; all else must succeed. ERR_IO with errno. */
enum err harden_last(bool *out_filtered);
