/* Tests of auditor/evidence: what proves something, and what only looks like it. */
#include "evidence.h"

#include "base/sha256.h"
#include "core/tlog/checkpoint.h"
#include "core/wire/msgnote.h"
#include "support/check.h"
#include "support/naive_tree.h"
#include "support/worked_example.h"

#include <stdio.h>

static const char site[] = "fed.example/ward7/site-a";
static struct example x;
static struct policy *policy;
static struct keys *keys;

struct message {
    uint64_t seq;
    const char *to, *type;
    uint8_t session, seed;
};
static const struct message first_one = {3, "fed.example/ward7/coordinator/site-a", "status", 1, 2};

static void put_message(struct message m, struct buf *note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    struct msgnote n = {.from = bytes_str(site),
                        .to = bytes_str(m.to),
                        .seq = m.seq,
                        .type = bytes_str(m.type),
                        .body = sha256_of(bytes_str(""))};
    struct vkey key = example_key(m.seed, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    memset(n.session, m.session, sizeof n.session);
    buf_init(note, 4096);
    CHECK_OK(msgnote_put(&n, &text));
    CHECK_OK(note_make(buf_bytes(&text), &key, example_seed(m.seed).b, note));
}

static void put_checkpoint(const char *origin, uint64_t size, struct hash root, uint8_t seed,
                           struct buf *note)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    struct checkpoint c = {.size = size, .root = root};
    struct vkey key = example_key(seed, origin, VKEY_ED25519);
    (void)snprintf(c.origin, sizeof c.origin, "%s", origin);
    buf_init(note, 1024);
    CHECK_OK(checkpoint_put(&c, &text));
    CHECK_OK(note_make(buf_bytes(&text), &key, example_seed(seed).b, note));
}

/* The same after a way through its form. */
static bool holds(struct evidence e)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(EVIDENCE_BYTES);
    struct evidence back;
    struct bytes who;
    CHECK_OK(evidence_put(&e, &text));
    CHECK_OK(evidence_parse(buf_bytes(&text), &back));
    return evidence_judge(&back, policy, keys, &who) == NULL;
}

static bool messages_prove(struct message a, struct message b)
{
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    put_message(a, &one);
    put_message(b, &two);
    return holds((struct evidence){
        .kind = EVIDENCE_MESSAGES, .first = buf_bytes(&one), .second = buf_bytes(&two)});
}

static void two_messages_of_one_number_prove_only_when_all_else_is_the_same(void **state)
{
    (void)state;
    struct message other = first_one;
    other.type = "refused";
    CHECK(messages_prove(first_one, other));
    CHECK(!messages_prove(first_one, first_one));
    struct message bent = other;
    bent.seq = 4;
    CHECK(!messages_prove(first_one, bent));
    bent = other;
    bent.session = 2;
    CHECK(!messages_prove(first_one, bent));
    bent = other;
    bent.to = "fed.example/ward7/coordinator/site-b";
    CHECK(!messages_prove(first_one, bent));
    bent = other;
    bent.seed = 9; /* nobody's key */
    CHECK(!messages_prove(first_one, bent));
}

static void two_checkpoints_of_one_size_prove_only_with_two_roots_of_one_log(void **state)
{
    (void)state;
    static const struct hash a = {{1}};
    static const struct hash b = {{2}};
    static const char coord[] = "fed.example/ward7/coordinator/site-a";
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    CLEANUP(buf_fini) struct buf longer;
    CLEANUP(buf_fini) struct buf other;
    CLEANUP(buf_fini) struct buf thief;
    put_checkpoint(site, 5, a, 1, &one);
    put_checkpoint(site, 5, b, 1, &two);
    put_checkpoint(site, 6, b, 1, &longer);
    put_checkpoint(coord, 5, b, 3, &other);
    put_checkpoint(site, 5, b, 9, &thief);
    struct evidence e = {.kind = EVIDENCE_CHECKPOINTS, .first = buf_bytes(&one)};
    e.second = buf_bytes(&two);
    CHECK(holds(e));
    const struct buf *no[] = {&one, &longer, &other, &thief};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        e.second = buf_bytes(no[i]);
        CHECK(!holds(e));
    }
}

