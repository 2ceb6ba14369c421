/* match.c - IoU and greedy matching. */
#include "core/quality/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORNERS = 4, CLIPPED = 16 };
static const double half = 0.5;
static const double point_reach =
    40000.0; /* thousandths of a pixel at which two points have nothing in common */

static double member(const json_t *sel, const char *name)
{
    return (double)json_integer_value(json_object_get(sel, name));
}

static double ratio(double common, double a, double b)
{
    double all = a + b - common;
    return all > 0 ? common / all : 0;
}

/* --- text --- */

static uint64_t edge(const json_t *parts, size_t part, size_t side)
{
    json_int_t v = json_integer_value(json_array_get(json_array_get(parts, part), side));
    return v < 0 ? 0 : (uint64_t)v;
}

static double length_of(const json_t *parts)
{
    uint64_t n = 0;
    for (size_t i = 0; i < json_array_size(parts); i++)
        n += edge(parts, i, 1) - edge(parts, i, 0);
    return (double)n;
}

/* Both lists of parts are sorted and apart. */
static double iou_parts(const json_t *a, const json_t *b)
{
    uint64_t common = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < json_array_size(a) && j < json_array_size(b)) {
        uint64_t from = edge(a, i, 0) > edge(b, j, 0) ? edge(a, i, 0) : edge(b, j, 0);
        uint64_t to = edge(a, i, 1) < edge(b, j, 1) ? edge(a, i, 1) : edge(b, j, 1);
        common += to > from ? to - from : 0;
        if (edge(a, i, 1) < edge(b, j, 1))
            i++;
        else
            j++;
    }
    return ratio((double)common, length_of(a), length_of(b));
}

/* --- boxes --- */

struct corner {
    double x, y;
};

static bool same_frame(const json_t *a, const json_t *b)
{
    const char *const names[] = {"frame", "at"};
    for (size_t i = 0; i < 2; i++) {
        const json_t *x = json_object_get(a, names[i]);
        const json_t *y = json_object_get(b, names[i]);
        if ((x == NULL) != (y == NULL) || (x != NULL && !json_equal(x, y)))
            return false;
    }
    return true;
}

