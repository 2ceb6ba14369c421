/* text.h - UTF-8 and numbers in text. All work on borrowed bytes. */
#pragma once

#include "bytes.h"
#include "err.h"

/* Offset of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms,
 * nothing above U+10FFFF); t.n where all is well. */
size_t utf8_bad(struct bytes t);
/* Number of code points of well-formed UTF-8. */
uint64_t utf8_length(struct bytes t);

/* Unsigned decimal without sign, leading zero or space, at most `max`. */
enum err parse_u64(struct bytes t, uint64_t max, uint64_t *out);
enum err parse_u64_str(const char *s, uint64_t max, uint64_t *out);

/* Day of the proleptic Gregorian calendar written YYYY-MM-DD, years 0001 to 9999. */
bool date_ok(struct bytes t);
/* ms since 1970 at which a day of YYYY-MM-DD begins, UTC; false for no such day, or one before 1970. */
bool date_ms(struct bytes t, uint64_t *out);

/* A piece of text made safe for a terminal and a log: control bytes and what is no UTF-8 become \xNN; ends with ... when
 * cut. Always NUL-ended. Returns out. */
const char *text_shown(struct bytes t, char *out, size_t size);

/* UTF-8 checked piece by piece, cut anywhere. Starts as {0}. */
struct utf8_feed {
    uint8_t tail[4]; /* the beginning of a sequence that the next piece goes on with */
    size_t tail_n;
    uint64_t seen;   /* bytes fed before the tail */
    uint64_t length; /* code points so far */
};
/* False at the first byte that is not well-formed; *bad is then its offset in the whole. */
bool utf8_feed(struct utf8_feed *f, struct bytes piece, uint64_t *bad);
/* False where the text ends inside a sequence. */
bool utf8_feed_end(const struct utf8_feed *f, uint64_t *bad);
