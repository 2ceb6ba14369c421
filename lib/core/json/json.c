/* json.c - strict reading and RFC 8785 writing. */
#include "core/json/json.h"

#include "base/cleanup.h"
#include "base/sha256.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>

enum { CANONICAL_MAX = 64 * 1024 * 1024 };

/* Depth is judged before jansson recurses, on brackets outside of strings: where it is first too great, or the length. */
static size_t too_deep_at(struct bytes t)
{
    bool string = false;
    unsigned depth = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = t.p[i];
        if (string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                string = false;
        } else if (c == '"') {
            string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX)
                return i;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return t.n;
}

static enum err refuse_line(struct diag *d, unsigned line, unsigned column, const char *what)
{
    if (d != NULL) {
        d->line = line;
        d->column = column;
    }
    /* jansson quotes the text, and may cut it within a character. */
    char shown[256];
    return diag_at(d, ERR_INVALID, "", "line %u, column %u: %s", line, column,
                   text_shown(bytes_str(what), shown, sizeof shown));
}

static enum err refuse_at(struct diag *d, struct bytes t, size_t at, const char *what)
{
    unsigned line = 1;
    unsigned column = 1;
    for (size_t i = 0; i < at && i < t.n; i++) {
        column++;
        if (t.p[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return refuse_line(d, line, column, what);
}

/* What jansson would take, or take for something else. */
static enum err read_first(struct bytes t, struct diag *d)
{
    if (bytes_begin(t, bytes_str("\xef\xbb\xbf")))
        return refuse_at(d, t, 0, "begins with a byte order mark");
    size_t at = utf8_bad(t);
    if (at < t.n)
        return refuse_at(d, t, at, "not UTF-8");
    /* jansson 2.14 passes over a raw NUL between tokens. */
    const uint8_t *nul = t.n == 0 ? NULL : memchr(t.p, 0, t.n);
    if (nul != NULL)
        return refuse_at(d, t, (size_t)(nul - t.p), "holds a NUL byte");
    at = too_deep_at(t);
    return at < t.n ? refuse_at(d, t, at, "deeper than 32 levels") : OK;
}

enum err json_read(struct bytes text, size_t max, json_t **out, struct diag *d)
{
    if (text.n > max)
        return diag_at(d, ERR_TOOBIG, "", "%zu bytes, at most %zu are allowed", text.n, max);
    enum err e = read_first(text, d);
    if (e)
        return e;
    json_error_t je = {0};
    json_t *v = json_loadb(text.n == 0 ? "" : (const char *)text.p, text.n,
                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (v == NULL && json_error_code(&je) == json_error_out_of_memory)
        return diag_at(d, ERR_NOMEM, "", "out of memory");
    if (v == NULL)
        return refuse_line(d, je.line > 0 ? (unsigned)je.line : 1,
                           je.column > 0 ? (unsigned)je.column : 1, je.text);
    *out = v;
    return OK;
}

/* RFC 8785 3.2.2.2: two-letter escapes where JSON has them, \u00xx in lower case for other controls, nothing else. */
static enum err put_string(struct buf *b, const char *s, size_t n)
{
    (void)buf_putc(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        (void)buf_put(b, bytes_of(s + from, i - from));
        from = i + 1;
        static const char shorts[] = "btn\0fr";
        if (c == '"' || c == '\\')
            (void)buf_printf(b, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11)
            (void)buf_printf(b, "\\%c", shorts[c - 8]);
        else
            (void)buf_printf(b, "\\u%04x", (unsigned)c);
    }
    (void)buf_put(b, bytes_of(s + from, n - from));
    return buf_putc(b, '"');
}

/* RFC 8785 3.2.3 sorts by UTF-16 code units. UTF-8 byte order differs only where a code point of the BMP from U+E000 on
 * meets one beyond the BMP: the latter begins with a surrogate (U+D800..), which sorts first. */
int json_key_cmp(const char *a, const char *b)
{
    const unsigned char *x = (const unsigned char *)a;
    const unsigned char *y = (const unsigned char *)b;
    assert(x != NULL && y != NULL);
    while (*x != 0 && *x == *y) {
        x++;
        y++;
    }
    bool x_beyond = *x >= 0xf0;
    bool y_beyond = *y >= 0xf0;
    if (x_beyond != y_beyond) {
        if (x_beyond && *y >= 0xee)
            return -1;
        if (y_beyond && *x >= 0xee)
            return 1;
    }
    return (*x > *y) - (*x < *y);
}

static int by_name(const void *a, const void *b)
{
    return json_key_cmp(*(const char *const *)a, *(const char *const *)b);
}

static void names_of(const json_t *object, const char **names)
{
    /* jansson's iterators want a mutable object but change nothing. */
    json_t *o = (json_t *)(uintptr_t)object;
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it))
        *names++ = json_object_iter_key(it);
}

const char **json_keys_sorted(const json_t *object)
{
    size_t n = json_object_size(object);
    const char **names = calloc(n + 1, sizeof *names);
    if (names == NULL)
        return NULL;
    names_of(object, names);
    qsort(names, n, sizeof *names, by_name);
    return names;
}

/* Most objects are small, and many: they are sorted in place, without memory of their own. */
enum { SMALL_OBJECT = 16 };

static void names_in_order(const json_t *object, const char **names)
{
    size_t n = 0;
    json_t *o = (json_t *)(uintptr_t)object;
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        const char *name = json_object_iter_key(it);
        size_t k = n++;
        for (; k > 0 && names[k - 1] != NULL && json_key_cmp(names[k - 1], name) > 0; k--)
            names[k] = names[k - 1];
        names[k] = name;
    }
}

static enum err put_members(struct buf *b, const json_t *v, const char *const *names)
{
    (void)buf_putc(b, '{');
    for (size_t i = 0; names[i] != NULL; i++) {
        if (i > 0)
            (void)buf_putc(b, ',');
        (void)put_string(b, names[i], strlen(names[i]));
        (void)buf_putc(b, ':');
        enum err e = json_canonical(json_object_get(v, names[i]), b);
        if (e)
            return e;
    }
    return buf_putc(b, '}');
}

static enum err put_object(struct buf *b, const json_t *v)
{
    size_t n = json_object_size(v);
    if (n < SMALL_OBJECT) {
        const char *names[SMALL_OBJECT] = {NULL};
        names_in_order(v, names);
        return put_members(b, v, names);
    }
    AUTO_MEM const char **names = json_keys_sorted(v);
    return names == NULL ? ERR_NOMEM : put_members(b, v, names);
}

static enum err put_integer(struct buf *b, json_int_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (v < 0)
        digits[--at] = '-';
    return buf_put(b, bytes_of(digits + at, sizeof digits - at));
}

static enum err put_array(struct buf *b, const json_t *v)
{
    (void)buf_putc(b, '[');
    for (size_t i = 0; i < json_array_size(v); i++) {
        if (i > 0)
            (void)buf_putc(b, ',');
        enum err e = json_canonical(json_array_get(v, i), b);
        if (e)
            return e;
    }
    return buf_putc(b, ']');
}

/* Recursion is bounded by JSON_DEPTH_MAX where the value was read, by our own documents elsewhere. */
enum err json_canonical(const json_t *v, struct buf *out)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return put_object(out, v);
    case JSON_ARRAY:
        return put_array(out, v);
    case JSON_STRING:
        return put_string(out, json_string_value(v), json_string_length(v));
    case JSON_INTEGER:
        return put_integer(out, json_integer_value(v));
    case JSON_REAL:
        return ERR_INVALID;
    case JSON_TRUE:
        return buf_puts(out, "true");
    case JSON_FALSE:
        return buf_puts(out, "false");
    case JSON_NULL:
        return buf_puts(out, "null");
    }
    return ERR_INTERNAL;
}

enum err json_hash(const json_t *v, struct hash *out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(CANONICAL_MAX);
    enum err e = json_canonical(v, &b);
    if (e)
        return e;
    *out = sha256_of(buf_bytes(&b));
    return OK;
}
