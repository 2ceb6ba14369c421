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
/* One more governor's signature on a version that is to come: kept with the others; with the k-th it takes force. */
enum err documents_take_signature(struct app *a, enum document_kind kind, struct bytes note,
                                  bool *in_force, struct diag *d);
/* Is this a judgement on the document, and not a failure of ours? */
bool documents_refused(enum err e);
