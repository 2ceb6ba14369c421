/* Faults of core/link, one by one: what a lost store, a lying peer or a broken frame leads to. */
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "support/check.h"
#include "support/linkpair.h"

#include <stdlib.h>

static struct pair p;

/* Both say some things and settle. */
static void talk(unsigned n)
{
    pair_connect(&p);
    for (unsigned i = 0; i < n; i++) {
        pair_settle(&p);
        CHECK(pair_send(&p, NODE));
        pair_turn(&p, NODE);
        CHECK(pair_send(&p, COORD));
        pair_turn(&p, COORD);
    }
    pair_settle(&p);
}

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

/* Until nothing moves; stops are allowed. */
static void run_on(void)
{
    pair_connect(&p);
    for (int i = 0; i < 20; i++) {
        for (int who = 0; who < 2; who++) {
            while (pair_deliver(&p, who))
                pair_turn(&p, who);
        }
    }
}

/* A frame as the peer of `to` would sign it, with the parts that a case wants changed. */
struct forged {
    struct msgnote note;
    struct body body;
    const char *raw;  /* instead of the body's own bytes */
    struct vkey *key; /* instead of the peer's */
    struct secret *seed;
};

static struct forged next_of(int from)
{
    static char doc[] = "forged\n";
    struct side *s = &p.s[from];
    struct side *to = &p.s[1 - from];
    struct forged f = {
        .body = {.kind = BODY_DOCUMENT, .document = {bytes_str("roster"), bytes_str(doc)}},
        .key = &s->config.own.msg,
        .seed = s->msg_seed};
    f.note.from = bytes_str(s->config.own.log.name);
    f.note.to = bytes_str(to->config.own.log.name);
    f.note.seq = link_received(to->link);
    f.note.seen = link_acknowledged(s->link) > 0 ? link_received(s->link) : 0;
    f.note.type = bytes_str("document");
    for (uint64_t i = s->log.durable; i > 0; i--) {
        struct entry e;
        struct note n;
        struct msgnote m;
        CHECK_OK(entry_parse(memlog_text(&s->log, i - 1), &e));
        if (e.kind != ENTRY_OUT || note_parse(e.note, &n) || msgnote_parse(n.text, &m) ||
            bytes_eq(m.type, bytes_str("hello")))
            continue;
        f.note.prev = sha256_of(n.text);
        memcpy(f.note.session, m.session, sizeof m.session);
        break;
    }
    return f;
}

static void hand_over(int to, const struct forged *f)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(BODY_MAX);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(FRAME_MAX);
    static const uint8_t nonce[LINK_NONCE] = {9};
    struct msgnote m = f->note;
    if (f->raw != NULL)
        CHECK_OK(buf_puts(&body, f->raw));
    else
        CHECK_OK(body_put(&f->body, &body));
    m.body_size = body.n;
    m.body = sha256_of(buf_bytes(&body));
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), f->key, secret_borrow(f->seed), &note));
    secret_give_back(f->seed);
    CHECK_OK(frame_put(&(struct frame){buf_bytes(&note), buf_bytes(&body)}, &frame));
    CHECK_OK(link_take(p.s[to].link, buf_bytes(&frame), p.now_ms, nonce));
    pair_turn(&p, to);
}

/* The peer's frame ends as `rej`, the connection is dropped for this reason, and it all goes on afterwards. */
static void check_rejected(int to, enum link_fault fault)
{
    const struct memlog *log = &p.s[to].log;
    CHECK_STR(link_fault_name(link_fault(p.s[to].link)), link_fault_name(fault));
    CHECK_INT(link_state(p.s[to].link), LINK_DOWN);
    CHECK_INT(log->e[log->durable - 1].kind, ENTRY_REJ);
    CHECK(!p.connected);
    talk(1);
    pair_check(&p);
}

static void an_honest_forgery_of_the_next_message_would_be_taken(void **state)
{
    (void)state;
    talk(2);
    struct forged f = next_of(COORD);
    f.body.document.note = bytes_str("2\n"); /* the number that comes next */
    hand_over(NODE, &f);
    CHECK_INT(p.s[NODE].applied, 3);
}

