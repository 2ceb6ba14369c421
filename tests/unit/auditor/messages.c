/* Tests of auditor/messages: the chain inside one exchange log. Whoever holds the sender's key re-signs what it changed; only
 * the chain can tell. */
#include "messages.h"

#include "base/sha256.h"
#include "core/wire/frame.h"
#include "support/check.h"
#include "support/worked_example.h"

#include <stdio.h>

static const char site[] = "fed.example/ward7/site-a";
static const char coord[] = "fed.example/ward7/coordinator/site-a";

/* Body{refused{code: "x"}}, spelled out. */
static const char a_body[] = "\x22\x03\x12\x01x";

/* One side's state, kept honestly unless a test bends the next message. */
struct side {
    uint64_t seq;
    struct hash prev;
};

struct world {
    struct findings found;
    struct keys *keys;
    struct vkey peer;
    struct messages m;
    struct side out, in;
    uint64_t index;
    uint8_t session;
    uint8_t seed_out, seed_in; /* which keys sign */
};

static const char keys_text[] =
    "fed.example/ward7/site-a/msg+bb47e7f0+AYE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU\n"
    "fed.example/ward7/coordinator/site-a/msg+509db88d+"
    "AcqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58\n";

static void world_init(struct world *w, const char *keys)
{
    struct diag d = {0};
    *w = (struct world){.session = 1, .seed_out = 2, .seed_in = 4};
    findings_init(&w->found);
    CHECK_OK(keys_parse(bytes_str(keys), &w->keys, &d));
    w->peer = example_key(3, coord, VKEY_ED25519);
    messages_init(&w->m, &w->found, w->keys, site, &w->peer);
    w->m.receipts.pending_from = UINT64_MAX; /* receipts have tests of their own */
}

static void world_fini(struct world *w)
{
    messages_fini(&w->m);
    findings_fini(&w->found);
    keys_free(w->keys);
}

/* What a test changes in a message before it is signed, or in its frame after. */
struct bend {
    int seq, seen; /* added */
    bool prev, to, from, other_key, frame_note, frame_body, frame_extra, malformed, no_body;
    const char *type;
};

static struct msgnote honest(const struct world *w, bool out, struct bend b)
{
    const struct side *own = out ? &w->out : &w->in;
    const struct side *other = out ? &w->in : &w->out;
    struct msgnote n = {.from = bytes_str(out ? site : coord),
                        .to = bytes_str(out ? coord : site),
                        .seq = own->seq + (uint64_t)b.seq,
                        .prev = own->prev,
                        .seen = other->seq + (uint64_t)b.seen,
                        .type = bytes_str(b.type == NULL ? "label-stats" : b.type)};
    memset(n.session, w->session, sizeof n.session);
    if (b.prev)
        n.prev.b[0] ^= 1;
    if (b.to)
        n.to = bytes_str("fed.example/ward7/site-b");
    if (b.from)
        n.from = bytes_str("fed.example/ward7/site-b");
    n.body = sha256_of(bytes_str(b.no_body ? "body" : a_body));
    n.body_size = b.no_body ? 4 : sizeof a_body - 1;
    return n;
}

static void pack(struct bytes note, struct bend b, struct buf *frame)
{
    CLEANUP(buf_fini) struct buf other = BUF_INIT(4096);
    CHECK_OK(buf_put(&other, note));
    other.p[0] ^= 1;
    struct frame f = {.note = b.frame_note ? buf_bytes(&other) : note,
                      .body = bytes_str(b.frame_body ? "ydob"
                                        : b.no_body  ? "body"
                                                     : a_body)};
    CHECK_OK(frame_put(&f, frame));
    if (b.frame_extra)
        CHECK_OK(buf_put(frame, bytes_of("\x18\x01", 2)));
}

