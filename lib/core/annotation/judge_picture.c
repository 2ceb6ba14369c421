/* judge_picture.c - selectors in pictures and films. */
#include "core/annotation/judge.h"

enum { POINTS_MAX = 100000 }; /* of one region (data.md 1) */
enum { MILLI = 1000 };        /* thousandths of a pixel */

/* Width and height in thousandths of a pixel; false where the picture is not at hand. */
static bool extent(const struct sel_context *c, int64_t *w, int64_t *h)
{
    if (json_object_get(c->stream, "w") == NULL)
        return false;
    *w = int_of(c->stream, "w") * MILLI;
    *h = int_of(c->stream, "h") * MILLI;
    return true;
}

static void judge_frame_of(const struct sel_context *c, const json_t *sel, const struct place *at,
                           struct fault *f)
{
    const json_t *frame = json_object_get(sel, "frame");
    const json_t *pts = json_object_get(sel, "at");
    const json_t *frames = json_object_get(c->stream, "frames");
    if (!c->kind_known)
        return;
    bool image = c->kind == STREAM_IMAGE;
    if ((image ? frame : pts) == NULL)
        fault_at(f, at, "member %s is missing", image ? "frame" : "at");
    if ((image ? pts : frame) != NULL)
        fault_in(f, at, image ? "at" : "frame", "%s has no %s", stream_kind_name(c->kind),
                 image ? "at" : "frame");
    if (image && frame != NULL && frames != NULL &&
        json_integer_value(frame) >= json_integer_value(frames))
        fault_in(f, at, "frame", "the image has frames 0 to %" JSON_INTEGER_FORMAT,
                 json_integer_value(frames) - 1);
    if (!image && pts != NULL && !judge_pts_known(c, pts))
        fault_in(f, at, "at", "no frame has this PTS");
}

struct box {
    int64_t x, y, w, h, rot;
};

/* Turned boxes may reach over the edge, but for their centre. */
static void judge_box(const struct sel_context *c, struct box b, const struct place *at,
                      struct fault *f)
{
    int64_t w = 0;
    int64_t h = 0;
    if (!extent(c, &w, &h))
        return;
    bool in = b.rot == 0 ? b.x >= 0 && b.y >= 0 && b.x + b.w <= w && b.y + b.h <= h
                         : 2 * b.x + b.w >= 0 && 2 * b.x + b.w <= 2 * w && 2 * b.y + b.h >= 0 &&
                               2 * b.y + b.h <= 2 * h;
    if (!in)
        fault_at(f, at,
                 b.rot == 0 ? "over the edge of the picture"
                            : "its centre lies outside the picture");
}

static void judge_ellipse(const struct sel_context *c, const json_t *sel, const struct place *at,
                          struct fault *f)
{
    int64_t rx = int_of(sel, "rx");
    int64_t ry = int_of(sel, "ry");
    struct box b = {int_of(sel, "cx") - rx, int_of(sel, "cy") - ry, 2 * rx, 2 * ry,
                    int_of(sel, "rot")};
    judge_box(c, b, at, f);
}

/* x and y of a point that is an array. */
static void judge_pair(const struct sel_context *c, const json_t *point, const struct place *at,
                       struct fault *f)
{
    int64_t w = 0;
    int64_t h = 0;
    if (!extent(c, &w, &h))
        return;
    if (int_at(point, 0) > w)
        fault_entry(f, at, 0, "beyond the picture's width");
    if (int_at(point, 1) > h)
        fault_entry(f, at, 1, "beyond the picture's height");
}

static void judge_polygon(const struct sel_context *c, const json_t *sel, const struct place *at,
                          struct fault *f)
{
    const json_t *rings = json_object_get(sel, "rings");
    struct place p = place_member(at, "rings");
    size_t points = 0;
    for (size_t i = 0; i < json_array_size(rings); i++) {
        const json_t *ring = json_array_get(rings, i);
        size_t n = json_array_size(ring);
        struct place q = place_entry(&p, i);
        points += n;
        for (size_t k = 0; k < n; k++) {
            struct place r = place_entry(&q, k);
            judge_pair(c, json_array_get(ring, k), &r, f);
        }
        if (json_equal(json_array_get(ring, 0), json_array_get(ring, n - 1)))
            fault_entry(f, &q, n - 1, "a ring is not closed by repeating its first point");
    }
    if (points > POINTS_MAX)
        fault_at(f, &p, "%zu points, at most %d are allowed", points, POINTS_MAX);
}

static void judge_points(const struct sel_context *c, const json_t *pts, const struct place *at,
                         struct fault *f)
{
    if (c->task != NULL && json_array_size(pts) != c->task->point_count)
        fault_at(f, at, "%zu points are expected", c->task->point_count);
    for (size_t i = 0; i < json_array_size(pts); i++) {
        const json_t *point = json_array_get(pts, i);
        struct place p = place_entry(at, i);
        if (int_at(point, 2) == 0 && (int_at(point, 0) != 0 || int_at(point, 1) != 0))
            fault_at(f, &p, "not labeled: x and y must be 0");
        judge_pair(c, point, &p, f);
    }
}

__extension__ typedef unsigned __int128 wide;

