/* Tests of core/identity/document: data.md 5, one sentence a case, on the contract's documents. */
#include "core/identity/document.h"
#include "base/hex.h"
#include "core/identity/request.h"
#include "core/identity/vkey.h"
#include "document_rules.h"
#include "support/check.h"
#include "support/patch.h"

#include <sodium.h>

static struct document *document_from(enum document_kind kind, const char *file)
{
    AUTO_JSON json = contract(file);
    struct document *doc = NULL;
    struct diag d = {0};
    CHECK_OK(document_of_json(kind, json, NULL, &doc, &d));
    return doc;
}

static void check_one(enum document_kind kind, const json_t *base, const struct document *on,
                      const struct refusal *r)
{
    AUTO_JSON json = json_deep_copy(base);
    AUTO(document) doc = NULL;
    struct diag d = {0};
    patch(json, r->changes, 5);
    enum err e = document_of_json(kind, json, on, &doc, &d);
    if (r->pointer == NULL ? e == OK : e == ERR_INVALID && strcmp(d.pointer, r->pointer) == 0)
        return;
    print_error("%s: wanted %s, got %s %s (%s)\n", r->sentence,
                r->pointer == NULL ? "ok" : r->pointer, err_name(e), d.pointer, d.text);
    fail();
}

static void check_all(enum document_kind kind, const char *file, const struct document *on,
                      const struct refusal *refusals, size_t n)
{
    AUTO_JSON base = contract(file);
    for (size_t i = 0; i < n; i++)
        check_one(kind, base, on, &refusals[i]);
}

#define CHECK_ALL(kind, file, on, list)                                                            \
    check_all(kind, file, on, list, sizeof(list) / sizeof((list)[0]))

static void every_rule_of_rosters_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL(DOCUMENT_ROSTER, "valid/roster.json", NULL, rosters);
}

static void every_rule_of_policies_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL(DOCUMENT_POLICY, "valid/policy.json", NULL, policies);
}

static void every_rule_of_campaigns_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL(DOCUMENT_CAMPAIGN, "valid/campaign.json", NULL, campaigns);
}

static void a_campaign_is_only_stricter_than_the_policy(void **state)
{
    (void)state;
    AUTO(document) policy = document_from(DOCUMENT_POLICY, "valid/policy.json");
    CHECK_ALL(DOCUMENT_CAMPAIGN, "valid/campaign.json", policy, stricter);
}

static void a_policy_of_another_federation_is_not_this_campaigns(void **state)
{
    (void)state;
    AUTO_JSON json = contract("valid/policy.json");
    AUTO_JSON campaign = contract("valid/campaign.json");
    AUTO(document) policy = NULL;
    struct diag d = {0};
    const struct refusal r = {"the same federation", {{NULL, NULL}}, "/federation"};
    CHECK(json_object_set_new(json, "federation", json_string("sea.example")) == 0);
    CHECK_OK(document_of_json(DOCUMENT_POLICY, json, NULL, &policy, &d));
    check_one(DOCUMENT_CAMPAIGN, campaign, policy, &r);
}

static void every_rule_of_guidelines_names_its_place(void **state)
{
    (void)state;
    AUTO(document) campaign = document_from(DOCUMENT_CAMPAIGN, "valid/campaign.json");
    CHECK_ALL(DOCUMENT_GUIDELINE, "valid/guideline.json", campaign, guidelines);
}

static void every_rule_of_packs_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL(DOCUMENT_PACK, "valid/pack.json", NULL, packs);
}

static void versions_chain_by_the_hash_of_the_note(void **state)
{
    (void)state;
    static const char *const files[] = {"valid/policy.json", "valid/roster.json"};
    static const enum document_kind kinds[] = {DOCUMENT_POLICY, DOCUMENT_ROSTER};
    for (size_t i = 0; i < 2; i++) {
        AUTO(document) before = document_from(kinds[i], files[i]);
        AUTO_JSON next = contract(files[i]);
        const struct refusal right = {"the next version", {{NULL, NULL}}, NULL};
        const struct refusal skipped = {"no version is left out", {{"/version", "3"}}, "/version"};
        const struct refusal other = {"another hash", {{"/previous", ZERO_HASH}}, "/previous"};
        struct hash_uri hash = hash_uri(document_hash(before));
        CHECK(json_object_set_new(next, "version", json_integer(2)) == 0);
        CHECK(json_object_set_new(next, "previous", json_string(hash.s)) == 0);
        check_one(kinds[i], next, before, &right);
        check_one(kinds[i], next, before, &skipped);
        check_one(kinds[i], next, before, &other);
    }
}