/* Logs one message; returns whether it went out and wants a receipt. */
static bool message(struct world *w, bool out, struct bend b)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(8192);
    uint8_t seed = b.other_key ? 9 : out ? w->seed_out : w->seed_in;
    struct msgnote n = honest(w, out, b);
    char name[128];
    (void)snprintf(name, sizeof name, "%s/msg", out ? site : coord);
    struct vkey key = example_key(seed, name, VKEY_ED25519);
    CHECK_OK(msgnote_put(&n, &text));
    struct hash prev = sha256_of(buf_bytes(&text));
    if (b.malformed)
        text.p[0] = 'F';
    CHECK_OK(note_make(buf_bytes(&text), &key, example_seed(seed).b, &note));
    pack(buf_bytes(&note), b, &frame);
    struct entry e = {.index = w->index++,
                      .kind = out ? ENTRY_OUT : ENTRY_IN,
                      .frame_size = frame.n,
                      .frame = sha256_of(buf_bytes(&frame)),
                      .note = buf_bytes(&note)};
    const struct receipts *r = &w->m.receipts;
    size_t before = r->n;
    messages_entry(&w->m, &e, &frame);
    bool hello = b.type != NULL && strcmp(b.type, "hello") == 0;
    if (!hello) {
        struct side *own = out ? &w->out : &w->in;
        own->seq++;
        own->prev = prev;
    }
    return r->n > before && r->sent[r->n - 1].data;
}

static void local(struct world *w)
{
    struct entry e = {.index = w->index++, .kind = ENTRY_LOCAL, .frame_size = 20};
    messages_entry(&w->m, &e, NULL);
}

static void conversation(struct world *w)
{
    (void)message(w, true, (struct bend){0});
    (void)message(w, true, (struct bend){0});
    (void)message(w, false, (struct bend){0});
    local(w);
    (void)message(w, true, (struct bend){.type = "control"});
    (void)message(w, false, (struct bend){0});
}

/* Exactly these codes and no other. */
static void only(const struct world *w, const enum finding_code *codes, size_t n)
{
    for (unsigned c = 0; c < FINDING_CODES; c++) {
        bool want = false;
        for (size_t i = 0; i < n; i++)
            want = want || codes[i] == c;
        if (w->found.seen[c] != want)
            print_error("code %u: found %d, wanted %d\n", c, w->found.seen[c], want);
        CHECK_INT(w->found.seen[c], want);
    }
}

static void bent(bool out, struct bend b, enum finding_code code)
{
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    (void)message(&w, out, b);
    only(&w, &code, 1);
}

static void an_honest_conversation_has_no_findings(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    CHECK_INT(w.found.n, 0);
}

static void each_broken_member_is_found_alone(void **state)
{
    (void)state;
    for (int out = 0; out < 2; out++) {
        bent(out, (struct bend){.seq = 1}, E_SEQ);
        bent(out, (struct bend){.seq = -1}, E_SEQ);
        bent(out, (struct bend){.prev = true}, E_PREV);
        bent(out, (struct bend){.seen = 1}, E_SEEN);
        bent(out, (struct bend){.to = true}, E_ADDR);
        bent(out, (struct bend){.from = true}, E_ADDR);
        bent(out, (struct bend){.other_key = true}, E_MSG_SIG);
        bent(out, (struct bend){.frame_note = true}, E_NOTE_FRAME);
        bent(out, (struct bend){.frame_extra = true}, E_NOTE_FRAME);
        bent(out, (struct bend){.frame_body = true}, E_BODY);
        bent(out, (struct bend){.malformed = true}, E_ENTRY);
        bent(out, (struct bend){.no_body = true}, NOTE_BODY);
    }
}

static void seen_counts_all_of_the_other_side_in_our_own_messages(void **state)
{
    (void)state;
    bent(true, (struct bend){.seen = -1}, E_SEEN);
    /* What arrives may have crossed with what we sent... */
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    (void)message(&w, true, (struct bend){0});
    (void)message(&w, false, (struct bend){.seen = -1});
    CHECK_INT(w.found.n, 0);
    /* ...but it never counts backwards. */
    (void)message(&w, false, (struct bend){.seen = -2});
    only(&w, (const enum finding_code[]){E_SEEN}, 1);
}

