/* Tests of node/gate: what may leave is a closed list, judged on the bytes. */
#include "node/gate/gate.h"

#include "base/rng.h"
#include "core/identity/note.h"
#include "host/sealed_key.h"
#include "io/files.h"
#include "node/vault/assets.h"
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct app app;
static struct buf text;
static struct secret *vault_key;

static int begin(void **state)
{
    char path[600];
    struct diag d = {0};
    static unsigned run;
    (void)state;
    CHECK_OK(secret_new(48, &vault_key)); /* of zeros: it holds nothing of anybody */
    (void)snprintf(path, sizeof path, "%s/vault-%u.db", scratch_dir(), run++);
    CHECK_OK(vault_create(path, vault_key, &app.vault, &d));
    (void)snprintf(path, sizeof path, "%s/roster.json", tests_dir("vectors/contract/valid"));
    slurp(path, &text);
    app.dir = -1;
    CHECK_OK(document_of_text(DOCUMENT_ROSTER, buf_bytes(&text), NULL, &app.roster, &d));
    return 0;
}

static int end(void **state)
{
    (void)state;
    document_free(app.roster);
    app.roster = NULL;
    vault_free(app.vault);
    app.vault = NULL;
    secret_free(vault_key);
    fd_auto(&app.dir);
    app.dir = -1;
    buf_fini(&text);
    return 0;
}

static enum err judge_bytes(struct bytes packed, char rule[32])
{
    CLEANUP(arena_fini) struct arena mem = {.last = NULL};
    struct body back;
    return gate_judge(&app, packed, &mem, &back, rule);
}

static enum err judge(const struct body *b, char rule[32])
{
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    CHECK_OK(body_put(b, &packed));
    return judge_bytes(buf_bytes(&packed), rule);
}

static struct hash a_hash(void)
{
    struct hash h;
    memset(h.b, 7, sizeof h.b);
    return h;
}

static struct body a_status(void)
{
    return (struct body){.kind = BODY_STATUS, .status = {.disk = bytes_str("ok")}};
}

static void numbers_codes_and_digests_may_leave(void **state)
{
    (void)state;
    char rule[32] = "";
    const struct body may[] = {
        a_status(),
        {.kind = BODY_DOCUMENT_ACK, .document_ack = {a_hash(), bytes_str("taken")}},
        {.kind = BODY_CAMPAIGN_REPLY,
         .campaign_reply = {.document = a_hash(),
                            .decision = bytes_str("refused"),
                            .reason = bytes_str("scope")}},
    };
    for (size_t i = 0; i < sizeof may / sizeof may[0]; i++)
        CHECK_OK(judge(&may[i], rule));
}

static void every_other_kind_stays(void **state)
{
    (void)state;
    char rule[32] = "";
    const struct body stays[] = {
        {.kind = BODY_CONTROL},
        {.kind = BODY_HELLO, .hello = {.checkpoint = bytes_str("c\n")}},
        {.kind = BODY_REFUSED, .refused = {1, bytes_str("bad-body")}},
        {.kind = BODY_BLOB_CHUNK, .blob_chunk = {a_hash(), 0, bytes_str("a record")}},
    };
    for (size_t i = 0; i < sizeof stays / sizeof stays[0]; i++) {
        CHECK_ERR(judge(&stays[i], rule), ERR_DENIED);
        CHECK_STR(rule, "kind");
    }
}

static enum err ask(uint64_t offset, char rule[32])
{
    const struct body b = {.kind = BODY_BLOB_REQUEST, .blob_request = {a_hash(), offset}};
    return judge(&b, rule);
}

static void only_what_a_guideline_here_names_is_asked_for(void **state)
{
    (void)state;
    char rule[32] = "";
    CLEANUP(vault_end) struct vault_tx tx;
    CHECK_ERR(ask(0, rule), ERR_DENIED);
    CHECK_STR(rule, "not-wanted");
    CHECK_OK(vault_begin(app.vault, &tx));
    CHECK_OK(assets_want(app.vault, a_hash(), "image/png", 100));
    CHECK_OK(vault_commit(&tx));
    CHECK_OK(ask(0, rule));
    CHECK_OK(ask(99, rule));
    CHECK_ERR(ask(100, rule), ERR_DENIED);
}

static void a_document_that_this_sites_lead_has_not_signed_stays(void **state)
{
    (void)state;
    char rule[32] = "";
    static const char *const kinds[] = {"campaign", "guideline", "roster", "record"};
    for (size_t i = 0; i < 4; i++) {
        struct body b = {.kind = BODY_DOCUMENT,
                         .document = {bytes_str(kinds[i]), bytes_str("Patient 7 has a cough\n")}};
        CHECK_ERR(judge(&b, rule), ERR_DENIED);
        CHECK_STR(rule, "not-ours");
    }
}

/* A node's folder with a governor key, and the roster as a note under it. */
static void with_a_governor(struct vkey *key, struct secret **seed)
{
    struct diag d = {0};
    AUTO(secret) pass = NULL;
    rng_start();
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &app.dir));
    CHECK_OK(secret_copy(bytes_str("a governor passphrase"), &pass));
    (void)unlinkat(app.dir, "gov.key", 0);
    CHECK_OK(sealed_key_create(app.dir, "gov.key", "river.example/league/north/gov", pass,
                               KDF_INTERACTIVE, key));
    CHECK_OK(sealed_key_open(app.dir, "gov.key", pass, seed, &d));
}

