/* decide.h - the life of a document at this site: which decision may follow which, by whom, and until when it holds. */
#pragma once

#include "node/desk/inbox.h"

/* Fills in the row of a decision, whose time and reason are set. ERR_CONFLICT with code "state", "expired" or "same_person";
 * ERR_INVALID with pointer where a guideline has no place among the others. */
enum err decide_may(struct app *a, const struct doc_row *row, const char *decision,
                    const struct person *who, struct approval_row *ap, struct desk_fault *f);
/* In the caller's transaction: the document's state, the reply to the consortium, work that is asked again. With a signature
 * (of a roster or policy) that goes out instead of a reply. */
enum err decide_take_force(struct app *a, const struct doc_row *row, const struct approval_row *ap,
                           struct bytes signature);
/* Approvals whose time is over end. */
enum err decide_expire(struct app *a, uint64_t now_ms);
