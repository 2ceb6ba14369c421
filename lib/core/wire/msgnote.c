/* msgnote.c - the grammar of log-and-security.md 2.3. */
#include "core/wire/msgnote.h"

#include "base/hex.h"
#include "core/identity/vkey.h"
#include "core/tlog/lines.h"

#include <inttypes.h>

static bool token_ok(struct bytes t)
{
    if (t.n == 0 || t.n > MSGNOTE_TYPE_MAX)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = t.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return true;
}

static enum err head_parse(struct bytes *rest, struct msgnote *m)
{
    struct bytes line;
    if (!line_next(rest, &line) || !bytes_eq(line, bytes_str("fedmsg/v1")))
        return ERR_INVALID;
    if (line_field(rest, "from", &m->from) || line_field(rest, "to", &m->to) ||
        !vkey_name_ok(m->from) || !vkey_name_ok(m->to))
        return ERR_INVALID;
    if (line_field(rest, "session", &line) || hex_decode(line, m->session, sizeof m->session))
        return ERR_INVALID;
    return OK;
}

enum err msgnote_parse(struct bytes text, struct msgnote *out)
{
    struct msgnote m = {.seq = 0};
    struct bytes rest = text;
    struct bytes line;
    if (head_parse(&rest, &m) || line_u64(&rest, "seq", &m.seq))
        return ERR_INVALID;
    if (line_field(&rest, "prev", &line) || hash_parse_hex(line, &m.prev) ||
        line_u64(&rest, "seen", &m.seen))
        return ERR_INVALID;
    if (line_field(&rest, "type", &m.type) || !token_ok(m.type) ||
        line_sized_hash(&rest, "body", &m.body_size, &m.body) || rest.n != 0)
        return ERR_INVALID;
    *out = m;
    return OK;
}

enum err msgnote_put(const struct msgnote *m, struct buf *out)
{
    char session[2 * MSGNOTE_SESSION + 1];
    if (!vkey_name_ok(m->from) || !vkey_name_ok(m->to) || !token_ok(m->type))
        return ERR_INVALID;
    hex_encode(bytes_of(m->session, sizeof m->session), session);
    (void)buf_puts(out, "fedmsg/v1\nfrom ");
    (void)buf_put(out, m->from);
    (void)buf_puts(out, "\nto ");
    (void)buf_put(out, m->to);
    (void)buf_printf(out, "\nsession %s\nseq %" PRIu64 "\nprev %s\nseen %" PRIu64 "\ntype ",
                     session, m->seq, hash_hex(m->prev).s, m->seen);
    (void)buf_put(out, m->type);
    return buf_printf(out, "\nbody %" PRIu64 " %s\n", m->body_size, hash_hex(m->body).s);
}