static void a_sites_number_is_never_reused(void **state)
{
    (void)state;
    AUTO(document) before = document_from(DOCUMENT_ROSTER, "valid/roster.json");
    AUTO_JSON next = contract("valid/roster.json");
    const struct refusal reused = {
        "hill's number for harbour", {{"/sites/2", NULL}, {"/sites/1/site", "7"}}, "/sites/1/site"};
    struct hash_uri hash = hash_uri(document_hash(before));
    CHECK(json_object_set_new(next, "version", json_integer(2)) == 0);
    CHECK(json_object_set_new(next, "previous", json_string(hash.s)) == 0);
    check_one(DOCUMENT_ROSTER, next, before, &reused);
}

/* A node's request made here, with keys from fixed seeds. */
struct asker {
    uint8_t witness[crypto_sign_SECRETKEYBYTES], sum[crypto_sign_SECRETKEYBYTES];
};

static void put_vkey(json_t *json, const char *key, const char *tail, enum vkey_type type,
                     uint8_t seed, uint8_t *secret)
{
    uint8_t seeds[crypto_sign_SEEDBYTES] = {seed};
    uint8_t spare[crypto_sign_SECRETKEYBYTES];
    struct ed25519_public pk;
    struct vkey v;
    CLEANUP(buf_fini) struct buf name = BUF_INIT(200);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(400);
    CHECK(crypto_sign_seed_keypair(pk.b, secret == NULL ? spare : secret, seeds) == 0);
    CHECK_OK(buf_printf(&name, "sea.example/quay%s", tail));
    CHECK_OK(vkey_make(buf_bytes(&name), type, pk, &v));
    CHECK_OK(vkey_put(&v, &text));
    CHECK(json_object_set_new(json, key, json_string(buf_cstr(&text))) == 0);
}

static void put_proof(json_t *json, const char *role, const uint8_t *secret)
{
    uint8_t signature[crypto_sign_BYTES];
    CLEANUP(buf_fini) struct buf message = BUF_INIT(200);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(200);
    CHECK_OK(request_proof_text(json, role, &message));
    CHECK(crypto_sign_detached(signature, NULL, message.p, message.n, secret) == 0);
    CHECK_OK(base64_put(&text, bytes_of(signature, sizeof signature)));
    json_t *proofs = json_object_get(json, "proofs");
    CHECK(json_object_set_new(proofs, role, json_string(buf_cstr(&text))) == 0);
}

static json_t *request(void)
{
    struct asker a;
    uint8_t seed[crypto_sign_SEEDBYTES] = {5};
    struct ed25519_public sum;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(200);
    CHECK(crypto_sign_seed_keypair(sum.b, a.sum, seed) == 0);
    CHECK_OK(base64_put(&text, bytes_of(sum.b, sizeof sum.b)));
    const char *key = buf_cstr(&text);
    json_t *json =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{}}", "v", 1, "federation",
                  "sea.example", "kind", "node", "id", "quay", "name", "Quay", "made", "2026-05-01",
                  "sum", key, "x25519", key, "curve", key, "proofs");
    put_vkey(json, "log", "", VKEY_ED25519, 1, NULL);
    put_vkey(json, "msg", "/msg", VKEY_ED25519, 2, NULL);
    put_vkey(json, "witness", "/witness", VKEY_COSIGNATURE, 3, a.witness);
    put_proof(json, "witness", a.witness);
    put_proof(json, "sum", a.sum);
    return json;
}

static void a_request_proves_its_keys(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"as it was made", {{NULL, NULL}}, NULL},
        {"a proof covers every member", {{"/made", "\"2026-05-02\""}}, "/proofs/sum"},
        {"a witness proof is no sum proof", {{"/proofs/sum", NULL}}, "/proofs"},
        {"a node has no plan",
         {{"/plan", "\"XWZp48NoLkCfG4Tby5b9yCOOuMTuvHOLuBhU0DUCe58=\""}},
         "/plan"},
        {"a request of no kind: nothing else is judged",
         {{"/kind", "\"auditor\""}, {"/id", "1"}},
         "/kind"},
    };
    AUTO_JSON json = request();
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_one(DOCUMENT_REQUEST, json, NULL, &refusals[i]);
}