static void a_frame_that_is_none_is_rejected(void **state)
{
    (void)state;
    static const uint8_t nonce[LINK_NONCE];
    talk(1);
    CHECK_OK(link_take(p.s[NODE].link, bytes_str("GET / HTTP/1.1\r\n\r\n"), p.now_ms, nonce));
    pair_turn(&p, NODE);
    check_rejected(NODE, LINK_BAD_FRAME);
}

static void a_signature_of_another_key_is_rejected(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    struct vkey key = p.s[COORD].config.own.msg;
    key.key = note_public(secret_borrow(p.s[COORD].witness_seed));
    secret_give_back(p.s[COORD].witness_seed);
    CHECK_OK(vkey_make(bytes_str(key.name), VKEY_ED25519, key.key, &key));
    f.key = &key;
    f.seed = p.s[COORD].witness_seed;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_SIGNATURE);
}

static void another_sender_or_receiver_is_rejected(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(NODE);
    f.note.from = bytes_str("fed.example/site-b");
    hand_over(COORD, &f);
    check_rejected(COORD, LINK_BAD_ADDRESS);
    f = next_of(NODE);
    f.note.to = bytes_str("fed.example/coord/site-b");
    hand_over(COORD, &f);
    check_rejected(COORD, LINK_BAD_ADDRESS);
}

static void another_session_a_gap_or_another_prev_is_rejected(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    f.note.session[3] ^= 1;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_SESSION);
    f = next_of(COORD);
    f.note.seq++;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_SEQ);
    f = next_of(COORD);
    f.note.prev.b[31] ^= 1;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_PREV);
}

static void a_seen_of_what_was_never_sent_or_that_goes_back_is_rejected(void **state)
{
    (void)state;
    talk(2);
    struct forged f = next_of(COORD);
    f.note.seen = 1000;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_SEEN);
    f = next_of(COORD);
    f.note.seen = 0;
    hand_over(NODE, &f);
    check_rejected(NODE, LINK_BAD_SEEN);
}

