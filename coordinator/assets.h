/* assets.h - pictures of guidelines at the coordinator: brought by the operator's hand, sent in pieces to sites that ask. */
#pragma once

#include "coordinator/app.h"
#include "core/identity/document.h"

enum { ASSET_MAX = 16 * 1024 * 1024 };

/* A guideline that is taken names its pictures: those may be brought and asked for. In the caller's transaction. */
enum err assets_of_document(struct app *a, const struct document *doc);
/* Takes a picture's bytes. ERR_INVALID: no guideline here names them. *known: they are here. */
enum err assets_bring(struct app *a, struct bytes data, struct hash *out, bool *known,
                      struct diag *d);
/* A site asks: *named false where no guideline names it, or the place lies behind its end. In the caller's transaction. */
enum err assets_want(struct app *a, const char *site, const struct blob_request *r, bool *named);
