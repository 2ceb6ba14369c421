/* schema_check_more.c - rules of data.md 3 about relations, keys, circles and versions. */
#include "base/hex.h"
#include "base/text.h"
#include "core/schema/schema_inner.h"

#include <inttypes.h>

static void check_ends(const struct schema_build *b, const json_t *relation, const char *key,
                       const struct place *at)
{
    const json_t *ends = json_object_get(relation, key);
    struct place p = place_member(at, key);
    for (size_t i = 0; i < json_array_size(ends); i++) {
        const json_t *end = json_array_get(ends, i);
        const json_t *labels = json_object_get(end, "labels");
        struct place q = place_entry(&p, i);
        struct place r = place_member(&q, "labels");
        const char *task = json_string_value(json_object_get(end, "task"));
        if (schema_task(b->s, task) == SCHEMA_NONE)
            fault_in(b->f, &q, "task", "no task %s", task);
        for (size_t k = 0; k < json_array_size(labels); k++) {
            const char *label = json_string_value(json_array_get(labels, k));
            if (schema_label(b->s, label) == SCHEMA_NONE)
                fault_entry(b->f, &r, k, "no label %s", label);
        }
    }
}

void schema_check_relations(const struct schema_build *b)
{
    struct place relations = place_member(b->at, "relations");
    for (size_t i = 0; i < b->s->count[LIST_RELATIONS]; i++) {
        const struct schema_relation *r = &b->s->relations[i];
        struct place p = place_entry(&relations, i);
        check_ends(b, r->json, "from", &p);
        check_ends(b, r->json, "to", &p);
        if (r->symmetric &&
            !json_equal(json_object_get(r->json, "from"), json_object_get(r->json, "to")))
            fault_at(b->f, &p, "from and to of a symmetric relation must be equal");
        if (r->symmetric && r->cardinality != ONE_TO_ONE && r->cardinality != MANY_TO_MANY)
            fault_at(b->f, &p, "a symmetric relation is one_to_one or many_to_many");
    }
}

/* Labels that meet on the page must have different keys; the later one is at fault. */
static void check_group(const struct schema_build *b, const bool *in)
{
    struct place labels = place_member(b->at, "labels");
    const char *taken[128] = {0};
    for (size_t i = 0; i < b->s->count[LIST_LABELS]; i++) {
        const char *key = json_string_value(json_object_get(b->s->labels[i].json, "key"));
        if (!in[i] || key == NULL)
            continue;
        const char **owner = &taken[(unsigned char)key[0] & 127];
        struct place p = place_entry(&labels, i);
        if (*owner != NULL)
            fault_in(b->f, &p, "key", "%s is the key of %s already", key, *owner);
        else
            *owner = b->s->labels[i].id;
    }
}

static void add_labels(bool *in, const size_t *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        in[labels[i]] = true;
}

void schema_check_keys(const struct schema_build *b)
{
    const struct schema *s = b->s;
    bool in[1000]; /* as many labels as contract/ allows */
    for (size_t i = 0; i < s->count[LIST_STREAMS]; i++) {
        memset(in, 0, sizeof in);
        for (size_t k = 0; k < s->count[LIST_TASKS]; k++) {
            if (schema_task_has_stream(&s->tasks[k], i))
                add_labels(in, s->tasks[k].labels, s->tasks[k].label_count);
        }
        check_group(b, in);
    }
    for (size_t i = 0; i < s->count[LIST_QUESTIONS]; i++) {
        memset(in, 0, sizeof in);
        add_labels(in, s->questions[i].labels, s->questions[i].label_count);
        check_group(b, in);
    }
}

static void check_parents(const struct schema_build *b)
{
    const struct schema *s = b->s;
    struct place labels = place_member(b->at, "labels");
    for (size_t i = 0; i < s->count[LIST_LABELS]; i++) {
        size_t up = s->labels[i].parent;
        for (size_t steps = 0; up != SCHEMA_NONE && up != i && steps < s->count[LIST_LABELS];
             steps++)
            up = s->labels[up].parent;
        struct place p = place_entry(&labels, i);
        if (up == i)
            fault_in(b->f, &p, "parent", "%s is its own ancestor", s->labels[i].id);
    }
}

/* Bit sets: which names each one's `when` leads to. */
struct reach {
    size_t words;
    uint64_t *rows;
};

static bool reaches(const struct reach *r, size_t from, size_t to)
{
    return (r->rows[from * r->words + to / 64] >> (to % 64) & 1) != 0;
}

/* Warshall: after it a row holds all that is reached in any number of steps. */
static void close_over(struct reach *r, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < n; i++) {
            if (!reaches(r, i, k))
                continue;
            for (size_t w = 0; w < r->words; w++)
                r->rows[i * r->words + w] |= r->rows[k * r->words + w];
        }
    }
}

static const struct schema_value *value_at(const struct schema *s, enum schema_list list, size_t i)
{
    return list == LIST_ATTRS ? &s->attrs[i].value : &s->questions[i].value;
}

