/* Tests of core/wire/body. The bytes of the oracle were written by protoc --encode from text, not by this code. */
#include "core/wire/body.h"

#include "base/hex.h"
#include "core/wire/frame.h"
#include "support/check.h"

#include <stdlib.h>

#define PROTOC_HELLO                                                                               \
    "0a3e0a17633273702e6f72672f746c6f672d70726f6f664076310a1220616161616161616161616161616161"     \
    "616161616161616161616161616161616118ac02121b0a0d6665642e6578616d706c652f6110071a08e28094"     \
    "207720780a1a630a103031323334353637383961626364656610051a20626262626262626262626262626262"     \
    "62626262626262626262626262626262622080013202630a3802422063636363636363636363636363636363"     \
    "636363636363636363636363636363634809"
#define PROTOC_STATUS                                                                              \
    "423e0893943d1002180120032890bf0532026f6b3a2a0a206464646464646464646464646464646464646464"     \
    "6464646464646464646464641204746578741804"
#define PROTOC_REPLY                                                                               \
    "3a340a2065656565656565656565656565656565656565656565656565656565656565651207726566757365"     \
    "641a0573636f70652001"

struct packed {
    uint8_t b[512];
    size_t n;
};

static struct packed of_hex(const char *hex)
{
    struct packed p = {.n = strlen(hex) / 2};
    CHECK_OK(hex_decode(bytes_str(hex), p.b, p.n));
    return p;
}

static struct hash hash_of_byte(char c)
{
    struct hash h;
    memset(h.b, c, sizeof h.b);
    return h;
}

static enum err read_bytes(struct bytes in, struct arena *a, struct body *out)
{
    arena_init(a, in.n * FRAME_BUDGET + 65536);
    return body_read(in, a, out);
}

static enum err judge(struct bytes in)
{
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    enum err e = read_bytes(in, &a, &b);
    CHECK(a.used <= a.limit);
    return e;
}

static void a_hello_of_another_writer_is_read_with_its_items(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    struct packed p = of_hex(PROTOC_HELLO);
    CHECK_OK(read_bytes(bytes_of(p.b, p.n), &a, &b));
    CHECK_INT(b.kind, BODY_HELLO);
    CHECK(memcmp(b.hello.session, "0123456789abcdef", 16) == 0);
    CHECK_INT(b.hello.out_seq, 5);
    CHECK_INT(b.hello.in_seq, 128);
    CHECK(hash_eq(b.hello.out_prev, hash_of_byte('b')));
    CHECK(hash_eq(b.hello.in_prev, hash_of_byte(0)));
    CHECK_BYTES(b.hello.checkpoint, bytes_str("c\n"));
    CHECK_INT(b.hello.from, 2);
    CHECK_INT(b.hello.consistency.n, 1);
    CHECK_INT(b.hello.stored, 9);
    CHECK_INT(b.n_receipts, 1);
    CHECK_INT(b.receipts[0].from, 300);
    CHECK(hash_eq(b.receipts[0].consistency.h[0], hash_of_byte('a')));
    CHECK_INT(b.n_cosigs, 1);
    CHECK_BYTES(b.cosigs[0].origin, bytes_str("fed.example/a"));
    CHECK_INT(b.cosigs[0].size, 7);
}

static void what_another_writer_wrote_is_written_alike(void **state)
{
    (void)state;
    static const char *const all[] = {PROTOC_HELLO, PROTOC_STATUS, PROTOC_REPLY};
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(arena_fini) struct arena a;
        CLEANUP(buf_fini) struct buf again = BUF_INIT(BODY_MAX);
        struct body b;
        struct packed p = of_hex(all[i]);
        CHECK_OK(read_bytes(bytes_of(p.b, p.n), &a, &b));
        CHECK_OK(body_put(&b, &again));
        CHECK_BYTES(buf_bytes(&again), bytes_of(p.b, p.n));
    }
}

