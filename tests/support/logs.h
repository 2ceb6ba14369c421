/* logs.h - for tests of the log store: a store with a fixed key, entries with known frames, and an oracle of what a log's
 * files must be, computed from the entries alone. */
#pragma once

#include "host/logstore.h"

#define LOGS_ORIGIN "fed.example/ward7/site-a/access"

struct secret *logs_seed(void); /* 32 bytes of 1; the caller frees */
/* Appends a local entry whose frame is 16 bytes and `text`; checks that it was queued. Returns its index. */
uint64_t logs_append(struct logstore *s, uint64_t now_ms, const char *text);
/* The root over the store's entries, read back one by one and hashed by the naive definition (small logs). */
struct hash logs_naive_root(struct logstore *s);
/* Checks every tile, bundle and frame file below dir against `size` entries read from the bundles, from the definition of
 * 2.1, and that the checkpoint is signed and says so. */
void logs_check_files(const char *dir, uint64_t size);
/* Copies a folder as it is. */
void logs_clone(const char *from, const char *to);
