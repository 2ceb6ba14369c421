/* checkpoint.c - C2SP tlog-checkpoint text. */
#include "core/tlog/checkpoint.h"

#include "base/hex.h"
#include "base/text.h"
#include "core/tlog/lines.h"

#include <inttypes.h>

enum err checkpoint_parse(struct bytes text, struct checkpoint *out)
{
    struct checkpoint c = {{0}, 0, {{0}}};
    struct bytes rest = text;
    struct bytes line;
    size_t n = 0;
    if (!line_next(&rest, &line) || !vkey_name_ok(line))
        return ERR_INVALID;
    memcpy(c.origin, line.p, line.n);
    if (!line_next(&rest, &line) || parse_u64(line, INT64_MAX, &c.size))
        return ERR_INVALID;
    if (!line_next(&rest, &line) || base64_decode(line, c.root.b, sizeof c.root.b, &n) ||
        n != sizeof c.root.b || rest.n != 0)
        return ERR_INVALID;
    *out = c;
    return OK;
}

enum err checkpoint_put(const struct checkpoint *c, struct buf *out)
{
    (void)buf_printf(out, "%s\n%" PRIu64 "\n", c->origin, c->size);
    (void)base64_put(out, hash_bytes(&c->root));
    return buf_putc(out, '\n');
}
