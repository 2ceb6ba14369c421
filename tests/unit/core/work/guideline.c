/* Tests of core/work/guideline and lines: chains of versions, what they change and what that touches. Oracle: data.md 5. */
#include "core/work/guideline.h"
#include "core/work/lines.h"
#include "support/check.h"

static struct hash h(char c)
{
    struct hash out;
    memset(out.b, c, sizeof out.b);
    return out;
}

/* a <- b <- c <- d, each approved but where a test says otherwise */
static void chain(struct guideline_version v[4])
{
    for (size_t i = 0; i < 4; i++)
        v[i] = (struct guideline_version){.hash = h((char)('a' + i)),
                                          .before = h((char)(i == 0 ? 0 : 'a' + i - 1)),
                                          .version = i + 1,
                                          .state = GUIDELINE_APPROVED};
}

static void a_version_follows_all_that_it_goes_back_to_and_not_itself(void **state)
{
    (void)state;
    struct guideline_version v[4];
    chain(v);
    CHECK(guideline_follows(v, 4, h('d'), h('a')));
    CHECK(guideline_follows(v, 4, h('c'), h('b')));
    CHECK(!guideline_follows(v, 4, h('b'), h('c')));
    CHECK(!guideline_follows(v, 4, h('b'), h('b')));
    /* what it supersedes directly need not be here; a link between must be */
    CHECK(guideline_follows(v + 1, 3, h('b'), h('a')));
    v[2].hash = h('x');
    CHECK(!guideline_follows(v, 4, h('d'), h('a')));
}

static void the_highest_approved_version_of_the_chain_is_in_force(void **state)
{
    (void)state;
    struct guideline_version v[4];
    chain(v);
    CHECK_INT(guideline_head(v, 4, h('a')), 3);
    v[3].state = GUIDELINE_WAITING;
    CHECK_INT(guideline_head(v, 4, h('a')), 2);
    v[2].state = GUIDELINE_LINK;
    v[3].state = GUIDELINE_APPROVED;
    CHECK_INT(guideline_head(v, 4, h('a')), 3);
    v[0].state = v[1].state = v[3].state = GUIDELINE_WAITING;
    CHECK(guideline_head(v, 4, h('a')) == GUIDELINE_NONE);
    CHECK(guideline_head(v, 4, h('z')) == GUIDELINE_NONE);
}

static void a_withdrawn_version_does_not_fall_back_to_the_one_before(void **state)
{
    (void)state;
    struct guideline_version v[4];
    chain(v);
    v[3].state = GUIDELINE_WITHDRAWN;
    CHECK_INT(guideline_head(v, 4, h('a')), 3);
    /* another over the same one takes its place */
    v[2] = (struct guideline_version){
        .hash = h('e'), .before = h('b'), .version = 4, .state = GUIDELINE_APPROVED};
    v[3].before = h('b');
    CHECK_INT(guideline_head(v, 4, h('a')), 2);
}

static void any_breaking_version_between_breaks(void **state)
{
    (void)state;
    struct guideline_version v[4];
    chain(v);
    v[2].breaking = true;
    CHECK(guideline_breaks(v, 4, h('a'), h('d')));
    CHECK(guideline_breaks(v, 4, h('b'), h('c')));
    CHECK(!guideline_breaks(v, 4, h('c'), h('d')));
    CHECK(!guideline_breaks(v, 4, h('a'), h('b')));
    CHECK(!guideline_breaks(v, 4, h('d'), h('a')));
    CHECK(!guideline_breaks(v, 4, h('c'), h('c')));
}

static enum guideline_fault place(const struct guideline_version *v, size_t n,
                                  struct guideline_version one, struct hash pinned)
{
    return guideline_place(v, n, &one, &pinned, 1);
}

static void a_version_has_one_place_in_the_chain(void **state)
{
    (void)state;
    struct guideline_version v[4];
    struct guideline_version one = {.hash = h('n'), .before = h('d'), .version = 5};
    chain(v);
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FITS);
    CHECK_INT(place(v, 4, v[3], h('a')), GUIDELINE_FITS);
    one.version = 4;
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_VERSION);
    one = (struct guideline_version){.hash = h('n'), .before = h('c'), .version = 9};
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FORK);
    v[3].state = GUIDELINE_WITHDRAWN;
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FITS);
    v[3].state = GUIDELINE_LINK;
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FITS);
    v[3].state = GUIDELINE_WAITING;
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FORK);
    /* the later one came first */
    one = (struct guideline_version){.hash = h('c'), .before = h('b'), .version = 4};
    v[2].hash = h('x');
    v[2].before = h('y');
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_VERSION);
}