static void hello_stands_outside_the_chain(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    struct world before = w;
    w.out = w.in = (struct side){0};
    w.session = 7;
    CHECK(!message(&w, true, (struct bend){.type = "hello"}));
    CHECK(!message(&w, false, (struct bend){.type = "hello"}));
    w.out = before.out;
    w.in = before.in;
    w.session = before.session;
    (void)message(&w, true, (struct bend){0});
    CHECK_INT(w.found.n, 0);
    (void)message(&w, true, (struct bend){.type = "hello"}); /* with the chain's numbers */
    only(&w, (const enum finding_code[]){E_SEQ, E_PREV, E_SEEN}, 3);
}

static void only_data_that_went_out_can_be_pending(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    CHECK(message(&w, true, (struct bend){0}));
    CHECK(!message(&w, true, (struct bend){.type = "control"}));
    CHECK(!message(&w, false, (struct bend){0}));
    CHECK(message(&w, true, (struct bend){.type = "refused"}));
}

static void new_session(struct world *w, uint8_t session)
{
    w->session = session;
    w->out = w->in = (struct side){0};
}

static void a_new_session_follows_the_local_entry_that_names_it(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    local(&w);
    new_session(&w, 2);
    conversation(&w);
    CHECK_INT(w.found.n, 0);
    new_session(&w, 3); /* without one */
    (void)message(&w, true, (struct bend){0});
    only(&w, (const enum finding_code[]){E_SEQ}, 1);
}

static void a_session_that_ended_does_not_come_back(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    local(&w);
    new_session(&w, 2);
    conversation(&w);
    local(&w);
    new_session(&w, 1);
    (void)message(&w, true, (struct bend){0});
    only(&w, (const enum finding_code[]){E_SEQ}, 1);
}

static void an_unreadable_entry_does_not_cascade(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    world_init(&w, keys_text);
    conversation(&w);
    w.out.seq++; /* a message that stood in the entry that could not be read */
    w.out.prev.b[0] ^= 1;
    w.index++;
    messages_gap(&w.m);
    conversation(&w);
    CHECK_INT(w.found.n, 0);
    (void)message(&w, true, (struct bend){.prev = true});
    only(&w, (const enum finding_code[]){E_PREV}, 1);
}

/* A second key of the site, from message 2 of session 01.. on. */
static void keys_with_second(char out[1024], uint64_t seq)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    struct vkey key = example_key(6, "fed.example/ward7/site-a/msg", VKEY_ED25519);
    CHECK_OK(vkey_put(&key, &b));
    (void)snprintf(out, 1024, "%s%.*s from 01010101010101010101010101010101 %u\n", keys_text,
                   (int)b.n, (const char *)b.p, (unsigned)seq);
}

static void a_new_key_is_in_force_from_its_message_on_and_the_old_one_no_more(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    char keys[1024];
    keys_with_second(keys, 2);
    world_init(&w, keys);
    (void)message(&w, true, (struct bend){0});
    (void)message(&w, true, (struct bend){0});
    w.seed_out = 6;
    (void)message(&w, true, (struct bend){0});
    (void)message(&w, true, (struct bend){0});
    CHECK_INT(w.found.n, 0);
    w.seed_out = 2;
    (void)message(&w, true, (struct bend){0});
    only(&w, (const enum finding_code[]){E_MSG_SIG}, 1);
}

static void a_new_key_before_its_message_is_not_valid(void **state)
{
    (void)state;
    CLEANUP(world_fini) struct world w;
    char keys[1024];
    keys_with_second(keys, 2);
    world_init(&w, keys);
    w.seed_out = 6;
    (void)message(&w, true, (struct bend){0});
    only(&w, (const enum finding_code[]){E_MSG_SIG}, 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(an_honest_conversation_has_no_findings),
        CASE(each_broken_member_is_found_alone),
        CASE(seen_counts_all_of_the_other_side_in_our_own_messages),
        CASE(hello_stands_outside_the_chain),
        CASE(only_data_that_went_out_can_be_pending),
        CASE(a_new_session_follows_the_local_entry_that_names_it),
        CASE(a_session_that_ended_does_not_come_back),
        CASE(an_unreadable_entry_does_not_cascade),
        CASE(a_new_key_is_in_force_from_its_message_on_and_the_old_one_no_more),
        CASE(a_new_key_before_its_message_is_not_valid),
    };
    return RUN(cases, argc, argv);
}
