/* alpha.c - nominal alpha from a coincidence matrix. */
#include "core/quality/alpha.h"

#include <stdlib.h>

struct alpha {
    size_t classes;
    uint64_t units;
    uint64_t pairs, agreeing;
    double *coincidence; /* o_ck, classes x classes; symmetric */
    uint64_t *cells;     /* ordered pairs */
    uint64_t *counts;
};

void alpha_free(struct alpha *a)
{
    if (a == NULL)
        return;
    free(a->coincidence);
    free(a->cells);
    free(a->counts);
    free(a);
}

enum err alpha_new(size_t classes, struct alpha **out)
{
    AUTO(alpha) a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    a->classes = classes;
    a->coincidence = calloc(classes * classes + 1, sizeof *a->coincidence);
    a->cells = calloc(classes * classes + 1, sizeof *a->cells);
    a->counts = calloc(classes + 1, sizeof *a->counts);
    if (a->coincidence == NULL || a->cells == NULL || a->counts == NULL)
        return ERR_NOMEM;
    *out = MOVE(a);
    return OK;
}

void alpha_unit(struct alpha *a, const size_t *values, size_t n)
{
    if (n < 2)
        return;
    a->units++;
    for (size_t i = 0; i < n; i++) {
        a->counts[values[i]]++;
        for (size_t j = 0; j < n; j++) {
            if (i == j)
                continue;
            a->coincidence[values[i] * a->classes + values[j]] += 1.0 / (double)(n - 1);
            if (i < j) {
                a->cells[values[i] * a->classes + values[j]]++;
                a->pairs++;
                a->agreeing += values[i] == values[j];
            }
        }
    }
}

uint64_t alpha_units(const struct alpha *a)
{
    return a->units;
}

bool alpha_percent(const struct alpha *a, double *out)
{
    if (a->pairs == 0)
        return false;
    *out = (double)a->agreeing / (double)a->pairs;
    return true;
}

bool alpha_value(const struct alpha *a, double *out)
{
    double total = 0;
    double observed = 0;
    double expected = 0;
    for (size_t c = 0; c < a->classes; c++)
        total += (double)a->counts[c];
    for (size_t c = 0; c < a->classes; c++) {
        for (size_t k = 0; k < a->classes; k++) {
            if (c == k)
                continue;
            observed += a->coincidence[c * a->classes + k];
            expected += (double)a->counts[c] * (double)a->counts[k];
        }
    }
    if (total < 2 || expected <= 0)
        return false;
    *out = 1 - (total - 1) * observed / expected;
    return true;
}

uint64_t alpha_cell(const struct alpha *a, size_t first, size_t second)
{
    return a->cells[first * a->classes + second];
}

uint64_t alpha_count(const struct alpha *a, size_t value)
{
    return a->counts[value];
}
