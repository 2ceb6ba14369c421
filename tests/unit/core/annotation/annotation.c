/* Tests of core/annotation: data.md 4, one sentence a case, on the contract's annotations. */
#include "core/annotation/annotation.h"
#include "base/hex.h"
#include "core/schema/streams.h"
#include "support/check.h"
#include "support/patch.h"

struct refusal {
    const char *sentence;
    struct change changes[5];
    const char *pointer; /* NULL: it is accepted */
};

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

/* annotation-text: regions r01, r02 (pain), r03 (drug) of findings, r04, r05 of sections; relations k1 treats r03 -> r01,
 * k2 same_as r01 -> r02. The note has 400 code points. */
static const struct refusal on_text[] = {
    {"as it stands it passes", {{NULL, NULL}}, NULL},
    {"sel.t that is no shape: nothing else in it is judged",
     {{"/regions/0/sel/t", "\"blob\""}, {"/regions/0/sel/parts", "7"}, {"/regions/0/sel/a", "1"}},
     "/regions/0/sel/t"},
    {"sel without t",
     {{"/regions/0/sel/t", NULL}, {"/regions/0/sel/parts", "7"}},
     "/regions/0/sel"},
    {"a shape's own members only", {{"/regions/0/sel/x", "1"}}, "/regions/0/sel/x"},
    {"a part has two numbers", {{"/regions/0/sel/parts/0", "[1,2,3]"}}, "/regions/0/sel/parts/0"},
    {"a shape other than the task's", {{"/regions/0/sel/t", "\"section\""}}, "/regions/0/sel/t"},
    {"more than one part only where discontinuous",
     {{"/regions/3/sel/parts", "[[0,10],[20,30]]"}},
     "/regions/3/sel/parts"},
    {"parts are sorted", {{"/regions/0/sel/parts", "[[25,31],[10,17]]"}}, "/regions/0/sel/parts/1"},
    {"the end of the text is within it", {{"/regions/2/sel/parts/0", "[399,400]"}}, NULL},
    {"beyond the text: the second number",
     {{"/regions/2/sel/parts/0", "[400,401]"}},
     "/regions/2/sel/parts/0/1"},
    {"ids are sorted", {{"/regions/1/id", "\"r00\""}}, "/regions/1/id"},
    {"ids stand once", {{"/regions/1/id", "\"r01\""}}, "/regions/1/id"},
    {"an unknown task", {{"/regions/3/task", "\"parts\""}}, "/regions/3/task"},
    {"a stream the task is not on", {{"/regions/3/stream", "\"xray\""}}, "/regions/3/stream"},
    {"an unknown label", {{"/regions/3/label", "\"end\""}}, "/regions/3/label"},
    {"another task's attr",
     {{"/regions/3/attrs", "{\"negated\":true}"}},
     "/regions/3/attrs/negated"},
    {"a bool attr is true or false",
     {{"/regions/0/attrs/negated", "1"}},
     "/regions/0/attrs/negated"},
    {"an enum attr is one of its values",
     {{"/regions/0/attrs/severity", "\"awful\""}},
     "/regions/0/attrs/severity"},
    {"a date attr is a day",
     {{"/regions/0/attrs/onset", "\"2025-02-29\""}},
     "/regions/0/attrs/onset"},
    {"not before its min",
     {{"/regions/0/attrs/onset", "\"1899-12-31\""}},
     "/regions/0/attrs/onset"},
    {"a decimal attr has no exponent",
     {{"/regions/2/attrs/dose", "\"1e3\""}},
     "/regions/2/attrs/dose"},
    {"its max counts", {{"/regions/2/attrs/dose", "\"10000.0\""}}, NULL},
    {"and not more", {{"/regions/2/attrs/dose", "\"10000.000001\""}}, "/regions/2/attrs/dose"},
    {"an attr's value is no object", {{"/regions/2/attrs/dose", "{}"}}, "/regions/2/attrs/dose"},
    {"certainty is 0 to 100", {{"/regions/0/certainty", "101"}}, "/regions/0/certainty"},
    {"human has no model",
     {{"/regions/0/origin/model",
       "\"sha256:9372c470eeadd5ecd9c3c74c2b3cb633f8e2f2fad799250a0f70d652b6b825e4\""}},
     "/regions/0/origin/model"},
    {"human has no decided_ms, the first of its members",
     {{"/regions/0/origin/shown_ms", "1"}, {"/regions/0/origin/decided_ms", "1"}},
     "/regions/0/origin/decided_ms"},
    {"human may name a tool", {{"/regions/0/origin/tool", "\"finder\""}}, NULL},
    {"edited needs a model", {{"/regions/2/origin/model", NULL}}, "/regions/2/origin"},
    {"imported needs none", {{"/regions/2/origin", "{\"by\":\"imported\"}"}}, NULL},
    {"decided is not before shown",
     {{"/regions/1/origin/decided_ms", "1767225599999"}},
     "/regions/1/origin"},
    {"decided as shown is right", {{"/regions/1/origin/decided_ms", "1767225600000"}}, NULL},
    {"from is sorted",
     {{"/regions/4/from/1",
       "\"sha256:0000000000000000000000000000000000000000000000000000000000000000#r1\""}},
     "/regions/4/from/1"},
    {"from names a document and a region", {{"/regions/4/from/1", "\"r9\""}}, "/regions/4/from/1"},
    {"sections that touch do not overlap", {{"/regions/4/sel/parts/0", "[60,61]"}}, NULL},
    {"the later of two that overlap is at fault, whichever begins first",
     {{"/regions/3/sel/parts/0", "[60,90]"}, {"/regions/4/sel/parts/0", "[59,61]"}},
     "/regions/4/sel"},
    {"spans may overlap where overlap is not false", {{"/regions/1/sel/parts/0", "[10,17]"}}, NULL},
    {"relations are sorted by id", {{"/relations/1/id", "\"k0\""}}, "/relations/1/id"},
    {"relations' types exist", {{"/relations/0/type", "\"cures\""}}, "/relations/0/type"},
    {"a relation's end must be of its tasks and labels",
     {{"/relations/0/from", "\"r01\""}, {"/relations/0/to", "\"r02\""}},
     "/relations/0/from"},
    {"the other end too", {{"/relations/0/to", "\"r04\""}}, "/relations/0/to"},
    {"a symmetric one goes from the smaller id",
     {{"/relations/1/from", "\"r02\""}, {"/relations/1/to", "\"r01\""}},
     "/relations/1"},
    {"each pair once a type",
     {{"/relations/-", "{\"id\":\"k3\",\"type\":\"same_as\",\"from\":\"r01\",\"to\":\"r02\"}"}},
     "/relations/2"},
    {"many_to_one: each from at most once",
     {{"/relations/-", "{\"id\":\"k3\",\"type\":\"treats\",\"from\":\"r03\",\"to\":\"r02\"}"}},
     "/relations/2/from"},
    {"an unknown question", {{"/answers/mood", "\"good\""}}, "/answers/mood"},
    {"a question on a stream the item lacks is not asked",
     {{"/answers/quality", "3"}},
     "/answers/quality"},
    {"a choice is a label of the question", {{"/answers/course", "\"fall\""}}, "/answers/course"},
    {"a choice is no list", {{"/answers/course", "[\"acute\"]"}}, "/answers/course"},
    {"an absence the question does not offer",
     {{"/answers/consent", "{\"absent\":\"none\"}"}},
     "/answers/consent/absent"},
    {"an absence is no other object", {{"/answers/course", "{\"none\":1}"}}, "/answers/course"},
    {"a decimal answer is a string", {{"/answers/troponin", "14"}}, "/answers/troponin"},
    {"within its max", {{"/answers/troponin", "\"100000.51\""}}, "/answers/troponin"},
    {"a text is never empty", {{"/answers/summary", "\"\""}}, "/answers/summary"},
    {"a bool answer", {{"/answers/consent", "\"true\""}}, "/answers/consent"},
    {"choices: a label that is none",
     {{"/answers/risks", "[\"fall\",\"acute\"]"}},
     "/answers/risks/1"},
    {"choices: each once", {{"/answers/risks", "[\"fall\",\"fall\"]"}}, "/answers/risks/1"},
    {"choices: more than max",
     {{"/answers/risks", "[\"fall\",\"delirium\",\"sore\"]"}},
     "/answers/risks"},
    {"choices are a list", {{"/answers/risks", "\"fall\""}}, "/answers/risks"},
    {"a stream the schema does not have",
     {{"/streams/letter",
       "\"sha256:edb465624291e4053c6c5ea4b7eb320dec773e10a57d26b95dcf0564f8e310f8\""}},
     "/streams/letter"},
    {"a stream the item does not have",
     {{"/streams/xray",
       "\"sha256:edb465624291e4053c6c5ea4b7eb320dec773e10a57d26b95dcf0564f8e310f8\""}},
     "/streams/xray"},
    {"a required stream is missing; answers and regions on it are not judged",
     {{"/streams/note", NULL}, {"/answers/troponin", "14"}},
     "/streams"},
    {"guidelines stand once",
     {{"/guidelines/-",
       "\"sha256:544948c5aa80371bce9ea9fad97e160de2c1f9a517462c3e60ddd7fea8b278ec\""}},
     "/guidelines/1"},
    {"empty attrs are taken", {{"/regions/3/attrs", "{}"}}, NULL},
};

