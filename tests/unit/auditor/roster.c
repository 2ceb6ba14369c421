/* Tests of `cloister-audit policy`: the contract's own roster, read by an auditor of each site. */
#include "roster.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/json/json.h"
#include "keys.h"
#include "policy.h"
#include "support/check.h"
#include "support/worked_example.h"

#include <stdio.h>

static char roster[300], keys[300];
static struct hash text_hash;

struct answer {
    int exit;
    char *out, *log;
};

static void answer_fini(struct answer *a)
{
    free(a->out);
    free(a->log);
}

static struct answer ask(struct roster_options o)
{
    struct answer a = {0};
    size_t n = 0;
    size_t m = 0;
    FILE *out = open_memstream(&a.out, &n);
    FILE *log = open_memstream(&a.log, &m);
    a.exit = (int)roster_policy(&o, out, log);
    (void)fclose(out);
    (void)fclose(log);
    return a;
}

/* Signs the vector's text with some key: nobody asks whose. */
static void write_note(const char *vector, const char *kind, const char *path)
{
    char file[600];
    CLEANUP(buf_fini) struct buf json;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf note = BUF_INIT(1 << 20);
    struct vkey key = example_key(7, "fed.example/somebody/gov", VKEY_ED25519);
    (void)snprintf(file, sizeof file, "%s/%s", tests_dir("vectors/contract"), vector);
    slurp(file, &json);
    AUTO_JSON j = json_loadb((const char *)json.p, json.n, 0, NULL);
    CHECK(j != NULL);
    CHECK_OK(buf_printf(&text, "cloister-%s/v1\n", kind));
    CHECK_OK(json_canonical(j, &text));
    CHECK_OK(buf_putc(&text, '\n'));
    text_hash = sha256_of(buf_bytes(&text));
    CHECK_OK(note_make(buf_bytes(&text), &key, example_seed(7).b, &note));
    example_put(scratch_dir(), strrchr(path, '/') + 1, buf_bytes(&note));
}

static json_t *contract_roster(void)
{
    char file[600];
    CLEANUP(buf_fini) struct buf b;
    (void)snprintf(file, sizeof file, "%s/valid/roster.json", tests_dir("vectors/contract"));
    slurp(file, &b);
    json_t *j = json_loadb((const char *)b.p, b.n, 0, NULL);
    CHECK(j != NULL);
    return j;
}

/* The key's bytes under another name. */
static struct vkey renamed(const char *text, const char *name)
{
    struct vkey was;
    struct vkey now;
    CHECK_OK(vkey_parse(bytes_str(text), &was));
    CHECK_OK(vkey_make(bytes_str(name), VKEY_ED25519, was.key, &now));
    return now;
}

static void check_logs(const struct policy *p, const json_t *doc, const json_t *site)
{
    const json_t *coord = json_object_get(doc, "coordinator");
    const struct vkey *logs = NULL;
    const struct vkey *witnesses = NULL;
    char name[300];
    struct vkey own;
    (void)snprintf(name, sizeof name, "%s/%s/%s",
                   json_string_value(json_object_get(doc, "federation")),
                   json_string_value(json_object_get(coord, "id")),
                   json_string_value(json_object_get(site, "id")));
    struct vkey theirs = renamed(json_string_value(json_object_get(coord, "log")), name);
    CHECK_OK(vkey_parse(bytes_str(json_string_value(json_object_get(site, "log"))), &own));
    CHECK_INT(policy_logs(p, &logs), 2);
    CHECK_STR(logs[0].name, own.name);
    CHECK_STR(logs[1].name, name);
    CHECK(memcmp(&logs[0].key, &own.key, sizeof own.key) == 0);
    CHECK(memcmp(&logs[1].key, &theirs.key, sizeof own.key) == 0);
    CHECK_INT(policy_witnesses(p, &witnesses), 2);
    CHECK(!policy_met(p, (bool[]){false, false}));
    CHECK(policy_met(p, (bool[]){true, false}) && policy_met(p, (bool[]){false, true}));
}

static void check_keys(const json_t *doc, const json_t *site)
{
    CLEANUP(buf_fini) struct buf b;
    AUTO(keys) k = NULL;
    struct diag d = {0};
    const json_t *coord = json_object_get(doc, "coordinator");
    char name[300];
    slurp(keys, &b);
    CHECK_OK(keys_parse(buf_bytes(&b), &k, &d));
    (void)snprintf(name, sizeof name, "%s/%s/%s/msg",
                   json_string_value(json_object_get(doc, "federation")),
                   json_string_value(json_object_get(coord, "id")),
                   json_string_value(json_object_get(site, "id")));
    struct vkey theirs = renamed(json_string_value(json_object_get(coord, "msg")), name);
    const struct vkey *got = keys_in_force(k, bytes_str(name));
    CHECK(got != NULL && memcmp(&got->key, &theirs.key, sizeof got->key) == 0);
    struct vkey own;
    CHECK_OK(vkey_parse(bytes_str(json_string_value(json_object_get(site, "msg"))), &own));
    got = keys_in_force(k, bytes_str(own.name));
    CHECK(got != NULL && memcmp(&got->key, &own.key, sizeof got->key) == 0);
}

