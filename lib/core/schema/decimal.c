/* decimal.c - exact decimals. */
#include "core/schema/decimal.h"

#include "core/schema/form.h"

enum err decimal_parse(struct bytes text, struct decimal *out)
{
    if (!form_ok(FORM_DECIMAL, text))
        return ERR_INVALID;
    struct decimal v = {0};
    size_t at = text.p[0] == '-' ? 1 : 0;
    for (; at < text.n && text.p[at] != '.'; at++)
        v.whole = v.whole * 10 + (uint64_t)(text.p[at] - '0');
    for (size_t i = 1; i <= 18; i++)
        v.fraction = v.fraction * 10 + (at + i < text.n ? (uint64_t)(text.p[at + i] - '0') : 0);
    v.negative = text.p[0] == '-' && (v.whole | v.fraction) != 0;
    *out = v;
    return OK;
}

struct decimal decimal_of_int(int64_t v)
{
    return (struct decimal){.negative = v < 0, .whole = v < 0 ? -(uint64_t)v : (uint64_t)v};
}

int decimal_cmp(struct decimal a, struct decimal b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    int c = (a.whole > b.whole) - (a.whole < b.whole);
    if (c == 0)
        c = (a.fraction > b.fraction) - (a.fraction < b.fraction);
    return a.negative ? -c : c;
}
