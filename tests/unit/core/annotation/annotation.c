/* Tests of core/annotation: data.md 4, one sentence a case, on the contract's annotations. */
#include "core/annotation/annotation.h"
#include "annotation_rules.h"
#include "base/hex.h"
#include "core/schema/streams.h"
#include "support/check.h"
#include "support/patch.h"

static struct schema *rich;

static struct schema *schema_from(const char *file)
{
    AUTO_JSON doc = contract(file);
    struct schema *s = NULL;
    struct fault f = {0};
    CHECK_OK(schema_of(doc, NULL, NULL, &f, &s));
    return s;
}

static void check_one(const json_t *base, const struct annotation_context *ctx,
                      const struct refusal *r)
{
    AUTO_JSON doc = json_deep_copy(base);
    AUTO(annotation) a = NULL;
    struct diag d = {0};
    patch(doc, r->changes, 5);
    enum err e = annotation_of(doc, ctx, &a, &d);
    if (r->pointer == NULL ? e == OK : e == ERR_INVALID && strcmp(d.pointer, r->pointer) == 0)
        return;
    print_error("%s: wanted %s, got %s %s (%s)\n", r->sentence,
                r->pointer == NULL ? "ok" : r->pointer, err_name(e), d.pointer, d.text);
    fail();
}

static void check_all(const char *file, const char *streams, enum annotation_stage stage,
                      const struct refusal *refusals, size_t n)
{
    AUTO_JSON base = contract(file);
    AUTO_JSON item = contract(streams);
    const struct annotation_context ctx = {.schema = rich, .streams = item, .stage = stage};
    for (size_t i = 0; i < n; i++)
        check_one(base, &ctx, &refusals[i]);
}

#define CHECK_ALL(file, streams, stage, list)                                                      \
    check_all(file, streams, stage, list, sizeof(list) / sizeof((list)[0]))

static void every_rule_on_text_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL("valid/annotation-text.json", "valid/streams-note.json", ANNOTATION_SUBMIT, on_text);
}

static void every_rule_on_pictures_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL("valid/annotation-image.json", "valid/streams-image.json", ANNOTATION_SUBMIT,
              on_image);
}

static void every_rule_in_time_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL("valid/annotation-time.json", "valid/streams.json", ANNOTATION_SUBMIT, on_time);
}

static void every_rule_of_submit_names_its_place(void **state)
{
    (void)state;
    CHECK_ALL("valid/annotation-text.json", "valid/streams-note.json", ANNOTATION_SUBMIT,
              on_submit);
}

static void a_draft_leaves_submit_out(void **state)
{
    (void)state;
    AUTO_JSON base = contract("valid/annotation-text.json");
    AUTO_JSON item = contract("valid/streams-note.json");
    const struct annotation_context ctx = {.schema = rich, .streams = item};
    for (size_t i = 0; i + 1 < sizeof on_submit / sizeof on_submit[0]; i++) {
        struct refusal r = on_submit[i];
        r.pointer = NULL;
        check_one(base, &ctx, &r);
    }
}

static void what_needs_another_document_is_not_judged_without_it(void **state)
{
    (void)state;
    static const struct refusal without[] = {
        {"labels, tasks, questions, attrs",
         {{"/regions/3/label", "\"ghost\""},
          {"/regions/4/task", "\"ghost\""},
          {"/answers/ghost", "1"},
          {"/regions/0/attrs/ghost", "1"}},
         NULL},
        {"positions", {{"/regions/0/sel/parts/1/1", "4000"}}, NULL},
        {"but empty ranges", {{"/regions/0/sel/parts/1/1", "25"}}, "/regions/0/sel/parts/1"},
        {"and sections of two parts",
         {{"/regions/3/sel/parts", "[[0,1],[2,3]]"}},
         "/regions/3/sel/parts"},
        {"and regions that relations name", {{"/relations/0/to", "\"r99\""}}, "/relations/0/to"},
        {"and a region's stream", {{"/regions/0/stream", "\"ghost\""}}, "/regions/0/stream"},
        {"and pairs",
         {{"/relations/-", "{\"id\":\"k3\",\"type\":\"same_as\",\"from\":\"r01\",\"to\":\"r02\"}"}},
         "/relations/2"},
    };
    AUTO_JSON base = contract("valid/annotation-text.json");
    const struct annotation_context ctx = {.stage = ANNOTATION_SUBMIT};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        check_one(base, &ctx, &without[i]);
}

static void a_deprecated_label_stays_where_the_base_has_it(void **state)
{
    (void)state;
    AUTO_JSON base = contract("valid/annotation-absent.json");
    AUTO_JSON was = json_deep_copy(base);
    const struct change old[] = {{"/answers/course", "\"unclear\""}};
    const struct refusal kept = {"kept", {{"/answers/course", "\"unclear\""}}, NULL};
    const struct refusal anew = {"new", {{"/answers/course", "\"unclear\""}}, "/answers/course"};
    struct annotation_context ctx = {.schema = rich, .stage = ANNOTATION_SUBMIT};
    patch(was, old, 1);
    check_one(base, &ctx, &anew);
    ctx.base = base;
    check_one(base, &ctx, &anew);
    ctx.base = was;
    check_one(base, &ctx, &kept);
    ctx.base = NULL;
    ctx.base_unknown = true;
    check_one(base, &ctx, &kept);
}

