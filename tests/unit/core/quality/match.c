/* Tests of core/quality/match. Oracles: code points and pixels counted one by one, IoU by hand, and the greedy rule of statistics.md
 * 6 done the slow way. */
#include "core/quality/match.h"
#include "support/check.h"

#include <math.h>

static uint64_t seed;

static int64_t below(int64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)n);
}

static void near(double got, double want, double within)
{
    if (fabs(got - want) > within)
        print_error("got %.12f, wanted %.12f\n", got, want);
    CHECK(fabs(got - want) <= within);
}

static json_t *box(int64_t x, int64_t y, int64_t w, int64_t h, int64_t rot)
{
    json_t *v =
        json_pack("{s:s, s:i, s:I, s:I, s:I, s:I}", "t", "rect", "frame", 0, "x", (json_int_t)x,
                  "y", (json_int_t)y, "w", (json_int_t)w, "h", (json_int_t)h);
    CHECK(v != NULL);
    if (rot != 0)
        CHECK(json_object_set_new(v, "rot", json_integer(rot)) == 0);
    return v;
}

static double iou_of(enum shape shape, json_t *a, json_t *b)
{
    double v = match_iou(shape, a, b);
    near(match_iou(shape, b, a), v, 1e-12);
    json_decref(a);
    json_decref(b);
    return v;
}

enum { TEXT = 60 };

/* Parts of a random span, and its code points one by one. */
static json_t *span(bool *points)
{
    json_t *parts = json_array();
    int64_t at = below(10);
    memset(points, 0, TEXT);
    do {
        int64_t end = at + 1 + below(12);
        CHECK(json_array_append_new(parts, json_pack("[I,I]", (json_int_t)at, (json_int_t)end)) ==
              0);
        for (int64_t i = at; i < end; i++)
            points[i] = true;
        at = end + 1 + below(8);
    } while (at < TEXT - 14 && below(3) > 0);
    return json_pack("{s:s, s:o}", "t", "span", "parts", parts);
}

static void spans_are_compared_by_code_points(void **state)
{
    (void)state;
    for (seed = 1; seed < 300; seed++) {
        bool a[TEXT];
        bool b[TEXT];
        double both = 0;
        double any = 0;
        uint64_t start = seed;
        json_t *x = span(a);
        json_t *y = span(b);
        for (size_t i = 0; i < TEXT; i++) {
            both += a[i] && b[i];
            any += a[i] || b[i];
        }
        near(iou_of(SHAPE_SPAN, x, y), both / any, 1e-12);
        seed = start;
    }
}

static void boxes_are_compared_by_area(void **state)
{
    (void)state;
    near(iou_of(SHAPE_RECT, box(0, 0, 10, 10, 0), box(5, 0, 10, 10, 0)), 1.0 / 3, 1e-12);
    near(iou_of(SHAPE_RECT, box(0, 0, 1, 1, 0), box(2, 2, 1, 1, 0)), 0, 0);
    near(iou_of(SHAPE_RECT, box(0, 0, 10, 10, 0), box(10, 0, 10, 10, 0)), 0, 0);
    near(iou_of(SHAPE_RECT, box(0, 0, 3, 2, 0), box(0, 0, 3, 1, 0)), 0.5, 0);
}

static void turned_boxes_are_clipped(void **state)
{
    (void)state;
    /* A square and itself turned by 45 degrees share an octagon of 2 (sqrt 2 - 1) of its area. */
    double octagon = 2 * (sqrt(2) - 1);
    near(iou_of(SHAPE_RECT, box(0, 0, 1000, 1000, 0), box(0, 0, 1000, 1000, 45000)),
         octagon / (2 - octagon), 1e-9);
    near(iou_of(SHAPE_RECT, box(0, 0, 1000, 1000, 0), box(0, 0, 1000, 1000, 90000)), 1, 1e-9);
    near(iou_of(SHAPE_RECT, box(0, 400, 1000, 200, 0), box(400, 0, 200, 1000, 90000)), 1, 1e-9);
    near(iou_of(SHAPE_RECT, box(0, 0, 10, 10, 30000), box(500, 0, 10, 10, 60000)), 0, 0);
}

