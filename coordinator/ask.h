/* ask.h - a command asks the running daemon. */
#pragma once

#include "core/json/json.h"
#include "host/options.h"

typedef void ask_row_fn(void *ctx, const json_t *row);

/* Is a daemon there? Then *out is the connection, the caller's. */
bool ask_reach(const struct state_options *o, int *out);
/* Takes the request; `with` is a descriptor that goes with it, or NULL. Returns the exit code, having complained. */
int ask_daemon(int fd, json_t *request, const int *with, ask_row_fn *fn, void *ctx);
