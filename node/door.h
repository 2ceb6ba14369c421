/* door.h - how a command reaches its node: through run/admin.sock where the daemon runs, else by opening the state directory
 * itself. The command does not see the difference, but for the passphrase that only the second way asks for. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

struct door;

/* Prints its own complaint; returns an exit code, 0 when it is open. */
int door_open(const struct state_options *o, struct door **out);
void door_free(struct door *d);
DEFINE_AUTO(door)
/* Whether a daemon answers. */
bool door_is_daemon(const struct door *d);

/* Each row and progress message as it comes; borrowed. */
typedef void door_fn(void *ctx, const json_t *row, const json_t *progress);
/* Asks (takes the request), hears to the end, prints the end's complaint. Returns the exit code. fds stay the caller's. */
int door_ask(struct door *d, json_t *request, const int *fds, size_t n, door_fn *fn, void *ctx);
/* As door_ask, but hands the complaint to the caller instead of printing it. */
int door_ask_quiet(struct door *d, json_t *request, const int *fds, size_t n, door_fn *fn,
                   void *ctx, char *text, size_t size);
