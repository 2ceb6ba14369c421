/* inbox_governed.h - rosters and policies before the steward: what changes in the consortium, who has signed, and this site's
 * governor's signature on its way out. */
#pragma once

#include "base/diag.h"
#include "core/json/json.h"
#include "node/app.h"
#include "node/vault/documents.h"

bool inbox_is_governed(const struct doc_row *row);

struct governed_state {
    /* {fingerprint, version, valid, need, in_force_ms: ms|null, signers: [{name, signed, own}], changes: {...}|null}; changes, of
     * a roster with one before it: {joins, revoked, gone, renewed: [{id, name}], governors_in, governors_out: [name], k_before,
     * k, governors, coordinator: bool, own: active|revoked|absent}. */
    json_t *json;
    struct diag why; /* why this site's governor cannot sign it; "" where it can */
};
void governed_fini(struct governed_state *s); /* accepts zeros */
/* `before` is the document that it follows, or NULL. */
enum err governed_read(struct app *a, const struct doc_row *row, const json_t *doc,
                       const json_t *before, struct bytes note, struct governed_state *out);
/* The same in sentences. */
void governed_words(const struct doc_row *row, const json_t *doc, const json_t *before,
                    const json_t *state, json_t *words);

/* May it be signed here now? ERR_INVALID with the pointer and words of what stands against it. */
enum err governed_may_sign(struct app *a, const struct doc_row *row, struct diag *d);
/* In the caller's transaction: the line of this site's governor is kept with the others and goes to the coordinator. ERR_DENIED: it
 * is no signature of this site's governor. */
enum err governed_sign(struct app *a, const struct doc_row *row, struct bytes line,
                       uint64_t now_ms);
