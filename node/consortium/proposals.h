/* proposals.h - rosters and policies that are being signed: put before this site's steward, who adds the governor's signature or
 * refuses. Nothing follows from one until k governors have signed it; then it comes as what is in force (consortium.h). */
#pragma once

#include "node/consortium/consortium.h"
#include "node/vault/documents.h"

enum {
    PROPOSALS_MAX = 8
}; /* that wait for the steward; a further one is refused, so that nobody can push one out */

/* Is it the text of a roster or policy, signed or not? */
bool proposals_kind(struct bytes in, enum document_kind *out);
/* Puts the next version of a roster or policy into the inbox, or adds signatures to what is there (*known). Its own transaction.
 * ERR_INVALID, ERR_CONFLICT, ERR_DENIED as proposal_open; ERR_INVALID too where k have signed it; ERR_AGAIN where PROPOSALS_MAX
 * wait already (proposals_full tells it from a database that is busy). All with words. */
enum err proposals_take(struct app *a, enum document_kind kind, struct bytes in,
                        struct doc_row *out, bool *known, struct diag *d);

/* Do as many wait as may? */
enum err proposals_full(struct app *a, bool *full);

/* This site's governor signs: its key is under a passphrase of its own, so this is work for the hashing thread. */
struct gov_signing {
    int dir; /* the state directory, borrowed */
    struct secret *passphrase;
    struct buf text, line; /* line: one signature line, once it is made */
    enum err e;            /* ERR_DENIED: another passphrase */
    struct diag d;
};
/* Of the document in this row of the inbox. ERR_INVALID: no passphrase, or one that is too long. */
enum err gov_signing_new(struct app *a, int64_t id, struct bytes passphrase,
                         struct gov_signing **out);
void gov_signing_run(void *ctx);
void gov_signing_free(void *ctx); /* wipes; accepts NULL */
