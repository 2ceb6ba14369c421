/* state.h - what `status` and the page say of the node. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

/* {version, site, started_ms, state_bytes, free_bytes, patients.. , users, last_anchor_ms, log_size}; the caller owns it. */
enum err state_json(struct app *a, json_t **out);
