/* Tests of core/quality/quality: the figures of a small vault, worked out by hand. */
#include "core/quality/quality.h"
#include "support/check.h"
#include "support/patch.h"

#include <stdio.h>

static const char schema_text[] =
    "{'v':1,'id':'s','version':1,'supersedes':null,'title':{'en':'S'},"
    "'streams':[{'id':'note','kind':'text','required':true},{'id':'film','kind':'image','required':"
    "false}],"
    "'labels':[{'id':'a','name':{'en':'A'},'color':0},{'id':'b','name':{'en':'B'},'color':1},"
    "{'id':'c','name':{'en':'C'},'color':2}],'attrs':[],"
    "'tasks':[{'id':'spans','name':{'en':'S'},'streams':['note'],'shape':'span','labels':['a','b']}"
    ","
    "{'id':'areas','name':{'en':'P'},'streams':['film'],'shape':'polygon','labels':['a']}],"
    "'questions':[{'id':'course','name':{'en':'C'},'on':'item','type':'choice','labels':['a','b','"
    "c'],"
    "'absent':['none','cannot_judge']},"
    "{'id':'ok','name':{'en':'O'},'on':'film','type':'bool'},"
    "{'id':'risks','name':{'en':'R'},'on':'item','type':'choices','labels':['a','b']},"
    "{'id':'dose','name':{'en':'D'},'on':'item','type':'decimal'},"
    "{'id':'words','name':{'en':'W'},'on':'item','type':'text'}],"
    "'relations':[],'checks':[],'map_from':{}}";

static struct schema *schema;

/* JSON with ' for ", so that it can be read here. */
static json_t *quoted(const char *text)
{
    AUTO_MEM char *copy = strdup(text);
    CHECK(copy != NULL);
    for (char *p = copy; *p != '\0'; p++) {
        if (*p == '\'')
            *p = '"';
    }
    json_error_t e;
    json_t *v = json_loads(copy, 0, &e);
    if (v == NULL)
        print_error("%s at %d\n", e.text, e.position);
    CHECK(v != NULL);
    return v;
}

/* One annotator's work: spans as [[label, a, b], ..] and the answers. */
static struct annotation *work(bool film, const char *spans, const char *answers)
{
    AUTO_JSON streams = quoted(film ? "{'note':1,'film':1}" : "{'note':1}");
    AUTO_JSON list = quoted(spans);
    AUTO_JSON given = quoted(answers);
    AUTO_JSON doc = NULL;
    struct annotation *a = NULL;
    struct diag d = {0};
    const char *hash = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    CHECK(json_object_set_new(streams, "note", json_string(hash)) == 0);
    if (film)
        CHECK(json_object_set_new(streams, "film", json_string(hash)) == 0);
    CHECK_OK(annotation_empty("i_1", schema_hash(schema), NULL, streams, &doc));
    CHECK(json_object_set(doc, "answers", given) == 0);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *s = json_array_get(list, i);
        char id[24];
        (void)snprintf(id, sizeof id, "r%02zu", i);
        json_t *region =
            json_pack("{s:s, s:s, s:s, s:O, s:{s:s, s:[[O,O]]}, s:{s:s}}", "id", id, "task",
                      "spans", "stream", "note", "label", json_array_get(s, 0), "sel", "t", "span",
                      "parts", json_array_get(s, 1), json_array_get(s, 2), "origin", "by", "human");
        CHECK(json_array_append_new(json_object_get(doc, "regions"), region) == 0);
    }
    const struct annotation_context ctx = {.schema = schema, .stage = ANNOTATION_SUBMIT};
    enum err e = annotation_of(doc, &ctx, &a, &d);
    if (e)
        print_error("%s %s\n", d.pointer, d.text);
    CHECK_OK(e);
    return a;
}

static void add(struct quality *q, struct annotation *a, struct annotation *b, struct annotation *c)
{
    const struct annotation *docs[3] = {a, b, c};
    CHECK_OK(quality_add(q, docs, c != NULL ? 3 : b != NULL ? 2 : 1));
    annotation_free(a);
    annotation_free(b);
    annotation_free(c);
}

