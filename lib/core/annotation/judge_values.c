/* judge_values.c - values of attrs and questions. */
#include "base/text.h"
#include "core/annotation/judge.h"
#include "core/schema/decimal.h"

static void judge_number(const struct schema_value *v, const json_t *value, const struct place *at,
                         struct fault *f)
{
    if (!json_is_integer(value))
        fault_at(f, at, "must be an integer");
    else if (v->min != NULL && json_integer_value(value) < json_integer_value(v->min))
        fault_at(f, at, "below the min of %s", v->id);
    else if (v->max != NULL && json_integer_value(value) > json_integer_value(v->max))
        fault_at(f, at, "above the max of %s", v->id);
}

static void judge_decimal(const struct schema_value *v, const json_t *value, const struct place *at,
                          struct fault *f)
{
    struct decimal d;
    struct decimal bound;
    if (!json_is_string(value) || decimal_parse(bytes_str(json_string_value(value)), &d))
        fault_at(f, at,
                 "must be a decimal: no exponent, at most 18 digits before and after "
                 "the point");
    else if (v->min != NULL && decimal_parse(bytes_str(json_string_value(v->min)), &bound) == OK &&
             decimal_cmp(d, bound) < 0)
        fault_at(f, at, "below the min of %s", v->id);
    else if (v->max != NULL && decimal_parse(bytes_str(json_string_value(v->max)), &bound) == OK &&
             decimal_cmp(d, bound) > 0)
        fault_at(f, at, "above the max of %s", v->id);
}

static void judge_date(const struct schema_value *v, const json_t *value, const struct place *at,
                       struct fault *f)
{
    if (!json_is_string(value) || !date_ok(bytes_str(json_string_value(value))))
        fault_at(f, at, "must be a day of the calendar, YYYY-MM-DD");
    else if (v->min != NULL && strcmp(json_string_value(value), json_string_value(v->min)) < 0)
        fault_at(f, at, "before the min of %s", v->id);
    else if (v->max != NULL && strcmp(json_string_value(value), json_string_value(v->max)) > 0)
        fault_at(f, at, "after the max of %s", v->id);
}

static void judge_text(const struct schema_value *v, const json_t *value, const struct place *at,
                       struct fault *f)
{
    if (!json_is_string(value)) {
        fault_at(f, at, "must be a text");
        return;
    }
    int64_t n = (int64_t)utf8_length(bytes_str(json_string_value(value)));
    if (n == 0)
        fault_at(f, at, "a text is never empty: leave it out");
    else if (v->min != NULL && n < json_integer_value(v->min))
        fault_at(f, at, "shorter than the min of %s", v->id);
    else if (v->max != NULL && n > json_integer_value(v->max))
        fault_at(f, at, "longer than the max of %s", v->id);
}

static void judge_enum(const struct schema_value *v, const json_t *value, const struct place *at,
                       struct fault *f)
{
    for (size_t i = 0; json_is_string(value) && i < json_array_size(v->values); i++) {
        if (json_equal(json_object_get(json_array_get(v->values, i), "id"), value))
            return;
    }
    fault_at(f, at, "must be one of the values of %s", v->id);
}

void judge_value(const struct schema_value *v, const json_t *value, const struct place *at,
                 struct fault *f)
{
    switch (v->type) {
    case VALUE_INT:
    case VALUE_RATING:
        judge_number(v, value, at, f);
        return;
    case VALUE_DECIMAL:
        judge_decimal(v, value, at, f);
        return;
    case VALUE_DATE:
        judge_date(v, value, at, f);
        return;
    case VALUE_TEXT:
        judge_text(v, value, at, f);
        return;
    case VALUE_BOOL:
        if (!json_is_boolean(value))
            fault_at(f, at, "must be true or false");
        return;
    case VALUE_ENUM:
        judge_enum(v, value, at, f);
        return;
    case VALUE_CHOICE:
    case VALUE_CHOICES:
        return;
    }
}

bool judge_label_allowed(const struct judge *j, size_t label, bool was)
{
    return was || j->ctx->base_unknown || !j->parts.labels[label].deprecated;
}

