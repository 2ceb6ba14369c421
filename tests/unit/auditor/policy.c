/* Tests of auditor/policy and keys: the auditor's two files. Oracle: C2SP tlog-policy and its example. */
#include "policy.h"

#include "keys.h"
#include "support/alloc.h"
#include "support/check.h"
#include "support/worked_example.h"

#include <stdio.h>

/* The specification's example: X1 X2 X3 any two, and one of Y1 Y2 Y3. */
static void example(struct buf *b)
{
    static const char *const names[] = {"X1", "X2", "X3", "Y1", "Y2", "Y3"};
    buf_init(b, 65536);
    struct vkey log = example_key(1, "log.example", VKEY_ED25519);
    CHECK_OK(buf_puts(b, "log "));
    CHECK_OK(vkey_put(&log, b));
    CHECK_OK(buf_puts(b, " https://log.example/ \n\n# witnesses\n"));
    for (uint8_t i = 0; i < 6; i++) {
        struct vkey w = example_key((uint8_t)(20 + i), names[i], VKEY_COSIGNATURE);
        CHECK_OK(buf_printf(b, "\twitness  %s ", names[i]));
        CHECK_OK(vkey_put(&w, b));
        CHECK_OK(buf_puts(b, "\n"));
    }
    CHECK_OK(buf_puts(b, "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n"
                         "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"));
}

static void the_specifications_example_asks_for_two_x_and_one_y(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b;
    AUTO(policy) p = NULL;
    struct diag d = {0};
    const struct vkey *keys = NULL;
    example(&b);
    CHECK_OK(policy_parse(buf_bytes(&b), &p, &d));
    CHECK_INT(policy_logs(p, &keys), 1);
    CHECK_INT(policy_witnesses(p, &keys), 6);
    CHECK(!policy_quorum_none(p));
    for (unsigned set = 0; set < 64; set++) {
        bool valid[POLICY_MAX] = {false};
        for (unsigned i = 0; i < 6; i++)
            valid[i] = (set >> i & 1) != 0;
        bool want = valid[0] + valid[1] + valid[2] >= 2 && (valid[3] || valid[4] || valid[5]);
        CHECK_INT(policy_met(p, valid), want);
    }
}

#define LOG "log fed.example/ward7/site-a+4c6fb5fc+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\n"
#define WITNESS(name)                                                                              \
    "witness " name " fed.example/ward7/coordinator/witness+ffc54c31+"                             \
    "BG56HN0psLeP0Tr0xVmP7/TvKpcWbjym8uT7/M2AUFvx\n"

static void faulty_policies_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
    } bad[] = {
        {"", 0},
        {LOG, 0},               /* no quorum */
        {LOG "quorum none", 0}, /* no line end */
        {LOG "quorum none\nquorum none\n", 3},
        {LOG LOG "quorum none\n", 2},                   /* one key twice */
        {WITNESS("a") WITNESS("b") "quorum none\n", 2}, /* one key twice */
        {WITNESS("none") "quorum none\n", 1},
        {"quorum a\n" WITNESS("a"), 1}, /* before its definition */
        {WITNESS("a") "group g 2 a\nquorum g\n", 2},
        {WITNESS("a") "group g 0 a\nquorum g\n", 2},
        {WITNESS("a") "group g 01 a\nquorum g\n", 2},
        {WITNESS("a") "group g all\nquorum g\n", 2},
        {WITNESS("a") "group g any a a\nquorum g\n", 2},
        {WITNESS("a") "group g any a\ngroup h any a\nquorum h\n", 3},
        {WITNESS("a") "group g any g\nquorum g\n", 2},
        {WITNESS("a") "group a any a\nquorum a\n", 2},
        {"witness a b\nquorum none\n", 1},
        {"log fed.example/ward7/coordinator/witness+ffc54c31+"
         "BG56HN0psLeP0Tr0xVmP7/TvKpcWbjym8uT7/M2AUFvx\nquorum none\n",
         1}, /* a witness key is no log's */
        {"logs\nquorum none\n", 1},
        {"quorum none more\n", 1},
        {"quorum none\r\n", 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AUTO(policy) p = NULL;
        struct diag d = {0};
        CHECK_ERR(policy_parse(bytes_str(bad[i].text), &p, &d), ERR_INVALID);
        CHECK_INT(d.line, bad[i].line);
        CHECK(d.text[0] != '\0');
    }
}

static void faulty_key_files_are_refused_with_their_line(void **state)
{
    (void)state;
#define KEY "fed.example/ward7/site-a/msg+bb47e7f0+AYE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
    static const char *const bad[] = {
        "x\n",
        KEY " from\n",
        KEY " from 01 2\n",
        KEY " from 0123456789abcdef0123456789abcdef 02\n",
        KEY " since 0123456789abcdef0123456789abcdef 2\n",
        KEY " from 0123456789abcdef0123456789abcdef 2 3\n",
        KEY "\n" KEY "\n", /* which one, from when? */
        KEY,
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AUTO(keys) k = NULL;
        struct diag d = {0};
        CHECK_ERR(keys_parse(bytes_str(bad[i]), &k, &d), ERR_INVALID);
    }
    AUTO(keys) good = NULL;
    struct diag d = {0};
    CHECK_OK(keys_parse(
        bytes_str("# mine\n\n" KEY "\n" KEY " from 0123456789abcdef0123456789abcdef 2\n"), &good,
        &d));
}

static enum err parse_both(void *ctx)
{
    struct buf *b = ctx;
    AUTO(policy) p = NULL;
    AUTO(keys) k = NULL;
    struct diag d = {0};
    enum err e = policy_parse(buf_bytes(b), &p, &d);
    return e ? e : keys_parse(bytes_str(KEY "\n"), &k, &d);
}

static void without_memory_nothing_leaks(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b;
    example(&b);
    CHECK_INT(alloc_torture(parse_both, &b), 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(the_specifications_example_asks_for_two_x_and_one_y),
        CASE(faulty_policies_are_refused_with_their_line),
        CASE(faulty_key_files_are_refused_with_their_line),
        CASE(without_memory_nothing_leaks),
    };
    return RUN(cases, argc, argv);
}
