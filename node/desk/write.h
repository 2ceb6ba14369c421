/* write.h - what the desk's two sides share: revisions written, checks heard. */
#pragma once

#include "node/desk/desk.h"

/* Within a transaction: the next revision over w->base. *out (may be NULL) is its document. */
enum err desk_write_revision(struct app *a, const struct desk_work *w, const char *by,
                             const char *status, const char *reason, uint64_t active_ms,
                             uint64_t now_ms, const struct annotation *doc, json_t **out);
/* ERR_CONFLICT, code "checks", with the list of all that failed: where a blocking one did, or a warning that is not in acks (an array
 * of ids; NULL: warnings do not refuse, a reviewer decides over them). */
enum err desk_checks(const struct desk_work *w, const struct annotation *doc, const json_t *acks,
                     struct desk_fault *f);
