/* Frames that core/link does not take: rejected before the chain, or refused after it. */
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "support/check.h"
#include "support/linkforge.h"

static struct pair p;

static int begin(void **state)
{
    (void)state;
    pair_init(&p, 7);
    return 0;
}

static int end(void **state)
{
    (void)state;
    pair_fini(&p);
    return 0;
}

/* The peer's frame ends as `rej`, the connection is dropped for this reason, and it all goes on afterwards. */
static void check_rejected(int to, enum link_fault fault)
{
    const struct memlog *log = &p.s[to].log;
    CHECK_STR(link_fault_name(link_fault(p.s[to].link)), link_fault_name(fault));
    CHECK_INT(link_state(p.s[to].link), LINK_DOWN);
    CHECK_INT(log->e[log->durable - 1].kind, ENTRY_REJ);
    CHECK(!p.connected);
    forge_talk(&p, 1);
    pair_check(&p);
}

/* Logged and numbered, answered with a code, never applied. */
static void check_refused(const struct forged *f, int to, const char *code)
{
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    uint64_t applied = p.s[to].applied;
    uint64_t sent = link_next_seq(p.s[to].link);
    forge_hand_over(&p, to, f);
    CHECK_INT(link_state(p.s[to].link), LINK_UP);
    CHECK_INT(p.s[to].applied, applied);
    CHECK_INT(link_next_seq(p.s[to].link), sent + 1);
    const struct memlog *log = &p.s[to].log;
    CHECK_INT(log->e[log->durable - 1].kind, ENTRY_OUT);
    struct frame fr;
    arena_init(&a, 1 << 20);
    CHECK_OK(frame_read(bytes_of(log->e[log->durable - 1].frame, log->e[log->durable - 1].frame_n),
                        &a, &fr));
    CHECK_OK(body_read(fr.body, &a, &b));
    CHECK_INT(b.kind, BODY_REFUSED);
    CHECK_INT(b.refused.seq, f->note.seq);
    CHECK_BYTES(b.refused.code, bytes_str(code));
}

static void an_honest_forgery_of_the_next_message_would_be_taken(void **state)
{
    (void)state;
    forge_talk(&p, 2);
    struct forged f = forge_next(&p, COORD);
    f.body.document.note = bytes_str("2\n"); /* the number that comes next */
    forge_hand_over(&p, NODE, &f);
    CHECK_INT(p.s[NODE].applied, 3);
}

static void a_frame_that_is_none_is_rejected(void **state)
{
    (void)state;
    static const uint8_t nonce[LINK_NONCE];
    forge_talk(&p, 1);
    CHECK_OK(link_take(p.s[NODE].link, bytes_str("GET / HTTP/1.1\r\n\r\n"), p.now_ms, nonce));
    pair_turn(&p, NODE);
    check_rejected(NODE, LINK_BAD_FRAME);
}

static void a_signature_of_another_key_is_rejected(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    struct vkey key = p.s[COORD].config.own.msg;
    key.key = note_public(secret_borrow(p.s[COORD].witness_seed));
    secret_give_back(p.s[COORD].witness_seed);
    CHECK_OK(vkey_make(bytes_str(key.name), VKEY_ED25519, key.key, &key));
    f.key = &key;
    f.seed = p.s[COORD].witness_seed;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_SIGNATURE);
}

static void another_sender_or_receiver_is_rejected(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, NODE);
    f.note.from = bytes_str("fed.example/site-b");
    forge_hand_over(&p, COORD, &f);
    check_rejected(COORD, LINK_BAD_ADDRESS);
    f = forge_next(&p, NODE);
    f.note.to = bytes_str("fed.example/coord/site-b");
    forge_hand_over(&p, COORD, &f);
    check_rejected(COORD, LINK_BAD_ADDRESS);
}

static void another_session_a_gap_or_another_prev_is_rejected(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    f.note.session[3] ^= 1;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_SESSION);
    f = forge_next(&p, COORD);
    f.note.seq++;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_SEQ);
    f = forge_next(&p, COORD);
    f.note.prev.b[31] ^= 1;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_PREV);
}

static void a_seen_of_what_was_never_sent_or_that_goes_back_is_rejected(void **state)
{
    (void)state;
    forge_talk(&p, 2);
    struct forged f = forge_next(&p, COORD);
    f.note.seen = 1000;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_SEEN);
    f = forge_next(&p, COORD);
    f.note.seen = 0;
    forge_hand_over(&p, NODE, &f);
    check_rejected(NODE, LINK_BAD_SEEN);
}

static void an_unknown_token_is_refused(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    f.note.type = bytes_str("label-stats");
    check_refused(&f, NODE, "unknown-type");
}

static void what_only_the_other_side_may_say_is_refused(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    f.note.type = bytes_str("status");
    f.body = (struct body){.kind = BODY_STATUS, .status = {.disk = bytes_str("ok")}};
    check_refused(&f, NODE, "unknown-type");
}

static void a_body_of_another_kind_or_of_no_form_is_refused(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    f.note.type = bytes_str("blob-chunk");
    check_refused(&f, NODE, "bad-body");
}

static void a_body_with_an_unknown_field_is_refused(void **state)
{
    (void)state;
    forge_talk(&p, 1);
    struct forged f = forge_next(&p, COORD);
    f.raw = "\x2a\x0b\x0a\x06roster\x12\x01x\x78\x01";
    check_refused(&f, NODE, "bad-body");
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(an_honest_forgery_of_the_next_message_would_be_taken),
        FRESH(a_frame_that_is_none_is_rejected),
        FRESH(a_signature_of_another_key_is_rejected),
        FRESH(another_sender_or_receiver_is_rejected),
        FRESH(another_session_a_gap_or_another_prev_is_rejected),
        FRESH(a_seen_of_what_was_never_sent_or_that_goes_back_is_rejected),
        FRESH(an_unknown_token_is_refused),
        FRESH(what_only_the_other_side_may_say_is_refused),
        FRESH(a_body_of_another_kind_or_of_no_form_is_refused),
        FRESH(a_body_with_an_unknown_field_is_refused),
    };
    return RUN(cases, argc, argv);
}
