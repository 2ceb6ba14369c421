/* entry.c - the grammar of log-and-security.md 2.2. */
#include "core/tlog/entry.h"

#include "base/hex.h"
#include "base/text.h"
#include "core/tlog/lines.h"

#include <inttypes.h>

static const char header[] = "fedlog-entry/v";
static const char *const kinds[] = {
    [ENTRY_OUT] = "out", [ENTRY_IN] = "in", [ENTRY_REJ] = "rej", [ENTRY_LOCAL] = "local"};

const char *entry_kind_name(enum entry_kind k)
{
    return kinds[k];
}

static enum err kind_parse(struct bytes t, enum entry_kind *out)
{
    for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (bytes_eq(t, bytes_str(kinds[k]))) {
            *out = (enum entry_kind)k;
            return OK;
        }
    }
    return ERR_INVALID;
}

static bool carries_note(enum entry_kind k)
{
    return k == ENTRY_OUT || k == ENTRY_IN;
}

enum err entry_parse(struct bytes text, struct entry *out)
{
    struct entry e = {.index = 0};
    struct bytes rest = text;
    struct bytes line;
    if (text.n > ENTRY_MAX)
        return ERR_TOOBIG;
    if (utf8_bad(text) != text.n || !line_next(&rest, &line) ||
        !bytes_eq(line, bytes_str("fedlog-entry/v1")))
        return ERR_INVALID;
    if (line_u64(&rest, "index", &e.index) || line_u64(&rest, "time", &e.time_ms) ||
        line_field(&rest, "kind", &line) || kind_parse(line, &e.kind) ||
        line_sized_hash(&rest, "frame", &e.frame_size, &e.frame))
        return ERR_INVALID;
    if (!line_next(&rest, &line) || line.n != 0 || carries_note(e.kind) != (rest.n > 0))
        return ERR_INVALID;
    e.note = rest;
    *out = e;
    return OK;
}

enum err entry_put(const struct entry *e, struct buf *out)
{
    if (carries_note(e->kind) != (e->note.n > 0))
        return ERR_INVALID;
    size_t before = out->n;
    (void)buf_printf(
        out, "%s1\nindex %" PRIu64 "\ntime %" PRIu64 "\nkind %s\nframe %" PRIu64 " %s\n\n", header,
        e->index, e->time_ms, kinds[e->kind], e->frame_size, hash_hex(e->frame).s);
    enum err failed = buf_put(out, e->note);
    if (!failed && out->n - before > ENTRY_MAX)
        return ERR_TOOBIG;
    return failed;
}

bool entry_version_unknown(struct bytes text)
{
    struct bytes rest = text;
    struct bytes line;
    uint64_t version = 0;
    if (!line_next(&rest, &line) || !bytes_begin(line, bytes_str(header)) ||
        parse_u64(bytes_skip(line, sizeof header - 1), INT64_MAX, &version))
        return false;
    return version > 1;
}
