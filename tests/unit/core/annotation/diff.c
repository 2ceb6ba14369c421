/* Tests of core/annotation/diff. */
#include "core/annotation/diff.h"
#include "support/check.h"

static void check_diff(const char *before, const char *after, const char *want)
{
    AUTO_JSON a = before == NULL ? NULL : json_loads(before, 0, NULL);
    AUTO_JSON b = after == NULL ? NULL : json_loads(after, 0, NULL);
    AUTO_JSON diff = NULL;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(10000);
    CHECK_OK(annotation_diff(a, b, &diff));
    CHECK_OK(json_canonical(diff, &text));
    CHECK_BYTES(buf_bytes(&text), bytes_str(want));
}

static const char one[] =
    "{\"regions\":[{\"id\":\"a\",\"label\":\"x\"},{\"id\":\"c\",\"label\":\"x\"}],"
    "\"relations\":[],\"answers\":{\"p\":1,\"q\":2}}";
static const char two[] =
    "{\"regions\":[{\"id\":\"b\",\"label\":\"x\"},{\"id\":\"c\",\"label\":\"y\","
    "\"certainty\":5}],\"relations\":[{\"id\":\"k\"}],\"answers\":{\"q\":3,\"r\":1}}";

static void what_came_went_and_changed_is_told_apart(void **state)
{
    (void)state;
    check_diff(
        one, two,
        "{\"answers\":{\"added\":[\"r\"],\"changed\":[\"q\"],\"removed\":[\"p\"]},"
        "\"regions\":{\"added\":[\"b\"],\"changed\":[{\"id\":\"c\",\"members\":[\"certainty\","
        "\"label\"]}],\"removed\":[\"a\"]},"
        "\"relations\":{\"added\":[\"k\"],\"changed\":[],\"removed\":[]}}");
}

static void nothing_before_means_all_is_new(void **state)
{
    (void)state;
    check_diff(NULL, one,
               "{\"answers\":{\"added\":[\"p\",\"q\"],\"changed\":[],\"removed\":[]},"
               "\"regions\":{\"added\":[\"a\",\"c\"],\"changed\":[],\"removed\":[]},"
               "\"relations\":{\"added\":[],\"changed\":[],\"removed\":[]}}");
}

static void equal_annotations_have_an_empty_diff(void **state)
{
    (void)state;
    AUTO_JSON a = json_loads(one, 0, NULL);
    AUTO_JSON b = json_loads(two, 0, NULL);
    AUTO_JSON same = NULL;
    AUTO_JSON other = NULL;
    CHECK_OK(annotation_diff(a, a, &same));
    CHECK_OK(annotation_diff(a, b, &other));
    CHECK(annotation_diff_empty(same));
    CHECK(!annotation_diff_empty(other));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(what_came_went_and_changed_is_told_apart),
        CASE(nothing_before_means_all_is_new),
        CASE(equal_annotations_have_an_empty_diff),
    };
    return RUN(cases, argc, argv);
}
