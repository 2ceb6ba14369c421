/* schema_build.c - from a document of the right structure to arrays: ids resolved, expressions parsed. */
#include "core/schema/schema_inner.h"

#include <assert.h>

static const char *string_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void *array(struct schema *s, size_t n, size_t size)
{
    return arena_alloc(&s->arena, (n + 1) * size);
}

static const json_t *list_of(const struct schema_build *b, enum schema_list list)
{
    return json_object_get(b->s->json, schema_list_names[list]);
}

/* The place of entry i of a list. The chain lives in the caller's two steps. */
static const struct place *entry_place(const struct schema_build *b, enum schema_list list,
                                       size_t i, struct place step[2])
{
    step[0] = place_member(b->at, schema_list_names[list]);
    step[1] = place_entry(&step[0], i);
    return &step[1];
}

static enum err build_index(struct schema_build *b, enum schema_list list)
{
    const json_t *entries = list_of(b, list);
    json_t *index = json_object();
    if (index == NULL)
        return ERR_NOMEM;
    b->s->index[list] = index;
    b->s->count[list] = json_array_size(entries);
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const char *id = string_of(json_array_get(entries, i), "id");
        struct place step[2];
        if (json_object_get(index, id) != NULL)
            fault_in(b->f, entry_place(b, list, i, step), "id", "%s stands in the list already",
                     id);
        else if (json_object_set_new(index, id, json_integer((json_int_t)i)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

/* The ids of the array `key` of an entry, resolved; those that are not there become faults and are left out. */
static enum err resolve(struct schema_build *b, const json_t *entry, const char *key,
                        enum schema_list of, const struct place *at, const size_t **out,
                        size_t *out_n)
{
    const json_t *ids = json_object_get(entry, key);
    size_t *list = array(b->s, json_array_size(ids), sizeof *list);
    size_t n = 0;
    if (list == NULL)
        return ERR_NOMEM;
    struct place p = place_member(at, key);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        size_t found = schema_find(b->s, of, id);
        if (found == SCHEMA_NONE)
            fault_entry(b->f, &p, i, "%s is not among the %s", id, schema_list_names[of]);
        else
            list[n++] = found;
    }
    *out = list;
    *out_n = n;
    return OK;
}

static enum err build_streams(struct schema_build *b)
{
    struct schema *s = b->s;
    s->streams = array(s, s->count[LIST_STREAMS], sizeof *s->streams);
    if (s->streams == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < s->count[LIST_STREAMS]; i++) {
        const json_t *j = json_array_get(list_of(b, LIST_STREAMS), i);
        const json_t *channels = json_object_get(j, "channels");
        struct schema_stream *stream = &s->streams[i];
        struct place step[2];
        stream->id = string_of(j, "id");
        stream->required = json_is_true(json_object_get(j, "required"));
        stream->channel_count = json_array_size(channels);
        bool known = stream_kind_of(string_of(j, "kind"), &stream->kind);
        assert(known); /* by the structure */
        if (channels != NULL && stream->kind != STREAM_AUDIO && stream->kind != STREAM_SERIES)
            fault_in(b->f, entry_place(b, LIST_STREAMS, i, step), "channels",
                     "only audio and series have channels");
    }
    return OK;
}

static enum err build_labels(struct schema_build *b)
{
    struct schema *s = b->s;
    size_t n = s->count[LIST_LABELS];
    s->labels = array(s, n, sizeof *s->labels);
    s->label_ids = array(s, n, sizeof *s->label_ids);
    if (s->labels == NULL || s->label_ids == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const json_t *j = json_array_get(list_of(b, LIST_LABELS), i);
        const char *parent = string_of(j, "parent");
        struct place step[2];
        s->label_ids[i] = string_of(j, "id");
        s->labels[i] = (struct schema_label){
            .id = s->label_ids[i],
            .parent = schema_find(s, LIST_LABELS, parent),
            .deprecated = json_is_true(json_object_get(j, "deprecated")),
            .json = j,
        };
        if (parent != NULL && s->labels[i].parent == SCHEMA_NONE)
            fault_in(b->f, entry_place(b, LIST_LABELS, i, step), "parent", "no label %s", parent);
    }
    return OK;
}

static struct schema_value value_of(const json_t *j, const char *values)
{
    struct schema_value v = {
        .id = string_of(j, "id"),
        .min = json_object_get(j, "min"),
        .max = json_object_get(j, "max"),
        .values = json_object_get(j, values),
        .required = json_is_true(json_object_get(j, "required")),
        .json = j,
    };
    bool known = value_type_of(string_of(j, "type"), &v.type);
    assert(known); /* by the structure */
    return v;
}

static struct expr_name name_of(const struct schema_value *v)
{
    return (struct expr_name){.id = v->id, .type = v->type, .values = v->values};
}

static enum err build_attrs(struct schema_build *b)
{
    struct schema *s = b->s;
    size_t n = s->count[LIST_ATTRS];
    s->attrs = array(s, n, sizeof *s->attrs);
    s->attr_names = array(s, n, sizeof *s->attr_names);
    if (s->attrs == NULL || s->attr_names == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        s->attrs[i].value = value_of(json_array_get(list_of(b, LIST_ATTRS), i), "values");
        s->attr_names[i] = name_of(&s->attrs[i].value);
    }
    return OK;
}

static enum err build_question(struct schema_build *b, size_t i)
{
    struct schema_question *q = &b->s->questions[i];
    const json_t *j = json_array_get(list_of(b, LIST_QUESTIONS), i);
    const json_t *absent = json_object_get(j, "absent");
    const char *on = string_of(j, "on");
    struct place step[2];
    const struct place *at = entry_place(b, LIST_QUESTIONS, i, step);
    q->value = value_of(j, "labels");
    q->on = schema_find(b->s, LIST_STREAMS, on);
    if (q->on == SCHEMA_NONE && strcmp(on, "item") != 0)
        fault_in(b->f, at, "on", "neither item nor a stream");
    for (size_t k = 0; k < json_array_size(absent); k++) {
        size_t which = 0;
        while (strcmp(absence_name((enum absence)which),
                      json_string_value(json_array_get(absent, k))) != 0)
            which++;
        q->absent[which] = true;
    }
    b->s->question_names[i] = name_of(&q->value);
    return resolve(b, j, "labels", LIST_LABELS, at, &q->labels, &q->label_count);
}

static enum err build_questions(struct schema_build *b)
{
    struct schema *s = b->s;
    size_t n = s->count[LIST_QUESTIONS];
    enum err e = OK;
    s->questions = array(s, n, sizeof *s->questions);
    s->question_names = array(s, n, sizeof *s->question_names);
    if (s->questions == NULL || s->question_names == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n && !e; i++)
        e = build_question(b, i);
    return e;
}

static enum schema_channels channels_of(const json_t *j)
{
    const char *word = string_of(j, "channels");
    if (word == NULL || strcmp(word, "any") == 0)
        return CHANNELS_ANY;
    return strcmp(word, "one") == 0 ? CHANNELS_ONE : CHANNELS_ALL;
}

static enum err build_task(struct schema_build *b, size_t i)
{
    struct schema_task *t = &b->s->tasks[i];
    const json_t *j = json_array_get(list_of(b, LIST_TASKS), i);
    const json_t *max = json_object_get(j, "max");
    const char *of = string_of(j, "of");
    struct place step[2];
    const struct place *at = entry_place(b, LIST_TASKS, i, step);
    t->id = string_of(j, "id");
    t->json = j;
    t->overlap = !json_is_false(json_object_get(j, "overlap"));
    t->discontinuous = json_is_true(json_object_get(j, "discontinuous"));
    t->of_skeleton = of != NULL && strcmp(of, "skeleton") == 0;
    t->point_count = json_array_size(json_object_get(j, "points"));
    t->channels = channels_of(j);
    t->min = (uint64_t)json_integer_value(json_object_get(j, "min"));
    t->max = max == NULL ? UINT64_MAX : (uint64_t)json_integer_value(max);
    bool known = shape_of(string_of(j, "shape"), &t->shape);
    assert(known); /* by the structure */
    enum err e = resolve(b, j, "streams", LIST_STREAMS, at, &t->streams, &t->stream_count);
    if (!e)
        e = resolve(b, j, "labels", LIST_LABELS, at, &t->labels, &t->label_count);
    if (!e)
        e = resolve(b, j, "attrs", LIST_ATTRS, at, &t->attrs, &t->attr_count);
    if (!e && t->stream_count > 0)
        t->kind = b->s->streams[t->streams[0]].kind;
    b->s->task_ids[i] = t->id;
    return e;
}

static enum err build_tasks(struct schema_build *b)
{
    struct schema *s = b->s;
    size_t n = s->count[LIST_TASKS];
    enum err e = OK;
    s->tasks = array(s, n, sizeof *s->tasks);
    s->task_ids = array(s, n, sizeof *s->task_ids);
    if (s->tasks == NULL || s->task_ids == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n && !e; i++)
        e = build_task(b, i);
    return e;
}

static enum err build_relations(struct schema_build *b)
{
    static const char *const words[] = {
        [ONE_TO_ONE] = "one_to_one",
        [ONE_TO_MANY] = "one_to_many",
        [MANY_TO_ONE] = "many_to_one",
        [MANY_TO_MANY] = "many_to_many",
    };
    struct schema *s = b->s;
    size_t n = s->count[LIST_RELATIONS];
    s->relations = array(s, n, sizeof *s->relations);
    if (s->relations == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const json_t *j = json_array_get(list_of(b, LIST_RELATIONS), i);
        size_t c = 0;
        while (strcmp(words[c], string_of(j, "cardinality")) != 0)
            c++;
        s->relations[i] = (struct schema_relation){
            .id = string_of(j, "id"),
            .cardinality = (enum cardinality)c,
            .symmetric = json_is_true(json_object_get(j, "symmetric")),
            .json = j,
        };
    }
    return OK;
}

enum err schema_build_lists(struct schema_build *b)
{
    enum err e = OK;
    for (size_t i = 0; i < LIST_COUNT && !e; i++)
        e = build_index(b, (enum schema_list)i);
    if (!e)
        e = build_streams(b);
    if (!e)
        e = build_labels(b);
    if (!e)
        e = build_attrs(b);
    if (!e)
        e = build_tasks(b);
    if (!e)
        e = build_questions(b);
    return e ? e : build_relations(b);
}

/* The expression `key` of an entry; NULL where there is none or it does not parse. */
static enum err build_expr(struct schema_build *b, const json_t *entry, const char *key,
                           bool in_region, const struct place *at, const struct expr **out)
{
    const char *text = string_of(entry, key);
    struct expr_scope scope = schema_scope(b->s, in_region);
    struct diag d = {0};
    struct expr *x = NULL;
    if (text == NULL)
        return OK;
    enum err e = expr_parse(text, &scope, &x, &d);
    if (e == ERR_INVALID) {
        fault_in(b->f, at, key, "%s", d.text);
        return OK;
    }
    if (e)
        return e;
    b->s->exprs[b->s->expr_count++] = x;
    *out = x;
    return OK;
}

static enum err build_check(struct schema_build *b, size_t i)
{
    const json_t *j = json_array_get(list_of(b, LIST_CHECKS), i);
    struct schema_check *c = &b->s->checks[i];
    struct place step[2];
    const struct place *at = entry_place(b, LIST_CHECKS, i, step);
    c->id = string_of(j, "id");
    c->block = strcmp(string_of(j, "severity"), "block") == 0;
    c->say = json_object_get(j, "say");
    enum err e = build_expr(b, j, "if", false, at, &c->when);
    return e ? e : build_expr(b, j, "then", false, at, &c->then);
}

enum err schema_build_exprs(struct schema_build *b)
{
    struct schema *s = b->s;
    struct place step[2];
    size_t checks = s->count[LIST_CHECKS];
    size_t most = s->count[LIST_ATTRS] + s->count[LIST_QUESTIONS] + 2 * checks;
    enum err e = OK;
    s->exprs = array(s, most, sizeof(struct expr *));
    s->checks = array(s, checks, sizeof *s->checks);
    if (s->exprs == NULL || s->checks == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < s->count[LIST_ATTRS] && !e; i++)
        e = build_expr(b, s->attrs[i].value.json, "when", true, entry_place(b, LIST_ATTRS, i, step),
                       &s->attrs[i].value.when);
    for (size_t i = 0; i < s->count[LIST_QUESTIONS] && !e; i++)
        e = build_expr(b, s->questions[i].value.json, "when", false,
                       entry_place(b, LIST_QUESTIONS, i, step), &s->questions[i].value.when);
    for (size_t i = 0; i < checks && !e; i++)
        e = build_check(b, i);
    return e;
}
