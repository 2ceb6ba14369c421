/* A bundle gives entries that bundle again to the same bytes; a tile's name that is taken prints alike. */
#include "core/tlog/bundle.h"

#include "core/tlog/tile.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(BUNDLE_MAX);
    struct bytes rest = bytes_of(data, size);
    struct bytes entry;
    struct tile t;
    char path[TILE_PATH];
    enum err e = bundle_next(&rest, &entry);
    for (; e == OK; e = bundle_next(&rest, &entry))
        MUST(bundle_put(&b, entry) == OK);
    MUST(e == ERR_NOTFOUND || e == ERR_INVALID);
    MUST((e == ERR_NOTFOUND) == (rest.n == 0));
    MUST(bytes_eq(buf_bytes(&b), bytes_of(data, size - rest.n)));
    if (tile_path_parse(bytes_of(data, size), &t) == OK)
        MUST(bytes_eq(bytes_str(tile_path(t, path)), bytes_of(data, size)));
    return 0;
}
