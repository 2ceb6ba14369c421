/* access.h - the access log: who opened which record, durable before the first byte is shown (log-and-security.md 11). */
#pragma once

#include "core/wire/event.h"
#include "node/app.h"

/* Queues an event; nothing may be shown before access_sync says OK. */
enum err access_append(struct app *a, const struct event *ev);
/* One fdatasync for all that is queued. */
enum err access_sync(struct app *a);
/* Appends and syncs an event without members: start, stop. */
enum err access_mark(struct app *a, enum event_kind kind);
