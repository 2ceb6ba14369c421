/* form.c - patterns of contract/ as functions. */
#include "core/schema/form.h"

#include "base/text.h"

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower_or_digit(uint8_t c)
{
    return is_lower(c) || is_digit(c);
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_base64(uint8_t c)
{
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
}

/* Length of the run from `from` on, at most `max`. */
static size_t run(struct bytes t, size_t from, size_t max, bool (*is)(uint8_t))
{
    size_t n = 0;
    while (from + n < t.n && n < max && is(t.p[from + n]))
        n++;
    return n;
}

static bool one_of(struct bytes t, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (bytes_eq(t, bytes_str(*words)))
            return true;
    }
    return false;
}

static bool is_id_char(uint8_t c)
{
    return is_lower_or_digit(c) || c == '_';
}

static bool id(struct bytes t)
{
    return t.n >= 1 && t.n <= 64 && is_lower(t.p[0]) && run(t, 1, 64, is_id_char) == t.n - 1;
}

static bool expr_id(struct bytes t)
{
    static const char *const words[] = {"and",   "or",       "not",   "in", "true",
                                        "false", "answered", "count", NULL};
    return id(t) && !one_of(t, words);
}

static bool hash(struct bytes t)
{
    return t.n == 71 && bytes_begin(t, bytes_str("sha256:")) && run(t, 7, 64, is_hex) == 64;
}

static bool region_of(struct bytes t)
{
    return t.n > 72 && hash(bytes_of(t.p, 71)) && t.p[71] == '#' && id(bytes_skip(t, 72));
}

/* [a-z]{2,3}(_[a-z0-9]{1,8}){0,6} */
static bool lang(struct bytes t)
{
    size_t at = run(t, 0, 3, is_lower);
    if (at < 2)
        return false;
    for (int part = 0; part < 6 && at < t.n; part++) {
        size_t n = t.p[at] == '_' ? run(t, at + 1, 8, is_lower_or_digit) : 0;
        if (n == 0)
            return false;
        at += 1 + n;
    }
    return at == t.n;
}

static bool line(struct bytes t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < 0x20 || t.p[i] == 0x7f)
            return false;
    }
    uint64_t n = utf8_length(t);
    return n >= 1 && n <= 200;
}

static bool date(struct bytes t)
{
    if (t.n != 10 || run(t, 0, 4, is_digit) != 4 || t.p[4] != '-' || run(t, 5, 2, is_digit) != 2 ||
        t.p[7] != '-' || run(t, 8, 2, is_digit) != 2)
        return false;
    int month = (t.p[5] - '0') * 10 + (t.p[6] - '0');
    int day = (t.p[8] - '0') * 10 + (t.p[9] - '0');
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* -?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})? */
static bool decimal(struct bytes t)
{
    size_t at = t.n > 0 && t.p[0] == '-' ? 1 : 0;
    size_t whole = run(t, at, 18, is_digit);
    if (whole == 0 || (whole > 1 && t.p[at] == '0'))
        return false;
    at += whole;
    if (at == t.n)
        return true;
    size_t fraction = t.p[at] == '.' ? run(t, at + 1, 18, is_digit) : 0;
    return fraction > 0 && at + 1 + fraction == t.n;
}

static bool u64(struct bytes t)
{
    return t.n >= 1 && t.n <= 20 && run(t, 0, 20, is_digit) == t.n && (t.n == 1 || t.p[0] != '0');
}

static bool is_host_char(uint8_t c)
{
    return is_lower_or_digit(c) || c == '-';
}

static bool site_id(struct bytes t)
{
    static const char *const taken[] = {"access", "gov", "lead", "msg", "witness", NULL};
    return t.n >= 1 && t.n <= 31 && is_lower(t.p[0]) && run(t, 1, 31, is_host_char) == t.n - 1 &&
           t.p[t.n - 1] != '-' && !one_of(t, taken);
}

static bool is_part_char(uint8_t c)
{
    return is_host_char(c) || c == '.';
}

/* Parts of [a-z0-9]([a-z0-9.-]*[a-z0-9])? joined by '/'. */
static bool federation(struct bytes t)
{
    size_t at = 0;
    if (t.n > 100)
        return false;
    for (;;) {
        size_t n = run(t, at, t.n, is_part_char);
        if (n == 0 || !is_lower_or_digit(t.p[at]) || !is_lower_or_digit(t.p[at + n - 1]))
            return false;
        at += n;
        if (at == t.n)
            return true;
        if (t.p[at++] != '/')
            return false;
    }
}

static bool base64_ends(struct bytes t, size_t n, const char *last, const char *padding)
{
    size_t pad = strlen(padding);
    return t.n == n + 1 + pad && run(t, 0, n, is_base64) == n && t.p[n] != 0 &&
           strchr(last, t.p[n]) != NULL && bytes_eq(bytes_skip(t, n + 1), bytes_str(padding));
}

static bool is_vkey_name(uint8_t c)
{
    return c >= '!' && c <= '~' && c != '+';
}