static void each_site_gets_its_two_logs_and_either_sides_witness(void **state)
{
    (void)state;
    AUTO_JSON doc = contract_roster();
    const json_t *sites = json_object_get(doc, "sites");
    write_note("valid/roster.json", "roster", roster);
    for (size_t i = 0; i < json_array_size(sites); i++) {
        const json_t *site = json_array_get(sites, i);
        AUTO(policy) p = NULL;
        struct diag d = {0};
        CLEANUP(answer_fini)
        struct answer a =
            ask((struct roster_options){.roster = roster,
                                        .site = json_string_value(json_object_get(site, "id")),
                                        .keys = keys});
        CHECK_INT(a.exit, 0);
        CHECK_OK(policy_parse(bytes_str(a.out), &p, &d));
        check_logs(p, doc, site);
        check_keys(doc, site);
    }
}

static void the_fingerprint_is_that_of_the_text_whoever_signed_it(void **state)
{
    (void)state;
    char words[8 * 6];
    write_note("valid/roster.json", "roster", roster);
    AUTO_JSON doc = contract_roster();
    const json_t *site = json_array_get(json_object_get(doc, "sites"), 0);
    CLEANUP(answer_fini)
    struct answer a = ask((struct roster_options){
        .roster = roster, .site = json_string_value(json_object_get(site, "id"))});
    proquint_encode(bytes_of(text_hash.b, 16), words);
    CHECK_INT(strlen(words), 47);
    CHECK(strstr(a.log, words) != NULL && strstr(a.out, words) == NULL);
}

static void a_third_witness_is_wanted_beside_the_other_side(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1024);
    AUTO(policy) p = NULL;
    struct diag d = {0};
    struct vkey third = example_key(8, "witness.example/w", VKEY_COSIGNATURE);
    write_note("valid/roster.json", "roster", roster);
    AUTO_JSON doc = contract_roster();
    const json_t *site = json_array_get(json_object_get(doc, "sites"), 0);
    CHECK_OK(vkey_put(&third, &b));
    CLEANUP(answer_fini)
    struct answer a =
        ask((struct roster_options){.roster = roster,
                                    .site = json_string_value(json_object_get(site, "id")),
                                    .witness = buf_cstr(&b)});
    CHECK_INT(a.exit, 0);
    CHECK_OK(policy_parse(bytes_str(a.out), &p, &d));
    CHECK(!policy_met(p, (bool[]){true, true, false}));
    CHECK(!policy_met(p, (bool[]){false, false, true}));
    CHECK(policy_met(p, (bool[]){false, true, true}));
}

static void what_is_no_roster_or_no_site_of_it_is_refused(void **state)
{
    (void)state;
    write_note("valid/roster.json", "roster", roster);
    CLEANUP(answer_fini)
    struct answer a = ask((struct roster_options){.roster = roster, .site = "nowhere"});
    CHECK_INT(a.exit, 2);
    CLEANUP(answer_fini) struct answer b = ask((struct roster_options){.roster = roster});
    CHECK_INT(b.exit, 2);
    CLEANUP(answer_fini)
    struct answer c = ask((struct roster_options){.roster = "/none", .site = "site-a"});
    CHECK_INT(c.exit, 3);
    CLEANUP(answer_fini)
    struct answer e =
        ask((struct roster_options){.roster = roster, .site = "site-a", .witness = "x"});
    CHECK_INT(e.exit, 2);
    write_note("valid/policy.json", "policy", roster);
    CLEANUP(answer_fini)
    struct answer f = ask((struct roster_options){.roster = roster, .site = "site-a"});
    CHECK_INT(f.exit, 3);
    write_note("invalid/roster-key-id.json", "roster", roster);
    CLEANUP(answer_fini)
    struct answer g = ask((struct roster_options){.roster = roster, .site = "site-a"});
    CHECK_INT(g.exit, 3);
    CHECK_STR(g.out, "");
}

int main(int argc, char **argv)
{
    (void)snprintf(roster, sizeof roster, "%s/roster.note", scratch_dir());
    (void)snprintf(keys, sizeof keys, "%s/keys", scratch_dir());
    const struct CMUnitTest cases[] = {
        CASE(each_site_gets_its_two_logs_and_either_sides_witness),
        CASE(the_fingerprint_is_that_of_the_text_whoever_signed_it),
        CASE(a_third_witness_is_wanted_beside_the_other_side),
        CASE(what_is_no_roster_or_no_site_of_it_is_refused),
    };
    return RUN(cases, argc, argv);
}