static void a_chain_must_go_back_to_what_a_campaign_pins(void **state)
{
    (void)state;
    struct guideline_version v[4];
    struct guideline_version one = {.hash = h('n'), .before = h('d'), .version = 5};
    chain(v);
    CHECK_INT(place(v, 4, one, h('z')), GUIDELINE_CHAIN);
    /* the beginning may come later, and so may the campaign */
    CHECK_INT(place(v + 1, 3, one, h('z')), GUIDELINE_FITS);
    CHECK_INT(guideline_place(v, 4, &one, NULL, 0), GUIDELINE_FITS);
    /* an earlier one than the pinned is a link, a first one stands for itself */
    CHECK_INT(place(v, 4, v[1], h('d')), GUIDELINE_FITS);
    one = (struct guideline_version){.hash = h('n'), .version = 1};
    CHECK_INT(place(v, 4, one, h('a')), GUIDELINE_FITS);
}

/* --- documents --- */

static json_t *json_of(const char *text)
{
    json_t *v = NULL;
    CHECK_OK(json_read(bytes_str(text), 65536, &v, NULL));
    return v;
}

static const char old_text[] =
    "{\"labels\":[{\"id\":\"problem\",\"define\":{\"en\":\"wrong\"},\"include\":[],\"exclude\":[],"
    "\"examples\":[]},{\"id\":\"drug\",\"define\":{\"en\":\"a "
    "drug\"},\"include\":[],\"exclude\":[],"
    "\"examples\":[]},{\"id\":\"test\",\"define\":{\"en\":\"a "
    "test\"},\"include\":[],\"exclude\":[],"
    "\"examples\":[]}]}";
static const char new_text[] =
    "{\"labels\":[{\"id\":\"plan\",\"define\":{\"en\":\"a plan\"},\"include\":[],\"exclude\":[],"
    "\"examples\":[]},{\"id\":\"problem\",\"define\":{\"en\":\"wrong\"},\"include\":[{\"en\":\"x\"}"
    "],"
    "\"exclude\":[],\"examples\":[]},{\"id\":\"test\",\"define\":{\"en\":\"a "
    "test\"},\"include\":[],"
    "\"exclude\":[],\"examples\":[]}]}";

static void labels_that_changed_came_or_went_are_named(void **state)
{
    (void)state;
    static const char *const ids[] = {"plan", "problem", "drug"};
    AUTO_JSON before = json_of(old_text);
    AUTO_JSON after = json_of(new_text);
    AUTO_JSON list = NULL;
    AUTO_JSON same = NULL;
    CHECK_OK(guideline_changes(before, after, &list));
    CHECK_INT(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++)
        CHECK_STR(json_text(json_array_get(list, i), "id"), ids[i]);
    CHECK(json_is_null(json_object_get(json_array_get(list, 0), "before")));
    CHECK(json_is_null(json_object_get(json_array_get(list, 2), "after")));
    CHECK(json_object_get(json_object_get(json_array_get(list, 1), "after"), "id") == NULL);
    CHECK_OK(guideline_changes(before, before, &same));
    CHECK_INT(json_array_size(same), 0);
}

static const char schema_text[] =
    "{\"v\":1,\"id\":\"s\",\"version\":1,\"supersedes\":null,\"title\":{\"en\":\"S\"},\"streams\":["
    "{"
    "\"id\":\"note\",\"kind\":\"text\",\"required\":false},{\"id\":\"film\",\"kind\":\"image\","
    "\"required\":false}],\"labels\":[{\"id\":\"problem\",\"name\":{\"en\":\"P\"},\"color\":0},{"
    "\"id\":\"yes\",\"name\":{\"en\":\"Y\"},\"color\":1},{\"id\":\"no\",\"name\":{\"en\":\"N\"},"
    "\"color\":2}],\"attrs\":[],\"tasks\":[{\"id\":\"t\",\"name\":{\"en\":\"T\"},\"streams\":["
    "\"note\"],\"shape\":\"span\",\"labels\":[\"problem\"]},{\"id\":\"b\",\"name\":{\"en\":\"B\"},"
    "\"streams\":[\"film\"],\"shape\":\"rect\",\"labels\":[\"problem\"]}],\"questions\":[{\"id\":"
    "\"q\",\"name\":{\"en\":\"Q\"},\"on\":\"item\",\"type\":\"choice\",\"labels\":[\"yes\",\"no\"]}"
    ","
    "{\"id\":\"f\",\"name\":{\"en\":\"F\"},\"on\":\"film\",\"type\":\"choices\",\"labels\":["
    "\"yes\","
    "\"no\"]},{\"id\":\"w\",\"name\":{\"en\":\"W\"},\"on\":\"note\",\"type\":\"text\"}],"
    "\"relations\":[],\"checks\":[],\"map_from\":{}}";

