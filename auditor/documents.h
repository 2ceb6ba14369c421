/* documents.h - two frames as evidence: the coordinator carried one text of a version to one site, and another text of it to
 * another. Judged from the frames and the rosters' public keys alone. */
#pragma once

#include "base/buf.h"
#include "rosters.h"

/* OK where it holds: what is proven stands in *words, in plain words and whole lines. ERR_DENIED: it proves nothing, *why says
 * why. ERR_NOMEM. */
enum err documents_judge(struct bytes first, struct bytes second, const struct rosters *r,
                         struct buf *words, const char **why);
