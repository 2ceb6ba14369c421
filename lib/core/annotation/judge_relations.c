/* judge_relations.c - relations: ends, pairs, cardinality. */
#include "core/annotation/judge.h"

struct link {
    const char *type;
    size_t relation; /* of the schema, or SCHEMA_NONE */
    size_t from, to; /* regions, or SCHEMA_NONE */
    size_t i;
};

static size_t region_at(const struct judge *j, const char *id)
{
    const json_t *i = json_object_get(j->region_index, id);
    return i == NULL ? SCHEMA_NONE : (size_t)json_integer_value(i);
}

static bool end_takes(const struct judge *j, const json_t *end, const struct annotation_region *r)
{
    const json_t *labels = json_object_get(end, "labels");
    if (schema_task(j->ctx->schema, string_of(end, "task")) != r->task)
        return false;
    for (size_t i = 0; i < json_array_size(labels); i++) {
        size_t label = schema_label(j->ctx->schema, string_at(labels, i));
        if (schema_label_within(j->ctx->schema, r->label, label))
            return true;
    }
    return labels == NULL;
}

static void judge_end(struct judge *j, const struct link *l, const char *key, size_t region,
                      const struct place *at)
{
    if (region == SCHEMA_NONE) {
        fault_in(j->meaning, at, key, "no such region");
        return;
    }
    const struct annotation_region *r = &j->regions[region];
    if (l->relation == SCHEMA_NONE || r->task == SCHEMA_NONE || r->label == SCHEMA_NONE)
        return;
    const json_t *ends = json_object_get(j->parts.relations[l->relation].json, key);
    for (size_t i = 0; i < json_array_size(ends); i++) {
        if (end_takes(j, json_array_get(ends, i), r))
            return;
    }
    fault_in(j->meaning, at, key, "relation %s does not join a %s of task %s here", l->type,
             j->parts.labels[r->label].id, j->parts.tasks[r->task].id);
}

static void judge_relation(struct judge *j, const struct link *l, const json_t *all,
                           const struct place *list)
{
    const json_t *r = json_array_get(all, l->i);
    struct place at = place_entry(list, l->i);
    bool symmetric = l->relation != SCHEMA_NONE && j->parts.relations[l->relation].symmetric;
    if (l->i > 0 && strcmp(string_of(json_array_get(all, l->i - 1), "id"), string_of(r, "id")) >= 0)
        fault_in(j->meaning, &at, "id", "relations must be sorted by id, each once");
    if (j->ctx->schema != NULL && l->relation == SCHEMA_NONE)
        fault_in(j->meaning, &at, "type", "the schema has no such relation");
    judge_end(j, l, "from", l->from, &at);
    judge_end(j, l, "to", l->to, &at);
    int order = strcmp(string_of(r, "from"), string_of(r, "to"));
    if (order == 0)
        fault_at(j->meaning, &at, "joins a region to itself");
    else if (symmetric && order > 0)
        fault_at(j->meaning, &at, "a symmetric relation goes from the smaller id");
}

static int link_cmp(const void *x, const void *y)
{
    const struct link *a = x;
    const struct link *b = y;
    int c = strcmp(a->type, b->type);
    if (c != 0)
        return c;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->i > b->i) - (a->i < b->i);
}

static void judge_pairs(struct judge *j, struct link *links, size_t n, const struct place *list)
{
    qsort(links, n, sizeof *links, link_cmp);
    for (size_t i = 1; i < n; i++) {
        const struct link *a = &links[i - 1];
        const struct link *b = &links[i];
        if (b->from != SCHEMA_NONE && b->to != SCHEMA_NONE && a->from == b->from &&
            a->to == b->to && strcmp(a->type, b->type) == 0)
            fault_entry(j->meaning, list, b->i, "this pair is joined by %s already", b->type);
    }
}

/* Who has been joined by which relation: [relation][region], by role. Symmetric relations have one role. */
struct joined {
    size_t regions;
    bool *from, *to;
};

static void join_once(struct judge *j, bool *seen, const char *key, const struct place *at)
{
    if (*seen)
        fault_in(j->meaning, at, key, "joined twice: against the cardinality of the relation");
    *seen = true;
}

static void judge_cardinality(struct judge *j, const struct link *l, const struct joined *g,
                              const struct place *list)
{
    if (l->relation == SCHEMA_NONE || l->from == SCHEMA_NONE || l->to == SCHEMA_NONE)
        return;
    const struct schema_relation *r = &j->parts.relations[l->relation];
    struct place at = place_entry(list, l->i);
    bool *from = &g->from[l->relation * g->regions + l->from];
    bool *to = r->symmetric ? &g->from[l->relation * g->regions + l->to]
                            : &g->to[l->relation * g->regions + l->to];
    if (r->cardinality == ONE_TO_ONE || r->cardinality == MANY_TO_ONE)
        join_once(j, from, "from", &at);
    if (r->cardinality == ONE_TO_ONE || r->cardinality == ONE_TO_MANY)
        join_once(j, to, "to", &at);
}

static void find_ends(const struct judge *j, const json_t *all, struct link *links)
{
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *r = json_array_get(all, i);
        const char *type = string_of(r, "type");
        links[i] = (struct link){
            .type = type,
            .relation =
                j->ctx->schema == NULL ? SCHEMA_NONE : schema_relation(j->ctx->schema, type),
            .from = region_at(j, string_of(r, "from")),
            .to = region_at(j, string_of(r, "to")),
            .i = i,
        };
    }
}

enum err judge_relations(struct judge *j)
{
    const json_t *all = json_object_get(j->doc, "relations");
    size_t n = json_array_size(all);
    size_t cells = j->parts.relation_count * j->region_count + 1;
    struct place list = place_member(j->at, "relations");
    if (n == 0)
        return OK;
    AUTO_MEM struct link *links = calloc(n, sizeof *links);
    AUTO_MEM bool *from = calloc(cells, 1);
    AUTO_MEM bool *to = calloc(cells, 1);
    if (links == NULL || from == NULL || to == NULL)
        return ERR_NOMEM;
    struct joined g = {.regions = j->region_count, .from = from, .to = to};
    find_ends(j, all, links);
    for (size_t i = 0; i < n; i++) {
        judge_relation(j, &links[i], all, &list);
        judge_cardinality(j, &links[i], &g, &list);
    }
    judge_pairs(j, links, n, &list);
    return OK;
}
