/* consortium.h - the roster and the policy that this site believes, and what follows from them. Without a roster a site stands
 * alone and trusts its own lead key. */
#pragma once

#include "core/identity/governance.h"
#include "core/identity/note.h"
#include "node/app.h"

/* Reads what is in force out of the vault into app->roster and app->policy (NULL: none). */
enum err consortium_load(struct app *a, struct diag *d);
void consortium_fini(struct app *a);

/* A roster that is to take force. The first one that this site takes wants the fingerprint that a person compared, and k signatures
 * of the governors of `before` (NULL: of its own, as a founding roster has); a later one those of k governors of the one in force,
 * and `before` does not count. It must name this site with this site's own keys. Durable, and noted in the access log. */
enum err consortium_take_roster(struct app *a, struct bytes note, const struct document *before,
                                const char *fingerprint, bool *known, struct diag *d);
enum err consortium_take_policy(struct app *a, struct bytes note, bool *known, struct diag *d);

/* Is the note signed by `site` as a lead (NULL: by any lead)? Without a roster this site's own lead key is the only one. ERR_DENIED
 * or ERR_INVALID with words. */
enum err consortium_check_lead(struct app *a, const struct note *n, const char *site,
                               struct diag *d);