static void every_kind_packs_alike_after_reading(void **state)
{
    (void)state;
    const struct body all[] = {
        {.kind = BODY_REFUSED, .refused = {.seq = 3, .code = bytes_str("bad-body")}},
        {.kind = BODY_DOCUMENT, .document = {bytes_str("roster"), bytes_str("a note\n")}},
        {.kind = BODY_DOCUMENT_ACK, .document_ack = {hash_of_byte(1), bytes_str("taken")}},
        {.kind = BODY_CAMPAIGN_REPLY,
         .campaign_reply = {.document = hash_of_byte(2),
                            .decision = bytes_str("approved"),
                            .roster = 2,
                            .until_ms = 1800000000000}},
        {.kind = BODY_CAMPAIGN_REPLY,
         .campaign_reply = {.document = hash_of_byte(2),
                            .decision = bytes_str("refused"),
                            .reason = bytes_str("scope"),
                            .roster = 2,
                            .original = bytes_str("a frame")}},
        {.kind = BODY_BLOB_REQUEST, .blob_request = {hash_of_byte(3), 1 << 20}},
        {.kind = BODY_BLOB_CHUNK, .blob_chunk = {hash_of_byte(3), 0, bytes_str("bytes")}},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        CLEANUP(arena_fini) struct arena a;
        CLEANUP(buf_fini) struct buf b = BUF_INIT(BODY_MAX);
        CLEANUP(buf_fini) struct buf again = BUF_INIT(BODY_MAX);
        struct body back;
        CHECK_OK(body_put(&all[i], &b));
        CHECK_OK(read_bytes(buf_bytes(&b), &a, &back));
        CHECK_INT(back.kind, all[i].kind);
        CHECK_OK(body_put(&back, &again));
        CHECK_BYTES(buf_bytes(&again), buf_bytes(&b));
    }
}

static void an_empty_body_is_a_control_message_without_items(void **state)
{
    (void)state;
    CLEANUP(arena_fini) struct arena a;
    CLEANUP(buf_fini) struct buf out = BUF_INIT(64);
    struct body b;
    CHECK_OK(read_bytes(bytes_of(NULL, 0), &a, &b));
    CHECK_INT(b.kind, BODY_CONTROL);
    CHECK_OK(body_put(&b, &out));
    CHECK_INT(out.n, 0);
}

#define JUDGE(literal) judge(bytes_of(literal, sizeof(literal) - 1))

static void bytes_that_we_would_not_write_are_refused(void **state)
{
    (void)state;
    CHECK_OK(JUDGE("\x22\x06\x08\x03\x12\x02no"));                       /* refused 3 "no" */
    CHECK_ERR(JUDGE("\x22\x87\x00\x08\x03\x12\x02no"), ERR_INVALID);     /* length not minimal */
    CHECK_ERR(JUDGE("\x22\x07\x08\x83\x00\x12\x02no"), ERR_INVALID);     /* number not minimal */
    CHECK_ERR(JUDGE("\x22\x06\x12\x02no\x08\x03"), ERR_INVALID);         /* out of order */
    CHECK_ERR(JUDGE("\x22\x08\x08\x03\x08\x03\x12\x02no"), ERR_INVALID); /* a field twice */
    CHECK_ERR(JUDGE("\x22\x06\x08\x00\x12\x02no"), ERR_INVALID);         /* explicit default */
    CHECK_ERR(JUDGE("\x22\x06\x08\x03\x12\x02no\x50\x01"), ERR_INVALID); /* unknown field */
    CHECK_ERR(JUDGE("\x22\x08\x08\x03\x12\x02no\x50\x01"), ERR_INVALID); /* unknown field below */
    CHECK_ERR(JUDGE("\x22\x06\x08\x03\x12\x02no\x22\x06\x08\x03\x12\x02no"),
              ERR_INVALID);                                      /* a payload twice */
    CHECK_ERR(JUDGE("\x22\x06\x08\x03\x12\x02No"), ERR_INVALID); /* not a code */
    CHECK_ERR(JUDGE("\x1a\x02\x08\x01"), ERR_INVALID);           /* hello without session */
}

