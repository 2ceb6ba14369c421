/* Tests of auditor/receipts: a peer's log of what was sent to it, proved by the naive definitions, and every way in which a
 * receipt can be another's. */
#include "receipts.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/tlog_proof.h"
#include "support/check.h"
#include "support/naive_tree.h"
#include "support/worked_example.h"

#include <stdio.h>

static const char site[] = "fed.example/ward7/site-a";
static const char coord[] = "fed.example/ward7/coordinator/site-a";
enum { MESSAGES = 6 };

/* What the site sent: `sent[i]` is its own entry, theirs[i] the peer's, which took each in. */
struct world {
    struct findings found;
    struct vkey log_key, msg_key, other_key;
    struct receipts r;
    struct buf note[MESSAGES], theirs[MESSAGES];
    struct entry sent[MESSAGES];
    struct hash leaf[MESSAGES];
};

static void make_message(struct world *w, uint64_t seq, const char *type, struct buf *note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    struct msgnote n = {.from = bytes_str(site),
                        .to = bytes_str(coord),
                        .seq = seq,
                        .type = bytes_str(type),
                        .body = sha256_of(bytes_str(""))};
    memset(n.session, 1, sizeof n.session);
    CHECK_OK(msgnote_put(&n, &text));
    CHECK_OK(note_make(buf_bytes(&text), &w->msg_key, example_seed(2).b, note));
}

static void take_in(struct world *w, size_t i, enum entry_kind kind, struct bytes note,
                    struct hash frame)
{
    struct entry e = {.index = i, .kind = kind, .frame_size = 100, .frame = frame, .note = note};
    buf_init(&w->theirs[i], ENTRY_MAX);
    CHECK_OK(entry_put(&e, &w->theirs[i]));
    w->leaf[i] = naive_hash(0, w->theirs[i].p, w->theirs[i].n, "", 0);
}

static void world_init(struct world *w)
{
    static const uint8_t session[MSGNOTE_SESSION] = {1, 1, 1, 1, 1, 1, 1, 1,
                                                     1, 1, 1, 1, 1, 1, 1, 1};
    memset(w, 0, sizeof *w);
    findings_init(&w->found);
    w->log_key = example_key(3, coord, VKEY_ED25519);
    w->other_key = example_key(9, coord, VKEY_ED25519);
    w->msg_key = example_key(2, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    receipts_init(&w->r, &w->found, &w->log_key);
    receipts_session(&w->r, session);
    for (size_t i = 0; i < MESSAGES; i++) {
        buf_init(&w->note[i], 4096);
        make_message(w, i, "status", &w->note[i]);
        struct hash frame = {{(uint8_t)(i + 1)}};
        w->sent[i] = (struct entry){.index = i * 2,
                                    .kind = ENTRY_OUT,
                                    .frame_size = 100,
                                    .frame = frame,
                                    .note = buf_bytes(&w->note[i])};
        receipts_sent(&w->r, &w->sent[i], i, i != 5); /* the last one is a control message */
        take_in(w, i, ENTRY_IN, buf_bytes(&w->note[i]), frame);
    }
}

static void world_fini(struct world *w)
{
    for (size_t i = 0; i < MESSAGES; i++) {
        buf_fini(&w->note[i]);
        buf_fini(&w->theirs[i]);
    }
    receipts_fini(&w->r);
    findings_fini(&w->found);
}

/* How a receipt is bent. */
struct bend {
    bool key, path, index, root, consistency;
    uint64_t from;
    const struct hash *leaves; /* the log that the peer shows; NULL: the world's */
};

static struct checkpoint checkpoint_of(const struct hash *leaves, uint64_t size)
{
    struct checkpoint c = {.size = size, .root = naive_root(leaves, size)};
    memcpy(c.origin, coord, sizeof coord);
    return c;
}

static void naive_consistency(uint64_t from, const struct hash *d, uint64_t to, struct proof *p)
{
    if (from > 0)
        CHECK_OK(proof_consistency(from, to, naive_read, (void *)(uintptr_t)d, p));
}

/* The peer's receipt of message i in its log of `size` entries. */
static void receive(struct world *w, size_t i, uint64_t size, struct bend b)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf proof = BUF_INIT(8192);
    const struct hash *leaves = b.leaves == NULL ? w->leaf : b.leaves;
    struct checkpoint c = checkpoint_of(leaves, size);
    struct tlog_proof p = {.extra = buf_bytes(&w->theirs[i]), .index = i + (b.index ? 1 : 0)};
    if (b.root)
        c.root.b[0] ^= 1;
    CHECK_OK(checkpoint_put(&c, &text));
    CHECK_OK(note_make(buf_bytes(&text), b.key ? &w->other_key : &w->log_key,
                       example_seed(b.key ? 9 : 3).b, &note));
    naive_path(i, leaves, size, &p.path);
    if (b.path)
        p.path.h[0].b[5] ^= 1;
    p.checkpoint = buf_bytes(&note);
    CHECK_OK(tlog_proof_put(&p, &proof));
    struct receipt r = {.tlog_proof = buf_bytes(&proof), .from = b.from};
    naive_consistency(b.from, leaves, size, &r.consistency);
    if (b.consistency)
        r.consistency.h[0].b[0] ^= 1;
    struct body body = {.n_receipts = 1, .receipts = &r};
    receipts_body(&w->r, 100 + i, &body);
}

/* Ends, and wants this one code (or none, FINDING_CODES) beside so many pending messages. */
static void ends(struct world *w, enum finding_code code, size_t pending)
{
    receipts_end(&w->r, true);
    CHECK_INT(w->found.n, pending + (code == FINDING_CODES ? 0 : 1));
    CHECK(code == FINDING_CODES || w->found.seen[code]);
    CHECK_INT(w->found.seen[PENDING], pending > 0);
}

