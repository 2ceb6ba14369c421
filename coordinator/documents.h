/* documents.h - which documents this coordinator takes: rosters and policies that k governors signed, campaigns and guidelines that
 * a lead of the roster signed. It decides nothing; it holds signatures against the roster in force. */
#pragma once

#include "coordinator/app.h"

enum { DOCUMENT_NOTE_MAX = 1024 * 1024 + 64 * 1024 };

/* All of them store, in the caller's transaction or at once, and leave app->roster and app->policy as they are: app_reload
 * after the commit. *known: it was here before, nothing was stored. Errors of judgement are ERR_INVALID, ERR_TOOBIG,
 * ERR_DENIED and ERR_CONFLICT, with words. */
enum err documents_take_governed(struct app *a, enum document_kind kind, struct bytes note,
                                 bool *known, struct document **out, struct diag *d);
enum err documents_take_led(struct app *a, enum document_kind kind, struct bytes note, bool *known,
                            struct document **out, struct diag *d);
/* Which site asked with this document: the active lead of the roster in force that has signed it. *found false where none has,
 * or the document is not here. */
enum err documents_lead_of(struct app *a, struct hash document, bool *found, char out[PARTY_ID]);

/* What became of a document. */
struct taking {
    enum document_kind kind;
    struct hash hash;
    uint64_t version;
    bool known;           /* it was here before with all that this one bears */
    bool in_force;        /* now, or already */
    unsigned valid, need; /* of a proposal: governors that have signed, and k */
};
enum proposer { PROPOSED_BY_OPERATOR, PROPOSED_BY_SITE };
/* The next roster or policy, with no signatures yet (an operator's), some, or one more: kept with the others, and with the k-th it
 * takes force. At most STORE_PROPOSALS wait: a further one is refused (ERR_FULL, in words). In the caller's transaction. */
enum err documents_propose(struct app *a, enum document_kind kind, struct bytes in,
                           enum proposer by, struct taking *out, struct diag *d);

/* What `install` and `propose` do, in a transaction of their own: campaigns and guidelines (kind DOCUMENT_CAMPAIGN stands for
 * both), rosters and policies. app->roster and app->policy follow. */
enum err documents_install(struct app *a, enum document_kind kind, struct bytes note,
                           struct taking *out, struct diag *d);
enum err documents_offer(struct app *a, enum document_kind kind, struct bytes in,
                         struct taking *out, struct diag *d);
/* Is this a judgement on the document, and not a failure of ours? */
bool documents_refused(enum err e);