/* One length-delimited field inside another, as deep as the bytes allow. */
static void deep_nesting_is_refused(void **state)
{
    (void)state;
    enum { DEEP = 30000 };
    uint8_t *b = malloc((size_t)4 * DEEP);
    CHECK(b != NULL);
    size_t at = (size_t)4 * DEEP;
    size_t n = 0;
    while (n < 60000) {
        size_t head = n < 128 ? 2 : n < 16384 ? 3 : 4;
        at -= head;
        b[at] = 0x1a;
        b[at + 1] = (uint8_t)(head == 2 ? n : (n & 0x7f) | 0x80);
        if (head >= 3)
            b[at + 2] = (uint8_t)(head == 3 ? n >> 7 : ((n >> 7) & 0x7f) | 0x80);
        if (head == 4)
            b[at + 3] = (uint8_t)(n >> 14);
        n += head;
    }
    CHECK_ERR(judge(bytes_of(b + at, n)), ERR_INVALID);
    free(b);
}

static void two_megabytes_of_empty_submessages_stop_at_the_budget(void **state)
{
    (void)state;
    uint8_t *b = malloc(BODY_MAX);
    CHECK(b != NULL);
    for (size_t i = 0; i < BODY_MAX; i += 2) {
        b[i] = 0x0a; /* receipts: empty */
        b[i + 1] = 0;
    }
    CHECK_ERR(judge(bytes_of(b, BODY_MAX)), ERR_NOMEM);
    for (size_t i = 0; i < 2000; i += 2) {
        b[i] = 0x12; /* cosigs: empty, and far too many */
        b[i + 1] = 0;
    }
    CHECK(judge(bytes_of(b, 2000)) != OK);
    CHECK_ERR(judge(bytes_of(b, BODY_MAX + 1)), ERR_TOOBIG);
    free(b);
}

static void every_truncation_of_a_body_is_refused_or_another_body(void **state)
{
    (void)state;
    struct packed p = of_hex(PROTOC_HELLO);
    /* Cut between its fields a body is a shorter one: after the receipt, after the cosignature. */
    for (size_t n = 1; n < p.n; n++) {
        if (n != 64 && n != 64 + 29)
            CHECK_ERR(judge(bytes_of(p.b, n)), ERR_INVALID);
        else
            CHECK_OK(judge(bytes_of(p.b, n)));
    }
}

static void what_breaks_a_bound_is_not_written(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf out = BUF_INIT(BODY_MAX);
    struct body b = {.kind = BODY_REFUSED, .refused = {.code = bytes_str("Patient 7 said no")}};
    CHECK_ERR(body_put(&b, &out), ERR_INVALID);
    b = (struct body){.kind = BODY_DOCUMENT,
                      .document = {bytes_str("roster"), bytes_of("a\0b", 3)}};
    CHECK_ERR(body_put(&b, &out), ERR_INVALID);
    b = (struct body){.kind = BODY_BLOB_CHUNK, .blob_chunk = {.digest = hash_of_byte(1)}};
    CHECK_ERR(body_put(&b, &out), ERR_INVALID);
    struct cosig c = {.origin = bytes_str("a b"), .line = bytes_str("x\n")};
    b = (struct body){.n_cosigs = 1, .cosigs = &c};
    CHECK_ERR(body_put(&b, &out), ERR_INVALID);
    CHECK_INT(out.n, 0);
}

static void every_token_names_its_kind_and_who_may_say_it(void **state)
{
    (void)state;
    enum body_kind k = BODY_KINDS;
    for (unsigned i = 0; i < BODY_KINDS; i++) {
        CHECK(body_kind_of(bytes_str(body_token((enum body_kind)i)), &k));
        CHECK_INT(k, i);
        CHECK(body_from_node(k) || body_from_coordinator(k));
    }
    CHECK(!body_kind_of(bytes_str("label-stats"), &k));
    CHECK(!body_kind_of(bytes_str(""), &k));
    CHECK(!body_from_coordinator(BODY_STATUS));
    CHECK(!body_from_node(BODY_BLOB_CHUNK));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_hello_of_another_writer_is_read_with_its_items),
        CASE(what_another_writer_wrote_is_written_alike),
        CASE(every_kind_packs_alike_after_reading),
        CASE(an_empty_body_is_a_control_message_without_items),
        CASE(bytes_that_we_would_not_write_are_refused),
        CASE(deep_nesting_is_refused),
        CASE(two_megabytes_of_empty_submessages_stop_at_the_budget),
        CASE(every_truncation_of_a_body_is_refused_or_another_body),
        CASE(what_breaks_a_bound_is_not_written),
        CASE(every_token_names_its_kind_and_who_may_say_it),
    };
    return RUN(cases, argc, argv);
}
