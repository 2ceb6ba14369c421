/* event_json.h - a decoded LocalEvent as JSON. */
#pragma once

#include "core/json/json.h"
#include "core/wire/event.h"

/* A new object with "event" and the event's members; NULL: no memory. */
json_t *event_json(const struct event *e);
