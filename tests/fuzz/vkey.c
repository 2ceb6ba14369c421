/* A vkey that is taken prints alike. */
#include "core/identity/vkey.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
    struct vkey k;
    if (vkey_parse(bytes_of(data, size), &k))
        return 0;
    MUST(vkey_put(&k, &b) == OK);
    MUST(bytes_eq(buf_bytes(&b), bytes_of(data, size)));
    return 0;
}
