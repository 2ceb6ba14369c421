/* policy.c - rules of policies, and of the release templates that policies and campaigns hold. */
#include "core/identity/rules.h"
#include "core/schema/decimal.h"

/* Order against a whole number; a decimal of the structure always parses. */
static int against(const json_t *object, const char *key, int64_t number)
{
    struct decimal d;
    if (decimal_parse(bytes_str(string_of(object, key)), &d))
        return 0;
    return decimal_cmp(d, decimal_of_int(number));
}

static void above_zero(const json_t *model, const char *key, const struct place *at,
                       struct fault *f)
{
    if (against(model, key, 0) <= 0)
        fault_in(f, at, key, "must be above 0");
}

static void judge_model(const json_t *release, const struct schema *schema, const struct place *at,
                        struct fault *f)
{
    const json_t *model = json_object_get(release, "model");
    struct place p = place_member(at, "model");
    if (model == NULL)
        return;
    above_zero(model, "clip", &p, f);
    if (!string_is(release, "kind", "gradient"))
        return;
    above_zero(model, "step", &p, f);
    if (against(model, "momentum", 0) < 0 || against(model, "momentum", 1) >= 0)
        fault_in(f, &p, "momentum", "must be 0 to below 1");
    size_t q = schema == NULL ? SCHEMA_NONE : schema_question(schema, string_of(model, "of"));
    if (schema != NULL &&
        (q == SCHEMA_NONE || schema_parts(schema).questions[q].value.type != VALUE_CHOICE))
        fault_in(f, &p, "of", "must be a choice question of the schema");
}

/* Shapes whose overlap can be measured. */
static bool has_extent(const struct schema_task *t)
{
    switch (t->shape) {
    case SHAPE_SPAN:
    case SHAPE_SECTION:
    case SHAPE_RECT:
    case SHAPE_ELLIPSE:
    case SHAPE_POLYGON:
    case SHAPE_MASK:
    case SHAPE_INTERVAL:
        return true;
    case SHAPE_TRACK:
        return !t->of_skeleton;
    case SHAPE_POINT:
    case SHAPE_SKELETON:
    case SHAPE_INSTANT:
        return false;
    }
    return false;
}

static void judge_block(const json_t *block, const struct schema *schema, const struct place *at,
                        struct fault *f)
{
    struct schema_parts parts = schema_parts(schema);
    const char *of = string_of(block, "of");
    size_t classes = 0;
    if (string_is(block, "what", "regions")) {
        size_t t = schema_task(schema, of);
        if (t == SCHEMA_NONE || !has_extent(&parts.tasks[t])) {
            fault_in(f, at, "of", "must be a task of the schema whose shape has an extent");
            return;
        }
        classes = parts.tasks[t].label_count;
    } else {
        size_t q = schema_question(schema, of);
        if (q == SCHEMA_NONE || parts.questions[q].value.type != VALUE_CHOICE) {
            fault_in(f, at, "of", "must be a choice question of the schema");
            return;
        }
        classes = parts.questions[q].label_count;
    }
    if (int_of(block, "k") != (int64_t)classes)
        fault_in(f, at, "k", "%s has %zu labels", of, classes);
}

void rules_templates(const json_t *templates, const struct schema *schema, const struct place *at,
                     struct fault *f)
{
    rule_unique(templates, "id", at, f);
    for (size_t i = 0; i < json_array_size(templates); i++) {
        const json_t *release = json_array_get(templates, i);
        const json_t *blocks = json_object_get(release, "blocks");
        struct place p = place_entry(at, i);
        struct place q = place_member(&p, "blocks");
        judge_model(release, schema, &p, f);
        for (size_t k = 0; schema != NULL && k < json_array_size(blocks); k++) {
            struct place r = place_entry(&q, k);
            judge_block(json_array_get(blocks, k), schema, &r, f);
        }
    }
}

void rules_policy(const struct rules *r)
{
    uint64_t ignored = 0;
    struct place templates = place_member(r->at, "templates");
    rule_version(r, "previous");
    rule_chain(r, "previous");
    rule_same(r, "federation");
    if (int_of(r->doc, "t") < int_of(r->doc, "c") + 2)
        fault_at(r->f, r->at, "t must be at least c + 2");
    if (against(r->doc, "delta", 0) <= 0 || against(r->doc, "delta", 1) >= 0)
        fault_in(r->f, r->at, "delta", "must lie between 0 and 1");
    (void)rule_u64(r->doc, "cap_units", r->at, r->f, &ignored);
    (void)rule_u64(r->doc, "units_per_day", r->at, r->f, &ignored);
    rules_templates(json_object_get(r->doc, "templates"), NULL, &templates, r->f);
}
