/* What a lost store, a lying peer, a full disk or silence leads core/link to. */
#include "core/identity/note.h"
#include "support/check.h"
#include "support/linkforge.h"

#include <stdlib.h>

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

static void two_notes_for_one_number_are_evidence_and_the_end(void **state)
{
    (void)state;
    struct note n;
    struct msgnote m;
    struct msgnote other;
    forge_talk(&p, 2);
    struct forged f = forge_next(&p, COORD);
    f.note.seq--;
    forge_hand_over(&p, NODE, &f);
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
    forge_talk(&p, 3);
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
    forge_talk(&p, 3);
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
    forge_talk(&p, 3);
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
    forge_talk(&p, 2);
    struct forged f = forge_next(&p, COORD);
    struct receipt r = {.tlog_proof =
                            bytes_str("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nx\n")};
    f.body.document.note = bytes_str("2\n");
    f.body.receipts = &r;
    f.body.n_receipts = 1;
    forge_hand_over(&p, NODE, &f);
    CHECK_INT(p.s[NODE].stopped, LINK_BAD_RECEIPT);
    CHECK_BYTES(link_evidence(p.s[NODE].link).first, r.tlog_proof);
}

static void no_more_than_eight_messages_are_on_their_way(void **state)
{
    (void)state;
    forge_talk(&p, 1);
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
    forge_talk(&p, 1);
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
    forge_talk(&p, 1);
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
    forge_talk(&p, 1);
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
    forge_talk(&p, 2);
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
