/* An entry that is taken prints alike. */
#include "core/tlog/entry.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)2 * ENTRY_MAX);
    struct entry e;
    (void)entry_version_unknown(bytes_of(data, size));
    if (entry_parse(bytes_of(data, size), &e))
        return 0;
    MUST(entry_put(&e, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), bytes_of(data, size)));
    return 0;
}
