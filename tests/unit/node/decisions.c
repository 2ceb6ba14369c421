/* Tests of the vault's decisions: a rebuilt table keeps its references, an approval ends with its day, two people. */
#include "node/vault/documents.h"
#include "node/vault/guidelines.h"
#include "node/vault/work.h"

#include "base/text.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];
static struct vault *vault;

static int begin(void **state)
{
    char path[96];
    struct diag d = {0};
    uint8_t key[DB_KEY_SIZE] = {7};
    AUTO(secret) s = NULL;
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/cloister-decisions-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/vault.db", folder);
    CHECK_OK(secret_copy(bytes_of(key, sizeof key), &s));
    CHECK_OK(vault_create(path, s, &vault, &d));
    return 0;
}

static int end(void **state)
{
    char path[96];
    (void)state;
    vault_free(vault);
    vault = NULL;
    (void)snprintf(path, sizeof path, "%s/vault.db", folder);
    (void)unlink(path);
    (void)rmdir(folder);
    return 0;
}

static int64_t a_document(const char *kind, char c, const char *name)
{
    int64_t id = 0;
    struct doc_row row = {.version = 1, .state = "approved"};
    (void)snprintf(row.kind, sizeof row.kind, "%s", kind);
    (void)snprintf(row.name, sizeof row.name, "%s", name);
    memset(row.hash.b, c, sizeof row.hash.b);
    CHECK_OK(documents_add(vault, &row, bytes_str("{}"), bytes_str("{}"), bytes_str("note"), &id));
    return id;
}

static void approve(int64_t id, const char *decision, const char *user, bool waits, uint64_t until)
{
    struct approval_row a = {.waits = waits, .until_ms = until, .roster = 3, .at_ms = 10};
    (void)snprintf(a.decision, sizeof a.decision, "%s", decision);
    (void)snprintf(a.user, sizeof a.user, "%s", user);
    CHECK_OK(approvals_add(vault, id, &a));
}

static const char *state_of(int64_t id, struct doc_row *row)
{
    CHECK_OK(documents_get(vault, id, row));
    return row->state;
}

static void an_approval_ends_with_its_time_and_one_without_does_not(void **state)
{
    (void)state;
    uint64_t n = 9;
    struct doc_row row;
    int64_t dated = a_document("campaign", 'a', "one");
    int64_t open = a_document("campaign", 'b', "two");
    approve(dated, "approve", "sven", false, 1000);
    approve(open, "approve", "sven", false, 0);
    CHECK_OK(documents_expire(vault, 999, &n));
    CHECK_INT(n, 0);
    CHECK_OK(documents_expire(vault, 1000, &n));
    CHECK_INT(n, 1);
    CHECK_STR(state_of(dated, &row), "expired");
    CHECK_INT(row.until_ms, 1000);
    CHECK_STR(state_of(open, &row), "approved");
    /* approved again with a later day */
    CHECK_OK(documents_set_state(vault, dated, "approved"));
    approve(dated, "approve", "sven", false, 5000);
    CHECK_OK(documents_expire(vault, 2000, &n));
    CHECK_INT(n, 0);
}

static void the_first_of_two_waits_until_something_takes_force(void **state)
{
    (void)state;
    bool found = true;
    struct approval_row a;
    int64_t id = a_document("campaign", 'a', "one");
    CHECK_OK(approvals_first(vault, id, &found, &a));
    CHECK(!found);
    approve(id, "approve", "sven", true, 1000);
    CHECK_OK(approvals_newest(vault, id, &found, &a));
    CHECK(!found);
    CHECK_OK(approvals_first(vault, id, &found, &a));
    CHECK(found && a.waits);
    CHECK_STR(a.user, "sven");
    CHECK_INT(a.roster, 3);
    approve(id, "withdraw", "sara", false, 0);
    CHECK_OK(approvals_first(vault, id, &found, &a));
    CHECK(!found);
    CHECK_OK(approvals_newest(vault, id, &found, &a));
    CHECK(found);
    CHECK_STR(a.decision, "withdraw");
}

static void references_are_enforced_after_the_migrations(void **state)
{
    (void)state;
    struct approval_row a = {.decision = "approve"};
    CHECK_ERR(approvals_add(vault, 4711, &a), ERR_CONFLICT);
    CHECK_OK(db_check_references(vault_db(vault)));
}

static void a_reading_is_kept_once(void **state)
{
    (void)state;
    bool worked = true;
    bool read = true;
    struct hash h = {{1}};
    CHECK_OK(guideline_stands(vault, "u_1", h, &worked, &read));
    CHECK(!worked && !read);
    CHECK_OK(guideline_set_read(vault, "u_1", h, 5));
    CHECK_OK(guideline_set_read(vault, "u_1", h, 6));
    CHECK_OK(guideline_stands(vault, "u_1", h, &worked, &read));
    CHECK(!worked && read);
    CHECK_OK(guideline_stands(vault, "u_2", h, &worked, &read));
    CHECK(!read);
}

static void a_day_begins_at_midnight_utc(void **state)
{
    (void)state;
    uint64_t ms = 0;
    CHECK(date_ms(bytes_str("1970-01-01"), &ms) && ms == 0);
    CHECK(date_ms(bytes_str("2000-03-01"), &ms) && ms == 951868800000u);
    CHECK(date_ms(bytes_str("2028-02-29"), &ms) && ms == 1835395200000u);
    CHECK(date_ms(bytes_str("2027-12-31"), &ms) && ms == 1830211200000u);
    CHECK(!date_ms(bytes_str("2027-02-29"), &ms));
    CHECK(!date_ms(bytes_str("1969-12-31"), &ms));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test_setup_teardown(an_approval_ends_with_its_time_and_one_without_does_not,
                                        begin, end),
        cmocka_unit_test_setup_teardown(the_first_of_two_waits_until_something_takes_force, begin,
                                        end),
        cmocka_unit_test_setup_teardown(references_are_enforced_after_the_migrations, begin, end),
        cmocka_unit_test_setup_teardown(a_reading_is_kept_once, begin, end),
        CASE(a_day_begins_at_midnight_utc),
    };
    return RUN(cases, argc, argv);
}
