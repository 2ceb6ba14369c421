/* expr_types.c - which values of an expression may face each other. */
#include "base/text.h"
#include "core/schema/expr_program.h"

enum value_class { CLASS_NUMBER, CLASS_DATE, CLASS_BOOL, CLASS_TEXT, CLASS_CHOICES };

static enum value_class class_of(const struct operand *o)
{
    switch (o->type) {
    case OPERAND_INTEGER:
    case OPERAND_DECIMAL:
    case OPERAND_COUNT:
        return CLASS_NUMBER;
    case OPERAND_BOOL:
        return CLASS_BOOL;
    case OPERAND_TEXT:
    case OPERAND_LABEL:
        return CLASS_TEXT;
    case OPERAND_NAME:
        break;
    }
    switch (o->value) {
    case VALUE_RATING:
    case VALUE_INT:
    case VALUE_DECIMAL:
        return CLASS_NUMBER;
    case VALUE_DATE:
        return CLASS_DATE;
    case VALUE_BOOL:
        return CLASS_BOOL;
    case VALUE_CHOICES:
        return CLASS_CHOICES;
    case VALUE_CHOICE:
    case VALUE_ENUM:
    case VALUE_TEXT:
        return CLASS_TEXT;
    }
    return CLASS_TEXT;
}

static bool is_one_of(const char *text, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i);
        const char *id = json_string_value(json_is_object(v) ? json_object_get(v, "id") : v);
        if (id != NULL && strcmp(id, text) == 0)
            return true;
    }
    return false;
}

static bool is_label(const struct expr_scope *scope, const char *text)
{
    for (size_t i = 0; i < scope->label_count; i++) {
        if (strcmp(scope->labels[i], text) == 0)
            return true;
    }
    return false;
}

/* A text facing a name must be one of its values, or a decimal or date where that is what it faces. What is wrong, or NULL. */
static const char *face(const struct expr_scope *scope, struct operand *text,
                        const struct operand *other)
{
    if (text->type != OPERAND_TEXT)
        return NULL;
    if (other->type == OPERAND_LABEL)
        return is_label(scope, text->text) ? NULL : "no such label";
    if (other->type != OPERAND_NAME)
        return NULL;
    if (other->value == VALUE_DECIMAL) {
        if (decimal_parse(bytes_str(text->text), &text->number))
            return "not a decimal";
        text->type = OPERAND_DECIMAL;
    }
    if (other->value == VALUE_DATE)
        return date_ok(bytes_str(text->text)) ? NULL : "not a date";
    if (other->value == VALUE_CHOICE || other->value == VALUE_CHOICES || other->value == VALUE_ENUM)
        return is_one_of(text->text, other->values) ? NULL : "not one of its values";
    return NULL;
}

static bool faces_date(const struct operand *text, const struct operand *other)
{
    return text->type == OPERAND_TEXT && other->type == OPERAND_NAME && other->value == VALUE_DATE;
}

const char *expr_compare_fault(const struct expr_scope *scope, struct operand *a, struct operand *b,
                               bool ordered)
{
    if (class_of(b) == CLASS_CHOICES)
        return "a choices question stands on the left";
    if (class_of(a) == CLASS_CHOICES && (ordered || b->type != OPERAND_TEXT))
        return "a choices question is compared by ==, != or in with its labels";
    const char *fault = face(scope, a, b);
    if (fault == NULL)
        fault = face(scope, b, a);
    if (fault != NULL || class_of(a) == CLASS_CHOICES)
        return fault;
    enum value_class left = faces_date(a, b) ? CLASS_DATE : class_of(a);
    enum value_class right = faces_date(b, a) ? CLASS_DATE : class_of(b);
    if (left != right)
        return "both sides must have one type";
    if (ordered && left != CLASS_NUMBER && left != CLASS_DATE)
        return "< <= > >= are for numbers and dates";
    return NULL;
}
