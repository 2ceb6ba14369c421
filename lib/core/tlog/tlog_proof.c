/* tlog_proof.c - the grammar of c2sp.org/tlog-proof@v1. */
#include "core/tlog/tlog_proof.h"

#include "base/hex.h"
#include "core/tlog/lines.h"

#include <inttypes.h>

enum err tlog_proof_put(const struct tlog_proof *p, struct buf *out)
{
    if (p->extra.n == 0 || p->checkpoint.n == 0 || p->path.n > PROOF_MAX ||
        p->index >= TREE_SIZE_MAX)
        return ERR_INVALID;
    (void)buf_puts(out, "c2sp.org/tlog-proof@v1\nextra ");
    (void)base64_put(out, p->extra);
    (void)buf_printf(out, "\nindex %" PRIu64 "\n", p->index);
    for (size_t i = 0; i < p->path.n; i++) {
        (void)base64_put(out, hash_bytes(&p->path.h[i]));
        (void)buf_putc(out, '\n');
    }
    (void)buf_putc(out, '\n');
    return buf_put(out, p->checkpoint);
}

static enum err take_extra(struct bytes *rest, struct buf *extra, struct bytes *out)
{
    struct bytes value;
    size_t n = 0;
    if (line_field(rest, "extra", &value) || value.n == 0)
        return ERR_INVALID;
    buf_clear(extra);
    uint8_t *to = buf_reserve(extra, value.n); /* never more than its base64 */
    if (to == NULL)
        return buf_err(extra);
    enum err e = base64_decode(value, to, value.n, &n);
    if (e)
        return e;
    buf_commit(extra, n);
    *out = buf_bytes(extra);
    return n > 0 ? OK : ERR_INVALID;
}

/* Hash lines up to the empty one. */
static enum err take_path(struct bytes *rest, struct proof *path)
{
    struct bytes line;
    path->n = 0;
    while (line_next(rest, &line)) {
        size_t n = 0;
        if (line.n == 0)
            return OK;
        if (path->n == PROOF_MAX ||
            base64_decode(line, path->h[path->n].b, sizeof(struct hash), &n) ||
            n != sizeof(struct hash))
            return ERR_INVALID;
        path->n++;
    }
    return ERR_INVALID;
}

enum err tlog_proof_parse(struct bytes text, struct buf *extra, struct tlog_proof *out)
{
    struct tlog_proof p = {.index = 0};
    struct bytes rest = text;
    struct bytes line;
    if (text.n > TLOG_PROOF_MAX)
        return ERR_TOOBIG;
    if (!line_next(&rest, &line) || !bytes_eq(line, bytes_str("c2sp.org/tlog-proof@v1")))
        return ERR_INVALID;
    enum err e = take_extra(&rest, extra, &p.extra);
    if (!e)
        e = line_u64(&rest, "index", &p.index);
    if (!e)
        e = take_path(&rest, &p.path);
    if (e)
        return e;
    p.checkpoint = rest;
    if (p.index >= TREE_SIZE_MAX || rest.n == 0)
        return ERR_INVALID;
    *out = p;
    return OK;
}
