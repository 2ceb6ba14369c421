/* Tests of core/quality/alpha. Oracles: published cases (Krippendorff 2011 and others, in the shared reference data), the worked
 * table of statistics.md 10 E2, and alpha by its definition over all pairs of values. */
#include "core/quality/alpha.h"
#include "core/json/json.h"
#include "support/check.h"

#include <math.h>
#include <stdio.h>

enum { CLASSES = 12, UNITS = 60, RATERS = 5 };

static void near(double got, double want, double within)
{
    if (fabs(got - want) > within)
        print_error("got %.12f, wanted %.12f\n", got, want);
    CHECK(fabs(got - want) <= within);
}

/* Any JSON value's place among those seen. */
static size_t class_of(json_t *seen, const json_t *v)
{
    size_t i = 0;
    while (i < json_array_size(seen) && !json_equal(json_array_get(seen, i), v))
        i++;
    if (i == json_array_size(seen))
        CHECK(json_array_append(seen, (json_t *)(uintptr_t)v) == 0);
    CHECK(i < CLASSES);
    return i;
}

static struct alpha *alpha_of(const json_t *by_rater)
{
    struct alpha *a = NULL;
    AUTO_JSON seen = json_array();
    CHECK_OK(alpha_new(CLASSES, &a));
    for (size_t u = 0; u < json_array_size(json_array_get(by_rater, 0)); u++) {
        size_t values[32];
        size_t n = 0;
        for (size_t r = 0; r < json_array_size(by_rater); r++) {
            const json_t *v = json_array_get(json_array_get(by_rater, r), u);
            if (!json_is_null(v))
                values[n++] = class_of(seen, v);
        }
        alpha_unit(a, values, n);
    }
    return a;
}

static json_t *reference(const char *file)
{
    char below[200];
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    (void)snprintf(below, sizeof below, "reference/agreement/%s", file);
    const char *path = data_dir(below);
    if (path == NULL) {
        print_message("skipped: %s is not on this machine\n", below);
        return NULL;
    }
    slurp(path, &text);
    json_t *v = json_loadb((const char *)text.p, text.n, 0, NULL);
    CHECK(v != NULL);
    return v;
}

static void published_nominal_cases_agree(void **state)
{
    (void)state;
    AUTO_JSON file = reference("krippendorff_alpha.json");
    const json_t *cases = json_object_get(file, "cases");
    size_t judged = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c = json_array_get(cases, i);
        const json_t *in = json_object_get(c, "inputs");
        const json_t *ratings = json_object_get(in, "ratings_by_rater");
        const char *level = json_string_value(json_object_get(in, "level"));
        if (ratings == NULL || level == NULL || strcmp(level, "nominal") != 0 ||
            !json_is_number(json_object_get(c, "recomputed")))
            continue;
        AUTO(alpha) a = alpha_of(ratings);
        double got = 0;
        CHECK(alpha_value(a, &got));
        near(got, json_number_value(json_object_get(c, "recomputed")), 1e-12);
        judged++;
    }
    CHECK(file == NULL || judged >= 2);
}

static void published_percent_agreement_agrees(void **state)
{
    (void)state;
    AUTO_JSON file = reference("irrcac_cases.json");
    const json_t *cases = json_object_get(file, "cases");
    size_t judged = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c = json_array_get(cases, i);
        const json_t *in = json_object_get(c, "inputs");
        const char *set = json_string_value(json_object_get(in, "dataset"));
        const char *weights = json_string_value(json_object_get(in, "weights"));
        const json_t *data =
            json_object_get(json_object_get(file, "datasets"), set == NULL ? "" : set);
        const json_t *pa = json_object_get(json_object_get(c, "recomputed"), "pa");
        const json_t *ratings = json_object_get(data, "ratings");
        const char *statistic = json_string_value(json_object_get(in, "statistic"));
        /* Gwet's form of alpha corrects its own for small samples. */
        bool plain = (weights == NULL || strcmp(weights, "identity") == 0) && statistic != NULL &&
                     strcmp(statistic, "krippendorff") != 0;
        /* Percent over pairs is the mean over units only where every unit has as many values. */
        if (pa == NULL || !plain || json_array_size(ratings) < 2)
            continue;
        bool whole = true;
        for (size_t r = 0; r < json_array_size(ratings); r++) {
            for (size_t u = 0; u < json_array_size(json_array_get(ratings, r)); u++)
                whole = whole && !json_is_null(json_array_get(json_array_get(ratings, r), u));
        }
        if (!whole)
            continue;
        AUTO(alpha) a = alpha_of(ratings);
        double got = 0;
        CHECK(alpha_percent(a, &got));
        near(got, json_number_value(pa), 1e-12);
        judged++;
    }
    CHECK(file == NULL || judged >= 1);
}