static enum err check_when(const struct schema_build *b, enum schema_list list)
{
    size_t n = b->s->count[list];
    struct reach r = {.words = n / 64 + 1};
    AUTO_MEM uint64_t *rows = calloc(n * r.words + 1, sizeof *rows);
    if (rows == NULL)
        return ERR_NOMEM;
    r.rows = rows;
    for (size_t i = 0; i < n; i++) {
        const struct expr *when = value_at(b->s, list, i)->when;
        for (size_t k = 0; k < n && when != NULL; k++)
            rows[i * r.words + k / 64] |= (uint64_t)expr_uses(when, k) << (k % 64);
    }
    close_over(&r, n);
    struct place all = place_member(b->at, schema_list_names[list]);
    for (size_t i = 0; i < n; i++) {
        struct place p = place_entry(&all, i);
        if (reaches(&r, i, i))
            fault_in(b->f, &p, "when", "%s depends on itself", value_at(b->s, list, i)->id);
    }
    return OK;
}

enum err schema_check_circles(const struct schema_build *b)
{
    check_parents(b);
    enum err e = check_when(b, LIST_ATTRS);
    return e ? e : check_when(b, LIST_QUESTIONS);
}

/* What the superseded version lost must be mapped, and nothing else of it. */
static void check_gone(const struct schema_build *b, const struct schema *before, uint64_t version,
                       const struct place *at)
{
    char number[24];
    const json_t *maps = json_object_get(b->s->json, "map_from");
    CLEANUP(buf_fini) struct buf text = BUF_INIT(sizeof number - 1);
    (void)buf_printf(&text, "%" PRIu64, version);
    memcpy(number, text.p, text.n);
    number[text.n] = '\0';
    const json_t *map = json_object_get(maps, number);
    struct place p = place_member(at, number);
    for (size_t i = 0; i < before->count[LIST_LABELS]; i++) {
        const char *id = before->labels[i].id;
        if (schema_label(b->s, id) == SCHEMA_NONE && json_object_get(map, id) == NULL)
            fault_at(b->f, map == NULL ? at : &p, "label %s of version %s is gone and not mapped",
                     id, number);
    }
    json_t *members = (json_t *)(uintptr_t)map;
    for (void *it = json_object_iter(members); it != NULL;
         it = json_object_iter_next(members, it)) {
        if (schema_label(before, json_object_iter_key(it)) == SCHEMA_NONE)
            fault_in(b->f, &p, json_object_iter_key(it), "version %s has no such label", number);
    }
}

static void check_map(const struct schema_build *b, const json_t *map, const struct place *at)
{
    json_t *members = (json_t *)(uintptr_t)map;
    for (void *it = json_object_iter(members); it != NULL;
         it = json_object_iter_next(members, it)) {
        const char *old = json_object_iter_key(it);
        const char *to = json_string_value(json_object_iter_value(it));
        if (schema_label(b->s, old) != SCHEMA_NONE)
            fault_in(b->f, at, old, "the label is still here");
        else if (to != NULL && schema_label(b->s, to) == SCHEMA_NONE)
            fault_in(b->f, at, old, "no label %s", to);
    }
}

static void check_maps(const struct schema_build *b)
{
    json_t *maps = json_object_get(b->s->json, "map_from");
    struct place at = place_member(b->at, "map_from");
    for (void *it = json_object_iter(maps); it != NULL; it = json_object_iter_next(maps, it)) {
        uint64_t older = 0;
        struct place p = place_member(&at, json_object_iter_key(it));
        if (parse_u64_str(json_object_iter_key(it), UINT32_MAX, &older) ||
            older >= schema_version(b->s))
            fault_at(b->f, &p, "names no older version");
        check_map(b, json_object_iter_value(it), &p);
    }
}

void schema_check_version(const struct schema_build *b, const struct schema *before)
{
    const json_t *supersedes = json_object_get(b->s->json, "supersedes");
    uint64_t version = schema_version(b->s);
    check_maps(b);
    if ((version == 1) != json_is_null(supersedes))
        fault_at(b->f, b->at, "supersedes is null in version 1 and only there");
    if (before == NULL)
        return;
    if (strcmp(schema_id(b->s), schema_id(before)) != 0)
        fault_in(b->f, b->at, "id", "the superseded version is of %s", schema_id(before));
    if (version != schema_version(before) + 1)
        fault_in(b->f, b->at, "version", "the superseded version is %" PRIu64,
                 schema_version(before));
    if (json_is_string(supersedes) &&
        strcmp(json_string_value(supersedes), hash_uri(before->hash).s) != 0)
        fault_in(b->f, b->at, "supersedes", "another document's hash: the version before is %s",
                 hash_uri(before->hash).s);
    struct place maps = place_member(b->at, "map_from");
    check_gone(b, before, schema_version(before), &maps);
}
