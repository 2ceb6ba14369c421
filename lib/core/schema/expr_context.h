/* expr_context.h - an expression tried by itself, as a row of the contract's expressions.tsv: names, labels, tasks and values
 * come from a JSON context {questions|attrs, labels, tasks, answers|values, label?, regions?: [[task, label], ..]}. */
#pragma once

#include "base/err.h"

#include <jansson.h>

/* "true", "false" or "parse-error". ERR_INVALID where the context is none. */
enum err expr_try(const char *expression, const json_t *context, const char **out);
