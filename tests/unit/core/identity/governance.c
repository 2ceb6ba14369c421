/* Tests of core/identity/governance: k of n over real signatures, versions, forks, and the members of a roster. */
#include "core/identity/governance.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "support/check.h"

#include <stdio.h>

enum { GOVERNORS = 3 };

static struct buf roster_text; /* the contract's own example */

static void seed_of(unsigned i, uint8_t out[NOTE_SEED])
{
    memset(out, (int)(0x40 + i), NOTE_SEED);
}

static struct vkey governor(unsigned i)
{
    uint8_t seed[NOTE_SEED];
    char name[64];
    struct vkey k;
    seed_of(i, seed);
    (void)snprintf(name, sizeof name, "board%u.example/gov", i);
    CHECK_OK(vkey_make(bytes_str(name), VKEY_ED25519, note_public(seed), &k));
    return k;
}

static int begin(void **state)
{
    char path[600];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/roster.json", tests_dir("vectors/contract/valid"));
    slurp(path, &roster_text);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_fini(&roster_text);
    return 0;
}

/* The example with our governors and another k, version and predecessor. */
static struct document *roster(int k, int version, const struct document *on)
{
    struct diag d = {0};
    struct document *doc = NULL;
    AUTO_JSON j = NULL;
    CHECK_OK(json_read(buf_bytes(&roster_text), 1 << 20, &j, &d));
    json_t *list = json_array();
    for (unsigned i = 0; i < GOVERNORS; i++) {
        CLEANUP(buf_fini) struct buf b = BUF_INIT(512);
        struct vkey key = governor(i);
        CHECK_OK(vkey_put(&key, &b));
        CHECK_INT(json_array_append_new(list, json_string(buf_cstr(&b))), 0);
    }
    CHECK_INT(json_object_set_new(j, "governors", list), 0);
    CHECK_INT(json_object_set_new(j, "k", json_integer(k)), 0);
    CHECK_INT(json_object_set_new(j, "version", json_integer(version)), 0);
    if (on != NULL)
        CHECK_INT(json_object_set_new(j, "previous", json_string(hash_uri(document_hash(on)).s)),
                  0);
    CHECK_OK(document_of_json(DOCUMENT_ROSTER, j, NULL, &doc, &d));
    return doc;
}

/* The note with the signatures of the governors in `who`, a bit each. */
static void sign(const struct document *doc, unsigned who, struct buf *out)
{
    buf_init(out, 1 << 20);
    CHECK_OK(buf_put(out, document_note(doc)));
    CHECK_OK(buf_putc(out, '\n'));
    for (unsigned i = 0; i < GOVERNORS; i++) {
        uint8_t seed[NOTE_SEED];
        struct vkey key = governor(i);
        seed_of(i, seed);
        if ((who >> i & 1) != 0)
            CHECK_OK(note_sign(document_note(doc), &key, seed, out));
    }
}

static enum err open_note(const struct document *doc, unsigned who, const struct document *in_force,
                          bool *known)
{
    CLEANUP(buf_fini) struct buf note;
    AUTO(document) got = NULL;
    struct diag d = {0};
    sign(doc, who, &note);
    enum err e =
        governed_open(buf_bytes(&note), DOCUMENT_ROSTER, in_force, in_force, &got, known, &d);
    CHECK((got != NULL) == (e == OK));
    return e;
}

static void any_k_of_the_governors_are_enough_and_fewer_are_not(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) doc = roster(2, 1, NULL);
    for (unsigned who = 1; who < 8; who++) {
        unsigned n = (who & 1) + (who >> 1 & 1) + (who >> 2 & 1);
        CHECK_ERR(open_note(doc, who, NULL, &known), n >= 2 ? OK : ERR_DENIED);
    }
}

static void the_same_signature_twice_counts_once(void **state)
{
    (void)state;
    AUTO(document) doc = roster(2, 1, NULL);
    CLEANUP(buf_fini) struct buf note;
    unsigned valid = 0;
    unsigned need = 0;
    uint8_t seed[NOTE_SEED];
    struct vkey key = governor(0);
    seed_of(0, seed);
    sign(doc, 1, &note);
    CHECK_OK(note_sign(document_note(doc), &key, seed, &note));
    CHECK_OK(governors_count(doc, buf_bytes(&note), &valid, &need));
    CHECK_INT(valid, 1);
    CHECK_INT(need, 2);
}

