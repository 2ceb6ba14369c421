/* A checkpoint's text that is taken prints alike. */
#include "core/tlog/checkpoint.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    struct checkpoint c;
    if (checkpoint_parse(bytes_of(data, size), &c))
        return 0;
    MUST(checkpoint_put(&c, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), bytes_of(data, size)));
    return 0;
}
