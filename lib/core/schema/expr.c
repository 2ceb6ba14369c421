/* expr.c - evaluation of expressions. */
#include "core/schema/expr.h"

#include "core/schema/expr_program.h"

#include <assert.h>

static const char *const type_names[] = {
    [VALUE_CHOICE] = "choice", [VALUE_CHOICES] = "choices", [VALUE_RATING] = "rating",
    [VALUE_INT] = "int",       [VALUE_DECIMAL] = "decimal", [VALUE_TEXT] = "text",
    [VALUE_DATE] = "date",     [VALUE_BOOL] = "bool",       [VALUE_ENUM] = "enum",
};

const char *value_type_name(enum value_type t)
{
    return type_names[t];
}

bool value_type_of(const char *word, enum value_type *out)
{
    for (size_t i = 0; i < VALUE_TYPE_COUNT; i++) {
        if (strcmp(word, type_names[i]) == 0) {
            *out = (enum value_type)i;
            return true;
        }
    }
    return false;
}

void expr_free(struct expr *e)
{
    if (e == NULL)
        return;
    free(e->text);
    free(e->operands);
    free(e->ops);
    free(e);
}

enum worth { WORTH_NOTHING, WORTH_NUMBER, WORTH_TEXT, WORTH_BOOL };

/* What an operand is worth here: nothing where it is unanswered or absent. Dates order as texts. */
struct worth_of {
    enum worth type;
    struct decimal number;
    const char *text;
    bool truth;
};

static struct worth_of worth_of_json(const json_t *v, bool decimal)
{
    struct worth_of w = {0};
    if (json_is_integer(v)) {
        w.type = WORTH_NUMBER;
        w.number = decimal_of_int(json_integer_value(v));
    } else if (json_is_boolean(v)) {
        w.type = WORTH_BOOL;
        w.truth = json_is_true(v);
    } else if (json_is_string(v) && decimal) {
        if (decimal_parse(bytes_str(json_string_value(v)), &w.number) == OK)
            w.type = WORTH_NUMBER;
    } else if (json_is_string(v)) {
        w.type = WORTH_TEXT;
        w.text = json_string_value(v);
    }
    return w;
}

static struct worth_of worth_of(const struct operand *o, const struct expr_values *v)
{
    switch (o->type) {
    case OPERAND_INTEGER:
    case OPERAND_DECIMAL:
        return (struct worth_of){.type = WORTH_NUMBER, .number = o->number};
    case OPERAND_TEXT:
        return (struct worth_of){.type = WORTH_TEXT, .text = o->text};
    case OPERAND_BOOL:
        return (struct worth_of){.type = WORTH_BOOL, .truth = o->truth};
    case OPERAND_LABEL:
        return (struct worth_of){.type = v->label == NULL ? WORTH_NOTHING : WORTH_TEXT,
                                 .text = v->label};
    case OPERAND_COUNT:
        return (struct worth_of){.type = WORTH_NUMBER,
                                 .number =
                                     decimal_of_int((int64_t)v->count(o->name, o->label, v->ctx))};
    case OPERAND_NAME:
        return worth_of_json(v->values[o->name], o->value == VALUE_DECIMAL);
    }
    return (struct worth_of){0};
}

static bool compare(enum comparison cmp, const struct worth_of *a, const struct worth_of *b)
{
    if (a->type == WORTH_NOTHING || a->type != b->type)
        return false;
    int c = a->type == WORTH_NUMBER ? decimal_cmp(a->number, b->number)
            : a->type == WORTH_TEXT ? strcmp(a->text, b->text)
                                    : (int)a->truth - (int)b->truth;
    switch (cmp) {
    case CMP_EQ:
        return c == 0;
    case CMP_NE:
        return c != 0;
    case CMP_LT:
        return c < 0;
    case CMP_LE:
        return c <= 0;
    case CMP_GT:
        return c > 0;
    case CMP_GE:
        return c >= 0;
    }
    return false;
}

static bool holds(const json_t *answer, const char *label)
{
    for (size_t i = 0; i < json_array_size(answer); i++) {
        const char *held = json_string_value(json_array_get(answer, i));
        if (held != NULL && strcmp(held, label) == 0)
            return true;
    }
    return false;
}

/* A choices question: does it hold one of the constants? */
static bool test_choices(const struct expr *e, const struct op *o, const json_t *answer)
{
    if (!json_is_array(answer))
        return false;
    bool any = false;
    for (size_t i = 1; i <= o->count; i++)
        any = any || holds(answer, e->operands[o->first + i].text);
    return o->type == OP_COMPARE && o->cmp == CMP_NE ? !any : any;
}

static bool test(const struct expr *e, const struct op *o, const struct expr_values *v)
{
    const struct operand *left = &e->operands[o->first];
    if (left->type == OPERAND_NAME && left->value == VALUE_CHOICES)
        return test_choices(e, o, v->values[left->name]);
    struct worth_of a = worth_of(left, v);
    enum comparison cmp = o->type == OP_IN ? CMP_EQ : o->cmp;
    for (size_t i = 1; i <= o->count; i++) {
        struct worth_of b = worth_of(left + i, v);
        if (compare(cmp, &a, &b))
            return true;
    }
    return false;
}

static bool answered(const struct operand *o, const struct expr_values *v)
{
    if (o->type == OPERAND_LABEL)
        return v->label != NULL;
    return v->values[o->name] != NULL && !json_is_object(v->values[o->name]);
}

bool expr_true(const struct expr *e, const struct expr_values *v)
{
    /* An open or, an open and, and one value a level of nesting. */
    bool stack[3 * (EXPR_DEPTH_MAX + 1)] = {false};
    size_t n = 0;
    for (size_t i = 0; i < e->op_count; i++) {
        const struct op *o = &e->ops[i];
        assert(n < sizeof stack);
        switch (o->type) {
        case OP_COMPARE:
        case OP_IN:
            stack[n++] = test(e, o, v);
            break;
        case OP_ANSWERED:
            stack[n++] = answered(&e->operands[o->first], v);
            break;
        case OP_NOT:
            assert(n >= 1);
            stack[n - 1] = !stack[n - 1];
            break;
        case OP_AND:
            assert(n >= 2);
            n--;
            stack[n - 1] = stack[n - 1] && stack[n];
            break;
        case OP_OR:
            assert(n >= 2);
            n--;
            stack[n - 1] = stack[n - 1] || stack[n];
            break;
        }
    }
    assert(n == 1);
    return stack[0];
}

bool expr_uses(const struct expr *e, size_t name)
{
    for (size_t i = 0; i < e->operand_count; i++) {
        if (e->operands[i].type == OPERAND_NAME && e->operands[i].name == name)
            return true;
    }
    return false;
}