static void a_bad_line_of_a_governor_spoils_the_whole_note(void **state)
{
    (void)state;
    AUTO(document) doc = roster(1, 1, NULL);
    AUTO(document) got = NULL;
    CLEANUP(buf_fini) struct buf note;
    struct diag d = {0};
    bool known = false;
    sign(doc, 3, &note);
    note.p[note.n - 12] ^= 1; /* still base64, another signature */
    enum err e = governed_open(buf_bytes(&note), DOCUMENT_ROSTER, NULL, NULL, &got, &known, &d);
    CHECK(e == ERR_DENIED || e == ERR_INVALID);
    CHECK(got == NULL);
}

static void the_next_version_is_signed_by_the_governors_before(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) first = roster(2, 1, NULL);
    AUTO(document) second = roster(1, 2, first);
    CHECK_ERR(open_note(second, 1, first, &known), ERR_DENIED); /* its own k is 1: does not count */
    CHECK_OK(open_note(second, 5, first, &known));
    CHECK(!known);
}

static void an_older_version_and_a_fork_are_refused_and_the_same_is_known(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) first = roster(2, 1, NULL);
    AUTO(document) second = roster(2, 2, first);
    AUTO(document) other = roster(1, 2, first);
    AUTO(document) far = roster(2, 3, first);
    CHECK_ERR(open_note(first, 7, second, &known), ERR_CONFLICT);
    CHECK_ERR(open_note(other, 7, second, &known), ERR_CONFLICT);
    CHECK_OK(open_note(second, 7, second, &known));
    CHECK(known);
    CHECK_ERR(open_note(far, 7, first, &known), ERR_INVALID); /* skips a version */
}

/* Its signers need not be governors any more. */
static void what_is_in_force_is_not_counted_again_but_a_false_line_spoils_it_still(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) doc = roster(2, 1, NULL);
    AUTO(document) got = NULL;
    CLEANUP(buf_fini) struct buf note;
    struct diag d = {0};
    CHECK_OK(open_note(doc, 1, doc, &known));
    CHECK(known);
    sign(doc, 1, &note);
    note.p[note.n - 12] ^= 1;
    enum err e = governed_open(buf_bytes(&note), DOCUMENT_ROSTER, doc, doc, &got, &known, &d);
    CHECK(e == ERR_DENIED || e == ERR_INVALID);
    CHECK(got == NULL);
}

static void members_are_read_with_their_keys(void **state)
{
    (void)state;
    AUTO(document) doc = roster(2, 1, NULL);
    struct party p;
    struct party c;
    struct party toward;
    CHECK(roster_site_count(doc) > 0);
    CHECK_OK(roster_site_at(doc, 0, &p));
    CHECK_OK(roster_site(doc, p.id, &c));
    CHECK_STR(c.log.name, p.log.name);
    CHECK(p.active);
    CHECK_ERR(roster_site(doc, "nobody", &p), ERR_NOTFOUND);
    CHECK_ERR(roster_site_at(doc, 1000, &p), ERR_NOTFOUND);
    CHECK_OK(roster_coordinator(doc, &c));
    CHECK_OK(party_toward(&c, "north", &toward));
    char want[VKEY_NAME_MAX + 16];
    (void)snprintf(want, sizeof want, "%s/north/msg", c.log.name);
    CHECK_STR(toward.msg.name, want);
    CHECK(memcmp(toward.msg.key.b, c.msg.key.b, sizeof c.msg.key.b) == 0);
    CHECK(memcmp(toward.msg.id.b, c.msg.id.b, sizeof c.msg.id.b) != 0);
    CHECK_STR(toward.witness.name, c.witness.name);
}

static void a_fingerprint_is_eight_words_of_the_hash(void **state)
{
    (void)state;
    char words[FINGERPRINT_TEXT];
    struct hash h = {
        {0x7f, 0, 0, 1, 63, 84, 220, 193}}; /* 127.0.0.1 and 63.84.220.193 of the paper */
    document_fingerprint(h, words);
    CHECK(strncmp(words, "lusab-babad-gutih-tugad-", 24) == 0);
    CHECK_INT(strlen(words), 47);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(any_k_of_the_governors_are_enough_and_fewer_are_not),
        FRESH(the_same_signature_twice_counts_once),
        FRESH(a_bad_line_of_a_governor_spoils_the_whole_note),
        FRESH(the_next_version_is_signed_by_the_governors_before),
        FRESH(an_older_version_and_a_fork_are_refused_and_the_same_is_known),
        FRESH(what_is_in_force_is_not_counted_again_but_a_false_line_spoils_it_still),
        FRESH(members_are_read_with_their_keys),
        FRESH(a_fingerprint_is_eight_words_of_the_hash),
    };
    return RUN(cases, argc, argv);
}
