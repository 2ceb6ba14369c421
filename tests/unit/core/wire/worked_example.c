/* The worked example of log-and-security.md 2.6, byte for byte: keys from seeds, notes, frames, entries, checkpoints. */
#include "support/worked_example.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"
#include "core/wire/msgnote.h"
#include "support/check.h"

static struct example x;

#define DASH "\xe2\x80\x94"

static void prints_as(const struct vkey *k, const char *want)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(400);
    CHECK_OK(vkey_put(k, &b));
    CHECK_BYTES(buf_bytes(&b), bytes_str(want));
}

static void the_keys_come_from_their_seeds(void **state)
{
    (void)state;
    prints_as(&x.log_key,
              "fed.example/ward7/site-a+4c6fb5fc+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
    prints_as(&x.msg_key,
              "fed.example/ward7/site-a/msg+bb47e7f0+AYE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU");
    prints_as(&x.coord_log_key, "fed.example/ward7/coordinator/site-a+5f4b4c37+"
                                "Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR");
    prints_as(&x.coord_msg_key, "fed.example/ward7/coordinator/site-a/msg+509db88d+"
                                "AcqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58");
    prints_as(&x.witness_key, "fed.example/ward7/coordinator/witness+ffc54c31+"
                              "BG56HN0psLeP0Tr0xVmP7/TvKpcWbjym8uT7/M2AUFvx");
}

static const char entry_0[] =
    "fedlog-entry/v1\nindex 0\ntime 1764000000000\nkind out\n"
    "frame 428 7866b2e821280bab4d5a1c26d6af27c91ae53ec76d23ac6b0ec6dbb364ec28df\n\n"
    "fedmsg/v1\nfrom fed.example/ward7/site-a\nto fed.example/ward7/coordinator/site-a\n"
    "session 0123456789abcdef0123456789abcdef\nseq 0\n"
    "prev 0000000000000000000000000000000000000000000000000000000000000000\nseen 0\n"
    "type label-stats\n"
    "body 3 e2e691f1c279e8c97867e3c014104fc5078afd9bc650760cd8a7d9531ab0de5e\n\n" DASH
    " fed.example/ward7/site-a/msg u0fn8L+62e7hnPWtEY+acx5D7ercOGxnnfdTq/"
    "I0gLY4eKBIwCRgzng9E5dBc+ran/7cYvvMWiwnSU6E5aypDG0E7wU=\n";

static void entry_and_frame_are_those_of_the_page(void **state)
{
    (void)state;
    CHECK_BYTES(buf_bytes(&x.entry[0]), bytes_str(entry_0));
    CHECK_INT(x.entry[0].n, 548);
    CHECK_INT(x.frame[0].n, 428);
    CHECK_INT(x.note[0].n, 420);
    CHECK(memcmp(x.frame[0].p, "\x0a\xa4\x03", 3) == 0);
    CHECK_STR(hash_hex(tree_leaf_hash(buf_bytes(&x.entry[0]))).s,
              "76ff2f8d6b569911ce3fb2f9b34f216e73128d77b47a366a40b4e1bb54aae5fa");
}

static void the_answer_and_the_root_are_those_of_the_page(void **state)
{
    (void)state;
    CHECK_STR(hash_hex(tree_leaf_hash(buf_bytes(&x.entry[1]))).s,
              "5a5d28b80dc5ed0d40cd61b5801313da246a549802b637afce3368a593930935");
    CHECK_STR(hash_hex(x.root).s,
              "0949f3399d5fddc43389f3ca622e6dfc6ce5e4d54fd657f696cc4960cf9868fd");
}

static void the_checkpoints_are_those_of_the_page(void **state)
{
    (void)state;
    CHECK_BYTES(buf_bytes(&x.checkpoint),
                bytes_str("fed.example/ward7/site-a\n2\n"
                          "CUnzOZ1f3cQzifPKYi5t/Gzl5NVP1lf2lsxJYM+YaP0=\n\n" DASH
                          " fed.example/ward7/site-a TG+1/"
                          "PcMzC+/fdG2kxbH6Cwnoh4GjtEWLAp74oW2RQp1r6/GcRcndtw5dfKRiW1s/"
                          "kbAEyCIqsc2RzBK4H+4t7n5uAk=\n" DASH
                          " fed.example/ward7/coordinator/witness /"
                          "8VMMQAAAABpJIE8p39RXjV/F4F33cycuUDRAQW2E43XLRPImY9ggjM54+PLA/"
                          "Kl3IQeK+2BotEJC1dyVL6l62zILzaXLhTCdpsYDg==\n"));
    CHECK_BYTES(buf_bytes(&x.coord_checkpoint),
                bytes_str("fed.example/ward7/coordinator/site-a\n1\n"
                          "7d27iKewDoXDwhqE0/KCIAxTuwWE0bEkWNH3yc79KoQ=\n\n" DASH
                          " fed.example/ward7/coordinator/site-a "
                          "X0tMN6XoHdifVf/ipPDmYDCbGm1FsY4oLRhSdZ+fQ4NDnQtbrWxBp8fwSkGs6seuv0"
                          "bneZP8fYxdKltRKTCsh7IPEgA=\n"));
    CHECK_INT(x.coord_entry.n, 547);
    CHECK_STR(hash_hex(tree_leaf_hash(buf_bytes(&x.coord_entry))).s,
              "edddbb88a7b00e85c3c21a84d3f282200c53bb0584d1b12458d1f7c9cefd2a84");
}

static void the_message_note_hash_is_the_next_prev(void **state)
{
    (void)state;
    struct note n;
    CHECK_OK(note_open(buf_bytes(&x.note[0]), &x.msg_key, &n));
    CHECK_INT(n.text.n, 293);
    CHECK_STR(hash_hex(sha256_of(n.text)).s,
              "ed2596ed1706d026febf83bfc8fbe393ef911f70c71417ae61907784b103ddc4");
}

static void entry_note_and_checkpoint_print_as_they_were_read(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(65536);
    struct entry e;
    struct note n;
    struct msgnote m;
    struct checkpoint c;
    CHECK_OK(entry_parse(buf_bytes(&x.entry[1]), &e));
    CHECK_OK(entry_put(&e, &b));
    CHECK_BYTES(buf_bytes(&b), buf_bytes(&x.entry[1]));
    CHECK_OK(note_parse(e.note, &n));
    CHECK_OK(msgnote_parse(n.text, &m));
    CHECK_INT(m.seen, 1);
    buf_clear(&b);
    CHECK_OK(msgnote_put(&m, &b));
    CHECK_BYTES(buf_bytes(&b), n.text);
    CHECK_OK(note_parse(buf_bytes(&x.checkpoint), &n));
    CHECK_OK(checkpoint_parse(n.text, &c));
    buf_clear(&b);
    CHECK_OK(checkpoint_put(&c, &b));
    CHECK_BYTES(buf_bytes(&b), n.text);
}

/* What a parser takes it prints alike; so a changed byte is refused or means something else, never the same. */
static void every_changed_byte_of_an_entry_is_refused_or_read_as_something_else(void **state)
{
    (void)state;
    uint8_t text[sizeof entry_0];
    for (size_t i = 0; i < sizeof entry_0 - 1; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct entry e;
            CLEANUP(buf_fini) struct buf b = BUF_INIT(65536);
            memcpy(text, entry_0, sizeof text);
            text[i] ^= (uint8_t)(1U << bit);
            struct bytes changed = bytes_of(text, sizeof text - 1);
            if (entry_parse(changed, &e))
                continue;
            CHECK_OK(entry_put(&e, &b));
            CHECK_BYTES(buf_bytes(&b), changed);
        }
    }
}

