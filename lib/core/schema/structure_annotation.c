/* structure_annotation.c - contract/annotation.json and revision.json as tables. */
#include "core/schema/node.h"

static const struct node annotation_answers = MAP(node_id, node_answer, 0, NO_LIMIT);
static const struct node annotation_guidelines = SET(node_hash, 0, 64);
static const struct node region_attrs = MAP(node_id, node_value, 0, NO_LIMIT);
static const struct node region_certainty = INTEGER(0, 100);
static const struct node region_of = TEXT(FORM_REGION_OF);
static const struct node region_from = SET(region_of, 1, 1000);
static const struct node origin_by = WORD("human", "accepted", "edited", "imported");
static const struct member origin_members[] = {
    MUST("by", origin_by),      MAY("decided_ms", node_ms), MAY("model", node_hash),
    MAY("score_ppm", node_ppm), MAY("shown_ms", node_ms),   MAY("tool", node_line),
};
static const struct node origin = OBJECT(origin_members);

static const struct node pair = LIST(node_natural, 2, 2);
static const struct node span_parts = LIST(pair, 1, 100000);
static const struct member span_members[] = {
    MUST("parts", span_parts),
    MUST("t", node_given),
};
static const struct node span = OBJECT(span_members);

static const struct member section_members[] = {
    MUST("parts", span_parts),
    MUST("t", node_given),
};
static const struct node section = OBJECT(section_members);

static const struct node rect_rot = INTEGER(0, 359999);
static const struct member rect_members[] = {
    MAY("at", node_natural), MAY("frame", node_natural), MUST("h", node_positive),
    MAY("rot", rect_rot),    MUST("t", node_given),      MUST("w", node_positive),
    MUST("x", node_integer), MUST("y", node_integer),
};
static const struct node rect = PLACED(rect_members);

static const struct member ellipse_members[] = {
    MAY("at", node_natural),    MUST("cx", node_natural), MUST("cy", node_natural),
    MAY("frame", node_natural), MAY("rot", rect_rot),     MUST("rx", node_positive),
    MUST("ry", node_positive),  MUST("t", node_given),
};
static const struct node ellipse = PLACED(ellipse_members);

static const struct node ring = LIST(pair, 3, 100000);
static const struct node polygon_rings = LIST(ring, 1, 100000);
static const struct member polygon_members[] = {
    MAY("at", node_natural),
    MAY("frame", node_natural),
    MUST("rings", polygon_rings),
    MUST("t", node_given),
};
static const struct node polygon = PLACED(polygon_members);

static const struct node mask_rle = RECORD(2, 100000, &node_positive, &node_natural);
static const struct member mask_members[] = {
    MAY("at", node_natural), MAY("frame", node_natural), MUST("h", node_positive),
    MUST("rle", mask_rle),   MUST("t", node_given),      MUST("w", node_positive),
    MUST("x", node_natural), MUST("y", node_natural),
};
static const struct node mask = PLACED(mask_members);

static const struct member point_members[] = {
    MAY("at", node_natural), MAY("frame", node_natural), MUST("t", node_given),
    MUST("x", node_natural), MUST("y", node_natural),
};
static const struct node point = PLACED(point_members);

static const struct node visibility = INTEGER(0, 2);
static const struct node skeleton_point =
    RECORD(3, 3, NULL, &node_natural, &node_natural, &visibility);
static const struct node skeleton_pts = LIST(skeleton_point, 1, 1000);
static const struct member skeleton_members[] = {
    MAY("at", node_natural),
    MAY("frame", node_natural),
    MUST("pts", skeleton_pts),
    MUST("t", node_given),
};
static const struct node skeleton = PLACED(skeleton_members);

static const struct node channel = INTEGER(0, 1023);
static const struct node interval_ch = SET(channel, 1, 1024);
static const struct member interval_members[] = {
    MUST("a", node_natural),
    MUST("b", node_natural),
    MAY("ch", interval_ch),
    MUST("t", node_given),
};
static const struct node interval = OBJECT(interval_members);

static const struct member instant_members[] = {
    MUST("at", node_natural),
    MAY("ch", interval_ch),
    MUST("t", node_given),
};
static const struct node instant = OBJECT(instant_members);

static const struct node keyframe_rect =
    RECORD(4, 5, NULL, &node_integer, &node_integer, &node_positive, &node_positive, &rect_rot);
static const struct member keyframe_members[] = {
    MUST("at", node_natural), MAY("hidden", node_true),   MAY("out", node_true),
    MAY("pts", skeleton_pts), MAY("rect", keyframe_rect),
};
static const struct node keyframe = OBJECT(keyframe_members);

static const struct node track_kf = LIST(keyframe, 1, 100000);
static const struct member track_members[] = {
    MUST("kf", track_kf),
    MUST("t", node_given),
};
static const struct node track = OBJECT(track_members);

static const struct node_case sel_cases[] = {
    {"span", &span},         {"section", &section}, {"rect", &rect},   {"ellipse", &ellipse},
    {"polygon", &polygon},   {"mask", &mask},       {"point", &point}, {"skeleton", &skeleton},
    {"interval", &interval}, {"instant", &instant}, {"track", &track},
};
const struct node node_sel = BY("t", sel_cases);

static const struct member region_members[] = {
    MAY("attrs", region_attrs), MAY("certainty", region_certainty),
    MAY("from", region_from),   MUST("id", node_id),
    MUST("label", node_id),     MUST("origin", origin),
    MUST("sel", node_sel),      MUST("stream", node_id),
    MUST("task", node_id),
};
static const struct node region = OBJECT(region_members);

static const struct node annotation_regions = LIST(region, 0, 20000);
static const struct member relation_members[] = {
    MUST("from", node_id),
    MUST("id", node_id),
    MUST("to", node_id),
    MUST("type", node_id),
};
static const struct node relation = OBJECT(relation_members);

static const struct node annotation_relations = LIST(relation, 0, 100000);
static const struct node annotation_streams = MAP(node_id, node_hash, 0, NO_LIMIT);
static const struct member node_annotation_members[] = {
    MUST("answers", annotation_answers),
    MUST("guidelines", annotation_guidelines),
    MUST("item", node_id),
    MUST("regions", annotation_regions),
    MUST("relations", annotation_relations),
    MUST("schema", node_hash),
    MUST("streams", annotation_streams),
    MUST("v", node_one),
};
const struct node node_annotation = OBJECT(node_annotation_members);

static const struct node revision_status =
    WORD("submitted", "returned", "accepted", "adjudicated", "skipped");
static const struct member node_revision_members[] = {
    MUST("active_ms", node_natural), MUST("assignment", node_id), MUST("at_ms", node_ms),
    MUST("base", node_natural),      MUST("by", node_id),         MUST("doc", node_annotation),
    MUST("doc_hash", node_hash),     MUST("n", node_positive),    MAY("reason", node_id),
    MUST("status", revision_status),
};
const struct node node_revision = OBJECT(node_revision_members);
