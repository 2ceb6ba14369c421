/* Tests of core/identity/note. Oracles: C2SP signed-note.md (example.com/foo), golang/mod sumdb/note (PeterNeumann), the keys
 * and signatures of log-and-security.md 2.6. */
#include "core/identity/note.h"

#include "support/check.h"

#include <stdio.h>

#define DASH "\xe2\x80\x94"

static const char foo_key[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char foo_note[] = "This is an example message.\n\n" DASH
                               " example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTg"
                               "K7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
static const char peter_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_text[] = "If you think cryptography is the answer to your problem,\n"
                                 "then you don't know what your problem is.\n";
static const char peter_line[] =
    DASH " PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
         "otpRZb6KE6RyyBwJnAM=\n";

static struct vkey key_of(const char *text)
{
    struct vkey k;
    CHECK_OK(vkey_parse(bytes_str(text), &k));
    return k;
}

static void the_specifications_example_opens(void **state)
{
    (void)state;
    struct note n;
    struct vkey k = key_of(foo_key);
    CHECK_OK(note_open(bytes_str(foo_note), &k, &n));
    CHECK_BYTES(n.text, bytes_str("This is an example message.\n"));
}

static void the_go_librarys_golden_note_opens(void **state)
{
    (void)state;
    char all[1024];
    struct note n;
    struct vkey k = key_of(peter_key);
    (void)snprintf(all, sizeof all, "%s\n%s", peter_text, peter_line);
    CHECK_OK(note_open(bytes_str(all), &k, &n));
}

static void every_flipped_bit_of_a_signed_note_is_noticed(void **state)
{
    (void)state;
    struct vkey k = key_of(foo_key);
    char all[sizeof foo_note];
    for (size_t i = 0; i < sizeof foo_note - 1; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct note n;
            memcpy(all, foo_note, sizeof all);
            all[i] = (char)(all[i] ^ (1 << bit));
            CHECK(note_open(bytes_of(all, sizeof all - 1), &k, &n) != OK);
        }
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct vkey k = key_of(foo_key);
    struct note n;
    for (size_t i = 0; i < sizeof foo_note - 1; i++)
        CHECK(note_open(bytes_of(foo_note, i), &k, &n) != OK);
}

static void malformed_notes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" DASH " a AAAAAAA=\n",     /* no empty line */
        "text\n\n- a AAAAAAA=\n",          /* another dash */
        "text\n\n" DASH "a AAAAAAA=\n",    /* no space */
        "text\n\n" DASH " a\n",            /* no signature */
        "text\n\n" DASH " a AAAA\n",       /* shorter than key id and a byte */
        "text\n\n" DASH " a AAAAAAA\n",    /* no padding */
        "text\n\n" DASH " a AAAAAAB=\n",   /* stray bits */
        "text\n\n" DASH " a AAAAAAA=\nx",  /* no LF at the end */
        "text\n\n" DASH " a AAAAAAA= \n",  /* space after */
        "text\n\n" DASH "  AAAAAAA=\n",    /* empty name */
        "text\n\n" DASH " a+b AAAAAAA=\n", /* plus in the name */
        "text\n\n" DASH " a\xc2\xa0"
        "b AAAAAAA=\n",                      /* no-break space in the name */
        "te\x01xt\n\n" DASH " a AAAAAAA=\n", /* control byte */
        "te\txt\n\n" DASH " a AAAAAAA=\n",
        "te\xff"
        "xt\n\n" DASH " a AAAAAAA=\n", /* not UTF-8 */
        "text\r\n\r\n" DASH " a AAAAAAA=\r\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct note n;
        CHECK_ERR(note_parse(bytes_str(bad[i]), &n), ERR_INVALID);
    }
}

static void a_note_splits_at_its_last_empty_line(void **state)
{
    (void)state;
    struct note n;
    CHECK_OK(note_parse(bytes_str("a\n\nb\n\n" DASH " a AAAAAAA=\n"), &n));
    CHECK_BYTES(n.text, bytes_str("a\n\nb\n"));
    CHECK_INT(n.n, 1);
}

static void a_hundred_signatures_are_taken_and_one_more_is_not(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(65536);
    struct note n;
    CHECK_OK(buf_puts(&b, "text\n\n"));
    for (unsigned i = 0; i < 100; i++)
        CHECK_OK(buf_printf(&b, DASH " signer%u AAAAAAA=\n", i));
    CHECK_OK(note_parse(buf_bytes(&b), &n));
    CHECK_INT(n.n, 100);
    CHECK_OK(buf_puts(&b, DASH " one.more AAAAAAA=\n"));
    CHECK_ERR(note_parse(buf_bytes(&b), &n), ERR_INVALID);
}

