/* inbox.h - signed documents before the steward: taken in, shown in plain words, decided. How they came (a file, later the link) is
 * not its business. */
#pragma once

#include "node/app.h"
#include "node/desk/desk.h"
#include "node/vault/documents.h"

/* Verifies a note against the trust anchor (this node's own lead key while no roster is pinned), holds it against data.md, and
 * puts it before the steward. *known: it is here already. ERR_DENIED: no valid signature of the lead. ERR_INVALID with pointer. */
enum err inbox_add(struct app *a, struct bytes note, struct doc_row *out, bool *known,
                   struct diag *d);

/* May this version of the node run this campaign? ERR_INVALID with the pointer of the first thing it cannot show. */
enum err inbox_capable(const json_t *campaign, struct diag *d);

/* One entry for the list. */
json_t *inbox_row_json(const struct doc_row *row, const char *title);
/* The whole entry: row, doc, bytes, signatures, words, diff, fault, decision. ERR_NOTFOUND. */
enum err inbox_entry_json(struct app *a, int64_t id, json_t **out);

/* "approve", "refuse" or "withdraw", in the name of a person who has just proved who they are. The decision is a `local` entry of
 * the access log, durable before it takes force. To approve a roster or policy is to sign it: `signature` is the line of this
 * site's governor, and empty for all else. ERR_CONFLICT: not from the state that it has, its time is over, or the same person
 * twice. ERR_INVALID: not capable, not in its place, not to be signed here, or no such reason. */
enum err inbox_decide(struct app *a, int64_t id, const char *decision, const char *reason,
                      struct bytes signature, const struct person *who, struct desk_fault *f);
