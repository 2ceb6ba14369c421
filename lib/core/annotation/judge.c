/* judge.c - an annotation before its schema, streams, base: the order of judgement. */
#include "core/annotation/judge.h"

static enum err find_regions(struct judge *j)
{
    const json_t *all = json_object_get(j->doc, "regions");
    j->region_count = json_array_size(all);
    j->regions = calloc(j->region_count + 1, sizeof *j->regions);
    j->region_index = json_object();
    if (j->regions == NULL || j->region_index == NULL)
        return ERR_NOMEM;
    bool wanted = json_array_size(json_object_get(j->doc, "relations")) > 0;
    for (size_t i = 0; i < j->region_count; i++) {
        const json_t *json = json_array_get(all, i);
        struct annotation_region *r = &j->regions[i];
        const struct schema *s = j->ctx->schema;
        r->json = json;
        r->id = string_of(json, "id");
        r->task = s == NULL ? SCHEMA_NONE : schema_task(s, string_of(json, "task"));
        r->stream = s == NULL ? SCHEMA_NONE : schema_stream(s, string_of(json, "stream"));
        r->label = s == NULL ? SCHEMA_NONE : schema_label(s, string_of(json, "label"));
        if (wanted && json_object_set_new(j->region_index, r->id, json_integer((json_int_t)i)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

static enum err find_streams(struct judge *j)
{
    j->streams = calloc(j->parts.stream_count + 1, sizeof *j->streams);
    if (j->streams == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < j->parts.stream_count; i++) {
        const char *id = j->parts.streams[i].id;
        j->streams[i] = (struct judge_stream){.on_item = judge_item_has(j, id),
                                              .context = judge_sel_context(j, id)};
    }
    return OK;
}

enum err judge_run(struct judge *j)
{
    if (j->ctx->schema != NULL)
        j->parts = schema_parts(j->ctx->schema);
    enum err e = find_streams(j);
    if (!e)
        e = find_regions(j);
    if (e)
        return e;
    judge_frame(j);
    judge_regions(j);
    judge_answers(j);
    e = judge_overlap(j);
    if (!e)
        e = judge_relations(j);
    if (e || j->meaning->found || j->ctx->schema == NULL)
        return e;
    return judge_submit(j);
}

void judge_fini(struct judge *j)
{
    free(j->regions);
    free(j->streams);
    free(j->counts);
    free(j->task_counts);
    free(j->failed);
    json_decref(j->region_index);
}

static enum err put_warnings(const struct judge *j, json_t *warnings)
{
    for (size_t i = 0; i < j->failed_count && warnings != NULL; i++) {
        const char *id = j->parts.checks[j->failed[i].check].id;
        if (!j->failed[i].block && json_array_append_new(warnings, json_string(id)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

enum err annotation_judge(const json_t *doc, const struct annotation_context *ctx,
                          const struct place *at, struct fault *meaning, struct fault *submit,
                          json_t *warnings)
{
    struct fault own_meaning = {0};
    struct fault own_submit = {0};
    CLEANUP(judge_fini)
    struct judge j = {
        .ctx = ctx, .doc = doc, .at = at, .meaning = &own_meaning, .submit = &own_submit};
    enum err e = judge_run(&j);
    if (!e)
        e = put_warnings(&j, warnings);
    if (e)
        return e;
    fault_merge(meaning, &own_meaning);
    fault_merge(submit, &own_submit);
    return OK;
}

void sel_judge(const struct schema *schema, const json_t *streams, const json_t *region,
               const struct place *at, struct fault *f)
{
    const struct annotation_context ctx = {.schema = schema, .streams = streams};
    const struct judge j = {.ctx = &ctx, .parts = schema_parts(schema)};
    const char *id = string_of(region, "stream");
    size_t t = schema_task(schema, string_of(region, "task"));
    size_t label = schema_label(schema, string_of(region, "label"));
    size_t stream = schema_stream(schema, id);
    struct sel_context c = judge_sel_context(&j, id);
    struct place sel = place_member(at, "sel");
    if (t == SCHEMA_NONE) {
        fault_in(f, at, "task", "the schema has no such task");
    } else {
        const struct schema_task *task = &j.parts.tasks[t];
        bool here = stream != SCHEMA_NONE && schema_task_has_stream(task, stream);
        if (label == SCHEMA_NONE || !schema_task_has_label(task, label))
            fault_in(f, at, "label", "task %s has no such label", task->id);
        if (!here) {
            fault_in(f, at, "stream", "task %s is not on this stream", task->id);
            c = (struct sel_context){.kind_known = true, .kind = task->kind};
        }
        c.task = task;
    }
    if (streams != NULL && json_object_get(streams, id) == NULL)
        fault_in(f, at, "stream", "the item has no such stream");
    judge_sel(&c, json_object_get(region, "sel"), &sel, f);
}
