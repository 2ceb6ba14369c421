/* lines.c - the shared grammar of the log's texts. */
#include "core/tlog/lines.h"

#include "base/hex.h"
#include "base/text.h"

bool line_next(struct bytes *rest, struct bytes *line)
{
    const uint8_t *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);
    if (end == NULL)
        return false;
    *line = bytes_of(rest->p, (size_t)(end - rest->p));
    *rest = bytes_skip(*rest, line->n + 1);
    return true;
}

enum err line_field(struct bytes *rest, const char *word, struct bytes *value)
{
    struct bytes line;
    size_t n = strlen(word);
    if (!line_next(rest, &line) || !bytes_begin(line, bytes_str(word)) || line.n <= n ||
        line.p[n] != ' ')
        return ERR_INVALID;
    *value = bytes_skip(line, n + 1);
    return OK;
}

enum err line_u64(struct bytes *rest, const char *word, uint64_t *value)
{
    struct bytes text;
    enum err e = line_field(rest, word, &text);
    return e ? e : parse_u64(text, INT64_MAX, value);
}

enum err line_sized_hash(struct bytes *rest, const char *word, uint64_t *size, struct hash *h)
{
    struct bytes text;
    enum err e = line_field(rest, word, &text);
    if (e)
        return e;
    const uint8_t *space = text.n == 0 ? NULL : memchr(text.p, ' ', text.n);
    if (space == NULL)
        return ERR_INVALID;
    size_t n = (size_t)(space - text.p);
    e = parse_u64(bytes_of(text.p, n), INT64_MAX, size);
    return e ? e : hash_parse_hex(bytes_skip(text, n + 1), h);
}
