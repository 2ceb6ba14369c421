/* charset.h - text in other encodings to UTF-8 (iconv). */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdint.h>

/* Whether the name is one that iconv knows. */
int charset_known(const char *encoding);
/* Converts the whole of `from` (from byte `skip` on) and writes UTF-8 to `to`, at most `limit` bytes. ERR_INVALID: bytes that
 * are not of that encoding, d names the offset. ERR_TOOBIG. ERR_NOTFOUND: unknown encoding. */
enum err charset_to_utf8(int from, uint64_t skip, const char *encoding, int to, uint64_t limit,
                         struct diag *d);
