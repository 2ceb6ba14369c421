/* Tests of base/hex and base/sha256. Oracles: RFC 4648 section 10, FIPS 180-2 appendix B, arXiv:0901.4016. */
#include "base/hex.h"
#include "base/sha256.h"
#include "support/check.h"

static void base64_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const in[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
    static const char *const want[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                       "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t i = 0; i < 7; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(100);
        uint8_t back[16];
        size_t n = 0;
        CHECK_OK(base64_put(&b, bytes_str(in[i])));
        CHECK_BYTES(buf_bytes(&b), bytes_str(want[i]));
        CHECK_OK(base64_decode(buf_bytes(&b), back, sizeof back, &n));
        CHECK_BYTES(bytes_of(back, n), bytes_str(in[i]));
    }
}

static void base64_that_is_not_canonical_is_refused(void **state)
{
    (void)state;
    uint8_t out[16];
    size_t n = 0;
    CHECK_ERR(base64_decode(bytes_str("Zg"), out, sizeof out, &n), ERR_INVALID);
    CHECK_ERR(base64_decode(bytes_str("Zg==\n"), out, sizeof out, &n), ERR_INVALID);
    CHECK_ERR(base64_decode(bytes_str("Zh=="), out, sizeof out, &n), ERR_INVALID);
    CHECK_ERR(base64_decode(bytes_str("Z g="), out, sizeof out, &n), ERR_INVALID);
    for (unsigned c = 0; c < 256; c++) {
        uint8_t four[4] = {'A', (uint8_t)c, 'A', 'A'};
        bool digit = c < 0x80 && c != 0 &&
                     strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
                            "vwxyz0123456789+/",
                            (int)c) != NULL;
        CHECK_INT(base64_decode(bytes_of(four, 4), out, sizeof out, &n) == OK, digit);
    }
}

static void base32_of_rfc_4648_in_lower_case(void **state)
{
    (void)state;
    char out[32];
    base32_encode(bytes_str("foobar"), out);
    CHECK_STR(out, "mzxw6ytboi");
    base32_encode(bytes_str("fooba"), out);
    CHECK_STR(out, "mzxw6ytb");
    base32_encode(bytes_str("f"), out);
    CHECK_STR(out, "my");
}

static void proquints_of_the_paper(void **state)
{
    (void)state;
    /* 127.0.0.1 and 63.84.220.193 */
    static const uint8_t ip[8] = {127, 0, 0, 1, 63, 84, 220, 193};
    char out[24];
    uint8_t back[8];
    proquint_encode(bytes_of(ip, sizeof ip), out);
    CHECK_STR(out, "lusab-babad-gutih-tugad");
    CHECK_OK(proquint_decode(bytes_str("LUSAB babad gutih-tugad\n"), back, sizeof back));
    CHECK_BYTES(bytes_of(back, sizeof back), bytes_of(ip, sizeof ip));
    CHECK_ERR(proquint_decode(bytes_str("lusab-babad-gutih"), back, sizeof back), ERR_INVALID);
    CHECK_ERR(proquint_decode(bytes_str("lusab-babad-gutih-tugax"), back, sizeof back),
              ERR_INVALID);
    CHECK_ERR(proquint_decode(bytes_str("lusab-babad-gutih-tuga"), back, sizeof back), ERR_INVALID);
}

static void sha256_of_fips_180_and_hex_forms(void **state)
{
    (void)state;
    struct hash h = sha256_of(bytes_str("abc"));
    struct hash back;
    CHECK_STR(hash_hex(h).s, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_OK(hash_parse_uri(bytes_str(hash_uri(h).s), &back));
    CHECK(hash_eq(h, back));
    CHECK_ERR(hash_parse_hex(bytes_str("BA7816BF"), &back), ERR_INVALID);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(base64_of_rfc_4648),
        CASE(base64_that_is_not_canonical_is_refused),
        CASE(base32_of_rfc_4648_in_lower_case),
        CASE(proquints_of_the_paper),
        CASE(sha256_of_fips_180_and_hex_forms),
    };
    return RUN(cases, argc, argv);
}
