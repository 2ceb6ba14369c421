/* arrive.h - what the coordinator sent, acted on. It carries; it is believed in nothing: a document counts by its signatures. */
#pragma once

#include "core/wire/body.h"
#include "node/app.h"

/* Acts on the payload of entry `index` of the exchange log. The effect can be done twice without harm; the acknowledgement and the
 * applied index are one transaction. */
enum err arrive(struct app *a, uint64_t index, const struct body *b);