static const json_t *row(const json_t *rows, const char *id)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *r = json_array_get(rows, i);
        if (strcmp(json_string_value(json_object_get(r, "id")), id) == 0)
            return r;
    }
    print_error("no row %s\n", id);
    fail();
    return NULL;
}

static void check_text(const json_t *r, const char *member, const char *want)
{
    const char *got = json_string_value(json_object_get(r, member));
    if (want == NULL) {
        CHECK(json_is_null(json_object_get(r, member)));
        CHECK(json_is_string(json_object_get(r, "reason")));
        return;
    }
    CHECK(got != NULL);
    CHECK_STR(got, want);
}

static void check_json(const json_t *r, const char *member, const char *want)
{
    AUTO_JSON w = quoted(want);
    CLEANUP(buf_fini) struct buf text = BUF_INIT(10000);
    CHECK_OK(json_canonical(json_object_get(r, member), &text));
    if (!json_equal(json_object_get(r, member), w))
        print_error("%.*s\n", (int)text.n, (const char *)text.p);
    CHECK(json_equal(json_object_get(r, member), w));
}

static json_t *figures(void)
{
    AUTO(quality) q = NULL;
    json_t *rows = NULL;
    CHECK_OK(quality_new(schema, &q));
    /* item 1: agree on course, the spans overlap by 4 of 6, one label each side confused, one span alone */
    add(q,
        work(true, "[['a',0,5],['a',10,20],['b',30,40]]",
             "{'course':'a','ok':true,'risks':['a'],'dose':'2.50','words':'x'}"),
        work(true, "[['a',1,6],['b',10,20]]",
             "{'course':'a','ok':true,'risks':['a','b'],'dose':'2.5','words':'X'}"),
        NULL);
    /* item 2: disagree; an absence is no value */
    add(q, work(false, "[['b',0,4]]", "{'course':'a','risks':['b'],'dose':'1'}"),
        work(false, "[['b',2,6]]", "{'course':'b','risks':['b'],'dose':'1.01'}"), NULL);
    add(q, work(false, "[]", "{'course':{'absent':'none'}}"), work(false, "[]", "{'course':'c'}"),
        NULL);
    /* one submission alone counts in no figure */
    add(q, work(true, "[['a',0,5]]", "{'course':'b','ok':false}"), NULL, NULL);
    CHECK_OK(quality_json(q, &rows));
    return rows;
}

static void a_choice_has_coverage_percent_alpha_and_confusion(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    const json_t *r = row(rows, "course");
    /* values a a | a b: 2 items of 3 with two submissions; Do = 2/4, De = 2*3*1/(4*3) */
    CHECK_INT(json_integer_value(json_object_get(r, "n")), 2);
    check_text(r, "coverage", "0.666667");
    check_text(r, "percent", "0.500000");
    check_text(r, "alpha", "0.000000");
    check_text(r, "f1", NULL);
    check_json(r, "absent", "{'none':1,'not_assessed':0,'cannot_judge':0}");
    check_json(r, "confusion", "{'labels':['a','b','c'],'cells':[[1,1,0],[0,0,0],[0,0,0]]}");
}

static void without_a_difference_alpha_is_null_and_says_why(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    const json_t *r = row(rows, "ok");
    CHECK_INT(json_integer_value(json_object_get(r, "n")), 1);
    check_text(r, "coverage", "1.000000"); /* asked of one item with two submissions only */
    check_text(r, "percent", "1.000000");
    check_text(r, "alpha", NULL);
}

static void choices_count_each_label_as_yes_or_no(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    check_text(row(rows, "risks.a"), "percent", "1.000000");
    /* yes yes | no no over 4 values: alpha 1 */
    check_text(row(rows, "risks.a"), "alpha", "1.000000");
    /* no yes | yes yes: Do = 2/4, De = 2*3*1/(4*3) */
    check_text(row(rows, "risks.b"), "percent", "0.500000");
    check_text(row(rows, "risks.b"), "alpha", "0.000000");
}

