/* expr_program.h - what an expression is turned into: tests, joined by a little stack machine. For expr*.c only. */
#pragma once

#include "core/schema/decimal.h"
#include "core/schema/expr.h"

enum operand_type {
    OPERAND_INTEGER,
    OPERAND_DECIMAL, /* a text that faces a decimal */
    OPERAND_TEXT,
    OPERAND_BOOL,
    OPERAND_NAME,
    OPERAND_LABEL, /* the region's */
    OPERAND_COUNT
};

struct operand {
    enum operand_type type;
    enum value_type value; /* of a name */
    bool truth;
    struct decimal number;
    const char *text;     /* in the expression's own copy of its text */
    size_t name;          /* of the scope; a count's task */
    size_t label;         /* a count's, or SIZE_MAX */
    const json_t *values; /* while it is parsed: what a name of a closed type may be */
};

enum op_type { OP_COMPARE, OP_IN, OP_ANSWERED, OP_NOT, OP_AND, OP_OR };
enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

/* A test works on operands[first] and the `count` that follow it. */
struct op {
    enum op_type type;
    enum comparison cmp;
    size_t first, count;
};

struct expr {
    char *text;
    struct operand *operands;
    size_t operand_count;
    struct op *ops;
    size_t op_count;
};

/* What is wrong with comparing the two (ordered: by < <= > >=), or NULL. A text that faces a decimal becomes one. Static. */
const char *expr_compare_fault(const struct expr_scope *scope, struct operand *a, struct operand *b,
                               bool ordered);
