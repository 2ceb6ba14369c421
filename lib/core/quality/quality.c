/* quality.c - one item after another, counted. */
#include "core/quality/quality.h"

#include "core/quality/match.h"
#include "core/quality/quality_inner.h"
#include "core/schema/decimal.h"

#include <stdlib.h>
#include <string.h>

enum { RATERS_MAX = 64 };

/* --- life --- */

static void question_fini(struct question_count *c)
{
    alpha_free(c->nominal);
    for (size_t i = 0; i < c->label_count; i++)
        alpha_free(c->labels[i]);
    free(c->labels);
}

void quality_free(struct quality *q)
{
    if (q == NULL)
        return;
    for (size_t i = 0; q->questions != NULL && i < q->parts.question_count; i++)
        question_fini(&q->questions[i]);
    for (size_t i = 0; q->tasks != NULL && i < q->parts.task_count; i++)
        free(q->tasks[i].cells);
    free(q->questions);
    free(q->tasks);
    free(q);
}

static enum err question_init(const struct schema_question *s, struct question_count *c)
{
    if (s->value.type == VALUE_CHOICE)
        return alpha_new(s->label_count, &c->nominal);
    if (s->value.type == VALUE_BOOL)
        return alpha_new(2, &c->nominal);
    if (s->value.type != VALUE_CHOICES)
        return OK;
    c->labels = calloc(s->label_count, sizeof(struct alpha *));
    if (c->labels == NULL)
        return ERR_NOMEM;
    for (; c->label_count < s->label_count; c->label_count++) {
        enum err e = alpha_new(2, &c->labels[c->label_count]);
        if (e)
            return e;
    }
    return OK;
}

enum err quality_new(const struct schema *s, struct quality **out)
{
    AUTO(quality) q = calloc(1, sizeof *q);
    if (q == NULL)
        return ERR_NOMEM;
    q->schema = s;
    q->parts = schema_parts(s);
    q->questions = calloc(q->parts.question_count + 1, sizeof *q->questions);
    q->tasks = calloc(q->parts.task_count + 1, sizeof *q->tasks);
    if (q->questions == NULL || q->tasks == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < q->parts.question_count; i++) {
        enum err e = question_init(&q->parts.questions[i], &q->questions[i]);
        if (e)
            return e;
    }
    for (size_t i = 0; i < q->parts.task_count; i++) {
        size_t k = q->parts.tasks[i].label_count + 1;
        q->tasks[i].cells = calloc(k * k, sizeof *q->tasks[i].cells);
        if (q->tasks[i].cells == NULL)
            return ERR_NOMEM;
    }
    *out = MOVE(q);
    return OK;
}

/* --- questions --- */

static bool has_stream(const struct quality *q, const struct annotation *doc, size_t stream)
{
    if (stream == SCHEMA_NONE)
        return true;
    return json_object_get(json_object_get(annotation_json(doc), "streams"),
                           q->parts.streams[stream].id) != NULL;
}

/* An absence is a missing value, counted apart. */
static bool count_absence(struct question_count *c, const json_t *answer)
{
    const char *word = json_string_value(json_object_get(answer, "absent"));
    for (int i = 0; word != NULL && i < ABSENCE_COUNT; i++) {
        if (strcmp(word, absence_name((enum absence)i)) == 0)
            c->absent[i]++;
    }
    return word != NULL;
}

static size_t label_place(const struct quality *q, const struct schema_question *s, const char *id)
{
    size_t i = 0;
    while (i < s->label_count && strcmp(q->parts.labels[s->labels[i]].id, id) != 0)
        i++;
    return i;
}

static bool chosen(const json_t *answer, const char *label)
{
    for (size_t i = 0; i < json_array_size(answer); i++) {
        if (strcmp(json_string_value(json_array_get(answer, i)), label) == 0)
            return true;
    }
    return false;
}

static void add_nominal(const struct quality *q, const struct schema_question *s,
                        struct question_count *c, const json_t *const *answers, size_t n)
{
    size_t values[RATERS_MAX];
    for (size_t i = 0; i < n; i++)
        values[i] = s->value.type == VALUE_BOOL ? (size_t)json_is_true(answers[i])
                                                : label_place(q, s, json_string_value(answers[i]));
    alpha_unit(c->nominal, values, n);
}

static void add_choices(const struct quality *q, const struct schema_question *s,
                        struct question_count *c, const json_t *const *answers, size_t n)
{
    size_t values[RATERS_MAX];
    for (size_t l = 0; l < s->label_count; l++) {
        for (size_t i = 0; i < n; i++)
            values[i] = chosen(answers[i], q->parts.labels[s->labels[l]].id);
        alpha_unit(c->labels[l], values, n);
    }
}

