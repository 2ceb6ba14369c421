/* job.h - one import: files handed over one by one as descriptors, read on the worker, stored in the vault. Only one import
 * runs at a time; it belongs to the peer that began it. Items of new sessions can be labeled once the import has ended, so that
 * an item never grows under an annotator's hands. */
#pragma once

#include "node/app.h"

/* The peer has gone: its import is ended as it stands. Nothing that was taken is lost. */
void import_abandon(struct app *a, uint64_t peer);
/* The node stops, the worker has ended: an import under way is ended as it stands. */
void import_stop(struct app *a);
