/* campaign.c - rules of campaigns, guidelines and reference packs. */
#include "core/annotation/annotation.h"
#include "core/identity/rules.h"
#include "core/schema/decimal.h"

#include <inttypes.h>

static bool holds(const json_t *list, const char *word)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), word) == 0)
            return true;
    }
    return false;
}

static bool is_streamed(const json_t *streams, const char *kind)
{
    for (size_t i = 0; i < json_array_size(streams); i++) {
        if (string_is(json_array_get(streams, i), "kind", kind))
            return true;
    }
    return false;
}

static void judge_modalities(const struct rules *r)
{
    const json_t *streams = json_object_get(json_object_get(r->doc, "schema"), "streams");
    const json_t *kinds = json_object_get(json_object_get(r->doc, "scope"), "modalities");
    json_t *guidelines = json_object_get(r->doc, "guidelines");
    struct place scope = place_member(r->at, "scope");
    struct place at = place_member(&scope, "modalities");
    struct place g = place_member(r->at, "guidelines");
    for (size_t i = 0; i < json_array_size(streams); i++) {
        const char *kind = string_of(json_array_get(streams, i), "kind");
        if (!holds(kinds, kind))
            fault_at(r->f, &at, "the schema has streams of kind %s too", kind);
    }
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        if (!is_streamed(streams, json_string_value(json_array_get(kinds, i))))
            fault_entry(r->f, &at, i, "the schema has no stream of this kind");
    }
    for (void *it = json_object_iter(guidelines); it != NULL;
         it = json_object_iter_next(guidelines, it)) {
        const char *kind = json_object_iter_key(it);
        if (strcmp(kind, "session") != 0 && !holds(kinds, kind))
            fault_in(r->f, &g, kind, "no modality of this campaign");
    }
}

static void judge_metrics(const struct rules *r, const struct schema *schema)
{
    const json_t *all = json_object_get(r->doc, "metrics");
    struct place at = place_member(r->at, "metrics");
    rule_unique(all, "id", &at, r->f);
    for (size_t i = 0; schema != NULL && i < json_array_size(all); i++) {
        const char *of = string_of(json_array_get(all, i), "of");
        struct place p = place_entry(&at, i);
        if (schema_question(schema, of) == SCHEMA_NONE && schema_task(schema, of) == SCHEMA_NONE)
            fault_in(r->f, &p, "of", "the schema has no question or task %s", of);
    }
}

static void judge_pass(const struct rules *r)
{
    const json_t *training = json_object_get(r->doc, "training");
    struct place at = place_member(r->at, "training");
    struct decimal pass;
    if (!json_is_object(training) || decimal_parse(bytes_str(string_of(training, "pass")), &pass))
        return;
    if (decimal_cmp(pass, decimal_of_int(0)) < 0 || decimal_cmp(pass, decimal_of_int(1)) > 0)
        fault_in(r->f, &at, "pass", "must be 0 to 1");
}

static void judge_shares(const struct rules *r, const json_t *templates, const struct place *at)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < json_array_size(templates); i++) {
        const json_t *t = json_array_get(templates, i);
        sum += (uint64_t)int_of(t, "share_ppm") * (uint64_t)int_of(t, "runs");
    }
    if (sum > 1000000)
        fault_at(r->f, at, "share_ppm times runs add up to %" PRIu64 ", at most 1000000 are there",
                 sum);
}

static void must_equal(const json_t *ours, const json_t *theirs, const char *key,
                       const struct place *at, struct fault *f)
{
    const json_t *a = json_object_get(ours, key);
    const json_t *b = json_object_get(theirs, key);
    if (a != b && !json_equal(a, b))
        fault_in(f, at, key, "must be the policy's");
}

static void not_above(const json_t *ours, const json_t *theirs, const char *key,
                      const struct place *at, struct fault *f)
{
    if (json_object_get(ours, key) != NULL && json_object_get(theirs, key) != NULL &&
        int_of(ours, key) > int_of(theirs, key))
        fault_in(f, at, key, "above the policy's %" PRId64, int_of(theirs, key));
}

static void stricter_model(const json_t *ours, const json_t *theirs, const struct place *at,
                           struct fault *f)
{
    struct decimal a;
    struct decimal b;
    must_equal(ours, theirs, "id", at, f);
    must_equal(ours, theirs, "of", at, f);
    must_equal(ours, theirs, "features", at, f);
    must_equal(ours, theirs, "sha256", at, f);
    not_above(ours, theirs, "dim", at, f);
    not_above(ours, theirs, "rounds", at, f);
    if (decimal_parse(bytes_str(string_of(ours, "clip")), &a) == OK &&
        decimal_parse(bytes_str(string_of(theirs, "clip")), &b) == OK && decimal_cmp(a, b) > 0)
        fault_in(f, at, "clip", "above the policy's %s", string_of(theirs, "clip"));
}

static void stricter_blocks(const json_t *ours, const json_t *theirs, const struct place *at,
                            struct fault *f)
{
    size_t n = json_array_size(ours);
    if (n != json_array_size(theirs))
        fault_at(f, at, "the policy's template has %zu blocks", json_array_size(theirs));
    for (size_t i = 0; i < n && i < json_array_size(theirs); i++) {
        const json_t *a = json_array_get(ours, i);
        const json_t *b = json_array_get(theirs, i);
        struct place p = place_entry(at, i);
        must_equal(a, b, "of", &p, f);
        must_equal(a, b, "what", &p, f);
        must_equal(a, b, "k", &p, f);
        must_equal(a, b, "raters", &p, f);
        not_above(a, b, "u", &p, f);
    }
}

