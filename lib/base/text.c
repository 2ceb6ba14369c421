/* text.c - UTF-8 checks, strict numbers, display of untrusted text. */
#include "text.h"

#include <stdio.h>

/* Length of the well-formed sequence at p, 0 where there is none. Table 3-7 of the Unicode standard. */
static size_t sequence(const uint8_t *p, size_t n)
{
    uint8_t a = p[0];
    if (a < 0x80)
        return 1;
    if (a < 0xc2 || a > 0xf4)
        return 0;
    size_t len = a < 0xe0 ? 2 : a < 0xf0 ? 3 : 4;
    if (n < len)
        return 0;
    uint8_t low = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
    uint8_t high = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    return len;
}

/* Length of the run of ASCII at p, eight bytes at a time: most notes are little else. */
static size_t ascii_run(const uint8_t *p, size_t n)
{
    size_t i = 0;
    uint64_t eight = 0;
    while (i + 8 <= n) {
        memcpy(&eight, p + i, 8);
        if ((eight & 0x8080808080808080U) != 0)
            break;
        i += 8;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

size_t utf8_bad(struct bytes t)
{
    size_t i = 0;
    while (i < t.n) {
        i += ascii_run(t.p + i, t.n - i);
        if (i == t.n)
            break;
        size_t len = sequence(t.p + i, t.n - i);
        if (len == 0)
            return i;
        i += len;
    }
    return t.n;
}

uint64_t utf8_length(struct bytes t)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t.n; i++)
        n += (t.p[i] & 0xc0) != 0x80;
    return n;
}

enum err parse_u64(struct bytes t, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;
    if (t.n == 0 || t.n > 20 || (t.n > 1 && t.p[0] == '0'))
        return ERR_INVALID;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9')
            return ERR_INVALID;
        if (__builtin_mul_overflow(v, 10U, &v) || __builtin_add_overflow(v, t.p[i] - '0', &v))
            return ERR_TOOBIG;
    }
    if (v > max)
        return ERR_TOOBIG;
    *out = v;
    return OK;
}

enum err parse_u64_str(const char *s, uint64_t max, uint64_t *out)
{
    return parse_u64(bytes_str(s), max, out);
}

static bool digits(const uint8_t *p, size_t n, unsigned *out)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        v = v * 10 + (unsigned)(p[i] - '0');
    }
    *out = v;
    return true;
}

bool date_ok(struct bytes t)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (t.n != 10 || t.p[4] != '-' || t.p[7] != '-' || !digits(t.p, 4, &year) ||
        !digits(t.p + 5, 2, &month) || !digits(t.p + 8, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (unsigned)(month == 2 && leap);
}

static uint64_t leap_days(uint64_t year) /* in the years before it */
{
    year--;
    return year / 4 - year / 100 + year / 400;
}

bool date_ms(struct bytes t, uint64_t *out)
{
    static const uint16_t before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (!date_ok(t) || !digits(t.p, 4, &year) || !digits(t.p + 5, 2, &month) ||
        !digits(t.p + 8, 2, &day) || year < 1970)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    uint64_t days = (uint64_t)(year - 1970) * 365 + leap_days(year) - leap_days(1970) +
                    before[month - 1] + (leap && month > 2) + day - 1;
    *out = days * 86400000u;
    return true;
}

const char *text_shown(struct bytes t, char *out, size_t size)
{
    size_t at = 0;
    size_t i = 0;
    while (i < t.n) {
        size_t len = sequence(t.p + i, t.n - i);
        bool plain = len > 1 || (len == 1 && t.p[i] >= 0x20 && t.p[i] != 0x7f);
        size_t need = plain ? len : 4;
        if (at + need + 4 > size)
            break;
        if (plain)
            memcpy(out + at, t.p + i, len);
        else
            (void)snprintf(out + at, 5, "\\x%02x", t.p[i]);
        at += need;
        i += plain ? len : 1;
    }
    if (i < t.n && at + 4 <= size) {
        memcpy(out + at, "...", 3);
        at += 3;
    }
    if (size > 0)
        out[at] = '\0';
    return out;
}

/* Could these n bytes begin a sequence that is not yet whole? */
static bool sequence_begun(const uint8_t *p, size_t n)
{
    static const uint8_t fill[2] = {0x80, 0xa0}; /* one of them is right behind every lead byte */
    uint8_t whole[4];
    size_t len = p[0] < 0xc2 || p[0] > 0xf4 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n >= len)
        return false;
    for (size_t f = 0; f < 2; f++) {
        memset(whole, fill[f], sizeof whole);
        memcpy(whole, p, n);
        if (sequence(whole, len) == len)
            return true;
    }
    return false;
}

/* Goes on with a sequence that the last piece began; *used is what the piece gave to it. */
static bool feed_tail(struct utf8_feed *f, struct bytes piece, size_t *used, uint64_t *bad)
{
    while (f->tail_n > 0 && *used < piece.n) {
        f->tail[f->tail_n++] = piece.p[(*used)++];
        if (sequence(f->tail, f->tail_n) == f->tail_n) {
            f->seen += f->tail_n;
            f->tail_n = 0;
            f->length++;
        } else if (!sequence_begun(f->tail, f->tail_n)) {
            *bad = f->seen;
            return false;
        }
    }
    return true;
}

bool utf8_feed(struct utf8_feed *f, struct bytes piece, uint64_t *bad)
{
    size_t i = 0;
    if (!feed_tail(f, piece, &i, bad))
        return false;
    size_t begin = i;
    while (i < piece.n) {
        size_t run = ascii_run(piece.p + i, piece.n - i);
        f->length += run;
        i += run;
        if (i == piece.n)
            break;
        size_t len = sequence(piece.p + i, piece.n - i);
        if (len == 0)
            break;
        f->length++;
        i += len;
    }
    f->seen += i - begin;
    if (i == piece.n)
        return true;
    if (!sequence_begun(piece.p + i, piece.n - i)) {
        *bad = f->seen;
        return false;
    }
    f->tail_n = piece.n - i;
    memcpy(f->tail, piece.p + i, f->tail_n);
    return true;
}

bool utf8_feed_end(const struct utf8_feed *f, uint64_t *bad)
{
    *bad = f->seen;
    return f->tail_n == 0;
}
