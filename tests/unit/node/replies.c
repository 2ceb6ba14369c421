/* Tests of node/gate/replies: a decision that the coordinator passes on counts by the words of the site that made it. */
#include "node/gate/replies.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "support/check.h"

#include <stdio.h>

enum { SEED = 5, STRANGER = 6 };

static struct document *roster;

static struct vkey key_of(const char *name, int fill)
{
    uint8_t seed[NOTE_SEED];
    struct vkey k;
    memset(seed, fill, sizeof seed);
    CHECK_OK(vkey_make(bytes_str(name), VKEY_ED25519, note_public(seed), &k));
    return k;
}

/* The contract's example, in which this site signs its messages with our key. */
static int begin(void **state)
{
    char path[600];
    struct diag d = {0};
    AUTO_JSON j = NULL;
    CLEANUP(buf_fini) struct buf text;
    CLEANUP(buf_fini) struct buf key = BUF_INIT(512);
    (void)state;
    (void)snprintf(path, sizeof path, "%s/roster.json", tests_dir("vectors/contract/valid"));
    slurp(path, &text);
    CHECK_OK(json_read(buf_bytes(&text), 1 << 20, &j, &d));
    struct vkey msg = key_of("river.example/league/harbour/msg", SEED);
    CHECK_OK(vkey_put(&msg, &key));
    json_t *site = json_array_get(json_object_get(j, "sites"), 1);
    CHECK_INT(json_object_set_new(site, "msg", json_string(buf_cstr(&key))), 0);
    CHECK_INT(json_object_set_new(site, "state", json_string("revoked")), 0);
    CHECK_OK(document_of_json(DOCUMENT_ROSTER, j, NULL, &roster, &d));
    return 0;
}

static int end(void **state)
{
    (void)state;
    document_free(roster);
    roster = NULL;
    return 0;
}

struct saying {
    const char *from, *to, *key_name;
    int seed;
    struct body body;
    bool other_body; /* the frame bears another than its note names */
};

static struct saying a_refusal(void)
{
    struct hash h;
    memset(h.b, 7, sizeof h.b);
    return (struct saying){.from = "river.example/league/harbour",
                           .to = "river.example/league/relay/harbour",
                           .key_name = "river.example/league/harbour/msg",
                           .seed = SEED,
                           .body = {.kind = BODY_CAMPAIGN_REPLY,
                                    .campaign_reply = {.document = h,
                                                       .decision = bytes_str("refused"),
                                                       .reason = bytes_str("scope"),
                                                       .roster = 3}}};
}

static void put_frame(const struct saying *s, struct buf *out)
{
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(8192);
    uint8_t seed[NOTE_SEED];
    struct vkey key = key_of(s->key_name, s->seed);
    memset(seed, s->seed, sizeof seed);
    CHECK_OK(body_put(&s->body, &packed));
    struct msgnote m = {.from = bytes_str(s->from),
                        .to = bytes_str(s->to),
                        .seq = 41,
                        .type = bytes_str(body_token(s->body.kind)),
                        .body_size = packed.n,
                        .body = sha256_of(buf_bytes(&packed))};
    CHECK_OK(msgnote_put(&m, &text));
    CHECK_OK(note_make(buf_bytes(&text), &key, seed, &note));
    if (s->other_body)
        packed.p[packed.n - 1] ^= 1;
    CHECK_OK(frame_put(&(struct frame){buf_bytes(&note), buf_bytes(&packed)}, out));
}

/* What the lead's node makes of this frame, where the coordinator repeats `r`; NULL: it believes it. */
static const char *judged(const struct saying *s, struct campaign_reply r)
{
    CLEANUP(arena_fini) struct arena mem;
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(FRAME_MAX);
    struct party from;
    uint64_t seq = 0;
    put_frame(s, &frame);
    r.original = buf_bytes(&frame);
    arena_init(&mem, 1 << 20);
    const char *why = replies_verify(roster, &r, &mem, &from, &seq);
    if (why == NULL) {
        CHECK_STR(from.id, "harbour");
        CHECK_INT(seq, 41);
    }
    return why == NULL ? "believed" : why;
}

static void a_sites_own_words_are_believed_even_after_it_left(void **state)
{
    (void)state;
    struct saying s = a_refusal();
    CHECK_STR(judged(&s, s.body.campaign_reply), "believed");
}

static void words_that_the_coordinator_changed_are_not(void **state)
{
    (void)state;
    struct saying s = a_refusal();
    struct campaign_reply said = s.body.campaign_reply;
    struct campaign_reply other[5] = {said, said, said, said, said};
    other[0].decision = bytes_str("approved");
    other[1].reason = bytes_str("effort");
    other[2].document.b[0] ^= 1;
    other[3].roster++;
    other[4].until_ms = 1;
    for (size_t i = 0; i < 5; i++)
        CHECK_STR(judged(&s, other[i]), "other-words");
}

static void a_frame_of_another_hand_is_not(void **state)
{
    (void)state;
    struct saying s = a_refusal();
    struct campaign_reply said = s.body.campaign_reply;
    s.seed = STRANGER;
    CHECK_STR(judged(&s, said), "signature");
    s = a_refusal();
    s.from = "river.example/league/nobody";
    CHECK_STR(judged(&s, said), "stranger");
    s = a_refusal();
    s.to = "river.example/league/relay/north";
    CHECK_STR(judged(&s, said), "address");
    s = a_refusal();
    s.other_body = true;
    CHECK_STR(judged(&s, said), "body");
}

static void a_message_of_another_kind_is_not(void **state)
{
    (void)state;
    struct saying s = a_refusal();
    struct campaign_reply said = s.body.campaign_reply;
    s.body = (struct body){.kind = BODY_STATUS, .status = {.disk = bytes_str("ok")}};
    CHECK_STR(judged(&s, said), "type");
}

static void bytes_that_are_no_frame_are_not(void **state)
{
    (void)state;
    struct campaign_reply r = a_refusal().body.campaign_reply;
    CLEANUP(arena_fini) struct arena mem;
    struct party from;
    uint64_t seq = 0;
    arena_init(&mem, 1 << 20);
    CHECK_STR(replies_verify(roster, &r, &mem, &from, &seq), "frame");
    r.original = bytes_str("approved, believe me");
    CHECK_STR(replies_verify(roster, &r, &mem, &from, &seq), "frame");
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(a_sites_own_words_are_believed_even_after_it_left),
        FRESH(words_that_the_coordinator_changed_are_not),
        FRESH(a_frame_of_another_hand_is_not),
        FRESH(a_message_of_another_kind_is_not),
        FRESH(bytes_that_are_no_frame_are_not),
    };
    return RUN(cases, argc, argv);
}
