/* Tests of base/text. */
#include "base/text.h"
#include "support/check.h"

static size_t bad(const char *s)
{
    return utf8_bad(bytes_str(s));
}

/* Unicode 15, chapter 3, tables 3-7 to 3-11. */
static void ill_formed_utf8_is_found_at_its_first_byte(void **state)
{
    (void)state;
    CHECK_INT(bad("plain"), 5);
    CHECK_INT(bad("\xc3\xa4\xe2\x82\xac\xf0\x9f\xab\x80"), 9);
    CHECK_INT(bad("a\xc0\x80"), 1);
    CHECK_INT(bad("ab\xe0\x9f\xbf"), 2);
    CHECK_INT(bad("\xed\xa0\x80"), 0);
    CHECK_INT(bad("\xf4\x90\x80\x80"), 0);
    CHECK_INT(bad("\xf0\x9f\xab"), 0);
    CHECK_INT(bad("a\x80"), 1);
}

/* Every text of up to four bytes out of a telling alphabet, cut at every place, against the one-piece check. */
static void pieces_cut_anywhere_are_judged_as_the_whole(void **state)
{
    (void)state;
    static const uint8_t letters[] = {0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0,
                                      0xed, 0xe2, 0xf0, 0xf4, 0x90, 0x8f, 0xff};
    enum { N = sizeof letters };
    for (unsigned code = 0; code < N * N * N * N; code++) {
        const uint8_t t[5] = {letters[code % N], letters[code / N % N], letters[code / N / N % N],
                              letters[code / N / N / N], 0x41};
        for (size_t n = 1; n <= sizeof t; n++) {
            struct bytes whole = bytes_of(t, n);
            size_t want = utf8_bad(whole);
            for (size_t cut = 0; cut <= n; cut++) {
                struct utf8_feed f = {0};
                uint64_t at = 0;
                bool good = utf8_feed(&f, bytes_of(t, cut), &at) &&
                            utf8_feed(&f, bytes_skip(whole, cut), &at) && utf8_feed_end(&f, &at);
                CHECK(good == (want == n));
                CHECK(good ? f.length == utf8_length(whole) : at == want);
            }
        }
    }
}

static void length_counts_code_points(void **state)
{
    (void)state;
    CHECK_INT(utf8_length(bytes_str("a\xc3\xa4\xf0\x9f\xab\x80\r\n")), 5);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    uint64_t v = 7;
    CHECK_OK(parse_u64_str("18446744073709551615", UINT64_MAX, &v));
    CHECK(v == UINT64_MAX);
    CHECK_ERR(parse_u64_str("18446744073709551616", UINT64_MAX, &v), ERR_TOOBIG);
    CHECK_ERR(parse_u64_str("01", 10, &v), ERR_INVALID);
    CHECK_ERR(parse_u64_str("", 10, &v), ERR_INVALID);
    CHECK_ERR(parse_u64_str("+1", 10, &v), ERR_INVALID);
    CHECK_ERR(parse_u64_str("1 ", 10, &v), ERR_INVALID);
    CHECK_ERR(parse_u64_str("11", 10, &v), ERR_TOOBIG);
    CHECK_OK(parse_u64_str("0", 0, &v));
    CHECK(v == 0);
}

static void days_are_those_of_the_gregorian_calendar(void **state)
{
    (void)state;
    CHECK(date_ok(bytes_str("2000-02-29")));
    CHECK(!date_ok(bytes_str("1900-02-29")));
    CHECK(date_ok(bytes_str("2024-02-29")));
    CHECK(!date_ok(bytes_str("2026-02-29")));
    CHECK(!date_ok(bytes_str("0000-01-01")));
    CHECK(!date_ok(bytes_str("2026-04-31")));
    CHECK(!date_ok(bytes_str("2026-4-30")));
    CHECK(date_ok(bytes_str("9999-12-31")));
}

static void untrusted_text_is_shown_without_control_bytes(void **state)
{
    (void)state;
    char out[32];
    CHECK_STR(text_shown(bytes_str("a\x1b[1m\xff\xc3\xa4"), out, sizeof out),
              "a\\x1b[1m\\xff\xc3\xa4");
    CHECK_STR(text_shown(bytes_str("0123456789"), out, 8), "0123...");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(ill_formed_utf8_is_found_at_its_first_byte),
        CASE(pieces_cut_anywhere_are_judged_as_the_whole),
        CASE(length_counts_code_points),
        CASE(numbers_are_strict),
        CASE(days_are_those_of_the_gregorian_calendar),
        CASE(untrusted_text_is_shown_without_control_bytes),
    };
    return RUN(cases, argc, argv);
}
