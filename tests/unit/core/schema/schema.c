/* Tests of core/schema/schema: data.md 3, one sentence a case, on the contract's rich schema. */
#include "core/schema/schema.h"
#include "base/hex.h"
#include "support/check.h"
#include "support/patch.h"

/* Indexes in schema-rich.json: tasks 0 findings (span), 1 sections, 2 boxes (rect), 7 vertebrae (skeleton), 8 turns
 * (interval, audio), 10 aids (track of rect), 11 poses (track of skeleton), 15 rhythms; questions 0 course (choice), 1 risks
 * (choices), 2 quality (rating), 4 troponin (decimal), 6 admitted (date), 7 consent (bool); attrs 0 negated (bool),
 * 1 severity (enum), 2 onset (date), 3 dose (decimal), 4 transcript (text), 5 beats (int). */
static const struct refusal refusals[] = {
    {"an unknown member is refused, never ignored", {{"/extra", "1"}}, "/extra"},
    {"the first in canonical order: members by key", {{"/zebra", "1"}, {"/apple", "1"}}, "/apple"},
    {"an object before its members", {{"/apple", "1"}, {"/title", NULL}}, ""},
    {"entries by index", {{"/labels/3/color", "10"}, {"/labels/2/id", "\"A\""}}, "/labels/2/id"},
    {"v is 1", {{"/v", "2"}}, "/v"},
    {"version is 1, 2, 3, ..", {{"/version", "0"}}, "/version"},
    {"structure before meaning",
     {{"/attrs/1/values", NULL}, {"/tasks/0/shape", "\"blob\""}},
     "/tasks/0/shape"},
    {"no stream is called item", {{"/streams/0/id", "\"item\""}}, "/streams/0/id"},
    {"no attr is called label", {{"/attrs/5/id", "\"label\""}}, "/attrs/5/id"},
    {"no task is a word of the expressions", {{"/tasks/16/id", "\"count\""}}, "/tasks/16/id"},
    {"no question is a word of the expressions",
     {{"/questions/7/id", "\"in\""}},
     "/questions/7/id"},
    {"a relation may be called count; its task must exist",
     {{"/relations/0/id", "\"count\""}, {"/relations/0/to/1/task", "\"none\""}},
     "/relations/0/to/1/task"},
    {"a name is one line", {{"/title/en", "\"a\\nb\""}}, "/title/en"},
    {"a name has at most 200 code points, and one at least", {{"/title/en", "\"\""}}, "/title/en"},
    {"a language tag is in lower case with _", {{"/title/en_US", "\"x\""}}, "/title/en_US"},
    {"ids of streams are unique",
     {{"/streams/-", "{\"id\":\"note\",\"kind\":\"text\",\"required\":false}"}},
     "/streams/5/id"},
    {"ids of attrs are unique", {{"/attrs/5/id", "\"dose\""}}, "/attrs/5/id"},
    {"ids of an enum's values are unique",
     {{"/attrs/1/values/1/id", "\"mild\""}},
     "/attrs/1/values/1/id"},
    {"ids of tasks are unique", {{"/tasks/16/id", "\"boxes\""}}, "/tasks/16/id"},
    {"ids of questions are unique", {{"/questions/7/id", "\"pulse\""}}, "/questions/7/id"},
    {"ids of relations are unique", {{"/relations/3/id", "\"treats\""}}, "/relations/3/id"},
    {"ids of checks are unique", {{"/checks/2/id", "\"no_afib_in_sinus\""}}, "/checks/2/id"},
    {"a task's streams exist", {{"/tasks/0/streams/0", "\"letter\""}}, "/tasks/0/streams/0"},
    {"a task's attrs exist", {{"/tasks/0/attrs/1", "\"grade\""}}, "/tasks/0/attrs/1"},
    {"a label's parent exists", {{"/labels/1/parent", "\"sign\""}}, "/labels/1/parent"},
    {"a question is on the item or a stream",
     {{"/questions/0/on", "\"letter\""}},
     "/questions/0/on"},
    {"a question's labels exist", {{"/questions/0/labels/1", "\"late\""}}, "/questions/0/labels/1"},
    {"labels of relation ends exist",
     {{"/relations/1/to/0/labels/0", "\"ache\""}},
     "/relations/1/to/0/labels/0"},
    {"lists of ids hold each once", {{"/tasks/0/labels/3", "\"pain\""}}, "/tasks/0/labels/3"},
    {"each member of a circle of parents is at fault",
     {{"/labels/3/parent", "\"pain\""}, {"/labels/0/parent", "\"drug\""}},
     "/labels/0/parent"},
    {"who only leads into a circle is not at fault",
     {{"/labels/0/parent", "\"tube\""},
      {"/labels/9/parent", "\"tip\""},
      {"/labels/10/parent", "\"tube\""}},
     "/labels/9/parent"},
    {"each member of a circle of when is at fault",
     {{"/questions/0/when", "\"admitted > '2020-01-01'\""}},
     "/questions/0/when"},
    {"an attr's when may not name itself", {{"/attrs/5/when", "\"beats > 3\""}}, "/attrs/5/when"},
    {"an attr's when names attrs, not questions",
     {{"/attrs/5/when", "\"course == 'acute'\""}},
     "/attrs/5/when"},
    {"a question's when names questions, not attrs",
     {{"/questions/7/when", "\"negated == true\""}},
     "/questions/7/when"},
    {"a check may count tasks that exist",
     {{"/checks/0/if", "\"count(rhythm) > 0\""}},
     "/checks/0/if"},
    {"a shape fits the kind: no track on an image",
     {{"/tasks/2/shape", "\"track\""}, {"/tasks/2/of", "\"rect\""}},
     "/tasks/2/shape"},
    {"a task's streams share one kind, the first one's",
     {{"/tasks/2/streams/-", "\"gait\""}},
     "/tasks/2/streams/1"},
    {"keys are unique among the labels of tasks that share a stream",
     {{"/labels/4/key", "\"a\""}},
     "/labels/4/key"},
    {"keys are unique among those of one question",
     {{"/labels/25/key", "\"3\""}},
     "/labels/25/key"},
    {"min <= max of integers", {{"/attrs/5/min", "100001"}}, "/attrs/5"},
    {"min <= max of decimals, by value", {{"/attrs/3/max", "\"-0.5\""}}, "/attrs/3"},
    {"min <= max of dates", {{"/attrs/2/max", "\"1899-12-31\""}}, "/attrs/2"},
    {"min <= max of a task", {{"/tasks/0/min", "201"}}, "/tasks/0"},
    {"the min of a decimal is a decimal", {{"/attrs/3/min", "0"}}, "/attrs/3/min"},
    {"the min of a date is a day of the calendar",
     {{"/attrs/2/min", "\"1900-02-29\""}},
     "/attrs/2/min"},
    {"the max of an int is an integer", {{"/attrs/5/max", "\"9\""}}, "/attrs/5/max"},
    {"a bool has no min", {{"/attrs/0/min", "0"}}, "/attrs/0/min"},
    {"a choice has no max", {{"/questions/0/max", "1"}}, "/questions/0/max"},
    {"a rating has both min and max", {{"/questions/2/max", NULL}}, "/questions/2"},
    {"unit: int, decimal, rating", {{"/questions/5/unit", "\"mm\""}}, "/questions/5/unit"},
    {"values: enum",
     {{"/attrs/5/values", "[{\"id\":\"a\",\"name\":{\"en\":\"A\"}}]"}},
     "/attrs/5/values"},
    {"labels: choice and choices", {{"/questions/7/labels", "[\"fall\"]"}}, "/questions/7/labels"},
    {"a choices question needs labels", {{"/questions/1/labels", NULL}}, "/questions/1"},
    {"channels of a stream: audio and series",
     {{"/streams/0/channels", "[\"a\"]"}},
     "/streams/0/channels"},
    {"channels of a task: audio and series",
     {{"/tasks/12/channels", "\"one\""}},
     "/tasks/12/channels"},
    {"overlap: span, section, interval", {{"/tasks/2/overlap", "true"}}, "/tasks/2/overlap"},
    {"discontinuous: span", {{"/tasks/1/discontinuous", "false"}}, "/tasks/1/discontinuous"},
    {"of: track", {{"/tasks/2/of", "\"rect\""}}, "/tasks/2/of"},
    {"a track needs of", {{"/tasks/10/of", NULL}}, "/tasks/10"},
    {"a skeleton needs points", {{"/tasks/7/points", NULL}}, "/tasks/7"},
    {"a track of skeletons needs points", {{"/tasks/11/points", NULL}}, "/tasks/11"},
    {"a track of boxes has no points", {{"/tasks/10/points", "[\"a\"]"}}, "/tasks/10/points"},
    {"edges join points that are there", {{"/tasks/7/edges/1/1", "3"}}, "/tasks/7/edges/1/1"},
    {"edges join two different points", {{"/tasks/7/edges/1", "[2,2]"}}, "/tasks/7/edges/1"},
    {"a repeated edge is the later one's fault",
     {{"/tasks/7/edges/1", "[0,1]"}},
     "/tasks/7/edges/1"},
    {"symmetric: equal from and to", {{"/relations/1/symmetric", "true"}}, "/relations/1"},
    {"symmetric: one_to_one or many_to_many",
     {{"/relations/2/cardinality", "\"one_to_many\""}},
     "/relations/2"},
    {"supersedes is null in version 1",
     {{"/supersedes",
       "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     ""},
    {"and only there", {{"/version", "2"}}, ""},
    {"map_from names older versions", {{"/map_from/1", "{}"}}, "/map_from/1"},
    {"map_from's members are version numbers", {{"/map_from/01", "{}"}}, "/map_from/01"},
    {"absences stand once", {{"/questions/0/absent/1", "\"none\""}}, "/questions/0/absent/1"},
};

static void check_refusal(const json_t *base, const struct refusal *r)
{
    AUTO_JSON doc = json_deep_copy(base);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);
    AUTO(schema) s = NULL;
    struct diag d = {0};
    patch(doc, r->changes, 5);
    CHECK_OK(json_canonical(doc, &text));
    enum err e = schema_read(buf_bytes(&text), NULL, &s, &d);
    if (e == ERR_INVALID && strcmp(d.pointer, r->pointer) == 0)
        return;
    print_error("%s: wanted %s, got %s %s (%s)\n", r->sentence, r->pointer, err_name(e), d.pointer,
                d.text);
    fail();
}

static void every_rule_of_the_schema_names_its_place(void **state)
{
    (void)state;
    AUTO_JSON base = contract("valid/schema-rich.json");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check_refusal(base, &refusals[i]);
}

static void an_expression_of_1000_bytes_passes_and_1001_do_not(void **state)
{
    (void)state;
    AUTO_JSON doc = contract("valid/schema-rich.json");
    for (size_t extra = 0; extra < 2; extra++) {
        char text[1100] = "summary == '";
        size_t at = strlen(text);
        /* two bytes a code point: under 1,000 code points in any case */
        while (at + 2 <= 999 + extra - 1) {
            memcpy(text + at, "\xc3\xa4", 2);
            at += 2;
        }
        while (at < 999 + extra)
            text[at++] = 'a';
        memcpy(text + at, "'", 2);
        AUTO(schema) s = NULL;
        struct fault f = {0};
        struct diag d = {0};
        json_t *check = json_array_get(json_object_get(doc, "checks"), 0);
        CHECK_INT(strlen(text), 1000 + extra);
        CHECK(json_object_set_new(check, "if", json_string(text)) == 0);
        enum err e = schema_of(doc, NULL, NULL, &f, &s);
        CHECK_ERR(e, extra == 0 ? OK : ERR_INVALID);
        if (extra == 1) {
            CHECK_ERR(fault_result(&f, &d), ERR_INVALID);
            CHECK_STR(d.pointer, "/checks/0/if");
        }
    }
}

static const struct refusal later_refusals[] = {
    {"version = the superseded one + 1", {{"/version", "3"}}, "/version"},
    {"under the same id", {{"/id", "\"other\""}}, "/id"},
    {"supersedes is the hash of the version before",
     {{"/supersedes",
       "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""}},
     "/supersedes"},
    {"each label that is gone is covered", {{"/map_from", "{}"}}, "/map_from"},
    {"no other: one that the version before never had",
     {{"/map_from/1/ghost", "null"}},
     "/map_from/1/ghost"},
    {"none of the old labels is still here", {{"/map_from/1/pain", "null"}}, "/map_from/1/pain"},
    {"map_from names existing new labels", {{"/map_from/1/sore", "\"ghost\""}}, "/map_from/1/sore"},
};

static void a_new_version_is_held_against_the_one_before(void **state)
{
    (void)state;
    AUTO_JSON first = contract("valid/schema-rich.json");
    AUTO_JSON second = contract("valid/schema-rich-2.json");
    AUTO(schema) before = NULL;
    struct fault none = {0};
    CHECK_OK(schema_of(first, NULL, NULL, &none, &before));
    for (size_t i = 0; i < sizeof later_refusals / sizeof later_refusals[0]; i++) {
        const struct refusal *r = &later_refusals[i];
        AUTO_JSON doc = json_deep_copy(second);
        AUTO(schema) s = NULL;
        struct fault f = {0};
        struct diag d = {0};
        patch(doc, r->changes, 5);
        CHECK_ERR(schema_of(doc, before, NULL, &f, &s), ERR_INVALID);
        CHECK_ERR(fault_result(&f, &d), ERR_INVALID);
        if (strcmp(d.pointer, r->pointer) != 0) {
            print_error("%s: wanted %s, got %s\n", r->sentence, r->pointer, d.pointer);
            fail();
        }
    }
}

static void without_the_version_before_its_rules_are_not_judged(void **state)
{
    (void)state;
    AUTO_JSON doc = contract("valid/schema-rich-2.json");
    AUTO(schema) s = NULL;
    struct fault f = {0};
    CHECK(json_object_set_new(doc, "map_from", json_object()) == 0);
    CHECK_OK(schema_of(doc, NULL, NULL, &f, &s));
}

static void a_label_stands_for_its_descendants(void **state)
{
    (void)state;
    AUTO_JSON doc = contract("valid/schema-rich.json");
    AUTO(schema) s = NULL;
    struct fault f = {0};
    CHECK_OK(schema_of(doc, NULL, NULL, &f, &s));
    CHECK(schema_label_within(s, schema_label(s, "pain"), schema_label(s, "finding")));
    CHECK(schema_label_within(s, schema_label(s, "pain"), schema_label(s, "pain")));
    CHECK(!schema_label_within(s, schema_label(s, "finding"), schema_label(s, "pain")));
    CHECK(schema_label(s, "ghost") == SCHEMA_NONE);
}

static void schemas_over_1_mib_are_too_big(void **state)
{
    (void)state;
    AUTO(schema) s = NULL;
    struct diag d = {0};
    AUTO_MEM char *text = malloc((1 << 20) + 1);
    CHECK(text != NULL);
    memset(text, ' ', (1 << 20) + 1);
    CHECK_ERR(schema_read(bytes_of(text, (1 << 20) + 1), NULL, &s, &d), ERR_TOOBIG);
    CHECK_STR(d.pointer, "");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(every_rule_of_the_schema_names_its_place),
        CASE(an_expression_of_1000_bytes_passes_and_1001_do_not),
        CASE(a_new_version_is_held_against_the_one_before),
        CASE(without_the_version_before_its_rules_are_not_judged),
        CASE(a_label_stands_for_its_descendants),
        CASE(schemas_over_1_mib_are_too_big),
    };
    return RUN(cases, argc, argv);
}
