/* uplink.h - this site's link to the coordinator: airlock, exchange log and core/link brought together in the keeper's loop.
 * Without `[link] coordinator` in node.conf, or without a pinned roster, there is none, and nothing can leave. */
#pragma once

#include "host/airlock.h"
#include "node/app.h"

struct uplink;

/* Opens the exchange log (log/) and begins to connect. Takes the airlock, which was started before the keyring was opened. ERR_
 * NOTFOUND: no roster is pinned. ERR_CORRUPT: the log was rolled back or is damaged. */
enum err uplink_start(struct app *a, struct airlock *airlock, struct uplink **out, struct diag *d);
/* What a status says has changed: one goes out in a second, where the link is up. Accepts NULL. */
void uplink_status_soon(struct uplink *u);
/* Notes in the exchange log how far the access log has come, which the coordinator's witness protects from then on. */
void uplink_note_access(struct uplink *u);
/* An orderly end: the last notes, committed and published. Accepts NULL. */
void uplink_stop(struct uplink *u);
void uplink_free(struct uplink *u); /* accepts NULL */

/* At the end of each turn of the loop. ERR_IO: the log is dead and the process has to end. */
enum err uplink_turn(struct uplink *u);
/* Something was put into the outbox. */
void uplink_wake(struct uplink *u);

/* Closes the airlock's socket at once and keeps it closed; or connects again. Whether it begins closed is app->suspension's
 * word. Accepts NULL. */
void uplink_suspend(struct uplink *u, bool on);
/* A local entry of the exchange log, durable on OK. ERR_CLOSED where the link has stopped for good, and its log with it. */
enum err uplink_note(struct uplink *u, struct bytes frame);

/* For status: "up", "greeting", "down", "stopped", "suspended". Static. */
const char *uplink_state(const struct uplink *u);
struct logstore *uplink_log(struct uplink *u);
/* A settlement begins, and whether it is over (log-and-security.md 5). */
void uplink_settle(struct uplink *u, bool on);
bool uplink_settled(const struct uplink *u);
