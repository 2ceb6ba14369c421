/* schema_inner.h - a label schema from inside. For schema*.c only. */
#pragma once

#include "base/arena.h"
#include "core/schema/schema.h"

/* The lists of a schema that hold ids. */
enum schema_list {
    LIST_STREAMS,
    LIST_LABELS,
    LIST_ATTRS,
    LIST_TASKS,
    LIST_QUESTIONS,
    LIST_RELATIONS,
    LIST_CHECKS
};
enum { LIST_COUNT = LIST_CHECKS + 1 };

struct schema {
    json_t *json;
    struct hash hash;
    struct arena arena;        /* all arrays below */
    json_t *index[LIST_COUNT]; /* id -> place in its list */
    struct schema_stream *streams;
    struct schema_label *labels;
    struct schema_attr *attrs;
    struct schema_task *tasks;
    struct schema_question *questions;
    struct schema_relation *relations;
    struct schema_check *checks;
    size_t count[LIST_COUNT];
    struct expr **exprs; /* owned: when of attrs, of questions, if and then of checks */
    size_t expr_count;
    struct expr_name *question_names, *attr_names;
    const char **label_ids, **task_ids;
};

extern const char *const schema_list_names[LIST_COUNT];

/* Where an id stands in a list; SCHEMA_NONE where it does not. */
size_t schema_find(const struct schema *s, enum schema_list list, const char *id);

/* What a build works on. */
struct schema_build {
    struct schema *s;
    const struct place *at;
    struct fault *f;
};
/* The arrays of the document's lists; unknown ids and repeated ones become faults. */
enum err schema_build_lists(struct schema_build *b);
/* Expressions, once all names are known. */
enum err schema_build_exprs(struct schema_build *b);
/* What is left of data.md 3's rules. */
enum err schema_check_circles(const struct schema_build *b);
void schema_check_values(const struct schema_build *b);
void schema_check_tasks(const struct schema_build *b);
void schema_check_relations(const struct schema_build *b);
void schema_check_keys(const struct schema_build *b);
void schema_check_version(const struct schema_build *b, const struct schema *before);
