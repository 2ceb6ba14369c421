/* quality_json.c - figures of the counts. */
#include "base/buf.h"
#include "core/quality/match.h"
#include "core/quality/quality_inner.h"

static json_t *fraction(double v)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(64);
    (void)buf_printf(&b, "%.6f", v);
    const char *text = buf_cstr(&b);
    return text == NULL ? NULL : json_string(text[0] == '-' && v > -0.0000005 ? text + 1 : text);
}

static json_t *share(uint64_t part, uint64_t whole)
{
    return fraction(whole == 0 ? 0 : (double)part / (double)whole);
}

static json_t *absences(const uint64_t *counts)
{
    json_t *v = json_object();
    for (int i = 0; i < ABSENCE_COUNT; i++)
        (void)json_object_set_new(v, absence_name((enum absence)i),
                                  json_integer((json_int_t)counts[i]));
    return v;
}

/* The parts of a row that all kinds have; what is null says why. */
static json_t *row(const char *id, const char *of, uint64_t n, json_t *coverage, json_t *absent)
{
    return json_pack("{s:s, s:s, s:I, s:o, s:n, s:n, s:n, s:n, s:o, s:[], s:{s:[], s:[]}}", "id",
                     id, "of", of, "n", (json_int_t)n, "coverage", coverage, "percent", "alpha",
                     "f1", "reason", "absent", absent, "per_label", "confusion", "labels", "cells");
}

static void set(json_t *v, const char *name, json_t *value)
{
    (void)json_object_set_new(v, name, value);
}

static void put_confusion(json_t *v, const struct alpha *a, const char *const *names, size_t n)
{
    json_t *confusion = json_object_get(v, "confusion");
    for (size_t i = 0; i < n; i++) {
        json_t *line = json_array();
        (void)json_array_append_new(json_object_get(confusion, "labels"), json_string(names[i]));
        for (size_t j = 0; j < n; j++)
            (void)json_array_append_new(line, json_integer((json_int_t)alpha_cell(a, i, j)));
        (void)json_array_append_new(json_object_get(confusion, "cells"), line);
        (void)json_array_append_new(json_object_get(v, "per_label"),
                                    json_pack("{s:s, s:I, s:n}", "label", names[i], "n",
                                              (json_int_t)alpha_count(a, i), "f1"));
    }
}

static void put_nominal(json_t *v, const struct alpha *a)
{
    double value = 0;
    if (alpha_percent(a, &value))
        set(v, "percent", fraction(value));
    if (alpha_value(a, &value)) {
        set(v, "alpha", fraction(value));
        set(v, "reason", json_string("F1 is a figure of regions"));
    } else if (alpha_units(a) == 0) {
        set(v, "reason", json_string("no item has two values"));
    } else {
        set(v, "reason",
            json_string("all values are one and the same: no alpha without a difference"));
    }
}

static void question_row(const struct quality *q, size_t at, json_t *out)
{
    const struct schema_question *s = &q->parts.questions[at];
    const struct question_count *c = &q->questions[at];
    static const char *const yes_no[] = {"false", "true"};
    const char *names[1000] = {NULL};
    size_t n = s->label_count < 1000 ? s->label_count : 1000;
    for (size_t i = 0; i < n; i++)
        names[i] = q->parts.labels[s->labels[i]].id;
    if (c->nominal != NULL) {
        json_t *v = row(s->value.id, "question", alpha_units(c->nominal),
                        share(alpha_units(c->nominal), c->asked), absences(c->absent));
        put_nominal(v, c->nominal);
        bool yes = s->value.type == VALUE_BOOL;
        put_confusion(v, c->nominal, yes ? yes_no : names, yes ? 2 : n);
        (void)json_array_append_new(out, v);
        return;
    }
    for (size_t l = 0; l < c->label_count; l++) {
        CLEANUP(buf_fini) struct buf id = BUF_INIT(140);
        (void)buf_printf(&id, "%s.%s", s->value.id, names[l]);
        json_t *v = row(buf_cstr(&id), "question", alpha_units(c->labels[l]),
                        share(alpha_units(c->labels[l]), c->asked), absences(c->absent));
        put_nominal(v, c->labels[l]);
        put_confusion(v, c->labels[l], yes_no, 2);
        (void)json_array_append_new(out, v);
    }
    if (c->labels != NULL)
        return;
    json_t *v =
        row(s->value.id, "question", c->units, share(c->units, c->asked), absences(c->absent));
    if (c->pairs > 0)
        set(v, "percent", share(c->equal, c->pairs));
    set(v, "reason",
        json_string(c->pairs > 0 ? "percent only: values of this type are equal or not"
                                 : "no item has two values"));
    (void)json_array_append_new(out, v);
}

/* n_c of statistics.md 6: 2 for an agreeing group, 1 for each other one that bears the label. */
static uint64_t label_total(const uint64_t *cells, size_t k, size_t c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < k; i++)
        n += cells[c * k + i] + cells[i * k + c];
    return n;
}

static void task_row(const struct quality *q, size_t at, json_t *out)
{
    static const uint64_t no_absence[ABSENCE_COUNT] = {0};
    const struct schema_task *t = &q->parts.tasks[at];
    const struct task_count *c = &q->tasks[at];
    size_t k = t->label_count + 1;
    uint64_t agree = 0;
    uint64_t all = 0;
    json_t *v = row(t->id, "task", c->units, share(c->items, c->items), absences(no_absence));
    json_t *confusion = json_object_get(v, "confusion");
    for (size_t i = 0; i < k; i++) {
        const char *name = i < t->label_count ? q->parts.labels[t->labels[i]].id : "none";
        json_t *line = json_array();
        for (size_t j = 0; j < k; j++)
            (void)json_array_append_new(line, json_integer((json_int_t)c->cells[i * k + j]));
        (void)json_array_append_new(json_object_get(confusion, "labels"), json_string(name));
        (void)json_array_append_new(json_object_get(confusion, "cells"), line);
        if (i == t->label_count)
            break;
        uint64_t n = label_total(c->cells, k, i);
        uint64_t same = c->cells[i * k + i];
        agree += same;
        all += n;
        (void)json_array_append_new(
            json_object_get(v, "per_label"),
            json_pack("{s:s, s:I, s:o}", "label", name, "n", (json_int_t)n, "f1",
                      n == 0 || !match_has_rule(t->shape) ? json_null() : share(2 * same, n)));
    }
    bool figure = all > 0 && match_has_rule(t->shape);
    if (figure)
        set(v, "f1", share(2 * agree, all));
    set(v, "reason",
        json_string(!match_has_rule(t->shape) ? "this version does not compare places of this shape"
                    : figure ? "no alpha over matched regions: nothing against nothing has no count"
                             : "no region in an item with two submissions"));
    (void)json_array_append_new(out, v);
}

enum err quality_json(const struct quality *q, json_t **out)
{
    json_t *list = json_array();
    if (list == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < q->parts.question_count; i++)
        question_row(q, i, list);
    for (size_t i = 0; i < q->parts.task_count; i++)
        task_row(q, i, list);
    *out = list;
    return OK;
}