/* annotation-image: b1, b2 boxes, e1, e2 ovals, f1 finding, m1, m2 masks, p1 outline, s1 vertebrae, x1 tip; 64 x 48 pixels,
 * two frames; relations k1, k2 shows, k3 ends_at. */
static const struct refusal on_image[] = {
    {"as it stands it passes", {{NULL, NULL}}, NULL},
    {"an image needs frame",
     {{"/regions/0/sel/frame", NULL}, {"/regions/0/sel/at", "0"}},
     "/regions/0/sel"},
    {"frame or at by the structure", {{"/regions/0/sel/frame", NULL}}, "/regions/0/sel"},
    {"w > 0", {{"/regions/0/sel/w", "0"}}, "/regions/0/sel/w"},
    {"a box reaches to the edge", {{"/regions/0/sel/x", "60000"}}, NULL},
    {"and not below 0", {{"/regions/0/sel/x", "-1"}}, "/regions/0/sel"},
    {"rot 0 is no rotation",
     {{"/regions/0/sel/rot", "0"}, {"/regions/0/sel/x", "-1"}},
     "/regions/0/sel"},
    {"rot < 360000", {{"/regions/0/sel/rot", "360000"}}, "/regions/0/sel/rot"},
    {"with rot only the centre lies within", {{"/regions/1/sel/x", "62000"}}, NULL},
    {"its centre outside", {{"/regions/1/sel/x", "62001"}}, "/regions/1/sel"},
    {"an ellipse over the edge", {{"/regions/2/sel/cx", "32001"}}, "/regions/2/sel"},
    {"a turned ellipse's centre on the edge", {{"/regions/3/sel/cx", "64001"}}, "/regions/3/sel"},
    {"a point beyond the width", {{"/regions/9/sel/x", "64001"}}, "/regions/9/sel/x"},
    {"a point beyond the height", {{"/regions/9/sel/y", "48001"}}, "/regions/9/sel/y"},
    {"a polygon's point beyond",
     {{"/regions/7/sel/rings/0/1/0", "64001"}},
     "/regions/7/sel/rings/0/1/0"},
    {"a ring has three points", {{"/regions/7/sel/rings/1/2", NULL}}, "/regions/7/sel/rings/1"},
    {"a mask window over the edge", {{"/regions/5/sel/x", "61"}}, "/regions/5/sel"},
    {"a mask loose at the top", {{"/regions/5/sel/rle", "[4,1,2,5]"}}, "/regions/5/sel"},
    {"a mask loose at the bottom", {{"/regions/5/sel/rle", "[0,8,4]"}}, "/regions/5/sel"},
    {"a mask loose at the left", {{"/regions/5/sel/rle", "[1,3,1,3,1,3]"}}, "/regions/5/sel"},
    {"a mask loose at the right", {{"/regions/5/sel/rle", "[0,3,1,3,1,3,1]"}}, "/regions/5/sel"},
    {"one run of ones over all rows is tight", {{"/regions/5/sel/rle", "[0,12]"}}, NULL},
    {"ones that wrap touch both sides", {{"/regions/5/sel/rle", "[3,6,3]"}}, NULL},
    {"a mask of zeros alone", {{"/regions/5/sel/rle", "[12]"}}, "/regions/5/sel/rle"},
    {"a skeleton's point beyond", {{"/regions/8/sel/pts/0/1", "48001"}}, "/regions/8/sel/pts/0/1"},
    {"visibility is 0, 1 or 2", {{"/regions/8/sel/pts/0/2", "3"}}, "/regions/8/sel/pts/0/2"},
    {"one_to_many: each to at most once",
     {{"/relations/1/to", "\"b1\""}, {"/relations/1/from", "\"f1\""}},
     "/relations/1"},
    {"a symmetric answer: rating is an integer",
     {{"/answers/quality", "\"4\""}},
     "/answers/quality"},
    {"a rating within its max", {{"/answers/quality", "6"}}, "/answers/quality"},
};

