/* alloc.h - the failing-allocation loop: link tests_alloc and hand in what should survive running out of memory anywhere. */
#pragma once

#include "base/err.h"

/* Calls step(ctx) with the first allocation failing, then the second, and so on, until one run needs fewer. Every failing run
 * must answer ERR_NOMEM; the last, untouched one must answer OK. step frees what it made (ASan sees to that). Returns how
 * many allocations the whole run takes. */
unsigned alloc_torture(enum err (*step)(void *ctx), void *ctx);
