/* bundle.c - entry bundles of C2SP tlog-tiles. */
#include "core/tlog/bundle.h"

enum err bundle_put(struct buf *b, struct bytes entry)
{
    uint8_t length[2];
    if (entry.n > BUNDLE_ENTRY_MAX)
        return ERR_TOOBIG;
    put_be16(length, (uint16_t)entry.n);
    (void)buf_put(b, bytes_of(length, sizeof length));
    return buf_put(b, entry);
}

enum err bundle_next(struct bytes *rest, struct bytes *entry)
{
    if (rest->n == 0)
        return ERR_NOTFOUND;
    if (rest->n < 2)
        return ERR_INVALID;
    size_t n = get_be16(rest->p);
    if (rest->n - 2 < n)
        return ERR_INVALID;
    *entry = bytes_of(rest->p + 2, n);
    *rest = bytes_skip(*rest, n + 2);
    return OK;
}
