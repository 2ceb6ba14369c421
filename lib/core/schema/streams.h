/* streams.h - what an annotation's positions are checked against (data.md 2): the streams of an item. */
#pragma once

#include "core/json/fault.h"
#include "core/json/json.h"

/* Stages 1 to 3. The caller owns *out: an object, stream by id. */
enum err streams_read(struct bytes text, json_t **out, struct diag *d);
/* Stage 3 of one stream (`pts` ascending, `end` behind them), and of all. They have passed stage 2. */
void stream_check(const json_t *stream, const struct place *at, struct fault *f);
void streams_check(const json_t *streams, const struct place *at, struct fault *f);
