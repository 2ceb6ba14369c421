/* judge_submit.c - stage 4: required, when, min and max of tasks, checks. */
#include "core/annotation/judge.h"

static enum err count_regions(struct judge *j)
{
    size_t labels = j->parts.label_count;
    j->counts = calloc(j->parts.task_count * labels + 1, sizeof *j->counts);
    j->task_counts = calloc(j->parts.task_count + 1, sizeof *j->task_counts);
    if (j->counts == NULL || j->task_counts == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < j->region_count; i++) {
        const struct annotation_region *r = &j->regions[i];
        j->task_counts[r->task]++;
        for (size_t l = r->label; l != SCHEMA_NONE; l = j->parts.labels[l].parent)
            j->counts[r->task * labels + l]++;
    }
    return OK;
}

static uint64_t count_of(size_t task, size_t label, void *ctx)
{
    const struct judge *j = ctx;
    return label == SIZE_MAX ? j->task_counts[task]
                             : j->counts[task * j->parts.label_count + label];
}

static void submit_attr(struct judge *j, const struct schema_value *v, const json_t *attrs,
                        const struct expr_values *values, const struct place *at)
{
    struct place p = place_member(at, "attrs");
    bool there = json_object_get(attrs, v->id) != NULL;
    if (!there && !v->required)
        return;
    bool asked = v->when == NULL || expr_true(v->when, values);
    if (there && !asked)
        fault_in(j->submit, &p, v->id, "its `when` is false: it is not asked here");
    else if (!there && asked)
        fault_at(j->submit, attrs == NULL ? at : &p, "attr %s is required", v->id);
}

/* `values` holds a slot for each attr of the schema, all empty between two regions. */
static void submit_region(struct judge *j, size_t i, const json_t **values, const struct place *all)
{
    const struct annotation_region *r = &j->regions[i];
    const struct schema_task *task = &j->parts.tasks[r->task];
    const json_t *attrs = json_object_get(r->json, "attrs");
    struct expr_values v = {
        .values = values, .label = j->parts.labels[r->label].id, .count = count_of, .ctx = j};
    struct place at = place_entry(all, i);
    for (size_t k = 0; k < task->attr_count; k++)
        values[task->attrs[k]] = json_object_get(attrs, j->parts.attrs[task->attrs[k]].value.id);
    for (size_t k = 0; k < task->attr_count; k++)
        submit_attr(j, &j->parts.attrs[task->attrs[k]].value, attrs, &v, &at);
    for (size_t k = 0; k < task->attr_count; k++)
        values[task->attrs[k]] = NULL;
}

static void submit_max(struct judge *j, size_t task, const struct place *all)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < j->region_count; i++) {
        if (j->regions[i].task != task || ++seen <= j->parts.tasks[task].max)
            continue;
        fault_entry(j->submit, all, i, "more regions than the max of task %s",
                    j->parts.tasks[task].id);
        return;
    }
}

static void submit_tasks(struct judge *j)
{
    const json_t *streams = json_object_get(j->doc, "streams");
    struct place all = place_member(j->at, "regions");
    for (size_t i = 0; i < j->parts.task_count; i++) {
        const struct schema_task *t = &j->parts.tasks[i];
        bool asked = false;
        for (size_t k = 0; k < t->stream_count; k++)
            asked = asked || json_object_get(streams, j->parts.streams[t->streams[k]].id) != NULL;
        if (asked && j->task_counts[i] < t->min)
            fault_at(j->submit, &all, "task %s needs at least %zu regions", t->id, (size_t)t->min);
        if (j->task_counts[i] > t->max)
            submit_max(j, i, &all);
    }
}

static bool on_item(const struct judge *j, const struct schema_question *q)
{
    return q->on == SCHEMA_NONE ||
           json_object_get(json_object_get(j->doc, "streams"), j->parts.streams[q->on].id) != NULL;
}

static void submit_questions(struct judge *j, const struct expr_values *v)
{
    const json_t *answers = json_object_get(j->doc, "answers");
    struct place p = place_member(j->at, "answers");
    for (size_t i = 0; i < j->parts.question_count; i++) {
        const struct schema_question *q = &j->parts.questions[i];
        bool there = json_object_get(answers, q->value.id) != NULL;
        if ((!there && !q->value.required) || !on_item(j, q))
            continue;
        bool asked = q->value.when == NULL || expr_true(q->value.when, v);
        if (there && !asked)
            fault_in(j->submit, &p, q->value.id, "its `when` is false: it is not asked here");
        else if (!there && asked)
            fault_at(j->submit, &p, "question %s is required", q->value.id);
    }
}

static void submit_checks(struct judge *j, const struct expr_values *v)
{
    bool refuse = j->ctx->stage == ANNOTATION_SUBMIT && !j->ctx->checks_apart;
    for (size_t i = 0; i < j->parts.check_count; i++) {
        const struct schema_check *c = &j->parts.checks[i];
        if ((c->when != NULL && !expr_true(c->when, v)) || expr_true(c->then, v))
            continue;
        j->failed[j->failed_count++] = (struct failed_check){.check = i, .block = c->block};
        if (c->block && refuse)
            fault_at(j->submit, j->at, "check %s fails", c->id);
    }
}

enum err judge_submit(struct judge *j)
{
    const json_t *answers = json_object_get(j->doc, "answers");
    struct place all = place_member(j->at, "regions");
    AUTO_MEM const json_t **attrs = calloc(j->parts.attr_count + 1, sizeof(const json_t *));
    AUTO_MEM const json_t **values = calloc(j->parts.question_count + 1, sizeof(const json_t *));
    j->failed = calloc(j->parts.check_count + 1, sizeof *j->failed);
    if (attrs == NULL || values == NULL || j->failed == NULL)
        return ERR_NOMEM;
    enum err e = count_regions(j);
    if (e)
        return e;
    for (size_t i = 0; i < j->parts.question_count; i++)
        values[i] = json_object_get(answers, j->parts.questions[i].value.id);
    struct expr_values v = {.values = values, .count = count_of, .ctx = j};
    submit_checks(j, &v);
    if (j->ctx->stage != ANNOTATION_SUBMIT)
        return OK;
    for (size_t i = 0; i < j->region_count; i++)
        submit_region(j, i, attrs, &all);
    submit_tasks(j);
    submit_questions(j, &v);
    return OK;
}