static enum err judge_document(const char *kind, struct bytes note, char rule[32])
{
    struct body b = {.kind = BODY_DOCUMENT, .document = {bytes_str(kind), note}};
    return judge(&b, rule);
}

static void a_roster_leaves_under_this_sites_governors_line_and_no_other(void **state)
{
    (void)state;
    char rule[32] = "";
    struct vkey key;
    struct vkey other;
    AUTO(secret) seed = NULL;
    static const uint8_t theirs[NOTE_SEED] = {3};
    CLEANUP(buf_fini) struct buf note = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf foreign = BUF_INIT(1 << 20);
    with_a_governor(&key, &seed);
    CHECK_OK(note_make(document_note(app.roster), &key, secret_borrow(seed), &note));
    secret_give_back(seed);
    CHECK_OK(judge_document("roster", buf_bytes(&note), rule));
    /* Of another kind, bare, under another key, or with a second line, whose name could say anything. */
    CHECK_ERR(judge_document("policy", buf_bytes(&note), rule), ERR_DENIED);
    CHECK_ERR(judge_document("roster", document_note(app.roster), rule), ERR_DENIED);
    CHECK_OK(
        vkey_make(bytes_str("patient-7-has-a-cough"), VKEY_ED25519, note_public(theirs), &other));
    CHECK_OK(note_make(document_note(app.roster), &other, theirs, &foreign));
    CHECK_ERR(judge_document("roster", buf_bytes(&foreign), rule), ERR_DENIED);
    CHECK_OK(note_sign(document_note(app.roster), &other, theirs, &note));
    CHECK_ERR(judge_document("roster", buf_bytes(&note), rule), ERR_DENIED);
    CHECK_STR(rule, "not-ours");
}

static void a_text_that_is_no_roster_stays_even_if_the_governor_signed_it(void **state)
{
    (void)state;
    char rule[32] = "";
    struct vkey key;
    AUTO(secret) seed = NULL;
    static const char *const texts[] = {"Patient 7 has a cough\n",
                                        "cloister-roster/v1\n{\"patient\":7}\n",
                                        "cloister-campaign/v1\n{}\n"};
    with_a_governor(&key, &seed);
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(buf_fini) struct buf note = BUF_INIT(1 << 20);
        CHECK_OK(note_make(bytes_str(texts[i]), &key, secret_borrow(seed), &note));
        secret_give_back(seed);
        CHECK_ERR(judge_document("roster", buf_bytes(&note), rule), ERR_DENIED);
        CHECK_STR(rule, "not-ours");
    }
}

static void a_node_quotes_nobody(void **state)
{
    (void)state;
    char rule[32] = "";
    struct body b = {.kind = BODY_CAMPAIGN_REPLY,
                     .campaign_reply = {.document = a_hash(),
                                        .decision = bytes_str("approved"),
                                        .original = bytes_str("a record")}};
    CHECK_ERR(judge(&b, rule), ERR_DENIED);
    CHECK_STR(rule, "original");
}

static void bytes_that_are_no_canonical_body_stay(void **state)
{
    (void)state;
    char rule[32] = "";
    static const char text_of_a_patient[] = "Patient 7 has a cough";
    CHECK_ERR(judge_bytes(bytes_str(text_of_a_patient), rule), ERR_DENIED);
    CHECK_STR(rule, "bytes");
    /* A status with an unknown field behind it, in which anything could travel. */
    CLEANUP(buf_fini) struct buf packed = BUF_INIT(BODY_MAX);
    struct body b = a_status();
    CHECK_OK(body_put(&b, &packed));
    CHECK_OK(buf_put(&packed, bytes_of("\xfa\x01\x05smoke", 8)));
    CHECK_ERR(judge_bytes(buf_bytes(&packed), rule), ERR_DENIED);
    CHECK_STR(rule, "bytes");
}

static void what_rides_along_is_the_links_own(void **state)
{
    (void)state;
    char rule[32] = "";
    struct body b = a_status();
    struct cosig c = {
        .origin = bytes_str("fed.example/x"), .size = 1, .line = bytes_str("free text\n")};
    b.cosigs = &c;
    b.n_cosigs = 1;
    CHECK_ERR(judge(&b, rule), ERR_DENIED);
    CHECK_STR(rule, "riders");
}

static void without_a_roster_nothing_leaves(void **state)
{
    (void)state;
    char rule[32] = "";
    struct document *kept = app.roster;
    struct body b = a_status();
    app.roster = NULL;
    enum err e = judge(&b, rule);
    app.roster = kept;
    CHECK_ERR(e, ERR_DENIED);
    CHECK_STR(rule, "no-roster");
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(numbers_codes_and_digests_may_leave),
        FRESH(every_other_kind_stays),
        FRESH(only_what_a_guideline_here_names_is_asked_for),
        FRESH(a_document_that_this_sites_lead_has_not_signed_stays),
        FRESH(a_roster_leaves_under_this_sites_governors_line_and_no_other),
        FRESH(a_text_that_is_no_roster_stays_even_if_the_governor_signed_it),
        FRESH(a_node_quotes_nobody),
        FRESH(bytes_that_are_no_canonical_body_stay),
        FRESH(what_rides_along_is_the_links_own),
        FRESH(without_a_roster_nothing_leaves),
    };
    return RUN(cases, argc, argv);
}