/* Clockwise on the screen (y down); rot in thousandths of a degree about the centre. */
static void corners_of(const json_t *sel, struct corner out[CORNERS])
{
    static const int signs[CORNERS][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    double w = member(sel, "w") * half;
    double h = member(sel, "h") * half;
    double x = member(sel, "x") + w;
    double y = member(sel, "y") + h;
    double turn = member(sel, "rot") / 1000.0 * (3.14159265358979323846 / 180.0);
    for (size_t i = 0; i < CORNERS; i++) {
        double dx = signs[i][0] * w;
        double dy = signs[i][1] * h;
        out[i] = (struct corner){x + dx * cos(turn) - dy * sin(turn),
                                 y + dx * sin(turn) + dy * cos(turn)};
    }
}

/* > 0 on the inner side of the edge from a to b. */
static double side_of(struct corner a, struct corner b, struct corner p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

/* One step of Sutherland and Hodgman (1974): what of a convex polygon lies on the inner side of an edge. */
static size_t clip(const struct corner *in, size_t n, struct corner a, struct corner b,
                   struct corner *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        struct corner p = in[i];
        struct corner q = in[(i + 1) % n];
        double dp = side_of(a, b, p);
        double dq = side_of(a, b, q);
        if (dp >= 0)
            out[k++] = p;
        if ((dp > 0 && dq < 0) || (dp < 0 && dq > 0)) {
            double t = dp / (dp - dq);
            out[k++] = (struct corner){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
        }
    }
    return k;
}

static double area_of(const struct corner *p, size_t n)
{
    double twice = 0;
    for (size_t i = 0; i < n; i++)
        twice += p[i].x * p[(i + 1) % n].y - p[(i + 1) % n].x * p[i].y;
    return fabs(twice) * half;
}

static double common_turned(const json_t *a, const json_t *b)
{
    struct corner box[CORNERS];
    struct corner poly[2][CLIPPED];
    size_t n = CORNERS;
    corners_of(a, poly[0]);
    corners_of(b, box);
    for (size_t i = 0; i < CORNERS && n > 0; i++)
        n = clip(poly[i % 2], n, box[i], box[(i + 1) % CORNERS], poly[(i + 1) % 2]);
    return area_of(poly[0], n);
}

static double overlap(double a, double a_len, double b, double b_len)
{
    double from = a > b ? a : b;
    double to = a + a_len < b + b_len ? a + a_len : b + b_len;
    return to > from ? to - from : 0;
}

static double iou_rect(const json_t *a, const json_t *b)
{
    double areas[2] = {member(a, "w") * member(a, "h"), member(b, "w") * member(b, "h")};
    if (!same_frame(a, b))
        return 0;
    if (member(a, "rot") > 0 || member(b, "rot") > 0)
        return ratio(common_turned(a, b), areas[0], areas[1]);
    double w = overlap(member(a, "x"), member(a, "w"), member(b, "x"), member(b, "w"));
    double h = overlap(member(a, "y"), member(a, "h"), member(b, "y"), member(b, "h"));
    return ratio(w * h, areas[0], areas[1]);
}

static double near_points(const json_t *a, const json_t *b)
{
    double dx = member(a, "x") - member(b, "x");
    double dy = member(a, "y") - member(b, "y");
    double d = sqrt(dx * dx + dy * dy);
    return same_frame(a, b) && d < point_reach ? 1 - d / point_reach : 0;
}

static double iou_interval(const json_t *a, const json_t *b)
{
    const json_t *x = json_object_get(a, "ch");
    const json_t *y = json_object_get(b, "ch");
    if ((x == NULL) != (y == NULL) || (x != NULL && !json_equal(x, y)))
        return 0;
    double len[2] = {member(a, "b") - member(a, "a"), member(b, "b") - member(b, "a")};
    return ratio(overlap(member(a, "a"), len[0], member(b, "a"), len[1]), len[0], len[1]);
}

bool match_has_rule(enum shape shape)
{
    return shape == SHAPE_SPAN || shape == SHAPE_SECTION || shape == SHAPE_RECT ||
           shape == SHAPE_POINT || shape == SHAPE_INTERVAL;
}

double match_iou(enum shape shape, const json_t *a, const json_t *b)
{
    switch (shape) {
    case SHAPE_SPAN:
    case SHAPE_SECTION:
        return iou_parts(json_object_get(a, "parts"), json_object_get(b, "parts"));
    case SHAPE_RECT:
        return iou_rect(a, b);
    case SHAPE_POINT:
        return near_points(a, b);
    case SHAPE_INTERVAL:
        return iou_interval(a, b);
    case SHAPE_ELLIPSE:
    case SHAPE_POLYGON:
    case SHAPE_MASK:
    case SHAPE_SKELETON:
    case SHAPE_INSTANT:
    case SHAPE_TRACK:
        return 0;
    }
    return 0;
}

/* --- pairs --- */

struct candidate {
    double iou;
    double start_a, start_b;
    size_t a, b;
};

static double start_of(enum shape shape, const json_t *sel)
{
    if (shape == SHAPE_SPAN || shape == SHAPE_SECTION)
        return (double)edge(json_object_get(sel, "parts"), 0, 0);
    return member(sel, shape == SHAPE_INTERVAL ? "a" : "x");
}

static int by_iou(const void *x, const void *y)
{
    const struct candidate *p = x;
    const struct candidate *q = y;
    if (p->iou != q->iou)
        return p->iou > q->iou ? -1 : 1;
    if (p->start_a != q->start_a)
        return p->start_a < q->start_a ? -1 : 1;
    if (p->start_b != q->start_b)
        return p->start_b < q->start_b ? -1 : 1;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

/* Where a place begins and ends along its first axis: places that do not meet there have nothing in common. */
struct reach {
    double from, to;
};

static struct reach reach_of(enum shape shape, const json_t *sel)
{
    if (shape == SHAPE_SPAN || shape == SHAPE_SECTION) {
        const json_t *parts = json_object_get(sel, "parts");
        return (struct reach){(double)edge(parts, 0, 0),
                              (double)edge(parts, json_array_size(parts) - 1, 1)};
    }
    if (shape == SHAPE_INTERVAL)
        return (struct reach){member(sel, "a"), member(sel, "b")};
    if (shape == SHAPE_POINT)
        return (struct reach){member(sel, "x") - point_reach, member(sel, "x") + point_reach};
    /* A turned box stays within its diagonal. */
    double w = member(sel, "w");
    double h = member(sel, "rot") > 0 ? member(sel, "h") : 0;
    double middle = member(sel, "x") + w * half;
    double radius = sqrt(w * w + h * h) * half;
    return (struct reach){middle - radius, middle + radius};
}

struct found {
    struct candidate *list;
    size_t n, cap;
};

static enum err found_add(struct found *f, struct candidate c)
{
    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? 64 : f->cap * 2;
        struct candidate *more = realloc(f->list, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        f->list = more;
        f->cap = cap;
    }
    f->list[f->n++] = c;
    return OK;
}

static enum err found_with(struct found *f, enum shape shape, const struct annotation_region *a,
                           size_t i, const struct annotation_region *const *b, size_t b_count,
                           const struct reach *reaches)
{
    const json_t *x = json_object_get(a->json, "sel");
    struct reach here = reach_of(shape, x);
    for (size_t j = 0; j < b_count; j++) {
        if (a->stream != b[j]->stream || reaches[j].to < here.from || reaches[j].from > here.to)
            continue;
        const json_t *y = json_object_get(b[j]->json, "sel");
        double iou = match_iou(shape, x, y);
        if (iou < half)
            continue;
        struct candidate c = {iou, start_of(shape, x), start_of(shape, y), i, j};
        enum err e = found_add(f, c);
        if (e)
            return e;
    }
    return OK;
}

/* All pairs of one stream that are alike enough. Grows: two careless lists may have many. */
static enum err candidates(enum shape shape, const struct annotation_region *const *a,
                           size_t a_count, const struct annotation_region *const *b, size_t b_count,
                           struct found *f)
{
    AUTO_MEM struct reach *reaches = calloc(b_count + 1, sizeof *reaches);
    enum err e = reaches == NULL ? ERR_NOMEM : OK;
    if (!match_has_rule(shape))
        return e;
    for (size_t j = 0; !e && j < b_count; j++)
        reaches[j] = reach_of(shape, json_object_get(b[j]->json, "sel"));
    for (size_t i = 0; !e && i < a_count; i++)
        e = found_with(f, shape, a[i], i, b, b_count, reaches);
    return e;
}

static void found_fini(struct found *f)
{
    free(f->list);
}

enum err match_regions(enum shape shape, const struct annotation_region *const *a, size_t a_count,
                       const struct annotation_region *const *b, size_t b_count,
                       struct match_pair *out, size_t *out_count)
{
    size_t k = 0;
    CLEANUP(found_fini) struct found f = {0};
    AUTO_MEM bool *used = calloc(a_count + b_count + 1, sizeof *used);
    enum err e = used == NULL ? ERR_NOMEM : candidates(shape, a, a_count, b, b_count, &f);
    if (e)
        return e;
    if (f.n > 0)
        qsort(f.list, f.n, sizeof *f.list, by_iou);
    for (size_t i = 0; i < f.n; i++) {
        const struct candidate *c = &f.list[i];
        if (used[c->a] || used[a_count + c->b])
            continue;
        used[c->a] = used[a_count + c->b] = true;
        out[k++] = (struct match_pair){c->a, c->b};
    }
    for (size_t i = 0; i < a_count; i++) {
        if (!used[i])
            out[k++] = (struct match_pair){i, SIZE_MAX};
    }
    for (size_t j = 0; j < b_count; j++) {
        if (!used[a_count + j])
            out[k++] = (struct match_pair){SIZE_MAX, j};
    }
    *out_count = k;
    return OK;
}
