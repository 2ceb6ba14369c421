/* schema_check.c - rules of data.md 3 about attrs, questions and tasks. */
#include "base/text.h"
#include "core/schema/decimal.h"
#include "core/schema/schema_inner.h"

/* A bound of this type: < 0, 0, > 0 by *out. False where it is no bound of this type. */
static bool bound_ok(enum value_type type, const json_t *v)
{
    struct decimal d;
    switch (type) {
    case VALUE_INT:
    case VALUE_RATING:
    case VALUE_TEXT:
    case VALUE_CHOICES:
        return json_is_integer(v);
    case VALUE_DECIMAL:
        return json_is_string(v) && decimal_parse(bytes_str(json_string_value(v)), &d) == OK;
    case VALUE_DATE:
        return json_is_string(v) && date_ok(bytes_str(json_string_value(v)));
    case VALUE_CHOICE:
    case VALUE_BOOL:
    case VALUE_ENUM:
        break;
    }
    return false;
}

static bool in_order(const json_t *min, const json_t *max)
{
    struct decimal a;
    struct decimal b;
    if (json_is_integer(min))
        return json_integer_value(min) <= json_integer_value(max);
    if (decimal_parse(bytes_str(json_string_value(min)), &a) == OK &&
        decimal_parse(bytes_str(json_string_value(max)), &b) == OK)
        return decimal_cmp(a, b) <= 0;
    return strcmp(json_string_value(min), json_string_value(max)) <= 0;
}

static void check_bounds(const struct schema_value *v, const struct place *at, struct fault *f)
{
    bool none = v->type == VALUE_CHOICE || v->type == VALUE_BOOL || v->type == VALUE_ENUM;
    const char *wants = v->type == VALUE_DECIMAL ? "a decimal"
                        : v->type == VALUE_DATE  ? "a date"
                                                 : "an integer";
    bool min_ok = v->min != NULL && bound_ok(v->type, v->min);
    bool max_ok = v->max != NULL && bound_ok(v->type, v->max);
    if (v->min != NULL && !min_ok)
        fault_in(f, at, "min", none ? "%s has no min" : "the min of %s must be %s",
                 value_type_name(v->type), wants);
    if (v->max != NULL && !max_ok)
        fault_in(f, at, "max", none ? "%s has no max" : "the max of %s must be %s",
                 value_type_name(v->type), wants);
    if (min_ok && max_ok && !in_order(v->min, v->max))
        fault_at(f, at, "min is above max");
    if (v->type == VALUE_RATING && (v->min == NULL || v->max == NULL))
        fault_at(f, at, "a rating needs min and max");
    if (v->type != VALUE_INT && v->type != VALUE_DECIMAL && v->type != VALUE_RATING &&
        json_object_get(v->json, "unit") != NULL)
        fault_in(f, at, "unit", "%s has no unit", value_type_name(v->type));
}

static void check_attr_values(const struct schema_value *v, const struct place *at, struct fault *f)
{
    struct place p = place_member(at, "values");
    if (v->type == VALUE_ENUM && v->values == NULL)
        fault_at(f, at, "an enum needs values");
    if (v->type != VALUE_ENUM && v->values != NULL)
        fault_at(f, &p, "%s has no values", value_type_name(v->type));
    for (size_t i = 1; i < json_array_size(v->values); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(v->values, i), "id"));
        for (size_t k = 0; k < i; k++) {
            const json_t *before = json_object_get(json_array_get(v->values, k), "id");
            if (strcmp(json_string_value(before), id) != 0)
                continue;
            struct place q = place_entry(&p, i);
            fault_in(f, &q, "id", "%s stands in the list already", id);
            break;
        }
    }
}

void schema_check_values(const struct schema_build *b)
{
    struct place attrs = place_member(b->at, "attrs");
    struct place questions = place_member(b->at, "questions");
    for (size_t i = 0; i < b->s->count[LIST_ATTRS]; i++) {
        struct place p = place_entry(&attrs, i);
        check_bounds(&b->s->attrs[i].value, &p, b->f);
        check_attr_values(&b->s->attrs[i].value, &p, b->f);
    }
    for (size_t i = 0; i < b->s->count[LIST_QUESTIONS]; i++) {
        const struct schema_value *v = &b->s->questions[i].value;
        struct place p = place_entry(&questions, i);
        bool closed = v->type == VALUE_CHOICE || v->type == VALUE_CHOICES;
        check_bounds(v, &p, b->f);
        if (closed && v->values == NULL)
            fault_at(b->f, &p, "%s needs labels", value_type_name(v->type));
        if (!closed && v->values != NULL)
            fault_in(b->f, &p, "labels", "%s has no labels", value_type_name(v->type));
    }
}

