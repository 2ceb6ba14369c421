/* expr_context.c - expressions by themselves. */
#include "core/schema/expr_context.h"

#include "core/schema/expr.h"

enum { NAMES_MAX = 1000 };

struct trial {
    const json_t *context;
    struct expr_name names[NAMES_MAX];
    const json_t *values[NAMES_MAX];
    const char *labels[NAMES_MAX], *tasks[NAMES_MAX];
    struct expr_scope scope;
};

static const json_t *list_of(const struct trial *t, const char *key)
{
    return json_object_get(t->context, key);
}

static enum err read_names(struct trial *t)
{
    const json_t *all = list_of(t, t->scope.in_region ? "attrs" : "questions");
    const json_t *values = list_of(t, t->scope.in_region ? "values" : "answers");
    size_t n = json_array_size(all);
    if (n > NAMES_MAX)
        return ERR_INVALID;
    for (size_t i = 0; i < n; i++) {
        const json_t *entry = json_array_get(all, i);
        const json_t *closed = json_object_get(entry, "labels");
        const char *type = json_string_value(json_object_get(entry, "type"));
        struct expr_name *name = &t->names[i];
        name->id = json_string_value(json_object_get(entry, "id"));
        name->values = closed != NULL ? closed : json_object_get(entry, "values");
        if (name->id == NULL || type == NULL || !value_type_of(type, &name->type))
            return ERR_INVALID;
        t->values[i] = json_object_get(values, name->id);
    }
    t->scope.names = t->names;
    t->scope.name_count = n;
    return OK;
}

/* Ids as strings, or as objects with `id`. */
static enum err read_ids(const json_t *all, const char **ids, size_t *out_n)
{
    *out_n = json_array_size(all);
    if (*out_n > NAMES_MAX)
        return ERR_INVALID;
    for (size_t i = 0; i < *out_n; i++) {
        const json_t *v = json_array_get(all, i);
        ids[i] = json_string_value(json_is_object(v) ? json_object_get(v, "id") : v);
        if (ids[i] == NULL)
            return ERR_INVALID;
    }
    return OK;
}

static const char *parent_of(const struct trial *t, const char *label)
{
    const json_t *all = list_of(t, "labels");
    for (size_t i = 0; i < json_array_size(all); i++) {
        if (strcmp(t->labels[i], label) == 0)
            return json_string_value(json_object_get(json_array_get(all, i), "parent"));
    }
    return NULL;
}

static bool within(const struct trial *t, const char *label, const char *of)
{
    for (size_t steps = 0; label != NULL && steps <= NAMES_MAX; steps++) {
        if (strcmp(label, of) == 0)
            return true;
        label = parent_of(t, label);
    }
    return false;
}

static uint64_t count(size_t task, size_t label, void *ctx)
{
    const struct trial *t = ctx;
    const json_t *regions = list_of(t, "regions");
    uint64_t n = 0;
    for (size_t i = 0; i < json_array_size(regions); i++) {
        const json_t *r = json_array_get(regions, i);
        const char *of = json_string_value(json_array_get(r, 0));
        const char *has = json_string_value(json_array_get(r, 1));
        if (of != NULL && has != NULL && strcmp(of, t->tasks[task]) == 0 &&
            (label == SIZE_MAX || within(t, has, t->labels[label])))
            n++;
    }
    return n;
}

enum err expr_try(const char *expression, const json_t *context, const char **out)
{
    AUTO_MEM struct trial *t = calloc(1, sizeof *t);
    AUTO(expr) x = NULL;
    if (t == NULL)
        return ERR_NOMEM;
    t->context = context;
    t->scope = (struct expr_scope){
        .labels = t->labels, .tasks = t->tasks, .in_region = list_of(t, "attrs") != NULL};
    enum err e = json_is_object(context) ? read_names(t) : ERR_INVALID;
    if (!e)
        e = read_ids(list_of(t, "labels"), t->labels, &t->scope.label_count);
    if (!e)
        e = read_ids(list_of(t, "tasks"), t->tasks, &t->scope.task_count);
    if (e)
        return e;
    e = expr_parse(expression, &t->scope, &x, NULL);
    if (e == ERR_INVALID) {
        *out = "parse-error";
        return OK;
    }
    if (e)
        return e;
    struct expr_values v = {.values = t->values,
                            .label = json_string_value(json_object_get(context, "label")),
                            .count = count,
                            .ctx = t};
    *out = expr_true(x, &v) ? "true" : "false";
    return OK;
}
