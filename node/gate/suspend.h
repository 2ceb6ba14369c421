/* suspend.h - a person closes the wall, or opens it again. While it is closed no socket is open, no frame leaves and none is
 * taken; what would be said waits in the outbox. It outlives restarts. */
#pragma once

#include "core/json/json.h"
#include "node/app.h"

/* Reads who has closed it into app->suspension. */
enum err suspend_load(struct app *a);

/* Closes (on) or opens. Both logs hold it before it is answered: it is durable on OK. ERR_NOTFOUND: this site has no link.
 * ERR_CONFLICT: it is so already. On an error the wall is as it was, with words. */
enum err suspend_set(struct app *a, bool on, const char *user, const char *name, struct diag *d);

/* {user, name, since_ms}, or null: the wall is open. NULL where memory is out. The caller owns it. */
json_t *suspend_json(const struct app *a);
