/* alpha.h - Krippendorff's alpha for nominal data with missing values (Krippendorff 2011, "Computing Krippendorff's
 * Alpha-Reliability"), percent agreement and confusion, from one unit after another. */
#pragma once

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct alpha;
enum err alpha_new(size_t classes, struct alpha **out);
void alpha_free(struct alpha *a);
DEFINE_AUTO(alpha)

/* The values of one unit, each below `classes`; missing ones are left out. Fewer than two count as a unit that cannot be paired. */
void alpha_unit(struct alpha *a, const size_t *values, size_t n);

uint64_t alpha_units(const struct alpha *a); /* with two values or more */
/* Agreeing pairs over all pairs of values of one unit. False: no pair. */
bool alpha_percent(const struct alpha *a, double *out);
/* False: no unit has two values, or all values of all units are one class (nothing to tell chance by). */
bool alpha_value(const struct alpha *a, double *out);
/* Pairs (first value, second value) in the order they were given. */
uint64_t alpha_cell(const struct alpha *a, size_t first, size_t second);
/* How often the class was given, in units with two values or more. */
uint64_t alpha_count(const struct alpha *a, size_t value);
