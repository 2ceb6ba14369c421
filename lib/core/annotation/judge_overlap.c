/* judge_overlap.c - regions of one task that must not overlap on a stream (data.md 4). */
#include "core/annotation/judge.h"

/* One range of one region: a part of a text, or an interval. */
struct range {
    size_t task, stream;
    int64_t a, b;
    size_t region;
    const json_t *ch; /* NULL: all channels */
};

struct ranges {
    struct range *all;
    size_t n;
    int64_t *ends; /* by channel: where the furthest range on it ends */
};

enum { CHANNELS_MAX = 1024 }; /* contract/annotation.json */

static int range_cmp(const void *x, const void *y)
{
    const struct range *a = x;
    const struct range *b = y;
    if (a->task != b->task)
        return a->task < b->task ? -1 : 1;
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->region > b->region) - (a->region < b->region);
}

/* Ranges that are no ranges have a fault of their own. */
static bool well_formed(const json_t *parts)
{
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        if (int_at(part, 0) >= int_at(part, 1) ||
            (i > 0 && int_at(part, 0) < int_at(json_array_get(parts, i - 1), 1)))
            return false;
    }
    return true;
}

static void add_ranges(struct ranges *r, const struct annotation_region *region, size_t i)
{
    const json_t *sel = json_object_get(region->json, "sel");
    const json_t *parts = json_object_get(sel, "parts");
    struct range one = {.task = region->task,
                        .stream = region->stream,
                        .region = i,
                        .ch = json_object_get(sel, "ch")};
    if (parts == NULL && int_of(sel, "a") < int_of(sel, "b")) {
        one.a = int_of(sel, "a");
        one.b = int_of(sel, "b");
        r->all[r->n++] = one;
    }
    for (size_t k = 0; well_formed(parts) && k < json_array_size(parts); k++) {
        one.a = int_at(json_array_get(parts, k), 0);
        one.b = int_at(json_array_get(parts, k), 1);
        r->all[r->n++] = one;
    }
}

static bool judged(const struct judge *j, const struct annotation_region *r)
{
    if (r->task == SCHEMA_NONE || r->stream == SCHEMA_NONE || j->parts.tasks[r->task].overlap)
        return false;
    enum shape s = SHAPE_SPAN;
    bool known = shape_of(string_of(json_object_get(r->json, "sel"), "t"), &s);
    return known && s == j->parts.tasks[r->task].shape;
}

/* Furthest ends so far: of ranges on all channels, of any range, and by channel in r->ends. */
struct furthest {
    int64_t of_all, of_any;
};

/* Ranges come by their start: one that starts before the furthest end overlaps. */
static bool meets(const struct ranges *r, const struct furthest *f, const struct range *x)
{
    if (x->ch == NULL)
        return x->a < f->of_any;
    bool met = x->a < f->of_all;
    for (size_t i = 0; i < json_array_size(x->ch) && !met; i++)
        met = x->a < r->ends[int_at(x->ch, i)];
    return met;
}

static void extend(const struct ranges *r, struct furthest *f, const struct range *x)
{
    f->of_any = x->b > f->of_any ? x->b : f->of_any;
    if (x->ch == NULL)
        f->of_all = x->b > f->of_all ? x->b : f->of_all;
    for (size_t i = 0; i < json_array_size(x->ch); i++) {
        int64_t *end = &r->ends[int_at(x->ch, i)];
        *end = x->b > *end ? x->b : *end;
    }
}

/* Whether any two of the first `regions` regions overlap. */
static bool any_overlap(const struct ranges *r, size_t regions)
{
    struct furthest f = {0};
    const struct range *before = NULL;
    for (size_t i = 0; i < r->n; i++) {
        const struct range *x = &r->all[i];
        if (x->region >= regions)
            continue;
        if (before == NULL || before->task != x->task || before->stream != x->stream) {
            f = (struct furthest){0};
            memset(r->ends, 0, CHANNELS_MAX * sizeof r->ends[0]);
        }
        if (meets(r, &f, x))
            return true;
        extend(r, &f, x);
        before = x;
    }
    return false;
}

/* The first region that overlaps one before it: the shortest run of regions with an overlap ends with it. */
static size_t first_overlap(const struct ranges *r, size_t regions)
{
    size_t low = 0;
    size_t high = regions;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (any_overlap(r, mid))
            high = mid;
        else
            low = mid;
    }
    return high - 1;
}

enum err judge_overlap(struct judge *j)
{
    size_t n = 0;
    for (size_t i = 0; i < j->region_count; i++) {
        const json_t *sel = json_object_get(j->regions[i].json, "sel");
        n += judged(j, &j->regions[i]) ? 1 + json_array_size(json_object_get(sel, "parts")) : 0;
    }
    if (n == 0)
        return OK;
    AUTO_MEM struct range *all = calloc(n, sizeof *all);
    AUTO_MEM int64_t *ends = calloc(CHANNELS_MAX, sizeof *ends);
    if (all == NULL || ends == NULL)
        return ERR_NOMEM;
    struct ranges r = {.all = all, .ends = ends};
    for (size_t i = 0; i < j->region_count; i++) {
        if (judged(j, &j->regions[i]))
            add_ranges(&r, &j->regions[i], i);
    }
    qsort(all, r.n, sizeof *all, range_cmp);
    if (!any_overlap(&r, j->region_count))
        return OK;
    struct place regions = place_member(j->at, "regions");
    struct place p = place_entry(&regions, first_overlap(&r, j->region_count));
    fault_in(j->meaning, &p, "sel", "overlaps another region of its task");
    return OK;
}