/* annotation-time: a1, a2 turns (one channel, no overlap), a3, a4 sounds, c1, c2 rhythms, c3 complexes (all channels), f1,
 * v1 aids, v2 poses, v3, v4 steps, v5 contacts, v6 faces. */
static const struct refusal on_time[] = {
    {"as it stands it passes", {{NULL, NULL}}, NULL},
    {"on a common channel two turns must not overlap",
     {{"/regions/1/sel/ch", "[0]"}},
     "/regions/1/sel"},
    {"touching is no overlap", {{"/regions/1/sel/ch", "[0]"}, {"/regions/1/sel/a", "16000"}}, NULL},
    {"one channel: two are too many", {{"/regions/0/sel/ch", "[0,1]"}}, "/regions/0/sel/ch"},
    {"channels ascend", {{"/regions/2/sel/ch", "[1,0]"}}, "/regions/2/sel/ch/1"},
    {"channels stand once", {{"/regions/2/sel/ch", "[1,1]"}}, "/regions/2/sel/ch/1"},
    {"all channels: no ch", {{"/regions/6/sel/ch", "[0]"}}, "/regions/6/sel/ch"},
    {"an instant lies before the end", {{"/regions/2/sel/at", "160000"}}, "/regions/2/sel/at"},
    {"an interval ends with the stream", {{"/regions/5/sel/b", "5001"}}, "/regions/5/sel/b"},
    {"a below b", {{"/regions/5/sel/a", "5000"}}, "/regions/5/sel"},
    {"video has no ch", {{"/regions/10/sel/ch", "[0]"}}, "/regions/10/sel/ch"},
    {"on video a is a PTS", {{"/regions/10/sel/a", "1"}}, "/regions/10/sel/a"},
    {"b a PTS or the end", {{"/regions/11/sel/b", "33032"}}, "/regions/11/sel/b"},
    {"a is not the end",
     {{"/regions/11/sel/a", "33033"}, {"/regions/11/sel/b", "33034"}},
     "/regions/11/sel/a"},
    {"an instant on video is a PTS", {{"/regions/12/sel/at", "30031"}}, "/regions/12/sel/at"},
    {"a film has no frame", {{"/regions/13/sel/frame", "0"}}, "/regions/13/sel/frame"},
    {"a film needs at",
     {{"/regions/13/sel/at", NULL}, {"/regions/13/sel/frame", "0"}},
     "/regions/13/sel"},
    {"a keyframe is at a PTS", {{"/regions/8/sel/kf/1/at", "9010"}}, "/regions/8/sel/kf/1/at"},
    {"each keyframe has its shape", {{"/regions/8/sel/kf/1/rect", NULL}}, "/regions/8/sel/kf/1"},
    {"and no other", {{"/regions/8/sel/kf/1/pts", "[[0,0,0]]"}}, "/regions/8/sel/kf/1/pts"},
    {"a skeleton's keyframe has all points",
     {{"/regions/9/sel/kf/1/pts/2", NULL}},
     "/regions/9/sel/kf/1/pts"},
    {"a keyframe's box over the edge",
     {{"/regions/8/sel/kf/3/rect/0", "1"}},
     "/regions/8/sel/kf/3/rect"},
    {"a box has four or five numbers",
     {{"/regions/8/sel/kf/3/rect", "[0,0,1]"}},
     "/regions/8/sel/kf/3/rect"},
    {"a fifth number turns it", {{"/regions/8/sel/kf/3/rect", "[1,0,640000,360000,1]"}}, NULL},
    {"out is true or left out", {{"/regions/8/sel/kf/2/out", "false"}}, "/regions/8/sel/kf/2/out"},
    {"a transcript has at most 5000 code points, and one",
     {{"/regions/1/attrs/transcript", "\"\""}},
     "/regions/1/attrs/transcript"},
    {"a relation to an interval of another label",
     {{"/relations/0/to", "\"c1\""}},
     "/relations/0/to"},
};

