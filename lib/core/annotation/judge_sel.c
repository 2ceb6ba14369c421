/* judge_sel.c - selectors on text and in time, and which shape stands where. */
#include "core/annotation/judge.h"

/* The selector's shape; judged by the structure, so it is one. */
static enum shape shape_here(const json_t *sel)
{
    enum shape s = SHAPE_SPAN;
    (void)shape_of(string_of(sel, "t"), &s);
    return s;
}

static bool in_time(enum stream_kind k)
{
    return k == STREAM_AUDIO || k == STREAM_VIDEO || k == STREAM_SERIES;
}

static bool fits(enum shape s, enum stream_kind k)
{
    if (s == SHAPE_SPAN || s == SHAPE_SECTION)
        return k == STREAM_TEXT;
    if (s == SHAPE_INTERVAL || s == SHAPE_INSTANT)
        return in_time(k);
    return s == SHAPE_TRACK ? k == STREAM_VIDEO : k == STREAM_IMAGE || k == STREAM_VIDEO;
}

static void judge_parts(const struct sel_context *c, enum shape shape, const json_t *sel,
                        const struct place *at, struct fault *f)
{
    const json_t *parts = json_object_get(sel, "parts");
    const json_t *length = json_object_get(c->stream, "length");
    size_t n = json_array_size(parts);
    struct place p = place_member(at, "parts");
    if (n > 1 && (shape == SHAPE_SECTION || (c->task != NULL && !c->task->discontinuous)))
        fault_at(f, &p, "only one part is allowed here");
    for (size_t i = 0; i < n; i++) {
        const json_t *part = json_array_get(parts, i);
        struct place q = place_entry(&p, i);
        if (int_at(part, 0) >= int_at(part, 1))
            fault_at(f, &q, "an empty range: the first must be below the second");
        if (i > 0 && int_at(part, 0) <= int_at(json_array_get(parts, i - 1), 1))
            fault_at(f, &q, "parts must be sorted and apart: what touches is one part");
        for (size_t k = 0; k < 2 && length != NULL; k++) {
            if (int_at(part, k) > json_integer_value(length))
                fault_entry(f, &q, k, "beyond the text of %" JSON_INTEGER_FORMAT " code points",
                            json_integer_value(length));
        }
    }
}

static void judge_channels(const struct sel_context *c, const json_t *sel, const struct place *at,
                           struct fault *f)
{
    const json_t *ch = json_object_get(sel, "ch");
    struct place p = place_member(at, "ch");
    if (c->kind_known && c->kind == STREAM_VIDEO && ch != NULL)
        fault_at(f, &p, "video has no channels");
    for (size_t i = 0; i < json_array_size(ch); i++) {
        if (i > 0 && int_at(ch, i - 1) >= int_at(ch, i))
            fault_entry(f, &p, i, "channels must ascend");
        if (c->channel_count > 0 && (uint64_t)int_at(ch, i) >= c->channel_count)
            fault_entry(f, &p, i, "the stream has channels 0 to %zu", c->channel_count - 1);
    }
    if (c->task == NULL || c->task->kind == STREAM_VIDEO)
        return;
    if (c->task->channels == CHANNELS_ONE && ch == NULL)
        fault_at(f, at, "the task is about one channel: ch is missing");
    else if (c->task->channels == CHANNELS_ONE && json_array_size(ch) != 1)
        fault_at(f, &p, "the task is about one channel");
    else if (c->task->channels == CHANNELS_ALL && ch != NULL)
        fault_at(f, &p, "the task is about all channels");
}

bool judge_pts_known(const struct sel_context *c, const json_t *at)
{
    const json_t *pts = json_object_get(c->stream, "pts");
    size_t low = 0;
    size_t high = json_array_size(pts);
    if (pts == NULL)
        return true;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (int_at(pts, mid) == json_integer_value(at))
            return true;
        if (int_at(pts, mid) < json_integer_value(at))
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

static void judge_time(const struct sel_context *c, const json_t *sel, const char *key, bool is_end,
                       const struct place *at, struct fault *f)
{
    bool boundary = strcmp(key, "at") != 0;
    const json_t *v = json_object_get(sel, key);
    const json_t *length = json_object_get(c->stream, "length");
    const json_t *end = json_object_get(c->stream, "end");
    if (end != NULL && !(is_end && json_equal(v, end)) && !judge_pts_known(c, v))
        fault_in(f, at, key, "no frame has this PTS");
    if (length != NULL && json_integer_value(v) >= json_integer_value(length) + boundary)
        fault_in(f, at, key, "beyond the stream's %" JSON_INTEGER_FORMAT " ticks",
                 json_integer_value(length));
}

static void judge_interval(const struct sel_context *c, const json_t *sel, const struct place *at,
                           struct fault *f)
{
    if (int_of(sel, "a") >= int_of(sel, "b"))
        fault_at(f, at, "a must be below b");
    judge_time(c, sel, "a", false, at, f);
    judge_time(c, sel, "b", true, at, f);
    judge_channels(c, sel, at, f);
}

void judge_sel(const struct sel_context *c, const json_t *sel, const struct place *at,
               struct fault *f)
{
    enum shape shape = shape_here(sel);
    if (c->task != NULL && c->task->shape != shape) {
        fault_in(f, at, "t", "task %s takes %s", c->task->id, shape_name(c->task->shape));
        return;
    }
    if (c->kind_known && !fits(shape, c->kind)) {
        fault_in(f, at, "t", "%s does not stand on %s", shape_name(shape),
                 stream_kind_name(c->kind));
        return;
    }
    switch (shape) {
    case SHAPE_SPAN:
    case SHAPE_SECTION:
        judge_parts(c, shape, sel, at, f);
        return;
    case SHAPE_INTERVAL:
        judge_interval(c, sel, at, f);
        return;
    case SHAPE_INSTANT:
        judge_time(c, sel, "at", false, at, f);
        judge_channels(c, sel, at, f);
        return;
    case SHAPE_RECT:
    case SHAPE_ELLIPSE:
    case SHAPE_POLYGON:
    case SHAPE_MASK:
    case SHAPE_POINT:
    case SHAPE_SKELETON:
    case SHAPE_TRACK:
        judge_sel_picture(c, shape, sel, at, f);
        return;
    }
}