/* Whether ones stand in the first and last row and column. Runs sum to w * h. */
static bool mask_is_tight(const json_t *rle, uint64_t w, uint64_t h)
{
    bool top = false;
    bool bottom = false;
    bool left = false;
    bool right = false;
    uint64_t row = 0;
    uint64_t column = 0;
    for (size_t i = 0; i < json_array_size(rle); i++) {
        uint64_t end = column + (uint64_t)int_at(rle, i); /* both below 2^53 */
        if (i % 2 == 1) {
            top = top || row == 0;
            bottom = bottom || row + (end - 1) / w == h - 1;
            left = left || column == 0 || end > w;
            right = right || end >= w;
        }
        row += end / w;
        column = end % w;
    }
    return top && bottom && left && right;
}

static void judge_mask(const struct sel_context *c, const json_t *sel, const struct place *at,
                       struct fault *f)
{
    const json_t *rle = json_object_get(sel, "rle");
    uint64_t w = (uint64_t)int_of(sel, "w");
    uint64_t h = (uint64_t)int_of(sel, "h");
    wide sum = 0;
    for (size_t i = 0; i < json_array_size(rle); i++)
        sum += (wide)(uint64_t)int_at(rle, i);
    if (sum != (wide)w * h)
        fault_at(f, at, "the runs do not add up to w * h");
    else if (!mask_is_tight(rle, w, h))
        fault_at(f, at, "loose: a one must stand in the first and last row and column");
    if (json_object_get(c->stream, "w") == NULL)
        return;
    if (int_of(sel, "x") + (int64_t)w > int_of(c->stream, "w") ||
        int_of(sel, "y") + (int64_t)h > int_of(c->stream, "h"))
        fault_at(f, at, "over the edge of the picture");
}

static void judge_point(const struct sel_context *c, const json_t *sel, const struct place *at,
                        struct fault *f)
{
    int64_t w = 0;
    int64_t h = 0;
    if (!extent(c, &w, &h))
        return;
    if (int_of(sel, "x") > w)
        fault_in(f, at, "x", "beyond the picture's width");
    if (int_of(sel, "y") > h)
        fault_in(f, at, "y", "beyond the picture's height");
}

static void judge_keyframe(const struct sel_context *c, const json_t *kf, const struct place *at,
                           struct fault *f)
{
    const json_t *rect = json_object_get(kf, "rect");
    const json_t *pts = json_object_get(kf, "pts");
    struct place p = place_member(at, "rect");
    struct place q = place_member(at, "pts");
    if (!judge_pts_known(c, json_object_get(kf, "at")))
        fault_in(f, at, "at", "no frame has this PTS");
    if (c->task == NULL && rect == NULL && pts == NULL)
        fault_at(f, at, "a keyframe has its shape: rect or pts is missing");
    if (c->task != NULL && (c->task->of_skeleton ? pts : rect) == NULL)
        fault_at(f, at, "member %s is missing", c->task->of_skeleton ? "pts" : "rect");
    if (c->task != NULL && (c->task->of_skeleton ? rect : pts) != NULL)
        fault_at(f, c->task->of_skeleton ? &p : &q, "not the shape of this task");
    if (rect != NULL)
        judge_box(c,
                  (struct box){int_at(rect, 0), int_at(rect, 1), int_at(rect, 2), int_at(rect, 3),
                               int_at(rect, 4)},
                  &p, f);
    if (pts != NULL && (c->task == NULL || c->task->of_skeleton))
        judge_points(c, pts, &q, f);
}

static void judge_track(const struct sel_context *c, const json_t *sel, const struct place *at,
                        struct fault *f)
{
    const json_t *kf = json_object_get(sel, "kf");
    struct place p = place_member(at, "kf");
    size_t points = 0;
    for (size_t i = 0; i < json_array_size(kf); i++) {
        const json_t *frame = json_array_get(kf, i);
        struct place q = place_entry(&p, i);
        points += json_array_size(json_object_get(frame, "pts"));
        if (i > 0 && int_of(json_array_get(kf, i - 1), "at") >= int_of(frame, "at"))
            fault_in(f, &q, "at", "keyframes must ascend");
        judge_keyframe(c, frame, &q, f);
    }
    if (points > POINTS_MAX)
        fault_at(f, &p, "%zu points, at most %d are allowed", points, POINTS_MAX);
}

static struct box box_of(const json_t *sel)
{
    return (struct box){int_of(sel, "x"), int_of(sel, "y"), int_of(sel, "w"), int_of(sel, "h"),
                        int_of(sel, "rot")};
}

void judge_sel_picture(const struct sel_context *c, enum shape shape, const json_t *sel,
                       const struct place *at, struct fault *f)
{
    struct place pts = place_member(at, "pts");
    if (shape == SHAPE_TRACK) {
        judge_track(c, sel, at, f);
        return;
    }
    judge_frame_of(c, sel, at, f);
    if (shape == SHAPE_RECT)
        judge_box(c, box_of(sel), at, f);
    else if (shape == SHAPE_ELLIPSE)
        judge_ellipse(c, sel, at, f);
    else if (shape == SHAPE_POLYGON)
        judge_polygon(c, sel, at, f);
    else if (shape == SHAPE_MASK)
        judge_mask(c, sel, at, f);
    else if (shape == SHAPE_POINT)
        judge_point(c, sel, at, f);
    else
        judge_points(c, json_object_get(sel, "pts"), &pts, f);
}
