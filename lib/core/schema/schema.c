/* schema.c - life and look-ups of a label schema. */
#include "core/schema/schema.h"

#include "core/schema/schema_inner.h"
#include "core/schema/structure.h"

enum { SCHEMA_MEMORY_MAX = 64 * 1024 * 1024 };

const char *const schema_list_names[LIST_COUNT] = {
    [LIST_STREAMS] = "streams", [LIST_LABELS] = "labels",       [LIST_ATTRS] = "attrs",
    [LIST_TASKS] = "tasks",     [LIST_QUESTIONS] = "questions", [LIST_RELATIONS] = "relations",
    [LIST_CHECKS] = "checks",
};

static const char *const kind_names[] = {
    [STREAM_TEXT] = "text",   [STREAM_IMAGE] = "image",   [STREAM_AUDIO] = "audio",
    [STREAM_VIDEO] = "video", [STREAM_SERIES] = "series",
};

static const char *const shape_names[] = {
    [SHAPE_SPAN] = "span",       [SHAPE_SECTION] = "section",   [SHAPE_RECT] = "rect",
    [SHAPE_ELLIPSE] = "ellipse", [SHAPE_POLYGON] = "polygon",   [SHAPE_MASK] = "mask",
    [SHAPE_POINT] = "point",     [SHAPE_SKELETON] = "skeleton", [SHAPE_INTERVAL] = "interval",
    [SHAPE_INSTANT] = "instant", [SHAPE_TRACK] = "track",
};

static const char *const absence_names[] = {
    [ABSENCE_NONE] = "none",
    [ABSENCE_NOT_ASSESSED] = "not_assessed",
    [ABSENCE_CANNOT_JUDGE] = "cannot_judge",
};

static bool word_at(const char *word, const char *const *words, size_t n, size_t *out)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *stream_kind_name(enum stream_kind k)
{
    return kind_names[k];
}

bool stream_kind_of(const char *word, enum stream_kind *out)
{
    size_t i = 0;
    if (!word_at(word, kind_names, STREAM_KIND_COUNT, &i))
        return false;
    *out = (enum stream_kind)i;
    return true;
}

const char *shape_name(enum shape s)
{
    return shape_names[s];
}

bool shape_of(const char *word, enum shape *out)
{
    size_t i = 0;
    if (!word_at(word, shape_names, SHAPE_COUNT, &i))
        return false;
    *out = (enum shape)i;
    return true;
}

const char *absence_name(enum absence a)
{
    return absence_names[a];
}

void schema_free(struct schema *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->expr_count; i++)
        expr_free(s->exprs[i]);
    for (size_t i = 0; i < LIST_COUNT; i++)
        json_decref(s->index[i]);
    arena_fini(&s->arena);
    json_decref(s->json);
    free(s);
}

static enum err build(struct schema_build *b, const struct schema *before)
{
    enum err e = schema_build_lists(b);
    if (!e)
        e = schema_build_exprs(b);
    if (!e)
        e = schema_check_circles(b);
    if (e)
        return e;
    schema_check_values(b);
    schema_check_tasks(b);
    schema_check_relations(b);
    schema_check_keys(b);
    schema_check_version(b, before);
    return json_hash(b->s->json, &b->s->hash);
}

enum err schema_of(json_t *doc, const struct schema *before, const struct place *at,
                   struct fault *f, struct schema **out)
{
    /* Faults found elsewhere before must not hide that this one has none. */
    struct fault own = {0};
    AUTO(schema) s = calloc(1, sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    arena_init(&s->arena, SCHEMA_MEMORY_MAX);
    s->json = json_incref(doc);
    struct schema_build b = {.s = s, .at = at, .f = &own};
    enum err e = build(&b, before);
    if (e)
        return e;
    if (own.found) {
        fault_merge(f, &own);
        return ERR_INVALID;
    }
    *out = MOVE(s);
    return OK;
}

enum err schema_read(struct bytes text, const struct schema *before, struct schema **out,
                     struct diag *d)
{
    AUTO_JSON doc = NULL;
    struct fault f = {0};
    enum err e = document_read(DOCUMENT_SCHEMA, text, &doc, d);
    if (e)
        return e;
    e = schema_of(doc, before, NULL, &f, out);
    if (e == ERR_INVALID)
        return fault_result(&f, d);
    return e ? diag_at(d, e, "", "%s", err_name(e)) : OK;
}

const json_t *schema_json(const struct schema *s)
{
    return s->json;
}

struct hash schema_hash(const struct schema *s)
{
    return s->hash;
}

const char *schema_id(const struct schema *s)
{
    return json_string_value(json_object_get(s->json, "id"));
}

uint64_t schema_version(const struct schema *s)
{
    return (uint64_t)json_integer_value(json_object_get(s->json, "version"));
}

struct schema_parts schema_parts(const struct schema *s)
{
    return (struct schema_parts){
        .streams = s->streams,
        .stream_count = s->count[LIST_STREAMS],
        .labels = s->labels,
        .label_count = s->count[LIST_LABELS],
        .attrs = s->attrs,
        .attr_count = s->count[LIST_ATTRS],
        .tasks = s->tasks,
        .task_count = s->count[LIST_TASKS],
        .questions = s->questions,
        .question_count = s->count[LIST_QUESTIONS],
        .relations = s->relations,
        .relation_count = s->count[LIST_RELATIONS],
        .checks = s->checks,
        .check_count = s->count[LIST_CHECKS],
    };
}

size_t schema_find(const struct schema *s, enum schema_list list, const char *id)
{
    const json_t *i = id == NULL ? NULL : json_object_get(s->index[list], id);
    return i == NULL ? SCHEMA_NONE : (size_t)json_integer_value(i);
}

size_t schema_stream(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_STREAMS, id);
}

size_t schema_label(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_LABELS, id);
}

size_t schema_attr(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_ATTRS, id);
}

size_t schema_task(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_TASKS, id);
}

size_t schema_question(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_QUESTIONS, id);
}

size_t schema_relation(const struct schema *s, const char *id)
{
    return schema_find(s, LIST_RELATIONS, id);
}

bool schema_label_within(const struct schema *s, size_t label, size_t of)
{
    while (label != SCHEMA_NONE && label != of)
        label = s->labels[label].parent;
    return label != SCHEMA_NONE;
}

static bool holds(const size_t *list, size_t n, size_t what)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == what)
            return true;
    }
    return false;
}

bool schema_task_has_label(const struct schema_task *t, size_t label)
{
    return holds(t->labels, t->label_count, label);
}

bool schema_task_has_attr(const struct schema_task *t, size_t attr)
{
    return holds(t->attrs, t->attr_count, attr);
}

bool schema_task_has_stream(const struct schema_task *t, size_t stream)
{
    return holds(t->streams, t->stream_count, stream);
}

struct expr_scope schema_scope(const struct schema *s, bool in_region)
{
    return (struct expr_scope){
        .names = in_region ? s->attr_names : s->question_names,
        .name_count = s->count[in_region ? LIST_ATTRS : LIST_QUESTIONS],
        .labels = s->label_ids,
        .label_count = s->count[LIST_LABELS],
        .tasks = s->task_ids,
        .task_count = s->count[LIST_TASKS],
        .in_region = in_region,
    };
}
