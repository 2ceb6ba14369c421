/* left.h - what crossed this site's wall, read back out of its exchange log. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

enum { LEFT_MAX = 1000 };

/* The newest messages that left, newest first, at most LEFT_MAX: {index, at_ms, type, bytes, frame, says}; empty where this site
 * never had a link. The caller owns *out. */
enum err left_json(struct app *a, json_t **out);
