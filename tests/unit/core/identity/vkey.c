/* Tests of core/identity/vkey. Oracle: log-and-security.md 2.6, C2SP signed-note. */
#include "core/identity/vkey.h"
#include "support/check.h"

static const char site[] =
    "fed.example/ward7/site-a+4c6fb5fc+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
static const char witness[] =
    "fed.example/ward7/coordinator/witness+ffc54c31+BG56HN0psLeP0Tr0xVmP7/TvKpcWbjym8uT7/M2AUFvx";

static void published_keys_parse_and_print_alike(void **state)
{
    (void)state;
    const char *const keys[] = {site, witness};
    for (size_t i = 0; i < 2; i++) {
        struct vkey k;
        CLEANUP(buf_fini) struct buf b = BUF_INIT(400);
        CHECK_OK(vkey_parse(bytes_str(keys[i]), &k));
        CHECK_OK(vkey_put(&k, &b));
        CHECK_BYTES(buf_bytes(&b), bytes_str(keys[i]));
    }
}

static void a_key_whose_id_is_not_its_own_is_refused(void **state)
{
    (void)state;
    struct vkey k;
    CHECK_ERR(vkey_parse(bytes_str("fed.example/ward7/site-b+4c6fb5fc+"
                                   "AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"),
                         &k),
              ERR_INVALID);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct vkey k;
    for (size_t n = 0; n < sizeof site - 1; n++)
        CHECK_ERR(vkey_parse(bytes_of(site, n), &k), ERR_INVALID);
}

static void names_hold_no_space_and_no_plus(void **state)
{
    (void)state;
    CHECK(vkey_name_ok(bytes_str("a")));
    CHECK(!vkey_name_ok(bytes_str("")));
    CHECK(!vkey_name_ok(bytes_str("a b")));
    CHECK(!vkey_name_ok(bytes_str("a+b")));
    CHECK(!vkey_name_ok(bytes_str("a\xc2\xa0")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(published_keys_parse_and_print_alike),
        CASE(a_key_whose_id_is_not_its_own_is_refused),
        CASE(every_truncation_is_refused),
        CASE(names_hold_no_space_and_no_plus),
    };
    return RUN(cases, argc, argv);
}
