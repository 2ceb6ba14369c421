/* Tests of core/identity/governance: k of n over real signatures, versions, forks, and the members of a roster. */
#include "core/identity/governance.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "support/board.h"
#include "support/check.h"

#include <stdio.h>

static enum err open_note(const struct document *doc, unsigned who, const struct document *in_force,
                          bool *known)
{
    CLEANUP(buf_fini) struct buf note;
    AUTO(document) got = NULL;
    struct diag d = {0};
    board_sign(doc, who, &note);
    enum err e =
        governed_open(buf_bytes(&note), DOCUMENT_ROSTER, in_force, in_force, &got, known, &d);
    CHECK((got != NULL) == (e == OK));
    return e;
}

static void any_k_of_the_governors_are_enough_and_fewer_are_not(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) doc = board_roster(2, 1, NULL);
    for (unsigned who = 1; who < 8; who++) {
        unsigned n = (who & 1) + (who >> 1 & 1) + (who >> 2 & 1);
        CHECK_ERR(open_note(doc, who, NULL, &known), n >= 2 ? OK : ERR_DENIED);
    }
}

static void the_same_signature_twice_counts_once(void **state)
{
    (void)state;
    AUTO(document) doc = board_roster(2, 1, NULL);
    CLEANUP(buf_fini) struct buf note;
    unsigned valid = 0;
    unsigned need = 0;
    uint8_t seed[NOTE_SEED];
    struct vkey key = board_governor(0);
    board_seed(0, seed);
    board_sign(doc, 1, &note);
    CHECK_OK(note_sign(document_note(doc), &key, seed, &note));
    CHECK_OK(governors_count(doc, buf_bytes(&note), &valid, &need));
    CHECK_INT(valid, 1);
    CHECK_INT(need, 2);
}

static void a_bad_line_of_a_governor_spoils_the_whole_note(void **state)
{
    (void)state;
    AUTO(document) doc = board_roster(1, 1, NULL);
    AUTO(document) got = NULL;
    CLEANUP(buf_fini) struct buf note;
    struct diag d = {0};
    bool known = false;
    board_sign(doc, 3, &note);
    note.p[note.n - 12] ^= 1; /* still base64, another signature */
    enum err e = governed_open(buf_bytes(&note), DOCUMENT_ROSTER, NULL, NULL, &got, &known, &d);
    CHECK(e == ERR_DENIED || e == ERR_INVALID);
    CHECK(got == NULL);
}

static void the_next_version_is_signed_by_the_governors_before(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(1, 2, first);
    CHECK_ERR(open_note(second, 1, first, &known), ERR_DENIED); /* its own k is 1: does not count */
    CHECK_OK(open_note(second, 5, first, &known));
    CHECK(!known);
}

static void an_older_version_and_a_fork_are_refused_and_the_same_is_known(void **state)
{
    (void)state;
    bool known = false;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    AUTO(document) other = board_roster(1, 2, first);
    AUTO(document) far = board_roster(2, 3, first);
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
    AUTO(document) doc = board_roster(2, 1, NULL);
    AUTO(document) got = NULL;
    CLEANUP(buf_fini) struct buf note;
    struct diag d = {0};
    CHECK_OK(open_note(doc, 1, doc, &known));
    CHECK(known);
    board_sign(doc, 1, &note);
    note.p[note.n - 12] ^= 1;
    enum err e = governed_open(buf_bytes(&note), DOCUMENT_ROSTER, doc, doc, &got, &known, &d);
    CHECK(e == ERR_DENIED || e == ERR_INVALID);
    CHECK(got == NULL);
}

static void members_are_read_with_their_keys(void **state)
{
    (void)state;
    AUTO(document) doc = board_roster(2, 1, NULL);
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

#define FRESH(name) cmocka_unit_test_setup_teardown(name, board_begin, board_end)

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