static void stricter_template(const json_t *ours, const json_t *policy, const struct place *at,
                              struct fault *f)
{
    const json_t *all = json_object_get(policy, "templates");
    struct place blocks = place_member(at, "blocks");
    struct place model = place_member(at, "model");
    size_t i = 0;
    while (i < json_array_size(all) &&
           !json_equal(json_object_get(json_array_get(all, i), "id"), json_object_get(ours, "id")))
        i++;
    const json_t *theirs = json_array_get(all, i);
    if (theirs == NULL) {
        fault_in(f, at, "id", "the policy has no template %s", string_of(ours, "id"));
        return;
    }
    must_equal(ours, theirs, "kind", at, f);
    not_above(ours, theirs, "share_ppm", at, f);
    not_above(ours, theirs, "runs", at, f);
    if (!json_equal(json_object_get(ours, "kind"), json_object_get(theirs, "kind")))
        return;
    if (json_object_get(ours, "model") != NULL)
        stricter_model(json_object_get(ours, "model"), json_object_get(theirs, "model"), &model, f);
    else
        stricter_blocks(json_object_get(ours, "blocks"), json_object_get(theirs, "blocks"), &blocks,
                        f);
}

/* A campaign may only be stricter than the policy. */
static void judge_policy(const struct rules *r, const json_t *privacy, bool cap_known, uint64_t cap,
                         const struct place *at)
{
    const json_t *policy = document_json(r->on);
    const json_t *templates = json_object_get(privacy, "templates");
    struct place list = place_member(at, "templates");
    struct fault none = {0};
    uint64_t most = 0;
    rule_same(r, "federation");
    if (cap_known && rule_u64(policy, "cap_units", NULL, &none, &most) && cap > most)
        fault_in(r->f, at, "cap_units", "above the policy's %" PRIu64, most);
    for (size_t i = 0; i < json_array_size(templates); i++) {
        struct place p = place_entry(&list, i);
        stricter_template(json_array_get(templates, i), policy, &p, r->f);
    }
}

void rules_campaign(const struct rules *r, const struct schema *schema)
{
    const json_t *privacy = json_object_get(r->doc, "privacy");
    const json_t *templates = json_object_get(privacy, "templates");
    struct place scope = place_member(r->at, "scope");
    struct place at = place_member(r->at, "privacy");
    struct place list = place_member(&at, "templates");
    uint64_t cap = 0;
    rule_version(r, "supersedes");
    judge_modalities(r);
    judge_metrics(r, schema);
    judge_pass(r);
    rule_date(json_object_get(r->doc, "scope"), "until", &scope, r->f);
    bool cap_known = rule_u64(privacy, "cap_units", &at, r->f, &cap);
    rules_templates(templates, schema, &list, r->f);
    judge_shares(r, templates, &list);
    if (r->on != NULL)
        judge_policy(r, privacy, cap_known, cap, &at);
}

void rules_guideline(const struct rules *r)
{
    const json_t *labels = json_object_get(r->doc, "labels");
    struct place at = place_member(r->at, "labels");
    struct place assets = place_member(r->at, "assets");
    rule_version(r, "supersedes");
    rule_unique(labels, "id", &at, r->f);
    rule_unique(json_object_get(r->doc, "assets"), "name", &assets, r->f);
    if (r->on == NULL)
        return;
    const json_t *campaign = document_json(r->on);
    const json_t *kinds = json_object_get(json_object_get(campaign, "scope"), "modalities");
    const char *kind = string_of(r->doc, "kind");
    if (!json_equal(json_object_get(r->doc, "campaign"), json_object_get(campaign, "id")))
        fault_in(r->f, r->at, "campaign", "must be %s", string_of(campaign, "id"));
    if (strcmp(kind, "session") != 0 && !holds(kinds, kind))
        fault_in(r->f, r->at, "kind", "no modality of the campaign");
    for (size_t i = 0; i < json_array_size(labels); i++) {
        struct place p = place_entry(&at, i);
        const char *id = string_of(json_array_get(labels, i), "id");
        if (schema_label(document_schema(r->on), id) == SCHEMA_NONE)
            fault_in(r->f, &p, "id", "the campaign has no label %s", id);
    }
}

/* A pack's item may only have streams of the schema; all else about them is judged with the gold. */
static void judge_pack_streams(const struct rules *r, const json_t *item,
                               const struct schema *schema, const struct place *at)
{
    json_t *streams = json_object_get(item, "streams");
    struct place s = place_member(at, "streams");
    for (void *it = json_object_iter(streams); it != NULL && schema != NULL;
         it = json_object_iter_next(streams, it)) {
        if (schema_stream(schema, json_object_iter_key(it)) == SCHEMA_NONE)
            fault_in(r->f, &s, json_object_iter_key(it), "the schema has no such stream");
    }
}

enum err rules_pack(const struct rules *r, const struct schema *schema, struct fault *submit)
{
    const json_t *items = json_object_get(r->doc, "items");
    struct place at = place_member(r->at, "items");
    rule_version(r, "supersedes");
    rule_unique(items, "id", &at, r->f);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const json_t *gold = json_object_get(item, "gold");
        /* Kind and hash, but no length: positions are not judged. */
        const struct annotation_context ctx = {.schema = schema,
                                               .streams = json_object_get(item, "streams"),
                                               .item = string_of(item, "id"),
                                               .stage = ANNOTATION_SUBMIT};
        struct place p = place_entry(&at, i);
        struct place g = place_member(&p, "gold");
        judge_pack_streams(r, item, schema, &p);
        enum err e = annotation_judge(gold, &ctx, &g, r->f, submit, NULL);
        if (e)
            return e;
    }
    return OK;
}
