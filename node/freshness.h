/* freshness.h - is this vault older than what the access log says of it? A restored file would pass every other check. */
#pragma once

#include "node/app.h"

/* ERR_CORRUPT with words where the newest anchor names a revision that the vault does not hold as it was. */
enum err freshness_check(struct app *a, struct diag *d);