static void bent(struct bend b, enum finding_code code)
{
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    receive(&w, 0, 2, (struct bend){0});
    receive(&w, 1, 4, b);
    ends(&w, code, 4);
}

static void a_good_receipt_ends_the_waiting_of_its_message(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    receive(&w, 0, 2, (struct bend){0});
    receive(&w, 2, 4, (struct bend){.from = 2});
    receive(&w, 3, 4, (struct bend){.from = 4});
    receive(&w, 2, 6, (struct bend){0}); /* sent again */
    receive(&w, 5, 6, (struct bend){0}); /* nobody asked for it */
    ends(&w, FINDING_CODES, 2);          /* 1 and 4; a control message never waits */
}

static void what_the_quorum_covers_does_not_wait(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    w.r.pending_from = 6;
    ends(&w, FINDING_CODES, 2); /* the entries 6 and 8 */
}

static void each_bent_receipt_is_refused(void **state)
{
    (void)state;
    bent((struct bend){.key = true}, E_RECEIPT);
    bent((struct bend){.path = true}, E_RECEIPT);
    bent((struct bend){.index = true}, E_RECEIPT);
    bent((struct bend){.root = true}, E_RECEIPT);
}

static void a_receipt_of_another_message_is_refused(void **state)
{
    (void)state;
    static const struct {
        uint64_t seq;
        const char *type;
        bool frame;
        enum entry_kind kind;
    } cases[] = {
        {1, "refused", false, ENTRY_IN}, /* other text, as good a signature */
        {1, "status", true, ENTRY_IN},   /* another frame */
        {7, "status", false, ENTRY_IN},  /* never sent */
        {1, "status", false, ENTRY_OUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CLEANUP(world_fini) struct world w;
        CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
        struct hash frame = {{cases[i].frame ? 77 : 2}};
        world_init(&w);
        make_message(&w, cases[i].seq, cases[i].type, &note);
        buf_fini(&w.theirs[1]);
        take_in(&w, 1, cases[i].kind, buf_bytes(&note), frame);
        receive(&w, 1, 4, (struct bend){0});
        ends(&w, E_RECEIPT, 5);
    }
}

static void a_consistency_proof_must_hold_where_its_base_is_known(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    receive(&w, 0, 2, (struct bend){0});
    receive(&w, 1, 4,
            (struct bend){.from = 3, .consistency = true}); /* nothing to hold it against */
    receive(&w, 2, 6, (struct bend){.from = 4, .consistency = true});
    ends(&w, E_RECEIPT, 3);
}

static void two_roots_of_one_size_are_a_fork(void **state)
{
    (void)state;
    struct hash other[MESSAGES];
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    memcpy(other, w.leaf, sizeof other);
    other[3].b[0] ^= 1;
    receive(&w, 0, 4, (struct bend){0});
    receive(&w, 1, 4, (struct bend){.leaves = other});
    ends(&w, FORK, 4);
}

static void a_stored_checkpoint_binds_the_peer_as_well(void **state)
{
    (void)state;
    struct hash other[MESSAGES];
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    memcpy(other, w.leaf, sizeof other);
    other[3].b[0] ^= 1;
    struct checkpoint c = checkpoint_of(other, 4);
    receipts_stored(&w.r, &c);
    receive(&w, 0, 4, (struct bend){0});
    ends(&w, FORK, 5);
}

static void nothing_is_held_against_a_log_that_does_not_stand(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    receive(&w, 1, 4, (struct bend){.key = true});
    receipts_end(&w.r, false);
    CHECK(!w.found.seen[E_RECEIPT]);
}

static void after_an_unreadable_entry_an_unknown_message_is_no_fault(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    struct hash frame = {{2}};
    world_init(&w);
    receipts_gap(&w.r);
    make_message(&w, 7, "status", &note);
    buf_fini(&w.theirs[1]);
    take_in(&w, 1, ENTRY_IN, buf_bytes(&note), frame);
    receive(&w, 1, 4, (struct bend){0});
    ends(&w, FINDING_CODES, 5);
}

static void what_is_too_long_ago_is_said_to_be_over_the_limit(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w);
    w.r.pending_from = UINT64_MAX;
    for (uint64_t i = MESSAGES; i < RECEIPTS_MAX + 4; i++) {
        struct entry e = w.sent[0];
        e.index = i;
        receipts_sent(&w.r, &e, i, true);
    }
    receive(&w, 4, 6, (struct bend){0}); /* the oldest that is remembered */
    CHECK_INT(w.found.n, 0);
    receive(&w, 3, 6, (struct bend){0});
    receive(&w, 2, 6, (struct bend){0});
    ends(&w, E_LIMIT, 0);
    CHECK(w.r.cap <= RECEIPTS_MAX);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_good_receipt_ends_the_waiting_of_its_message),
        CASE(what_the_quorum_covers_does_not_wait),
        CASE(each_bent_receipt_is_refused),
        CASE(a_receipt_of_another_message_is_refused),
        CASE(a_consistency_proof_must_hold_where_its_base_is_known),
        CASE(two_roots_of_one_size_are_a_fork),
        CASE(a_stored_checkpoint_binds_the_peer_as_well),
        CASE(nothing_is_held_against_a_log_that_does_not_stand),
        CASE(after_an_unreadable_entry_an_unknown_message_is_no_fault),
        CASE(what_is_too_long_ago_is_said_to_be_over_the_limit),
    };
    return RUN(cases, argc, argv);
}