static bool vkey(struct bytes t)
{
    size_t n = run(t, 0, 200, is_vkey_name);
    return n >= 1 && t.n == n + 54 && t.p[n] == '+' && run(t, n + 1, 8, is_hex) == 8 &&
           t.p[n + 9] == '+' && run(t, n + 10, 44, is_base64) == 44;
}

static bool is_subtype_char(uint8_t c)
{
    return is_part_char(c) || c == '+';
}

static bool media_type(struct bytes t)
{
    size_t n = run(t, 0, t.n, is_lower);
    if (n == 0 || n + 1 >= t.n || t.p[n] != '/' || !is_lower_or_digit(t.p[n + 1]))
        return false;
    size_t rest = t.n - n - 2;
    return rest <= 99 && run(t, n + 2, 99, is_subtype_char) == rest;
}

static bool hotkey(struct bytes t)
{
    return t.n == 1 && t.p[0] != 0 && strchr("0123456789aijnotuvz", t.p[0]) != NULL;
}

static bool version(struct bytes t)
{
    return t.n >= 1 && t.n <= 7 && run(t, 0, 7, is_digit) == t.n && t.p[0] != '0';
}

static bool is_asset_char(uint8_t c)
{
    return is_part_char(c) || c == '_';
}

static bool asset(struct bytes t)
{
    return t.n >= 1 && t.n <= 100 && is_lower_or_digit(t.p[0]) &&
           run(t, 1, 100, is_asset_char) == t.n - 1;
}

bool form_ok(enum form f, struct bytes text)
{
    switch (f) {
    case FORM_ANY:
        return true;
    case FORM_ID:
        return id(text);
    case FORM_EXPR_ID:
        return expr_id(text);
    case FORM_ATTR_ID:
        return expr_id(text) && !bytes_eq(text, bytes_str("label"));
    case FORM_STREAM_ID:
        return id(text) && !bytes_eq(text, bytes_str("item"));
    case FORM_HASH:
        return hash(text);
    case FORM_LANG:
        return lang(text);
    case FORM_LINE:
        return line(text);
    case FORM_DATE:
        return date(text);
    case FORM_DECIMAL:
        return decimal(text);
    case FORM_U64:
        return u64(text);
    case FORM_SITE_ID:
        return site_id(text);
    case FORM_FEDERATION:
        return federation(text);
    case FORM_SIG64:
        return base64_ends(text, 85, "AQgw", "==");
    case FORM_KEY32:
        return base64_ends(text, 42, "AEIMQUYcgkosw048", "=");
    case FORM_VKEY:
        return vkey(text);
    case FORM_MEDIA_TYPE:
        return media_type(text);
    case FORM_HOTKEY:
        return hotkey(text);
    case FORM_VERSION:
        return version(text);
    case FORM_HEX32:
        return text.n == 32 && run(text, 0, 32, is_hex) == 32;
    case FORM_REGION_OF:
        return region_of(text);
    case FORM_ASSET:
        return asset(text);
    }
    return false;
}

const char *form_wants(enum form f)
{
    static const char *const wants[] = {
        [FORM_ANY] = "a text",
        [FORM_ID] = "an id: a lower-case letter, then at most 63 of a-z 0-9 _",
        [FORM_EXPR_ID] = "an id (a-z, then a-z 0-9 _) that is no word of the expressions",
        [FORM_ATTR_ID] =
            "an id (a-z, then a-z 0-9 _) that is no word of the expressions, nor label",
        [FORM_STREAM_ID] = "an id (a-z, then a-z 0-9 _) other than item",
        [FORM_HASH] = "a hash: sha256: and 64 lower-case hex digits",
        [FORM_LANG] = "a language tag in lower case, - written _",
        [FORM_LINE] = "one line of 1 to 200 code points",
        [FORM_DATE] = "a date, YYYY-MM-DD",
        [FORM_DECIMAL] = "a decimal: no exponent, at most 18 digits before and after the point",
        [FORM_U64] = "a whole number in decimal digits, at most 20 of them",
        [FORM_SITE_ID] = "a site's id: a-z 0-9 -, at most 31, and no name of a key or log",
        [FORM_FEDERATION] =
            "a federation's name: parts of a-z 0-9 . - joined by /, at most 100 bytes",
        [FORM_SIG64] = "64 bytes in base64",
        [FORM_KEY32] = "32 bytes in base64",
        [FORM_VKEY] = "a verifier key: name+key id+base64",
        [FORM_MEDIA_TYPE] = "a media type without parameters",
        [FORM_HOTKEY] = "a digit or one of a i j n o t u v z; the other letters are the page's own",
        [FORM_VERSION] = "an older version's number",
        [FORM_HEX32] = "32 lower-case hex digits",
        [FORM_REGION_OF] = "a document hash, # and a region's id",
        [FORM_ASSET] = "a file name of a-z 0-9 . _ -, at most 100",
    };
    return wants[f];
}
