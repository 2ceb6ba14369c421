/* ask.h - the command's side of run/admin.sock: reaches the running daemon, asks, hears to the end. */
#pragma once

#include "core/json/json.h"
#include "host/options.h"

/* False: no daemon runs on this folder. */
bool ask_reach(const struct state_options *o, int *out_fd);
/* Rows as they come; borrowed. */
typedef void ask_row(void *ctx, const json_t *row);
/* Takes the request; `with` is a descriptor that goes along, or NULL. Prints the end's complaint; an exit code. */
int ask_say(int fd, json_t *request, const int *with, ask_row *fn, void *ctx);