static void other_types_have_percent_only(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    check_text(row(rows, "dose"), "percent", "0.500000"); /* "2.50" is "2.5" */
    check_text(row(rows, "dose"), "alpha", NULL);
    check_text(row(rows, "dose"), "coverage", "0.666667");
    check_text(row(rows, "words"), "percent", "0.000000");
    CHECK_INT(json_integer_value(json_object_get(row(rows, "words"), "n")), 1);
}

static void regions_have_micro_f1_by_label_and_confusion_with_none(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    const json_t *r = row(rows, "spans");
    /* groups: a-a (IoU 4/6), a-b, b-none; item 2: IoU 2/6 is no match: b-none, none-b. P = 1, S = 2 + 2 + 1 + 1 + 1 */
    CHECK_INT(json_integer_value(json_object_get(r, "n")), 5);
    check_text(r, "f1", "0.285714");
    check_text(r, "alpha", NULL);
    check_text(r, "percent", NULL);
    check_text(r, "coverage", "1.000000");
    check_json(r, "confusion", "{'labels':['a','b','none'],'cells':[[1,1,0],[0,0,2],[0,1,0]]}");
    check_json(r, "per_label",
               "[{'label':'a','n':3,'f1':'0.666667'},{'label':'b','n':4,'f1':'0.000000'}]");
}

static void shapes_that_are_not_compared_say_so(void **state)
{
    (void)state;
    AUTO_JSON rows = figures();
    check_text(row(rows, "areas"), "f1", NULL);
    CHECK(strstr(json_string_value(json_object_get(row(rows, "areas"), "reason")), "shape") !=
          NULL);
}

static void three_annotators_count_each_pair(void **state)
{
    (void)state;
    AUTO(quality) q = NULL;
    AUTO_JSON rows = NULL;
    CHECK_OK(quality_new(schema, &q));
    add(q, work(false, "[['a',0,5]]", "{'course':'a'}"),
        work(false, "[['a',0,5]]", "{'course':'a'}"), work(false, "[]", "{'course':'b'}"));
    CHECK_OK(quality_json(q, &rows));
    check_text(row(rows, "course"), "percent", "0.333333");
    /* Do = 4/2/3, De = 2*2*1/(3*2): alpha 0 */
    check_text(row(rows, "course"), "alpha", "0.000000");
    /* pairs: a-a, a-none, a-none: 2*1 / (2 + 1 + 1) */
    check_text(row(rows, "spans"), "f1", "0.500000");
}

static void an_empty_vault_has_reasons_only(void **state)
{
    (void)state;
    AUTO(quality) q = NULL;
    AUTO_JSON rows = NULL;
    CHECK_OK(quality_new(schema, &q));
    CHECK_OK(quality_json(q, &rows));
    CHECK_INT(json_array_size(rows), 8);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *r = json_array_get(rows, i);
        CHECK_INT(json_integer_value(json_object_get(r, "n")), 0);
        check_text(r, "percent", NULL);
        check_text(r, "alpha", NULL);
        check_text(r, "f1", NULL);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_choice_has_coverage_percent_alpha_and_confusion),
        CASE(without_a_difference_alpha_is_null_and_says_why),
        CASE(choices_count_each_label_as_yes_or_no),
        CASE(other_types_have_percent_only),
        CASE(regions_have_micro_f1_by_label_and_confusion_with_none),
        CASE(shapes_that_are_not_compared_say_so),
        CASE(three_annotators_count_each_pair),
        CASE(an_empty_vault_has_reasons_only),
    };
    AUTO_JSON doc = quoted(schema_text);
    struct fault f = {0};
    struct diag d = {0};
    if (schema_of(doc, NULL, NULL, &f, &schema)) {
        (void)fault_result(&f, &d);
        (void)fprintf(stderr, "%s %s\n", d.pointer, d.text);
        return 1;
    }
    int failed = RUN(cases, argc, argv);
    schema_free(schema);
    return failed;
}
