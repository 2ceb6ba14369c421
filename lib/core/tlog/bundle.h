/* bundle.h - an entry bundle: up to 256 entries, each behind its length as uint16 BE (C2SP tlog-tiles). */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"

enum { BUNDLE_ENTRY_MAX = 65535, BUNDLE_MAX = 256 * (65535 + 2) };

/* ERR_TOOBIG above BUNDLE_ENTRY_MAX; else buf's errors. */
enum err bundle_put(struct buf *b, struct bytes entry);
/* Takes the next entry off *rest, borrowed from it. ERR_NOTFOUND at the end, ERR_INVALID where the bytes are cut. */
enum err bundle_next(struct bytes *rest, struct bytes *entry);