/* Decimals are equal by value: "2.5" and "2.50". */
static bool same_value(enum value_type type, const json_t *a, const json_t *b)
{
    struct decimal x;
    struct decimal y;
    if (type == VALUE_DECIMAL && !decimal_parse(bytes_str(json_string_value(a)), &x) &&
        !decimal_parse(bytes_str(json_string_value(b)), &y))
        return decimal_cmp(x, y) == 0;
    return json_equal(a, b) != 0;
}

static void add_plain(const struct schema_question *s, struct question_count *c,
                      const json_t *const *answers, size_t n)
{
    c->units += n >= 2;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            c->pairs++;
            c->equal += same_value(s->value.type, answers[i], answers[j]);
        }
    }
}

static void add_question(struct quality *q, size_t at, const struct annotation *const *docs,
                         size_t n)
{
    const struct schema_question *s = &q->parts.questions[at];
    struct question_count *c = &q->questions[at];
    const json_t *answers[RATERS_MAX];
    size_t k = 0;
    if (!has_stream(q, docs[0], s->on))
        return; /* not asked */
    c->asked += n >= 2;
    for (size_t i = 0; i < n; i++) {
        const json_t *answer = annotation_answer(docs[i], s->value.id);
        if (answer != NULL && !count_absence(c, answer))
            answers[k++] = answer;
    }
    if (c->nominal != NULL)
        add_nominal(q, s, c, answers, k);
    else if (c->labels != NULL)
        add_choices(q, s, c, answers, k);
    else
        add_plain(s, c, answers, k);
}

/* --- regions --- */

static size_t regions_of(const struct annotation *doc, size_t task,
                         const struct annotation_region **out)
{
    size_t n = 0;
    size_t k = 0;
    const struct annotation_region *all = annotation_regions(doc, &n);
    for (size_t i = 0; i < n; i++) {
        if (all[i].task == task)
            out[k++] = &all[i];
    }
    return k;
}

static size_t class_of(const struct schema_task *t, const struct annotation_region *const *list,
                       size_t i)
{
    size_t c = 0;
    if (i == SIZE_MAX)
        return t->label_count;
    while (c < t->label_count && t->labels[c] != list[i]->label)
        c++;
    return c;
}

static enum err add_pair(struct quality *q, size_t task, const struct annotation *a,
                         const struct annotation *b)
{
    const struct schema_task *t = &q->parts.tasks[task];
    struct task_count *c = &q->tasks[task];
    size_t n[2] = {0, 0};
    size_t pairs = 0;
    (void)annotation_regions(a, &n[0]);
    (void)annotation_regions(b, &n[1]);
    AUTO_MEM const struct annotation_region **lists = calloc(n[0] + n[1] + 1, sizeof(void *));
    AUTO_MEM struct match_pair *matched = calloc(n[0] + n[1] + 1, sizeof *matched);
    if (lists == NULL || matched == NULL)
        return ERR_NOMEM;
    const struct annotation_region **second = lists + n[0];
    size_t na = regions_of(a, task, lists);
    size_t nb = regions_of(b, task, second);
    enum err e = match_regions(t->shape, lists, na, second, nb, matched, &pairs);
    for (size_t i = 0; !e && i < pairs; i++) {
        size_t x = class_of(t, lists, matched[i].a);
        size_t y = class_of(t, second, matched[i].b);
        c->cells[x * (t->label_count + 1) + y]++;
        c->units++;
    }
    return e;
}

static enum err add_task(struct quality *q, size_t task, const struct annotation *const *docs,
                         size_t n)
{
    const struct schema_task *t = &q->parts.tasks[task];
    bool here = false;
    for (size_t i = 0; i < t->stream_count; i++)
        here = here || has_stream(q, docs[0], t->streams[i]);
    if (!here || n < 2)
        return OK;
    q->tasks[task].items++;
    if (!match_has_rule(t->shape))
        return OK; /* figures say so */
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            enum err e = add_pair(q, task, docs[i], docs[j]);
            if (e)
                return e;
        }
    }
    return OK;
}

enum err quality_add(struct quality *q, const struct annotation *const *docs, size_t n)
{
    if (n == 0)
        return OK;
    if (n > RATERS_MAX)
        return ERR_TOOBIG;
    for (size_t i = 0; i < q->parts.question_count; i++)
        add_question(q, i, docs, n);
    for (size_t i = 0; i < q->parts.task_count; i++) {
        enum err e = add_task(q, i, docs, n);
        if (e)
            return e;
    }
    return OK;
}