static void cut_entries_are_refused(void **state)
{
    (void)state;
    /* Cutting inside the note leaves another note: the entry's own grammar ends at its empty line. */
    size_t head = (size_t)(strstr(entry_0, "fedmsg/v1") - entry_0);
    for (size_t i = 0; i <= head; i++) {
        struct entry e;
        CHECK_ERR(entry_parse(bytes_of(entry_0, i), &e), ERR_INVALID);
    }
    struct note n;
    CHECK_OK(note_parse(buf_bytes(&x.note[0]), &n));
    for (size_t i = 0; i < n.text.n; i++) {
        struct msgnote m;
        CHECK_ERR(msgnote_parse(bytes_of(n.text.p, i), &m), ERR_INVALID);
    }
}

static void odd_entries_are_refused(void **state)
{
    (void)state;
#define F "frame 1 7866b2e821280bab4d5a1c26d6af27c91ae53ec76d23ac6b0ec6dbb364ec28df\n"
    static const char *const bad[] = {
        "fedlog-entry/v1\nindex 00\ntime 1\nkind local\n" F "\n",
        "fedlog-entry/v1\nindex -1\ntime 1\nkind local\n" F "\n",
        "fedlog-entry/v1\nindex 9223372036854775808\ntime 1\nkind local\n" F "\n",
        "fedlog-entry/v1\nindex 0\ntime 1\nkind other\n" F "\n",
        "fedlog-entry/v1\nindex 0\ntime 1\nkind local\n" F "\nx",
        "fedlog-entry/v1\nindex 0\ntime 1\nkind out\n" F "\n",
        "fedlog-entry/v1\nindex 0\nkind local\ntime 1\n" F "\n",
        "fedlog-entry/v1\nindex 0\ntime 1\nkind local\nextra 1\n" F "\n",
        "fedlog-entry/v1\r\nindex 0\r\ntime 1\r\nkind local\r\n" F "\r\n",
        "fedlog-entry/v2\nindex 0\ntime 1\nkind local\n" F "\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct entry e;
        CHECK_ERR(entry_parse(bytes_str(bad[i]), &e), ERR_INVALID);
    }
    struct entry e;
    CHECK_OK(entry_parse(
        bytes_str("fedlog-entry/v1\nindex 9223372036854775807\ntime 1\nkind local\n" F "\n"), &e));
    CHECK(entry_version_unknown(bytes_str(bad[9])));
    CHECK(!entry_version_unknown(bytes_str(bad[0])));
    CHECK(!entry_version_unknown(bytes_str("fedlog-entry/vx\n")));
}

int main(int argc, char **argv)
{
    example_init(&x);
    const struct CMUnitTest cases[] = {
        CASE(the_keys_come_from_their_seeds),
        CASE(entry_and_frame_are_those_of_the_page),
        CASE(the_answer_and_the_root_are_those_of_the_page),
        CASE(the_checkpoints_are_those_of_the_page),
        CASE(the_message_note_hash_is_the_next_prev),
        CASE(entry_note_and_checkpoint_print_as_they_were_read),
        CASE(every_changed_byte_of_an_entry_is_refused_or_read_as_something_else),
        CASE(cut_entries_are_refused),
        CASE(odd_entries_are_refused),
    };
    int status = RUN(cases, argc, argv);
    example_fini(&x);
    return status;
}
