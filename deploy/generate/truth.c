/* truth.c - collecting and printing the truth. */
#include "truth.h"

#include "base/hex.h"

#include <inttypes.h>

struct truth_region *truth_add(struct truth *t)
{
    if (t->n_regions == TRUTH_REGIONS)
        abort();
    struct truth_region *r = &t->region[t->n_regions++];
    *r = (struct truth_region){.attr = NULL};
    return r;
}

void truth_relate(struct truth *t, const char *type, size_t from, size_t to)
{
    if (t->n_relations == TRUTH_RELATIONS)
        abort();
    t->relation[t->n_relations++] = (struct truth_relation){type, from, to};
}

static void put_sel(const struct truth_region *r, struct buf *b)
{
    if (r->span) {
        (void)buf_puts(b, "{\"parts\":[");
        for (size_t i = 0; i < r->n_parts; i++)
            (void)buf_printf(b, "%s[%zu,%zu]", i == 0 ? "" : ",", r->parts[i][0], r->parts[i][1]);
        (void)buf_printf(b, "],\"t\":\"%s\"}",
                         strcmp(r->task, "sections") == 0 ? "section" : "span");
    } else if (r->point) {
        (void)buf_printf(b, "{\"frame\":0,\"t\":\"point\",\"x\":%" PRId64 ",\"y\":%" PRId64 "}",
                         r->x, r->y);
    } else {
        (void)buf_printf(b,
                         "{\"frame\":0,\"h\":%" PRId64 ",\"t\":\"rect\",\"w\":%" PRId64
                         ",\"x\":%" PRId64 ",\"y\":%" PRId64 "}",
                         r->h, r->w, r->x, r->y);
    }
}

static void put_region(const struct truth_region *r, struct buf *b)
{
    (void)buf_puts(b, "{");
    if (r->attr != NULL)
        (void)buf_printf(b, "\"attrs\":{\"%s\":%s},", r->attr, r->value);
    (void)buf_printf(b, "\"label\":\"%s\",\"sel\":", r->label);
    put_sel(r, b);
    (void)buf_printf(b, ",\"stream\":\"%s\",\"task\":\"%s\"}", r->stream, r->task);
}

/* The day on which the complaint began, by the calendar of months of 30 days: only a plausible date is wanted. */
static void put_onset(const struct patient_case *c, struct buf *b)
{
    int day = c->day - c->days_ill;
    int month = c->month;
    int year = c->year;
    while (day < 1) {
        day += 28;
        month--;
    }
    if (month < 1) {
        month += 12;
        year--;
    }
    (void)buf_printf(b, "\"onset\":\"%04d-%02d-%02d\",", year, month, day);
}

static void put_signs(const struct patient_case *c, struct buf *b)
{
    const char *sep = "";
    (void)buf_puts(b, "\"signs\":[");
    if (c->fever)
        (void)buf_puts(b, "\"fever\"");
    sep = c->fever ? "," : "";
    if (c->cough)
        (void)buf_printf(b, "%s\"cough\"", sep);
    sep = c->fever || c->cough ? "," : "";
    if (c->dyspnoea)
        (void)buf_printf(b, "%s\"dyspnoea\"", sep);
    sep = c->fever || c->cough || c->dyspnoea ? "," : "";
    if (c->pain)
        (void)buf_printf(b, "%s\"chest_pain\"", sep);
    (void)buf_puts(b, "],");
}

static bool finding(const struct patient_case *c)
{
    return c->n_nodules > 0 || c->opacity;
}

static void put_answers(const struct truth *t, const struct patient_case *c, struct buf *b)
{
    (void)buf_puts(b, "{");
    if (t->has_note)
        (void)buf_printf(b, "\"days_ill\":%d,", c->days_ill);
    if (t->has_film && c->quality == 1)
        (void)buf_puts(b, "\"finding\":{\"absent\":\"cannot_judge\"}");
    else if (t->has_film)
        (void)buf_printf(b, "\"finding\":\"%s\"", finding(c) ? "present" : "not_present");
    else
        (void)buf_puts(b, "\"finding\":{\"absent\":\"not_assessed\"}");
    if (t->has_film)
        (void)buf_printf(b, ",\"image_quality\":%d", c->quality);
    if (t->has_note) {
        (void)buf_puts(b, ",");
        put_onset(c, b);
        if (c->fever || c->cough || c->dyspnoea || c->pain)
            put_signs(c, b);
        else
            (void)buf_puts(b, "\"signs\":{\"absent\":\"none\"},");
        (void)buf_printf(b, "\"smoker\":%s,\"temperature\":\"%d.%d\"", c->smoker ? "true" : "false",
                         c->temperature / 10, c->temperature % 10);
    }
    (void)buf_puts(b, "}");
}

static void put_streams(const struct truth *t, struct buf *b)
{
    (void)buf_puts(b, "{");
    if (t->has_film)
        (void)buf_printf(b, "\"film\":{\"h\":%d,\"pixels\":\"%s\",\"w\":%d}", t->h,
                         hash_uri(t->pixels).s, t->w);
    if (t->has_note)
        (void)buf_printf(b, "%s\"note\":{\"length\":%zu}", t->has_film ? "," : "", t->note_length);
    (void)buf_puts(b, "}");
}

enum err truth_print(const struct truth *t, const struct patient_case *c, struct buf *line)
{
    (void)buf_puts(line, "{\"answers\":");
    put_answers(t, c, line);
    (void)buf_printf(line, ",\"patient\":\"%s\",\"regions\":[", c->patient);
    for (size_t i = 0; i < t->n_regions; i++) {
        if (i > 0)
            (void)buf_putc(line, ',');
        put_region(&t->region[i], line);
    }
    (void)buf_puts(line, "],\"relations\":[");
    for (size_t i = 0; i < t->n_relations; i++)
        (void)buf_printf(line, "%s{\"from\":%zu,\"to\":%zu,\"type\":\"%s\"}", i == 0 ? "" : ",",
                         t->relation[i].from, t->relation[i].to, t->relation[i].type);
    (void)buf_printf(line, "],\"session\":\"%s\",\"streams\":", c->session);
    put_streams(t, line);
    return buf_puts(line, "}\n");
}