/* Does the box hold the point? By turning the point back. */
static bool holds(int64_t x, int64_t y, int64_t w, int64_t h, int64_t rot, double px, double py)
{
    double t = -(double)rot / 1000 * acos(-1) / 180;
    double cx = (double)x + (double)w / 2;
    double cy = (double)y + (double)h / 2;
    double dx = (px - cx) * cos(t) - (py - cy) * sin(t);
    double dy = (px - cx) * sin(t) + (py - cy) * cos(t);
    return fabs(dx) <= (double)w / 2 && fabs(dy) <= (double)h / 2;
}

static void turned_boxes_agree_with_counted_points(void **state)
{
    (void)state;
    for (uint64_t run = 1; run < 12; run++) {
        seed = run;
        int64_t a[5] = {below(100), below(100), 50 + below(100), 50 + below(100),
                        below(360) * 1000};
        int64_t b[5] = {below(100), below(100), 50 + below(100), 50 + below(100),
                        below(360) * 1000};
        double both = 0;
        double any = 0;
        for (int px = -100; px < 400; px++) {
            for (int py = -100; py < 400; py++) {
                bool p = holds(a[0], a[1], a[2], a[3], a[4], px + 0.5, py + 0.5);
                bool q = holds(b[0], b[1], b[2], b[3], b[4], px + 0.5, py + 0.5);
                both += p && q;
                any += p || q;
            }
        }
        near(iou_of(SHAPE_RECT, box(a[0], a[1], a[2], a[3], a[4]),
                    box(b[0], b[1], b[2], b[3], b[4])),
             both / any, 0.02);
    }
}

static void other_frames_and_channels_have_nothing_in_common(void **state)
{
    (void)state;
    json_t *other = box(0, 0, 10, 10, 0);
    CHECK(json_object_set_new(other, "frame", json_integer(1)) == 0);
    near(iou_of(SHAPE_RECT, box(0, 0, 10, 10, 0), other), 0, 0);
    near(iou_of(SHAPE_INTERVAL, json_pack("{s:i,s:i,s:[i]}", "a", 0, "b", 10, "ch", 0),
                json_pack("{s:i,s:i,s:[i]}", "a", 0, "b", 10, "ch", 1)),
         0, 0);
    near(iou_of(SHAPE_INTERVAL, json_pack("{s:i,s:i}", "a", 0, "b", 10),
                json_pack("{s:i,s:i}", "a", 5, "b", 15)),
         1.0 / 3, 1e-12);
}

static void points_match_within_20_pixels(void **state)
{
    (void)state;
    json_t *here = json_pack("{s:i,s:i,s:i}", "frame", 0, "x", 0, "y", 0);
    near(iou_of(SHAPE_POINT, json_incref(here),
                json_pack("{s:i,s:i,s:i}", "frame", 0, "x", 12000, "y", 16000)),
         0.5, 1e-12);
    near(iou_of(SHAPE_POINT, json_incref(here), json_incref(here)), 1, 0);
    near(iou_of(SHAPE_POINT, here, json_pack("{s:i,s:i,s:i}", "frame", 0, "x", 40000, "y", 0)), 0,
         0);
}

enum { MANY = 9 };

struct side {
    struct annotation_region all[MANY];
    const struct annotation_region *list[MANY];
    json_t *jsons[MANY];
    size_t n;
};

static void fill(struct side *s)
{
    s->n = (size_t)below(MANY + 1);
    for (size_t i = 0; i < s->n; i++) {
        json_int_t a = below(20);
        json_int_t end = a + 2 + below(6);
        s->jsons[i] = json_pack("{s:{s:s,s:[[I,I]]}}", "sel", "t", "span", "parts", a, end);
        s->all[i] = (struct annotation_region){.json = s->jsons[i], .stream = (size_t)below(2)};
        s->list[i] = &s->all[i];
    }
}

