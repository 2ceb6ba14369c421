/* Packets of the pipe, read the way the pipe reads them: what is taken writes alike, and nothing claims more than is there. */
#include "io/airpipe.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    while (in.n >= AIRPIPE_HEAD) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(AIRPIPE_HEAD + AIRPIPE_PAYLOAD_MAX);
        struct airpipe_msg m;
        size_t n = 0;
        if (airpipe_head(in.p, AIRPIPE_KEEPER, &n) && airpipe_head(in.p, AIRPIPE_AIRLOCK, &n))
            return 0;
        MUST(n <= AIRPIPE_PAYLOAD_MAX);
        if (in.n - AIRPIPE_HEAD < n || airpipe_parse(in.p[4], bytes_of(in.p + AIRPIPE_HEAD, n), &m))
            return 0;
        MUST(airpipe_put(&b, &m) == OK);
        MUST(bytes_eq(buf_bytes(&b), bytes_of(in.p, AIRPIPE_HEAD + n)));
        if (m.type == AIRPIPE_ALLOW) {
            struct zchan_allowed one;
            size_t count = 0;
            for (struct bytes list = m.list; airpipe_allow_next(&list, &one);)
                count++;
            MUST(count <= ZCHAN_ALLOW_MAX && (m.list.n == 0 || count > 0));
        }
        in = bytes_skip(in, AIRPIPE_HEAD + n);
    }
    return 0;
}