/* Which shapes stand on which kind: image shapes on one frame of a video too. */
static bool shape_fits(enum shape s, enum stream_kind k)
{
    switch (s) {
    case SHAPE_SPAN:
    case SHAPE_SECTION:
        return k == STREAM_TEXT;
    case SHAPE_RECT:
    case SHAPE_ELLIPSE:
    case SHAPE_POLYGON:
    case SHAPE_MASK:
    case SHAPE_POINT:
    case SHAPE_SKELETON:
        return k == STREAM_IMAGE || k == STREAM_VIDEO;
    case SHAPE_INTERVAL:
    case SHAPE_INSTANT:
        return k == STREAM_AUDIO || k == STREAM_VIDEO || k == STREAM_SERIES;
    case SHAPE_TRACK:
        return k == STREAM_VIDEO;
    }
    return false;
}

static void check_kinds(const struct schema_build *b, const struct schema_task *t,
                        const struct place *at)
{
    const json_t *ids = json_object_get(t->json, "streams");
    struct place p = place_member(at, "streams");
    size_t first = schema_stream(b->s, json_string_value(json_array_get(ids, 0)));
    if (first == SCHEMA_NONE)
        return;
    enum stream_kind kind = b->s->streams[first].kind;
    if (!shape_fits(t->shape, kind))
        fault_in(b->f, at, "shape", "%s does not stand on %s", shape_name(t->shape),
                 stream_kind_name(kind));
    for (size_t i = 1; i < json_array_size(ids); i++) {
        size_t k = schema_stream(b->s, json_string_value(json_array_get(ids, i)));
        if (k != SCHEMA_NONE && b->s->streams[k].kind != kind)
            fault_entry(b->f, &p, i, "the task's streams are of kind %s", stream_kind_name(kind));
    }
    if (kind != STREAM_AUDIO && kind != STREAM_SERIES &&
        json_object_get(t->json, "channels") != NULL)
        fault_in(b->f, at, "channels", "only tasks on audio and series have channels");
}

static void only_on(const struct schema_task *t, const char *key, bool fits, const struct place *at,
                    struct fault *f)
{
    if (!fits && json_object_get(t->json, key) != NULL)
        fault_in(f, at, key, "a task of shape %s has none", shape_name(t->shape));
}

static void check_edges(const struct schema_task *t, const struct place *at, struct fault *f)
{
    const json_t *edges = json_object_get(t->json, "edges");
    struct place p = place_member(at, "edges");
    for (size_t i = 0; i < json_array_size(edges); i++) {
        const json_t *edge = json_array_get(edges, i);
        struct place q = place_entry(&p, i);
        for (size_t k = 0; k < 2; k++) {
            if ((uint64_t)json_integer_value(json_array_get(edge, k)) >= t->point_count)
                fault_entry(f, &q, k, "the skeleton has %zu points", t->point_count);
        }
        if (json_equal(json_array_get(edge, 0), json_array_get(edge, 1)))
            fault_at(f, &q, "an edge joins two different points");
    }
}

static void check_shape_members(const struct schema_task *t, const struct place *at,
                                struct fault *f)
{
    bool track = t->shape == SHAPE_TRACK;
    bool skeleton = t->shape == SHAPE_SKELETON || (track && t->of_skeleton);
    only_on(t, "overlap",
            t->shape == SHAPE_SPAN || t->shape == SHAPE_SECTION || t->shape == SHAPE_INTERVAL, at,
            f);
    only_on(t, "discontinuous", t->shape == SHAPE_SPAN, at, f);
    only_on(t, "of", track, at, f);
    only_on(t, "points", skeleton, at, f);
    only_on(t, "edges", skeleton, at, f);
    if (track && json_object_get(t->json, "of") == NULL)
        fault_at(f, at, "a track needs `of`");
    if (skeleton && t->point_count == 0)
        fault_at(f, at, "a skeleton needs points");
    else if (skeleton)
        check_edges(t, at, f);
    if (t->min > t->max)
        fault_at(f, at, "min is above max");
}

void schema_check_tasks(const struct schema_build *b)
{
    struct place tasks = place_member(b->at, "tasks");
    for (size_t i = 0; i < b->s->count[LIST_TASKS]; i++) {
        struct place p = place_entry(&tasks, i);
        check_kinds(b, &b->s->tasks[i], &p);
        check_shape_members(&b->s->tasks[i], &p, b->f);
    }
}
