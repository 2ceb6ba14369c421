/* Tests of core/json. Oracle: RFC 8785 sections 3.2.2 and 3.2.3, data.md 1. */
#include "core/json/json.h"
#include "base/cleanup.h"
#include "support/check.h"

static void check_canonical(const char *text, const char *want)
{
    AUTO_JSON v = NULL;
    struct diag d = {0};
    CLEANUP(buf_fini) struct buf b = BUF_INIT(10000);
    CHECK_OK(json_read(bytes_str(text), 10000, &v, &d));
    CHECK_OK(json_canonical(v, &b));
    CHECK_BYTES(buf_bytes(&b), bytes_str(want));
}

static void members_sort_by_utf16_code_units(void **state)
{
    (void)state;
    /* The example of RFC 8785 3.2.3: \u20ac, \r, \ufb33, 1, \u0080, an astral character, \u00f6. */
    check_canonical("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,"
                    "\"\\u0080\":6,\"\\u00f6\":7}",
                    "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,"
                    "\"\xf0\x9f\x98\x80\":5,\"\xef\xac\xb3\":3}");
}

static void strings_escape_only_what_they_must(void **state)
{
    (void)state;
    check_canonical("[\"\\u0008\\t\\n\\u000b\\f\\r\\u001F\\\"\\\\\\/\\u007f\xe2\x82\xac\"]",
                    "[\"\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\x7f\xe2\x82\xac\"]");
}

static void minus_zero_is_zero(void **state)
{
    (void)state;
    check_canonical(" [ -0 , 9007199254740991, true,null ] ", "[0,9007199254740991,true,null]");
}

static void a_real_number_has_no_canonical_form_here(void **state)
{
    (void)state;
    AUTO_JSON v = NULL;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(100);
    CHECK_OK(json_read(bytes_str("[1.0]"), 100, &v, NULL));
    CHECK_ERR(json_canonical(v, &b), ERR_INVALID);
}

static void check_refused(struct bytes text, enum err want)
{
    AUTO_JSON v = NULL;
    struct diag d = {0};
    CHECK_ERR(json_read(text, 200, &v, &d), want);
    CHECK(v == NULL);
    CHECK(d.text[0] != '\0' && d.pointer[0] == '\0');
}

static void text_that_is_no_document_is_refused(void **state)
{
    (void)state;
    check_refused(bytes_str(""), ERR_INVALID);
    check_refused(bytes_str("{} {}"), ERR_INVALID);
    check_refused(bytes_str("\xef\xbb\xbf{}"), ERR_INVALID);
    check_refused(bytes_str("{\"a\":1,\"a\":1}"), ERR_INVALID);
    check_refused(bytes_str("[\"\\u0000\"]"), ERR_INVALID);
    check_refused(bytes_str("[\"\\ud800\"]"), ERR_INVALID);
    check_refused(bytes_str("[\"\xc3\"]"), ERR_INVALID);
    check_refused(bytes_str("[9223372036854775808]"), ERR_INVALID);
    check_refused(bytes_str("[1e999]"), ERR_INVALID);
    check_refused(bytes_of("[0\0]", 4), ERR_INVALID);
}

static void thirty_two_levels_pass_and_thirty_three_do_not(void **state)
{
    (void)state;
    char text[80] = {0};
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    AUTO_JSON v = NULL;
    CHECK_OK(json_read(bytes_str(text), 200, &v, NULL));
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    check_refused(bytes_str(text), ERR_INVALID);
}

static void over_the_limit_is_too_big(void **state)
{
    (void)state;
    AUTO_JSON v = NULL;
    CHECK_ERR(json_read(bytes_str("[1,2]"), 4, &v, NULL), ERR_TOOBIG);
    CHECK_OK(json_read(bytes_str("[1,2]"), 5, &v, NULL));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(members_sort_by_utf16_code_units),
        CASE(strings_escape_only_what_they_must),
        CASE(minus_zero_is_zero),
        CASE(a_real_number_has_no_canonical_form_here),
        CASE(text_that_is_no_document_is_refused),
        CASE(thirty_two_levels_pass_and_thirty_three_do_not),
        CASE(over_the_limit_is_too_big),
    };
    return RUN(cases, argc, argv);
}