/* Logged and numbered, answered with a code, never applied. */
static void check_refused(const struct forged *f, int to, const char *code)
{
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    uint64_t applied = p.s[to].applied;
    uint64_t sent = link_next_seq(p.s[to].link);
    hand_over(to, f);
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

static void an_unknown_token_is_refused(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    f.note.type = bytes_str("label-stats");
    check_refused(&f, NODE, "unknown-type");
}

static void what_only_the_other_side_may_say_is_refused(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    f.note.type = bytes_str("status");
    f.body = (struct body){.kind = BODY_STATUS, .status = {.disk = bytes_str("ok")}};
    check_refused(&f, NODE, "unknown-type");
}

static void a_body_of_another_kind_or_of_no_form_is_refused(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    f.note.type = bytes_str("blob-chunk");
    check_refused(&f, NODE, "bad-body");
}

static void a_body_with_an_unknown_field_is_refused(void **state)
{
    (void)state;
    talk(1);
    struct forged f = next_of(COORD);
    f.raw = "\x2a\x0b\x0a\x06roster\x12\x01x\x78\x01";
    check_refused(&f, NODE, "bad-body");
}

static void two_notes_for_one_number_are_evidence_and_the_end(void **state)
{
    (void)state;
    struct note n;
    struct msgnote m;
    struct msgnote other;
    talk(2);
    struct forged f = next_of(COORD);
    f.note.seq--;
    hand_over(NODE, &f);
    CHECK_INT(p.s[NODE].stopped, LINK_EQUIVOCATION);
    CHECK_INT(link_state(p.s[NODE].link), LINK_STOPPED);
    struct link_evidence e = link_evidence(p.s[NODE].link);
    CHECK_OK(note_open(e.first, &p.s[COORD].config.own.msg, &n));
    CHECK_OK(msgnote_parse(n.text, &m));
    CHECK_OK(note_open(e.second, &p.s[COORD].config.own.msg, &n));
    CHECK_OK(msgnote_parse(n.text, &other));
    CHECK_INT(m.seq, other.seq);
    CHECK(!hash_eq(m.body, other.body));
}

static void a_node_that_was_set_back_stops_and_signs_nothing(void **state)
{
    (void)state;
    talk(3);
    uint64_t n = p.s[NODE].log.durable;
    pair_disconnect(&p);
    memlog_go_back(&p.s[NODE].log, n - 6);
    p.s[NODE].applied_index = 0;
    p.s[NODE].applied = 0;
    pair_restart(&p, NODE);
    size_t checkpoints = p.s[NODE].log.n_own;
    run_on();
    pair_wait(&p, 500);
    /* Who answers first finds out: the coordinator sees that the node has lost what it had acknowledged. */
    CHECK(p.s[COORD].stopped == LINK_PEER_ROLLBACK || p.s[NODE].stopped == LINK_ROLLBACK);
    CHECK(!link_may_sign(p.s[NODE].link));
    CHECK_INT(p.s[NODE].log.n_own, checkpoints);
}

static void a_coordinator_that_was_set_back_stops(void **state)
{
    (void)state;
    talk(3);
    pair_disconnect(&p);
    memlog_go_back(&p.s[COORD].log, p.s[COORD].log.durable - 6);
    p.s[COORD].applied_index = 0;
    p.s[COORD].applied = 0;
    pair_restart(&p, COORD);
    run_on();
    CHECK_INT(p.s[COORD].stopped, LINK_ROLLBACK);
    CHECK(!link_may_sign(p.s[COORD].link));
}

static void a_checkpoint_that_does_not_grow_out_of_the_shown_one_is_a_fork(void **state)
{
    (void)state;
    talk(3);
    pair_disconnect(&p);
    /* The coordinator rewrites a leaf that the node holds a checkpoint over, and signs the new tree. */
    p.s[COORD].log.leaf[1].b[0] ^= 1;
    memlog_commit(&p.s[COORD].log);
    pair_connect(&p);
    CHECK(link_state(p.s[COORD].link) != LINK_STOPPED);
    pair_turn(&p, COORD);
    p.s[COORD].log.n++;
    p.s[COORD].log.n--;
    run_on();
    pair_disconnect(&p);
    memlog_publish(&p.s[COORD].log);
    run_on();
    CHECK(p.s[NODE].stopped == LINK_FORK || p.s[NODE].stopped == LINK_EQUIVOCATION);
    struct note n;
    struct checkpoint a;
    struct checkpoint b;
    struct link_evidence e = link_evidence(p.s[NODE].link);
    CHECK_OK(note_open(e.first, &p.s[COORD].config.own.log, &n));
    CHECK_OK(checkpoint_parse(n.text, &a));
    CHECK_OK(note_open(e.second, &p.s[COORD].config.own.log, &n));
    CHECK_OK(checkpoint_parse(n.text, &b));
    CHECK(!hash_eq(a.root, b.root));
}

static void a_receipt_for_another_message_is_evidence_and_the_end(void **state)
{
    (void)state;
    talk(2);
    struct forged f = next_of(COORD);
    struct receipt r = {.tlog_proof =
                            bytes_str("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nx\n")};
    f.body.document.note = bytes_str("2\n");
    f.body.receipts = &r;
    f.body.n_receipts = 1;
    hand_over(NODE, &f);
    CHECK_INT(p.s[NODE].stopped, LINK_BAD_RECEIPT);
    CHECK_BYTES(link_evidence(p.s[NODE].link).first, r.tlog_proof);
}

static void no_more_than_eight_messages_are_on_their_way(void **state)
{
    (void)state;
    talk(1);
    for (int i = 0; i < LINK_WINDOW; i++) {
        CHECK(pair_send(&p, NODE));
        pair_turn(&p, NODE);
    }
    CHECK(!link_can_send(p.s[NODE].link));
    CHECK(!pair_send(&p, NODE));
    run_on();
    pair_wait(&p, 250);
    run_on();
    CHECK(link_can_send(p.s[NODE].link));
    pair_settle(&p);
    pair_check(&p);
}

static void four_messages_are_acknowledged_at_once_fewer_after_200_ms(void **state)
{
    (void)state;
    talk(1);
    CHECK(pair_send(&p, NODE));
    pair_turn(&p, NODE);
    while (pair_deliver(&p, COORD))
        pair_turn(&p, COORD);
    CHECK_INT(link_due_ms(p.s[COORD].link, p.now_ms), LINK_ACK_MS);
    for (int i = 0; i < 3; i++) {
        CHECK(pair_send(&p, NODE));
        pair_turn(&p, NODE);
    }
    while (pair_deliver(&p, COORD))
        pair_turn(&p, COORD);
    CHECK_INT(link_due_ms(p.s[COORD].link, p.now_ms), 0);
}

static void without_an_answer_the_connection_is_made_anew(void **state)
{
    (void)state;
    talk(1);
    CHECK(pair_send(&p, NODE));
    pair_turn(&p, NODE);
    free(p.s[NODE].out.f[0].p); /* lost, and nobody says so */
    p.s[NODE].out.n = 0;
    CHECK(link_due_ms(p.s[NODE].link, p.now_ms) <= LINK_STALE_MS);
    pair_wait(&p, LINK_STALE_MS);
    CHECK_STR(link_fault_name(link_fault(p.s[NODE].link)), "stale");
    CHECK(!p.connected);
    pair_settle(&p);
    pair_check(&p);
}

static void a_full_log_sends_and_applies_nothing_and_it_goes_on_with_room(void **state)
{
    (void)state;
    talk(1);
    CHECK(pair_send(&p, COORD));
    pair_turn(&p, COORD);
    p.s[NODE].log.full = true;
    uint64_t applied = p.s[NODE].applied;
    CHECK(pair_deliver(&p, NODE));
    CHECK_INT(p.s[NODE].applied, applied);
    CHECK_INT(p.s[NODE].out.n, 0);
    CHECK_STR(link_fault_name(link_fault(p.s[NODE].link)), "not-logged");
    pair_settle(&p);
    pair_check(&p);
    CHECK_INT(p.s[NODE].applied, applied + 1);
}

static void checkpoints_are_cosigned_by_the_other_side(void **state)
{
    (void)state;
    talk(2);
    CHECK(p.s[NODE].log.cosigned > 0);
    CHECK(p.s[COORD].log.cosigned > 0);
}

static void keys_and_seeds_that_do_not_belong_together_make_no_link(void **state)
{
    (void)state;
    struct link *l = NULL;
    struct link_log ops = memlog_ops(&p.s[NODE].log);
    struct link_config c = p.s[NODE].config;
    c.msg_seed = p.s[NODE].witness_seed;
    CHECK_ERR(link_new(&c, &ops, &l), ERR_INVALID);
    c = p.s[NODE].config;
    c.peer.witness.type = VKEY_ED25519;
    CHECK_ERR(link_new(&c, &ops, &l), ERR_INVALID);
    CHECK(l == NULL);
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
        FRESH(two_notes_for_one_number_are_evidence_and_the_end),
        FRESH(a_node_that_was_set_back_stops_and_signs_nothing),
        FRESH(a_coordinator_that_was_set_back_stops),
        FRESH(a_checkpoint_that_does_not_grow_out_of_the_shown_one_is_a_fork),
        FRESH(a_receipt_for_another_message_is_evidence_and_the_end),
        FRESH(no_more_than_eight_messages_are_on_their_way),
        FRESH(four_messages_are_acknowledged_at_once_fewer_after_200_ms),
        FRESH(without_an_answer_the_connection_is_made_anew),
        FRESH(a_full_log_sends_and_applies_nothing_and_it_goes_on_with_room),
        FRESH(checkpoints_are_cosigned_by_the_other_side),
        FRESH(keys_and_seeds_that_do_not_belong_together_make_no_link),
    };
    return RUN(cases, argc, argv);
}