static bool touches(const char *label, const char *kind, const char *doc_text)
{
    struct diag d = {0};
    AUTO(schema) schema = NULL;
    AUTO_JSON doc = json_of(doc_text);
    AUTO_JSON changes = label == NULL ? json_array() : json_pack("[{s:s}]", "id", label);
    CHECK_OK(schema_read(bytes_str(schema_text), NULL, &schema, &d));
    return guideline_touches(changes, kind, schema, doc);
}

static void work_is_touched_by_its_regions_and_answers_of_that_kind(void **state)
{
    (void)state;
    static const char note[] = "{\"streams\":{\"note\":\"x\"},\"regions\":[{\"label\":\"problem\","
                               "\"stream\":\"note\"}],\"answers\":{\"q\":\"yes\",\"w\":\"no\"}}";
    static const char film[] = "{\"streams\":{\"film\":\"x\"},\"regions\":[{\"label\":\"problem\","
                               "\"stream\":\"film\"}],\"answers\":{\"f\":[\"no\"]}}";
    CHECK(touches("problem", "text", note));
    CHECK(!touches("problem", "image", note));
    CHECK(touches("problem", "session", note));
    CHECK(touches("problem", "image", film));
    CHECK(touches("yes", "text", note));
    CHECK(!touches("yes", "image", note));
    CHECK(!touches("no", "text", note)); /* words of an answer are no label */
    CHECK(touches("no", "image", film));
    CHECK(!touches("no", "text", film));
    CHECK(touches(NULL, "text", note));
    CHECK(!touches(NULL, "text", film));
    CHECK(touches(NULL, "session", film));
}

static void check_lines(const char *before, const char *after, const char *want)
{
    CLEANUP(buf_fini) struct buf got = BUF_INIT(4096);
    AUTO_JSON list = NULL;
    CHECK_OK(lines_changed(bytes_str(before), bytes_str(after), &list));
    for (size_t i = 0; i < json_array_size(list); i++)
        CHECK_OK(buf_printf(&got, "%s%s;", json_text(json_array_get(list, i), "op"),
                            json_text(json_array_get(list, i), "text")));
    CHECK_STR(buf_cstr(&got), want);
}

static void only_lines_that_changed_are_listed(void **state)
{
    (void)state;
    check_lines("a\nb\nc\n", "a\nb\nc\n", "");
    check_lines("a\nb\nc\n", "a\nx\nc\n", "-b;+x;");
    check_lines("a\nb\nc\nd", "b\nd\ne", "-a;-c;+e;");
    check_lines("", "a\n\nb", "+a;+;+b;");
    check_lines("a\nb", "", "-a;-b;");
    check_lines("one two", "one  two", "-one two;+one  two;");
}

static void a_text_of_too_many_lines_is_wholly_replaced(void **state)
{
    (void)state;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(65536);
    AUTO_JSON list = NULL;
    for (int i = 0; i <= LINES_MAX; i++)
        CHECK_OK(buf_puts(&b, "x\n"));
    CHECK_OK(lines_changed(buf_bytes(&b), bytes_str("y"), &list));
    CHECK_INT(json_array_size(list), 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_version_follows_all_that_it_goes_back_to_and_not_itself),
        CASE(the_highest_approved_version_of_the_chain_is_in_force),
        CASE(a_withdrawn_version_does_not_fall_back_to_the_one_before),
        CASE(any_breaking_version_between_breaks),
        CASE(a_version_has_one_place_in_the_chain),
        CASE(a_chain_must_go_back_to_what_a_campaign_pins),
        CASE(labels_that_changed_came_or_went_are_named),
        CASE(work_is_touched_by_its_regions_and_answers_of_that_kind),
        CASE(only_lines_that_changed_are_listed),
        CASE(a_text_of_too_many_lines_is_wholly_replaced),
    };
    return RUN(cases, argc, argv);
}