static const struct refusal on_submit[] = {
    {"what is required must be there",
     {{"/answers/course", NULL}, {"/answers/admitted", NULL}},
     "/answers"},
    {"an absence counts",
     {{"/answers/course", "{\"absent\":\"none\"}"}, {"/answers/admitted", NULL}},
     NULL},
    {"unless its when is false",
     {{"/answers/course", "\"chronic\""}, {"/answers/admitted", NULL}},
     NULL},
    {"a value whose when is false is refused",
     {{"/answers/course", "\"chronic\""}},
     "/answers/admitted"},
    {"a required attr is missing: its attrs",
     {{"/regions/2/attrs/negated", NULL}},
     "/regions/2/attrs"},
    {"or the region, where it has none", {{"/regions/2/attrs", NULL}}, "/regions/2"},
    {"a required attr whose when is false may be missing",
     {{"/regions/0/attrs", "{\"negated\":true}"}},
     NULL},
    {"an attr whose when is false is refused",
     {{"/regions/1/attrs/severity", "\"mild\""}},
     "/regions/1/attrs/severity"},
    {"a when may lean on another attr",
     {{"/regions/1/attrs/onset", "\"2026-02-28\""}},
     "/regions/1/attrs/onset"},
    {"fewer regions than a task's min: the list; before it a check",
     {{"/regions", "[]"},
      {"/relations", "[]"},
      {"/answers/course", "\"chronic\""},
      {"/answers/admitted", NULL}},
     "/regions"},
    {"a blocking check: the whole", {{"/regions", "[]"}, {"/relations", "[]"}}, ""},
    {"meaning before submit",
     {{"/answers/course", NULL}, {"/regions/4/label", "\"pain\""}},
     "/regions/4/label"},
};

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