/* statistics.md 10, E2: agree 62 35 22, cells 14 9 8. */
static void the_worked_table_has_its_alpha(void **state)
{
    (void)state;
    static const struct {
        size_t a, b, times;
    } cells[] = {{0, 0, 62}, {1, 1, 35}, {2, 2, 22}, {0, 1, 14}, {0, 2, 9}, {1, 2, 8}};
    AUTO(alpha) a = NULL;
    double got = 0;
    CHECK_OK(alpha_new(3, &a));
    for (size_t i = 0; i < 6; i++) {
        for (size_t k = 0; k < cells[i].times; k++) {
            /* the order within a unit does not matter */
            size_t values[2] = {k % 2 == 0 ? cells[i].a : cells[i].b,
                                k % 2 == 0 ? cells[i].b : cells[i].a};
            alpha_unit(a, values, 2);
        }
    }
    CHECK_INT(alpha_units(a), 150);
    CHECK(alpha_value(a, &got));
    near(got, 0.670177561114, 5e-13);
    CHECK(alpha_percent(a, &got));
    near(got, 119.0 / 150, 1e-15);
    CHECK_INT(alpha_cell(a, 0, 1) + alpha_cell(a, 1, 0), 14);
    CHECK_INT(alpha_count(a, 2), 2 * 22 + 9 + 8);
}

static uint64_t seed;

static size_t below(size_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((seed >> 33) % n);
}

/* 1 - Do/De: Do is the mean disagreement within units (each value's pairs weigh 1/(m-1)), De that among all pairable values. */
static double by_definition(size_t values[UNITS][RATERS], const size_t *m)
{
    double within = 0;
    double among = 0;
    double n = 0;
    for (size_t u = 0; u < UNITS; u++) {
        n += m[u] >= 2 ? (double)m[u] : 0;
        for (size_t i = 0; m[u] >= 2 && i < m[u]; i++) {
            for (size_t j = 0; j < m[u]; j++)
                within += values[u][i] != values[u][j] ? 1.0 / (double)(m[u] - 1) : 0;
            for (size_t v = 0; v < UNITS; v++) {
                for (size_t j = 0; m[v] >= 2 && j < m[v]; j++)
                    among += values[u][i] != values[v][j];
            }
        }
    }
    return 1 - within / n / (among / (n * (n - 1)));
}

static void alpha_with_missing_values_is_that_of_its_definition(void **state)
{
    (void)state;
    for (seed = 1; seed < 40; seed++) {
        size_t values[UNITS][RATERS];
        size_t m[UNITS];
        AUTO(alpha) a = NULL;
        double got = 0;
        CHECK_OK(alpha_new(4, &a));
        uint64_t start = seed;
        for (size_t u = 0; u < UNITS; u++) {
            size_t truth = below(4);
            m[u] = below(RATERS + 1);
            for (size_t i = 0; i < m[u]; i++)
                values[u][i] = below(3) == 0 ? below(4) : truth;
            alpha_unit(a, values[u], m[u]);
        }
        seed = start;
        CHECK(alpha_value(a, &got));
        near(got, by_definition(values, m), 1e-12);
    }
}

static void without_a_pair_or_a_difference_there_is_no_alpha(void **state)
{
    (void)state;
    AUTO(alpha) a = NULL;
    double got = 0;
    static const size_t one[] = {1, 1};
    CHECK_OK(alpha_new(2, &a));
    CHECK(!alpha_value(a, &got) && !alpha_percent(a, &got));
    alpha_unit(a, one, 1);
    alpha_unit(a, one, 0);
    CHECK_INT(alpha_units(a), 0);
    CHECK(!alpha_value(a, &got) && !alpha_percent(a, &got));
    alpha_unit(a, one, 2);
    CHECK(!alpha_value(a, &got));
    CHECK(alpha_percent(a, &got));
    near(got, 1, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(published_nominal_cases_agree),
        CASE(published_percent_agreement_agrees),
        CASE(the_worked_table_has_its_alpha),
        CASE(alpha_with_missing_values_is_that_of_its_definition),
        CASE(without_a_pair_or_a_difference_there_is_no_alpha),
    };
    return RUN(cases, argc, argv);
}