static void a_signature_with_s_beyond_the_order_is_refused(void **state)
{
    (void)state;
    /* S + L is the same number to a lax verifier. */
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                      0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    AUTO_JSON json = request();
    uint8_t signature[crypto_sign_BYTES];
    size_t n = 0;
    unsigned carry = 0;
    json_t *proofs = json_object_get(json, "proofs");
    CLEANUP(buf_fini) struct buf text = BUF_INIT(200);
    CHECK_OK(base64_decode(bytes_str(json_string_value(json_object_get(proofs, "sum"))), signature,
                           sizeof signature, &n));
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    CHECK_OK(base64_put(&text, bytes_of(signature, sizeof signature)));
    CHECK(json_object_set_new(proofs, "sum", json_string(buf_cstr(&text))) == 0);
    const struct refusal r = {"S + L", {{NULL, NULL}}, "/proofs/sum"};
    check_one(DOCUMENT_REQUEST, json, NULL, &r);
}

static void a_note_is_read_back_and_its_hash_is_the_documents(void **state)
{
    (void)state;
    AUTO(document) campaign = document_from(DOCUMENT_CAMPAIGN, "valid/campaign.json");
    AUTO(document) again = NULL;
    struct diag d = {0};
    CHECK(
        bytes_begin(document_note(campaign), bytes_str("cloister-campaign/v1\n{\"federation\":")));
    CHECK_OK(document_of_note(document_note(campaign), NULL, &again, &d));
    CHECK(hash_eq(document_hash(again), document_hash(campaign)));
    CHECK_STR(hash_uri(document_hash(again)).s,
              "sha256:d3a85eb504f97768a756bf1cd44a349ba6999b36876ab7ccda34a69341733879");
    CHECK_STR(schema_id(document_schema(again)), "chest_pain");
}

static void a_note_that_is_not_canonical_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "cloister-policy/v1\n",
        "cloister-policy/v1\n\n",
        "cloister-policy/v2\n{}\n",
        "cloister-schema/v1\n{}\n",
        "cloister-stream/v1\n{}\n",
        "cloister-policy/v1\n{}",
        "cloister-policy/v1\n{}\n\n",
        "cloister-policy/v1\n{\n}\n",
    };
    AUTO(document) policy = document_from(DOCUMENT_POLICY, "valid/policy.json");
    AUTO(document) out = NULL;
    struct diag d = {0};
    CLEANUP(buf_fini) struct buf spaced = BUF_INIT(1 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_ERR(document_of_note(bytes_str(bad[i]), NULL, &out, &d), ERR_INVALID);
    struct bytes note = document_note(policy);
    CHECK_OK(buf_put(&spaced, bytes_of(note.p, note.n - 1)));
    CHECK_OK(buf_puts(&spaced, " \n"));
    CHECK_ERR(document_of_note(buf_bytes(&spaced), NULL, &out, &d), ERR_INVALID);
    CHECK_STR(d.pointer, "");
    for (size_t n = 0; n < note.n; n++)
        CHECK_ERR(document_of_note(bytes_of(note.p, n), NULL, &out, &d), ERR_INVALID);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_rule_of_rosters_names_its_place),
        CASE(every_rule_of_policies_names_its_place),
        CASE(every_rule_of_campaigns_names_its_place),
        CASE(a_campaign_is_only_stricter_than_the_policy),
        CASE(a_policy_of_another_federation_is_not_this_campaigns),
        CASE(every_rule_of_guidelines_names_its_place),
        CASE(every_rule_of_packs_names_its_place),
        CASE(versions_chain_by_the_hash_of_the_note),
        CASE(a_sites_number_is_never_reused),
        CASE(a_request_proves_its_keys),
        CASE(a_signature_with_s_beyond_the_order_is_refused),
        CASE(a_note_is_read_back_and_its_hash_is_the_documents),
        CASE(a_note_that_is_not_canonical_is_refused),
    };
    return RUN(cases, argc, argv);
}