static struct evidence prefix_of(const struct hash *d, uint64_t from, uint64_t to,
                                 const struct buf *first, const struct buf *second)
{
    struct evidence e = {.kind = EVIDENCE_PREFIX,
                         .first = buf_bytes(first),
                         .second = buf_bytes(second),
                         .root = naive_root(d, from)};
    CHECK_OK(proof_consistency(from, to, naive_read, (void *)(uintptr_t)d, &e.proof));
    return e;
}

static void a_log_that_did_not_grow_out_of_its_checkpoint_is_proved_by_one_path(void **state)
{
    (void)state;
    enum { TO = 11 };
    struct hash honest[TO];
    struct hash forged[TO];
    for (uint64_t i = 0; i < TO; i++)
        honest[i] = forged[i] = naive_leaf(i);
    forged[2] = naive_leaf(99);
    CLEANUP(buf_fini) struct buf longer;
    put_checkpoint(site, TO, naive_root(forged, TO), 1, &longer);
    for (uint64_t from = 1; from < TO; from++) {
        CLEANUP(buf_fini) struct buf first;
        put_checkpoint(site, from, naive_root(honest, from), 1, &first);
        struct evidence e = prefix_of(forged, from, TO, &first, &longer);
        CHECK_INT(holds(e), from > 2); /* until then the two are the same log */
        e.root.b[0] ^= 1;
        CHECK(!holds(e));
        e.root.b[0] ^= 1;
        struct bytes was = e.first;
        e.first = e.second;
        e.second = was;
        CHECK(!holds(e));
    }
}

static void every_truncation_and_any_tail_is_refused(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(EVIDENCE_BYTES);
    struct message other = first_one;
    struct evidence back;
    other.type = "refused";
    put_message(first_one, &one);
    put_message(other, &two);
    struct evidence e = {
        .kind = EVIDENCE_MESSAGES, .first = buf_bytes(&one), .second = buf_bytes(&two)};
    CHECK_OK(evidence_put(&e, &text));
    for (size_t n = 0; n < text.n; n++)
        CHECK_ERR(evidence_parse(bytes_of(text.p, n), &back), ERR_INVALID);
    CHECK_OK(buf_putc(&text, '\n'));
    CHECK_ERR(evidence_parse(buf_bytes(&text), &back), ERR_INVALID);
}

static void an_old_key_proves_nothing_after_the_one_that_replaced_it(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(4096);
    AUTO(keys) both = NULL;
    struct diag d = {0};
    struct vkey old = example_key(2, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    struct vkey new = example_key(6, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    CHECK_OK(vkey_put(&old, &lines));
    CHECK_OK(buf_putc(&lines, '\n'));
    CHECK_OK(vkey_put(&new, &lines));
    CHECK_OK(buf_puts(&lines, " from 01010101010101010101010101010101 3\n"));
    CHECK_OK(keys_parse(buf_bytes(&lines), &both, &d));
    struct keys *was = keys;
    struct message a = first_one;
    struct message b = first_one;
    keys = both;
    b.type = "refused";
    CHECK(!messages_prove(a, b));
    a.seed = b.seed = 6;
    CHECK(messages_prove(a, b));
    a.seq = b.seq = 2;
    CHECK(!messages_prove(a, b));
    a.seed = b.seed = 2;
    CHECK(messages_prove(a, b));
    keys = was;
}

int main(int argc, char **argv)
{
    struct diag d = {0};
    char file[300];
    CLEANUP(buf_fini) struct buf b;
    example_init(&x);
    (void)snprintf(file, sizeof file, "%s/policy", scratch_dir());
    example_write_policy(&x, file);
    slurp(file, &b);
    bool ready = policy_parse(buf_bytes(&b), &policy, &d) == OK;
    buf_fini(&b);
    (void)snprintf(file, sizeof file, "%s/keys", scratch_dir());
    example_write_keys(&x, file);
    slurp(file, &b);
    ready = ready && keys_parse(buf_bytes(&b), &keys, &d) == OK;
    const struct CMUnitTest cases[] = {
        CASE(two_messages_of_one_number_prove_only_when_all_else_is_the_same),
        CASE(two_checkpoints_of_one_size_prove_only_with_two_roots_of_one_log),
        CASE(a_log_that_did_not_grow_out_of_its_checkpoint_is_proved_by_one_path),
        CASE(every_truncation_and_any_tail_is_refused),
        CASE(an_old_key_proves_nothing_after_the_one_that_replaced_it),
    };
    int status = ready ? RUN(cases, argc, argv) : 1;
    policy_free(policy);
    keys_free(keys);
    example_fini(&x);
    return status;
}
