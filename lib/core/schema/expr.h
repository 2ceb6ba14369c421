/* expr.h - the expressions of a label schema (data.md 3): `when`, `if`, `then`. Parsed and type-checked against the names of
 * a scope once, evaluated often. Costs nothing but its own text to evaluate. */
#pragma once

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"

#include <jansson.h>

enum { EXPR_BYTES_MAX = 1000, EXPR_DEPTH_MAX = 16 };

enum value_type {
    VALUE_CHOICE,
    VALUE_CHOICES,
    VALUE_RATING,
    VALUE_INT,
    VALUE_DECIMAL,
    VALUE_TEXT,
    VALUE_DATE,
    VALUE_BOOL,
    VALUE_ENUM
};
enum { VALUE_TYPE_COUNT = VALUE_ENUM + 1 };
const char *value_type_name(enum value_type t);
bool value_type_of(const char *word, enum value_type *out);

/* What a name stands for: a question, or an attr in an attr's `when`. */
struct expr_name {
    const char *id;
    enum value_type type;
    const json_t *values; /* of a closed type: the ids, as strings or as objects with `id` */
};

/* The names an expression may use. All borrowed while it is parsed. */
struct expr_scope {
    const struct expr_name *names;
    size_t name_count;
    const char *const *labels;
    size_t label_count;
    const char *const *tasks;
    size_t task_count;
    bool in_region; /* `label` is the region's label */
};

/* What an expression is evaluated on. */
struct expr_values {
    const json_t *const *
        values; /* one a name of the scope: the answer or attr value; NULL or an absence: unanswered */
    const char *label; /* of the region, where in_region */
    /* Regions of task t with label l or a descendant of it; l == SIZE_MAX: of any label. */
    uint64_t (*count)(size_t task, size_t label, void *ctx);
    void *ctx;
};

struct expr;
/* ERR_INVALID: d says what and where (column). ERR_NOMEM. */
enum err expr_parse(const char *text, const struct expr_scope *scope, struct expr **out,
                    struct diag *d);
void expr_free(struct expr *e);
DEFINE_AUTO(expr)

bool expr_true(const struct expr *e, const struct expr_values *v);
/* Whether the expression names the i-th name of its scope (for circles of `when`). */
bool expr_uses(const struct expr *e, size_t name);
