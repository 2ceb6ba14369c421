/* A message note's text that is taken prints alike. */
#include "core/wire/msgnote.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1 << 20);
    struct msgnote m;
    if (msgnote_parse(bytes_of(data, size), &m))
        return 0;
    MUST(msgnote_put(&m, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), bytes_of(data, size)));
    return 0;
}
