/* assets.h - the pictures of guidelines at this site: wanted when a guideline comes, taken by hand or over the link, held against
 * their hash before anybody sees them. */
#pragma once

#include "base/diag.h"
#include "core/identity/document.h"
#include "core/wire/body.h"
#include "node/app.h"

/* A guideline that is believed names its pictures: those are wanted from now on. Within the caller's transaction. */
enum err assets_of_document(struct app *a, const struct document *doc);
/* Takes a picture from a file. ERR_INVALID: no guideline here names these bytes. *known: it was here. */
enum err assets_take_file(struct app *a, struct bytes data, struct hash *out, bool *known,
                          struct diag *d);
/* Takes a piece that the coordinator sent; what was not asked for is passed over. Bytes whose hash is another one are forgotten
 * and not asked for again. Within the caller's transaction. */
enum err assets_take_chunk(struct app *a, const struct blob_chunk *c);
/* Asks the coordinator for what is wanted next, through the gate. Within the caller's transaction. */
enum err assets_ask(struct app *a, uint64_t now_ms);
