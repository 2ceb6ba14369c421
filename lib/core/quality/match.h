/* match.h - regions of two annotations of one item, put in pairs (statistics.md 6): greedily by descending IoU from 0.5 on, ties by
 * (start a, start b); labels are not looked at. */
#pragma once

#include "core/annotation/annotation.h"

/* How alike two places of one stream are, 0 to 1: intersection over union of code points (span, section), areas (rect, turned or
 * not) and ticks (interval). Points have no extent: 1 - d / 40 pixels, so that those within 20 pixels of each other match. 0 for
 * places on different frames or channels, and for shapes without a rule here. */
double match_iou(enum shape shape, const json_t *a, const json_t *b);

/* Whether this version can compare places of the shape at all. */
bool match_has_rule(enum shape shape);

struct match_pair {
    size_t a, b; /* indexes of the two lists; SIZE_MAX: nothing on that side */
};

/* Pairs up two lists of regions of one task; every region stands in exactly one pair, unmatched ones alone. out has room for
 * a_count + b_count pairs. ERR_NOMEM. */
enum err match_regions(enum shape shape, const struct annotation_region *const *a, size_t a_count,
                       const struct annotation_region *const *b, size_t b_count,
                       struct match_pair *out, size_t *out_count);