static bool base_holds(const struct judge *j, const char *question, const char *label)
{
    const json_t *was = json_object_get(json_object_get(j->ctx->base, "answers"), question);
    if (json_is_string(was))
        return strcmp(json_string_value(was), label) == 0;
    for (size_t i = 0; json_is_array(was) && i < json_array_size(was); i++) {
        const char *held = string_at(was, i);
        if (held != NULL && strcmp(held, label) == 0)
            return true;
    }
    return false;
}

/* Place of a label in the question's list; the count where it is not one of them. */
static size_t place_of(const struct judge *j, const struct schema_question *q, const char *label)
{
    size_t i = 0;
    while (i < q->label_count && strcmp(j->parts.labels[q->labels[i]].id, label) != 0)
        i++;
    return i;
}

static bool judge_chosen(struct judge *j, const struct schema_question *q, const char *label,
                         const struct place *at, size_t *out_place)
{
    size_t i = label == NULL ? q->label_count : place_of(j, q, label);
    *out_place = i;
    if (i == q->label_count) {
        fault_at(j->meaning, at, "must be a label of question %s", q->value.id);
        return false;
    }
    if (!judge_label_allowed(j, q->labels[i], base_holds(j, q->value.id, label)))
        fault_at(j->meaning, at, "label %s is deprecated: not for new work", label);
    return true;
}

static void judge_choices(struct judge *j, const struct schema_question *q, const json_t *value,
                          const struct place *at)
{
    if (!json_is_array(value)) {
        fault_at(j->meaning, at, "must be a list of labels");
        return;
    }
    size_t n = json_array_size(value);
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        struct place p = place_entry(at, i);
        size_t here = 0;
        if (!judge_chosen(j, q, string_at(value, i), &p, &here))
            continue;
        if (i > 0 && here <= last)
            fault_at(j->meaning, &p, "must stand in the question's order");
        last = here;
    }
    if (q->value.min != NULL && (int64_t)n < json_integer_value(q->value.min))
        fault_at(j->meaning, at, "fewer labels than the min of %s", q->value.id);
    if (q->value.max != NULL && (int64_t)n > json_integer_value(q->value.max))
        fault_at(j->meaning, at, "more labels than the max of %s", q->value.id);
}

static void judge_absence(struct judge *j, const struct schema_question *q, const json_t *value,
                          const struct place *at)
{
    const char *word = string_of(value, "absent");
    for (size_t i = 0; i < ABSENCE_COUNT; i++) {
        if (q->absent[i] && strcmp(word, absence_name((enum absence)i)) == 0)
            return;
    }
    fault_in(j->meaning, at, "absent", "not an absence that %s offers", q->value.id);
}

/* A question on a stream that the document leaves out though the item has it is not judged: `/streams` is at fault. */
static bool asked(struct judge *j, const struct schema_question *q, const struct place *at)
{
    if (q->on == SCHEMA_NONE)
        return true;
    const char *stream = j->parts.streams[q->on].id;
    if (json_object_get(json_object_get(j->doc, "streams"), stream) != NULL)
        return true;
    if (!judge_item_has(j, stream))
        fault_at(j->meaning, at, "the item has no stream %s: this is not asked", stream);
    return false;
}

static void judge_answer(struct judge *j, const char *id, const json_t *value)
{
    struct place answers = place_member(j->at, "answers");
    struct place p = place_member(&answers, id);
    size_t i = schema_question(j->ctx->schema, id);
    if (i == SCHEMA_NONE) {
        fault_at(j->meaning, &p, "the schema has no such question");
        return;
    }
    const struct schema_question *q = &j->parts.questions[i];
    size_t ignored = 0;
    if (!asked(j, q, &p))
        return;
    if (json_is_object(value))
        judge_absence(j, q, value, &p);
    else if (q->value.type == VALUE_CHOICE)
        (void)judge_chosen(j, q, json_string_value(value), &p, &ignored);
    else if (q->value.type == VALUE_CHOICES)
        judge_choices(j, q, value, &p);
    else
        judge_value(&q->value, value, &p, j->meaning);
}

void judge_answers(struct judge *j)
{
    json_t *all = json_object_get(j->doc, "answers");
    if (j->ctx->schema == NULL)
        return;
    for (void *it = json_object_iter(all); it != NULL; it = json_object_iter_next(all, it))
        judge_answer(j, json_object_iter_key(it), json_object_iter_value(it));
}