static void unknown_lines_are_ignored_but_alone_prove_nothing(void **state)
{
    (void)state;
    char all[2048];
    struct note n;
    struct vkey k = key_of(foo_key);
    struct vkey other = key_of(peter_key);
    (void)snprintf(all, sizeof all, "%s" DASH " sm\xc3\xa4ll.example/x AAAAAAAAAAAAAAAA\n%s",
                   foo_note, peter_line);
    CHECK_OK(note_open(bytes_str(all), &k, &n));
    CHECK_ERR(note_open(bytes_str(foo_note), &other, &n), ERR_DENIED);
}

/* C2SP: "if a signature by a known key is bad, the whole note is". */
static void a_known_key_with_a_bad_signature_spoils_the_note(void **state)
{
    (void)state;
    char all[2048];
    struct note n;
    struct note_seal seals[2];
    struct vkey keys[2] = {key_of(foo_key), key_of(peter_key)};
    (void)snprintf(all, sizeof all, "%s%s", foo_note, peter_line); /* Peter signed another text */
    CHECK_OK(note_parse(bytes_str(all), &n));
    CHECK_OK(note_verify(&n, keys, 1, seals));
    CHECK(seals[0].valid);
    CHECK_ERR(note_verify(&n, keys, 2, seals), ERR_DENIED);
}

static void a_line_with_a_known_name_and_another_key_id_is_unknown(void **state)
{
    (void)state;
    char all[2048];
    struct note n;
    struct vkey k = key_of(foo_key);
    (void)snprintf(all, sizeof all, "%s" DASH " example.com/foo AAAAAAAA\n", foo_note);
    CHECK_OK(note_open(bytes_str(all), &k, &n));
}

static struct vkey made(uint8_t k, const char *name, enum vkey_type type)
{
    uint8_t seed[NOTE_SEED];
    struct vkey key;
    memset(seed, k, sizeof seed);
    CHECK_OK(vkey_make(bytes_str(name), type, note_public(seed), &key));
    return key;
}

static void signing_wants_the_keys_own_seed_and_a_line_end(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    uint8_t seed[NOTE_SEED] = {0};
    struct vkey k = made(1, "a", VKEY_ED25519);
    CHECK_ERR(note_make(bytes_str("text\n"), &k, seed, &b), ERR_INVALID);
    memset(seed, 1, sizeof seed);
    CHECK_ERR(note_sign(bytes_str("text"), &k, seed, &b), ERR_INVALID);
    CHECK_ERR(note_cosign(bytes_str("text\n"), &k, seed, 1, &b), ERR_INVALID);
    k = made(1, "a", VKEY_COSIGNATURE);
    CHECK_ERR(note_sign(bytes_str("text\n"), &k, seed, &b), ERR_INVALID);
}

static void a_cosignature_counts_with_its_time_and_not_for_another(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    struct note n;
    struct note_seal seal;
    uint8_t seed[NOTE_SEED];
    memset(seed, 5, sizeof seed);
    struct vkey k = made(5, "w.example/witness", VKEY_COSIGNATURE);
    CHECK_OK(buf_puts(&b, "log\n1\nAAAA\n\n"));
    CHECK_OK(note_cosign(bytes_str("log\n1\nAAAA\n"), &k, seed, 1764000060, &b));
    CHECK_OK(note_cosign(bytes_str("log\n1\nAAAA\n"), &k, seed, 1764000050, &b));
    CHECK_OK(note_parse(buf_bytes(&b), &n));
    CHECK_OK(note_verify(&n, &k, 1, &seal));
    CHECK(seal.valid);
    CHECK_INT(seal.time_s, 1764000060);
    b.p[0] = 'L';
    CHECK_ERR(note_verify(&n, &k, 1, &seal), ERR_DENIED);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(the_specifications_example_opens),
        CASE(the_go_librarys_golden_note_opens),
        CASE(every_flipped_bit_of_a_signed_note_is_noticed),
        CASE(every_truncation_is_refused),
        CASE(malformed_notes_are_refused),
        CASE(a_note_splits_at_its_last_empty_line),
        CASE(a_hundred_signatures_are_taken_and_one_more_is_not),
        CASE(unknown_lines_are_ignored_but_alone_prove_nothing),
        CASE(a_known_key_with_a_bad_signature_spoils_the_note),
        CASE(a_line_with_a_known_name_and_another_key_id_is_unknown),
        CASE(signing_wants_the_keys_own_seed_and_a_line_end),
        CASE(a_cosignature_counts_with_its_time_and_not_for_another),
    };
    return RUN(cases, argc, argv);
}