static void drop(struct side *s)
{
    for (size_t i = 0; i < s->n; i++)
        json_decref(s->jsons[i]);
}

static const json_t *sel_of(const struct side *s, size_t i)
{
    return json_object_get(s->jsons[i], "sel");
}

static int64_t start_of(const struct side *s, size_t i)
{
    return json_integer_value(
        json_array_get(json_array_get(json_object_get(sel_of(s, i), "parts"), 0), 0));
}

/* Takes the best pair that is left, again and again. Returns how many. */
static size_t greedy(const struct side *a, const struct side *b, size_t with[MANY])
{
    bool used[MANY] = {false};
    size_t n = 0;
    for (size_t i = 0; i < MANY; i++)
        with[i] = SIZE_MAX;
    for (;;) {
        size_t bi = SIZE_MAX;
        size_t bj = SIZE_MAX;
        double best = 0;
        for (size_t i = 0; i < a->n; i++) {
            for (size_t j = 0; j < b->n; j++) {
                if (with[i] != SIZE_MAX || used[j] || a->all[i].stream != b->all[j].stream)
                    continue;
                double v = match_iou(SHAPE_SPAN, sel_of(a, i), sel_of(b, j));
                bool first =
                    v > best ||
                    (v == best && bi != SIZE_MAX &&
                     (start_of(a, i) < start_of(a, bi) ||
                      (start_of(a, i) == start_of(a, bi) && start_of(b, j) < start_of(b, bj))));
                if (v >= 0.5 && first) {
                    best = v;
                    bi = i;
                    bj = j;
                }
            }
        }
        if (bi == SIZE_MAX)
            return n;
        with[bi] = bj;
        used[bj] = true;
        n++;
    }
}

static void matching_is_the_greedy_one(void **state)
{
    (void)state;
    for (uint64_t run = 1; run < 400; run++) {
        struct side a;
        struct side b;
        struct match_pair pairs[2 * MANY];
        size_t with[MANY];
        size_t n = 0;
        size_t matched = 0;
        seed = run;
        fill(&a);
        fill(&b);
        CHECK_OK(match_regions(SHAPE_SPAN, a.list, a.n, b.list, b.n, pairs, &n));
        size_t want = greedy(&a, &b, with);
        for (size_t i = 0; i < n; i++) {
            if (pairs[i].a == SIZE_MAX || pairs[i].b == SIZE_MAX)
                continue;
            CHECK_INT(with[pairs[i].a], pairs[i].b);
            matched++;
        }
        CHECK_INT(matched, want);
        /* everything stands in exactly one pair */
        CHECK_INT(n, a.n + b.n - matched);
        drop(&a);
        drop(&b);
    }
}

static void shapes_without_a_rule_are_not_paired(void **state)
{
    (void)state;
    CHECK(match_has_rule(SHAPE_SPAN) && match_has_rule(SHAPE_SECTION) &&
          match_has_rule(SHAPE_RECT) && match_has_rule(SHAPE_POINT) &&
          match_has_rule(SHAPE_INTERVAL));
    CHECK(!match_has_rule(SHAPE_MASK) && !match_has_rule(SHAPE_INSTANT));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(spans_are_compared_by_code_points),
        CASE(boxes_are_compared_by_area),
        CASE(turned_boxes_are_clipped),
        CASE(turned_boxes_agree_with_counted_points),
        CASE(other_frames_and_channels_have_nothing_in_common),
        CASE(points_match_within_20_pixels),
        CASE(matching_is_the_greedy_one),
        CASE(shapes_without_a_rule_are_not_paired),
    };
    return RUN(cases, argc, argv);
}
