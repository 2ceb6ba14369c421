/* lines.c - the longest common subsequence of lines, after what both texts begin and end with. */
#include "core/work/lines.h"

#include <stdlib.h>

struct lines {
    struct bytes at[LINES_MAX];
    size_t n;
};

/* False: more lines than are compared. */
static bool split(struct bytes text, struct lines *out)
{
    out->n = 0;
    while (text.n > 0) {
        size_t n = 0;
        if (out->n == LINES_MAX)
            return false;
        while (n < text.n && text.p[n] != '\n')
            n++;
        out->at[out->n++] = bytes_of(text.p, n);
        text = bytes_skip(text, n + (n < text.n));
    }
    return true;
}

static enum err say(json_t *list, const char *op, struct bytes line)
{
    return json_array_append_new(list,
                                 json_pack("{s:s, s:s%}", "op", op, "text",
                                           line.n == 0 ? "" : (const char *)line.p, line.n)) == 0
               ? OK
               : ERR_NOMEM;
}

/* The table of common lengths, from the end; (na + 1) x (nb + 1), at most 8 MiB. */
static uint16_t *common(const struct bytes *a, size_t na, const struct bytes *b, size_t nb)
{
    size_t w = nb + 1;
    uint16_t *t = calloc((na + 1) * w, sizeof *t);
    for (size_t i = na; t != NULL && i-- > 0;) {
        for (size_t j = nb; j-- > 0;) {
            uint16_t down = t[(i + 1) * w + j];
            uint16_t right = t[i * w + j + 1];
            t[i * w + j] = bytes_eq(a[i], b[j]) ? (uint16_t)(t[(i + 1) * w + j + 1] + 1)
                           : down > right       ? down
                                                : right;
        }
    }
    return t;
}

static enum err walk(const struct bytes *a, size_t na, const struct bytes *b, size_t nb,
                     json_t *list)
{
    size_t i = 0;
    size_t j = 0;
    size_t w = nb + 1;
    AUTO_MEM uint16_t *t = common(a, na, b, nb);
    enum err e = t == NULL ? ERR_NOMEM : OK;
    while (!e && (i < na || j < nb)) {
        if (i < na && j < nb && bytes_eq(a[i], b[j])) {
            i++;
            j++;
        } else if (i < na && (j == nb || t[(i + 1) * w + j] >= t[i * w + j + 1])) {
            e = say(list, "-", a[i++]);
        } else {
            e = say(list, "+", b[j++]);
        }
    }
    return e;
}

enum err lines_changed(struct bytes before, struct bytes after, json_t **out)
{
    AUTO_MEM struct lines *a = malloc(sizeof *a);
    AUTO_MEM struct lines *b = malloc(sizeof *b);
    AUTO_JSON list = json_array();
    size_t head = 0;
    if (a == NULL || b == NULL || list == NULL)
        return ERR_NOMEM;
    enum err e = OK;
    if (!split(before, a) || !split(after, b)) {
        e = bytes_eq(before, after) ? OK : say(list, "-", before);
        if (!e && !bytes_eq(before, after))
            e = say(list, "+", after);
    } else {
        size_t na = a->n;
        size_t nb = b->n;
        while (head < na && head < nb && bytes_eq(a->at[head], b->at[head]))
            head++;
        while (na > head && nb > head && bytes_eq(a->at[na - 1], b->at[nb - 1])) {
            na--;
            nb--;
        }
        e = walk(a->at + head, na - head, b->at + head, nb - head, list);
    }
    if (!e)
        *out = MOVE(list);
    return e;
}
