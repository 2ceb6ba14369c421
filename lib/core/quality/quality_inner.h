/* quality_inner.h - what quality.c (counting) and quality_json.c (figures) share. */
#pragma once

#include "core/quality/alpha.h"
#include "core/quality/quality.h"

struct question_count {
    uint64_t asked; /* items with two submissions that have its stream */
    uint64_t absent[ABSENCE_COUNT];
    struct alpha *nominal; /* choice, bool; of the other types values are equal or not */
    struct alpha **labels; /* choices: yes/no, one a label */
    size_t label_count;
    uint64_t units, pairs, equal; /* of the other types */
};

struct task_count {
    uint64_t items;  /* with two submissions and its stream */
    uint64_t units;  /* matched groups and lone regions */
    uint64_t *cells; /* (labels + 1)^2, the last is none; ordered */
};

struct quality {
    const struct schema *schema;
    struct schema_parts parts;
    struct question_count *questions;
    struct task_count *tasks;
};
