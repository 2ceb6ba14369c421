/* replies.h - the lead learns who decided what about its documents. The coordinator carries each site's own message; it is believed
 * in nothing: a decision counts by the signature of the site that made it. */
#pragma once

#include "core/identity/governance.h"
#include "core/json/json.h"
#include "core/wire/body.h"
#include "node/app.h"
#include "node/vault/documents.h"

/* Did a site of this roster, active or not, say to the coordinator what `r` repeats? NULL: it did, `from` is the site and *seq the number
 * of its message. Else the word of what is wrong. `mem` is begun by the caller. */
const char *replies_verify(const struct document *roster, const struct campaign_reply *r,
                           struct arena *mem, struct party *from, uint64_t *seq);

/* A decision as the coordinator passed it on. *why is the word of what is wrong with it, NULL where it was kept, or is older than
 * what is known. An error is a trouble of this node. In the caller's transaction. */
enum err replies_take(struct app *a, const struct campaign_reply *r, uint64_t now_ms,
                      const char **why);

/* [{site, name, decision, reason, at_ms}] of a document that is led here, else null. */
enum err replies_json(struct app *a, const struct doc_row *row, struct bytes note, json_t **out);
