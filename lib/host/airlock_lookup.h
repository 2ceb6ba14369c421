/* airlock_lookup.h - from "tcp://NAME:PORT" to "tcp://ADDRESS:PORT", by `cloister-airlock resolve` as a child: the daemon asks no
 * name server itself, and an airlock can open no file. */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/err.h"
#include "io/loop.h"

struct airlock_lookup;

/* Once. The endpoint in digits, borrowed; or NULL: no such name, or no answer within 20 s. */
typedef void airlock_found_fn(void *ctx, const char *endpoint);

/* Digits are taken as a name is. ERR_INVALID for what is no such endpoint (the name at most 253 of A-Z a-z 0-9 . - or, in
 * brackets, of digits of IPv6), and what airlock_spawn may say. */
enum err airlock_lookup_start(const char *program, struct loop *l, const char *endpoint,
                              airlock_found_fn *fn, void *ctx, struct airlock_lookup **out,
                              struct diag *d);
/* Ends it where it has not ended; also after fn, and from within it. Accepts NULL. */
void airlock_lookup_free(struct airlock_lookup *x);
DEFINE_AUTO(airlock_lookup)
