/* Tests of core/identity/proposal: which document comes next, and whose signatures it gathers. */
#include "core/identity/proposal.h"

#include "base/hex.h"
#include "support/board.h"
#include "support/check.h"

#include <stdio.h>

static enum err open_bytes(struct bytes in, const struct document *in_force, unsigned *valid)
{
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    struct diag d = {0};
    enum err e = proposal_open(in, DOCUMENT_ROSTER, in_force, in_force, &p, &d);
    CHECK((p.doc != NULL) == (e == OK));
    CHECK((d.text[0] != '\0') == (e != OK));
    if (!e && valid != NULL)
        *valid = governors_signed(&p.governors);
    return e;
}

/* Merges a note into `all`; returns how many have signed it then. */
static unsigned merged(struct bytes in, const struct document *in_force, struct buf *all)
{
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    struct governors g;
    struct diag d = {0};
    CHECK_OK(proposal_open(in, DOCUMENT_ROSTER, in_force, in_force, &p, &d));
    CHECK_OK(proposal_merge(&p, all));
    CHECK_OK(proposal_signers(in_force, buf_bytes(all), &g));
    return governors_signed(&g);
}

static void a_draft_that_nobody_signed_is_a_proposal(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    unsigned valid = 7;
    CHECK_OK(open_bytes(document_note(second), first, &valid));
    CHECK_INT(valid, 0);
}

static void signatures_are_counted_by_the_governors_in_force(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(1, 2, first);
    for (unsigned who = 1; who < 8; who++) {
        CLEANUP(buf_fini) struct buf note;
        unsigned valid = 0;
        board_sign(second, who, &note);
        CHECK_OK(open_bytes(buf_bytes(&note), first, &valid));
        CHECK_INT(valid, (who & 1) + (who >> 1 & 1) + (who >> 2 & 1));
    }
}

static void only_the_very_next_version_is_one(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    AUTO(document) third = board_roster(2, 3, second);
    AUTO(document) other = board_roster(1, 1, NULL);
    AUTO(document) fork = board_roster(2, 2, other);
    CHECK_ERR(open_bytes(document_note(first), first, NULL), ERR_CONFLICT);  /* in force */
    CHECK_ERR(open_bytes(document_note(other), first, NULL), ERR_CONFLICT);  /* of its version */
    CHECK_ERR(open_bytes(document_note(third), first, NULL), ERR_CONFLICT);  /* one is missing */
    CHECK_ERR(open_bytes(document_note(fork), first, NULL), ERR_CONFLICT);   /* another past */
    CHECK_ERR(open_bytes(document_note(first), second, NULL), ERR_CONFLICT); /* older */
    CHECK_OK(open_bytes(document_note(third), second, NULL));
}

static void what_is_no_document_of_this_kind_is_none(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    CLEANUP(proposal_fini) struct proposal p = {.doc = NULL};
    struct diag d = {0};
    CHECK_ERR(open_bytes(bytes_str(""), first, NULL), ERR_INVALID);
    CHECK_ERR(open_bytes(bytes_str("cloister-roster/v1\n{}\n"), first, NULL), ERR_INVALID);
    CHECK_ERR(proposal_open(document_note(second), DOCUMENT_POLICY, first, NULL, &p, &d),
              ERR_INVALID);
    struct bytes text = document_note(second);
    for (size_t n = 0; n < text.n; n += 61)
        CHECK_ERR(open_bytes(bytes_of(text.p, n), first, NULL), ERR_INVALID);
}

static void a_false_line_of_a_governor_spoils_it(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    CLEANUP(buf_fini) struct buf note;
    CLEANUP(buf_fini) struct buf of_another;
    board_sign(first, 1, &of_another); /* a true signature, of another text */
    buf_init(&note, 1 << 20);
    CHECK_OK(buf_put(&note, document_note(second)));
    CHECK_OK(buf_put(&note, bytes_skip(buf_bytes(&of_another), document_note(first).n)));
    CHECK_ERR(open_bytes(buf_bytes(&note), first, NULL), ERR_DENIED);
}

static void merging_gathers_each_governor_once_and_nobody_else(void **state)
{
    (void)state;
    static const uint8_t seed[NOTE_SEED] = {9};
    struct vkey stranger;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    CLEANUP(buf_fini) struct buf all = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf one;
    CLEANUP(buf_fini) struct buf two;
    CHECK_OK(
        vkey_make(bytes_str("stranger.example/gov"), VKEY_ED25519, note_public(seed), &stranger));
    board_sign(second, 1, &one);
    CHECK_OK(note_sign(document_note(second), &stranger, seed, &one));
    board_sign(second, 3, &two);
    CHECK_OK(buf_put(&all, document_note(second)));
    CHECK_INT(merged(document_note(second), first, &all), 0);
    CHECK_INT(all.n, document_note(second).n); /* still the bare text */
    CHECK_INT(merged(buf_bytes(&one), first, &all), 1);
    size_t with_one = all.n;
    CHECK_INT(merged(buf_bytes(&one), first, &all), 1);
    CHECK_INT(all.n, with_one);
    CHECK(memmem(all.p, all.n, "stranger", 8) == NULL);
    CHECK_INT(merged(buf_bytes(&two), first, &all), 2);
    CHECK_BYTES(buf_bytes(&all), buf_bytes(&two));
}

static void what_was_gathered_takes_force(void **state)
{
    (void)state;
    AUTO(document) first = board_roster(2, 1, NULL);
    AUTO(document) second = board_roster(2, 2, first);
    AUTO(document) got = NULL;
    CLEANUP(buf_fini) struct buf all = BUF_INIT(1 << 20);
    struct diag d = {0};
    bool known = false;
    CHECK_OK(buf_put(&all, document_note(second)));
    for (unsigned i = 0; i < 2; i++) {
        CLEANUP(buf_fini) struct buf note;
        board_sign(second, 1U << i, &note);
        CHECK_INT(merged(buf_bytes(&note), first, &all), i + 1);
    }
    CHECK_OK(governed_open(buf_bytes(&all), DOCUMENT_ROSTER, first, first, &got, &known, &d));
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, board_begin, board_end)

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        FRESH(a_draft_that_nobody_signed_is_a_proposal),
        FRESH(signatures_are_counted_by_the_governors_in_force),
        FRESH(only_the_very_next_version_is_one),
        FRESH(what_is_no_document_of_this_kind_is_none),
        FRESH(a_false_line_of_a_governor_spoils_it),
        FRESH(merging_gathers_each_governor_once_and_nobody_else),
        FRESH(what_was_gathered_takes_force),
    };
    return RUN(cases, argc, argv);
}
