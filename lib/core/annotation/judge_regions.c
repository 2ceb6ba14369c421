/* judge_regions.c - regions: ids, labels, attrs, origin. */
#include "core/annotation/judge.h"

static void judge_origin(struct judge *j, const json_t *origin, const struct place *at)
{
    static const char *const not_human[] = {"decided_ms", "model", "score_ppm", "shown_ms"};
    const char *by = string_of(origin, "by");
    const json_t *shown = json_object_get(origin, "shown_ms");
    const json_t *decided = json_object_get(origin, "decided_ms");
    struct place p = place_member(at, "origin");
    for (size_t i = 0; i < 4 && strcmp(by, "human") == 0; i++) {
        if (json_object_get(origin, not_human[i]) != NULL)
            fault_in(j->meaning, &p, not_human[i], "a person's own region has none");
    }
    if ((strcmp(by, "accepted") == 0 || strcmp(by, "edited") == 0) &&
        json_object_get(origin, "model") == NULL)
        fault_at(j->meaning, &p, "%s needs the model", by);
    if (shown != NULL && decided != NULL && json_integer_value(decided) < json_integer_value(shown))
        fault_at(j->meaning, &p, "decided before it was shown");
}

static void judge_attrs(struct judge *j, const struct schema_task *task, const json_t *attrs,
                        const struct place *at)
{
    json_t *all = (json_t *)(uintptr_t)attrs;
    struct place p = place_member(at, "attrs");
    for (void *it = json_object_iter(all); it != NULL; it = json_object_iter_next(all, it)) {
        const char *id = json_object_iter_key(it);
        struct place q = place_member(&p, id);
        size_t i = schema_attr(j->ctx->schema, id);
        if (i == SCHEMA_NONE || !schema_task_has_attr(task, i))
            fault_at(j->meaning, &q, "task %s has no such attr", task->id);
        else
            judge_value(&j->parts.attrs[i].value, json_object_iter_value(it), &q, j->meaning);
    }
}

static bool base_has(const struct judge *j, const char *id, const char *label)
{
    const json_t *regions = json_object_get(j->ctx->base, "regions");
    /* Sorted by id, as every stored annotation is. */
    size_t low = 0;
    size_t high = json_array_size(regions);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const json_t *r = json_array_get(regions, mid);
        int c = strcmp(string_of(r, "id"), id);
        if (c == 0)
            return strcmp(string_of(r, "label"), label) == 0;
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

static void judge_label(struct judge *j, const struct annotation_region *r,
                        const struct schema_task *task, const struct place *at)
{
    const char *id = string_of(r->json, "label");
    if (r->label == SCHEMA_NONE || !schema_task_has_label(task, r->label))
        fault_in(j->meaning, at, "label", "task %s has no label %s", task->id, id);
    else if (!judge_label_allowed(j, r->label, base_has(j, r->id, id)))
        fault_in(j->meaning, at, "label", "label %s is deprecated: not for new work", id);
}

static void judge_region_stream(struct judge *j, const struct annotation_region *r,
                                const struct schema_task *task, const struct place *at)
{
    const char *id = string_of(r->json, "stream");
    if (task != NULL && (r->stream == SCHEMA_NONE || !schema_task_has_stream(task, r->stream)))
        fault_in(j->meaning, at, "stream", "task %s is not on stream %s", task->id, id);
    else if (r->stream != SCHEMA_NONE ? !j->streams[r->stream].on_item : !judge_item_has(j, id))
        fault_in(j->meaning, at, "stream", "the item has no stream %s", id);
}

/* A stream that is not the task's is at fault itself: the selector is judged by the task alone then. */
static struct sel_context context_of(const struct judge *j, const struct annotation_region *r,
                                     const struct schema_task *task)
{
    if (task != NULL && (r->stream == SCHEMA_NONE || !schema_task_has_stream(task, r->stream)))
        return (struct sel_context){.task = task, .kind_known = true, .kind = task->kind};
    struct sel_context c = r->stream != SCHEMA_NONE
                               ? j->streams[r->stream].context
                               : judge_sel_context(j, string_of(r->json, "stream"));
    c.task = task;
    return c;
}

static void judge_region(struct judge *j, size_t i, const struct place *all)
{
    const struct annotation_region *r = &j->regions[i];
    const struct schema_task *task = r->task == SCHEMA_NONE ? NULL : &j->parts.tasks[r->task];
    const json_t *from = json_object_get(r->json, "from");
    struct place at = place_entry(all, i);
    struct place sel = place_member(&at, "sel");
    struct place made_of = place_member(&at, "from");
    struct sel_context c = context_of(j, r, task);
    if (i > 0 && strcmp(j->regions[i - 1].id, r->id) >= 0)
        fault_in(j->meaning, &at, "id", "regions must be sorted by id, each once");
    if (j->ctx->schema != NULL && task == NULL)
        fault_in(j->meaning, &at, "task", "the schema has no such task");
    if (task != NULL) {
        judge_label(j, r, task, &at);
        judge_attrs(j, task, json_object_get(r->json, "attrs"), &at);
    }
    judge_region_stream(j, r, task, &at);
    judge_origin(j, json_object_get(r->json, "origin"), &at);
    judge_sel(&c, json_object_get(r->json, "sel"), &sel, j->meaning);
    for (size_t k = 1; k < json_array_size(from); k++) {
        if (strcmp(string_at(from, k - 1), string_at(from, k)) >= 0)
            fault_entry(j->meaning, &made_of, k, "must be sorted");
    }
}

void judge_regions(struct judge *j)
{
    struct place all = place_member(j->at, "regions");
    for (size_t i = 0; i < j->region_count; i++)
        judge_region(j, i, &all);
}

struct sel_context judge_sel_context(const struct judge *j, const char *stream)
{
    struct sel_context c = {.stream = judge_stream(j, stream)};
    size_t i = j->ctx->schema == NULL ? SCHEMA_NONE : schema_stream(j->ctx->schema, stream);
    if (i != SCHEMA_NONE) {
        c.kind_known = true;
        c.kind = j->parts.streams[i].kind;
        c.channel_count = j->parts.streams[i].channel_count;
    } else if (c.stream != NULL) {
        c.kind_known = stream_kind_of(string_of(c.stream, "kind"), &c.kind);
    }
    if (c.stream != NULL && json_object_get(c.stream, "channels") != NULL)
        c.channel_count = json_array_size(json_object_get(c.stream, "channels"));
    return c;
}
