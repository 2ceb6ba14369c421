/* Tests of core/schema/expr: data.md 3, Expressions. The contract's table is run by unit/node/validate. */
#include "core/json/json.h"
#include "core/schema/expr_context.h"
#include "support/check.h"

static const char context[] =
    "{\"questions\":[{\"id\":\"ok\",\"type\":\"bool\"},{\"id\":\"n\",\"type\":\"int\"},"
    "{\"id\":\"dose\",\"type\":\"decimal\"},{\"id\":\"day\",\"type\":\"date\"},"
    "{\"id\":\"course\",\"type\":\"choice\",\"labels\":[\"acute\",\"late\"]},"
    "{\"id\":\"risks\",\"type\":\"choices\",\"labels\":[\"fall\",\"sore\"]},"
    "{\"id\":\"words\",\"type\":\"text\"},{\"id\":\"empty\",\"type\":\"int\"},"
    "{\"id\":\"gone\",\"type\":\"int\"}],"
    "\"labels\":[{\"id\":\"a\"},{\"id\":\"b\",\"parent\":\"a\"}],\"tasks\":[\"t\"],"
    "\"answers\":{\"ok\":true,\"n\":-1,\"dose\":\"-0.50\",\"day\":\"2024-02-29\","
    "\"course\":\"late\",\"risks\":[\"sore\"],\"words\":\"acute\",\"gone\":{\"absent\":\"none\"}},"
    "\"regions\":[[\"t\",\"b\"],[\"t\",\"b\"]]}";

struct row {
    const char *expression, *want;
};

static const struct row rows[] = {
    /* tokens */
    {"answered ( ok )", "true"},
    {"count ( t , 'a' )==2", "true"},
    {"ok==true or n==1", "true"},
    {"n\t== -1", "parse-error"},
    {"n == - 1", "parse-error"},
    {"n == -0", "false"},
    {"n in [1,-1]", "true"},
    {"n in [1,-1,]", "parse-error"},
    {"n == 9007199254740991", "false"},
    {"n == -9007199254740991", "false"},
    {"n == -9007199254740992", "parse-error"},
    {"n == 99999999999999999999999", "parse-error"},
    {"words == ''", "false"},
    {"words == 'acute", "parse-error"},
    {"words == 'a\x01'", "parse-error"},
    {"words == 'a\x7f'", "parse-error"},
    {"not(ok==false)", "true"},
    {"n>0or ok==true", "true"},
    {"1abc == 1", "parse-error"},
    {"_n == 1", "parse-error"},
    {"n == 1;", "parse-error"},
    {"n === 1", "parse-error"},
    /* types */
    {"ok < true", "parse-error"},
    {"words < 'b'", "parse-error"},
    {"words == course", "false"},
    {"'acute' == words", "true"},
    {"'late' == course", "true"},
    {"'never' == course", "parse-error"},
    {"'x' == 'x'", "true"},
    {"'x' < 'y'", "parse-error"},
    {"true == true", "true"},
    {"1 == true", "parse-error"},
    {"1 == '1'", "parse-error"},
    {"dose == '-0.5'", "true"},
    {"'-0.500' == dose", "true"},
    {"dose < 0", "true"},
    {"dose > n", "true"},
    {"dose in ['0', '-.5']", "parse-error"},
    {"dose in [0, '-0.5']", "true"},
    {"dose == '1234567890123456789'", "parse-error"},
    {"day == '2024-02-29'", "true"},
    {"day > '2024-02-30'", "parse-error"},
    {"day > 20240229", "parse-error"},
    {"'2024-01-01' < day", "true"},
    {"day in ['2024-02-29']", "true"},
    {"risks == 'sore'", "true"},
    {"risks != 'sore'", "false"},
    {"'sore' == risks", "parse-error"},
    {"risks == risks", "parse-error"},
    {"risks < 'sore'", "parse-error"},
    {"risks in ['fall','sore']", "true"},
    {"risks in [1]", "parse-error"},
    {"risks == 'pain'", "parse-error"},
    {"count(t) == '2'", "parse-error"},
    {"count(t, 'a') in [2]", "true"},
    {"count(t,b) == 2", "parse-error"},
    {"count(ok) == 2", "parse-error"},
    {"answered(t)", "parse-error"},
    {"answered(count(t))", "parse-error"},
    {"answered('ok')", "parse-error"},
    {"label == 'a'", "parse-error"},
    /* worth */
    {"empty == 0", "false"},
    {"empty != 0", "false"},
    {"not empty == 0", "true"},
    {"gone != 0", "false"},
    {"answered(gone)", "false"},
    {"answered(empty)", "false"},
    {"empty in [0]", "false"},
    {"ok == true or ok == true and ok == false", "true"},
    {"(ok == true or ok == true) and ok == false", "false"},
    {"not ok == true and ok == true", "false"},
    {"not ok == true or ok == true", "true"},
    /* nesting */
    {"not not not not not not not not not not not not not not not not ok == true", "true"},
    {"not not not not not not not not not not not not not not not not not ok == true",
     "parse-error"},
    {"not not not not not not not not ((((((((ok == true))))))))", "true"},
    {"not not not not not not not not (((((((((ok == true)))))))))", "parse-error"},
    {"(ok == true) and (ok == true) and (ok == true) and (ok == true) and (ok == true) and (ok == "
     "true) and (ok == true) and (ok == true) and (ok == true) and (ok == true) and (ok == true) "
     "and "
     "(ok == true) and (ok == true) and (ok == true) and (ok == true) and (ok == true) and (ok == "
     "true) and (ok == true)",
     "true"},
    {"((((((((((((((((ok == true or ok == true and (1 == 1)))))))))))))))))", "parse-error"},
    {"(((((((((((((((ok == true or ok == true and (1 == 1))))))))))))))))", "true"},
};

static void expressions_are_worth_what_the_contract_says(void **state)
{
    (void)state;
    AUTO_JSON c = NULL;
    CHECK_OK(json_read(bytes_str(context), 10000, &c, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = NULL;
        CHECK_OK(expr_try(rows[i].expression, c, &got));
        if (strcmp(got, rows[i].want) != 0) {
            print_error("%s: wanted %s, got %s\n", rows[i].expression, rows[i].want, got);
            fail();
        }
    }
}

static void every_truncation_parses_or_is_refused(void **state)
{
    (void)state;
    AUTO_JSON c = NULL;
    CHECK_OK(json_read(bytes_str(context), 10000, &c, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t n = 0; n < strlen(rows[i].expression); n++) {
            AUTO_MEM char *cut = strndup(rows[i].expression, n);
            const char *got = NULL;
            CHECK_OK(expr_try(cut, c, &got));
            CHECK(got != NULL);
        }
    }
}

static void a_context_that_is_none_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = {"[]", "{\"questions\":[{\"id\":\"a\"}]}",
                               "{\"questions\":[{\"id\":\"a\",\"type\":\"bag\"}]}",
                               "{\"labels\":[1]}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AUTO_JSON c = NULL;
        const char *got = NULL;
        CHECK_OK(json_read(bytes_str(bad[i]), 10000, &c, NULL));
        CHECK_ERR(expr_try("1 == 1", c, &got), ERR_INVALID);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(expressions_are_worth_what_the_contract_says),
        CASE(every_truncation_parses_or_is_refused),
        CASE(a_context_that_is_none_is_refused),
    };
    return RUN(cases, argc, argv);
}