static void the_assignment_says_item_and_guidelines(void **state)
{
    (void)state;
    AUTO_JSON base = contract("valid/annotation-text.json");
    AUTO_JSON none = json_array();
    AUTO_JSON two = json_deep_copy(json_object_get(base, "guidelines"));
    const struct refusal other_item = {"item", {{NULL, NULL}}, "/item"};
    const struct refusal foreign = {"guideline", {{NULL, NULL}}, "/guidelines/0"};
    const struct refusal missing = {"guideline missing", {{NULL, NULL}}, "/guidelines"};
    struct annotation_context ctx = {.schema = rich, .item = "t2"};
    check_one(base, &ctx, &other_item);
    ctx = (struct annotation_context){.schema = rich, .item = "t1", .guidelines = none};
    check_one(base, &ctx, &foreign);
    CHECK(json_array_append_new(two, json_string(hash_uri((struct hash){{0}}).s)) == 0);
    ctx.guidelines = two;
    check_one(base, &ctx, &missing);
}

static void failed_checks_are_told_apart(void **state)
{
    (void)state;
    AUTO_JSON doc = contract("valid/annotation-text.json");
    AUTO_JSON item = contract("valid/streams-note.json");
    const struct change gone[] = {{"/regions", "[]"}, {"/relations", "[]"}};
    struct annotation_context ctx = {
        .schema = rich, .streams = item, .stage = ANNOTATION_SUBMIT, .checks_apart = true};
    AUTO(annotation) a = NULL;
    struct diag d = {0};
    size_t n = 0;
    patch(doc, gone, 2);
    /* another fault of submit comes with its own pointer .. */
    CHECK_ERR(annotation_of(doc, &ctx, &a, &d), ERR_INVALID);
    CHECK_STR(d.pointer, "/regions");
    /* .. and without one the checks are a list */
    ctx.stage = ANNOTATION_DRAFT;
    CHECK_OK(annotation_of(doc, &ctx, &a, &d));
    const struct failed_check *failed = annotation_failed(a, &n);
    CHECK_INT(n, 1);
    CHECK(failed[0].block);
    CHECK_STR(schema_parts(rich).checks[failed[0].check].id, "acute_needs_finding");
}

static void the_empty_annotation_of_an_item_is_valid_as_a_draft(void **state)
{
    (void)state;
    AUTO_JSON item = contract("valid/streams.json");
    AUTO_JSON guidelines =
        json_pack("[s, s]", hash_uri((struct hash){{9}}).s, hash_uri((struct hash){{1}}).s);
    AUTO_JSON doc = NULL;
    AUTO(annotation) a = NULL;
    struct diag d = {0};
    const struct annotation_context ctx = {
        .schema = rich, .streams = item, .item = "i_1", .guidelines = guidelines};
    CHECK_OK(annotation_empty("i_1", schema_hash(rich), guidelines, item, &doc));
    CHECK_OK(annotation_of(doc, &ctx, &a, &d));
}

static void points_are_limited_over_all_rings(void **state)
{
    (void)state;
    AUTO_JSON base = contract("valid/annotation-image.json");
    AUTO_JSON doc = json_deep_copy(base);
    AUTO_JSON ring = json_loads("[[1,1],[2,1],[2,2]]", 0, NULL);
    json_t *rings = at_pointer(doc, "/regions/7/sel/rings");
    const struct annotation_context ctx = {.schema = rich, .stage = ANNOTATION_SUBMIT};
    const struct refusal full = {"100,000 points", {{NULL, NULL}}, NULL};
    const struct refusal over = {"more", {{NULL, NULL}}, "/regions/7/sel/rings"};
    (void)json_array_clear(rings);
    for (int i = 0; i < 33333; i++)
        CHECK(json_array_append(rings, ring) == 0);
    check_one(doc, &ctx, &full);
    CHECK(json_array_append(rings, ring) == 0);
    check_one(doc, &ctx, &over);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_rule_on_text_names_its_place),
        CASE(every_rule_on_pictures_names_its_place),
        CASE(every_rule_in_time_names_its_place),
        CASE(every_rule_of_submit_names_its_place),
        CASE(a_draft_leaves_submit_out),
        CASE(what_needs_another_document_is_not_judged_without_it),
        CASE(a_deprecated_label_stays_where_the_base_has_it),
        CASE(the_assignment_says_item_and_guidelines),
        CASE(failed_checks_are_told_apart),
        CASE(the_empty_annotation_of_an_item_is_valid_as_a_draft),
        CASE(points_are_limited_over_all_rings),
    };
    rich = schema_from("valid/schema-rich.json");
    int failed = RUN(cases, argc, argv);
    schema_free(rich);
    return failed;
}
