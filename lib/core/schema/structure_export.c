/* structure_export.c - contract/streams.json and export-line.json as tables. */
#include "core/schema/node.h"

static const struct member text_members[] = {
    MUST("kind", node_given),
    MUST("length", node_natural),
    MUST("sha256", node_hash),
};
static const struct node text = OBJECT(text_members);

static const struct member image_members[] = {
    MUST("frames", node_extent), MUST("h", node_extent), MUST("kind", node_given),
    MUST("sha256", node_hash),   MUST("w", node_extent),
};
static const struct node image = OBJECT(image_members);

static const struct node audio_channels = SET(node_line, 1, 1024);
static const struct node audio_ticks = LIST(node_positive, 2, 2);
static const struct member audio_members[] = {
    MUST("channels", audio_channels), MUST("kind", node_given),   MUST("length", node_natural),
    MUST("sha256", node_hash),        MUST("ticks", audio_ticks),
};
static const struct node audio = OBJECT(audio_members);

static const struct node video_pts = SET(node_natural, 1, NO_LIMIT);
static const struct member video_members[] = {
    MUST("end", node_positive), MUST("h", node_extent),    MUST("kind", node_given),
    MUST("pts", video_pts),     MUST("sha256", node_hash), MUST("ticks", audio_ticks),
    MUST("w", node_extent),
};
static const struct node video = OBJECT(video_members);

static const struct member series_members[] = {
    MUST("channels", audio_channels), MUST("kind", node_given),   MUST("length", node_natural),
    MUST("sha256", node_hash),        MUST("ticks", audio_ticks),
};
static const struct node series = OBJECT(series_members);

static const struct node_case stream_cases[] = {
    {"text", &text}, {"image", &image}, {"audio", &audio}, {"video", &video}, {"series", &series},
};
const struct node node_stream = BY("kind", stream_cases);

const struct node node_streams = MAP(node_id, node_stream, 0, NO_LIMIT);
static const struct node bundle_counts_name =
    WORD("schema", "guideline", "session", "item", "stream", "assignment", "revision", "review",
         "comment", "suggestion");
static const struct node bundle_counts = MAP(bundle_counts_name, node_positive, 0, NO_LIMIT);
static const struct member bundle_members[] = {
    MUST("campaign", node_hash_or_null), MUST("counts", bundle_counts), MUST("made_ms", node_ms),
    MUST("site", node_site_id),          MUST("type", node_given),      MUST("v", node_one),
};
static const struct node bundle = OBJECT(bundle_members);

static const struct member schema_members[] = {
    MUST("doc", node_label_schema),
    MUST("hash", node_hash),
    MUST("type", node_given),
};
static const struct node schema = OBJECT(schema_members);

static const struct member guideline_members[] = {
    MUST("doc", node_guideline),
    MUST("hash", node_hash),
    MUST("type", node_given),
};
static const struct node guideline = OBJECT(guideline_members);

static const struct member session_members[] = {
    MUST("id", node_id),
    MUST("type", node_given),
};
static const struct node session = OBJECT(session_members);

static const struct member item_members[] = {
    MUST("id", node_id),
    MUST("session", node_id),
    MUST("type", node_given),
};
static const struct node item = OBJECT(item_members);

static const struct node stream_bytes = INTEGER(0, 1099511627776);
static const struct node stream_clock_method = WORD("timestamp", "sync_event", "cross_correlation",
                                                    "anchors", "manual", "same_clock", "unknown");
static const struct member stream_clock_members[] = {
    MUST("drift_ppb", node_integer),
    MUST("method", stream_clock_method),
    MUST("offset_ns", node_integer),
    MUST("uncertainty_ns", node_natural),
};
static const struct node stream_clock = OBJECT(stream_clock_members);

static const struct member stream_members[] = {
    MUST("bytes", stream_bytes), MAY("clock", stream_clock),          MUST("id", node_id),
    MUST("item", node_id),       MUST("media_type", node_media_type), MUST("stream", node_stream),
    MUST("type", node_given),
};
static const struct node stream = OBJECT(stream_members);

static const struct node assignment_slot = INTEGER(0, 15);
static const struct node assignment_state =
    WORD("assigned", "in_progress", "submitted", "in_review", "returned", "accepted", "adjudicated",
         "skipped", "locked");
static const struct member assignment_members[] = {
    MUST("annotator", node_id),      MUST("id", node_id),
    MUST("item", node_id),           MUST("slot", assignment_slot),
    MUST("state", assignment_state), MUST("type", node_given),
};
static const struct node assignment = OBJECT(assignment_members);

static const struct node revision_status =
    WORD("submitted", "returned", "accepted", "adjudicated", "skipped");
static const struct member revision_members[] = {
    MUST("active_ms", node_natural), MUST("assignment", node_id), MUST("at_ms", node_ms),
    MUST("base", node_natural),      MUST("by", node_id),         MUST("doc", node_annotation),
    MUST("doc_hash", node_hash),     MUST("n", node_positive),    MAY("reason", node_id),
    MUST("status", revision_status), MUST("type", node_given),
};
static const struct node revision = OBJECT(revision_members);

static const struct node review_cause = WORD("ambiguous", "guideline_gap", "annotator");
static const struct node review_decision = WORD("accept", "edit", "return", "adjudicate");
static const struct member review_members[] = {
    MUST("assignment", node_id),
    MUST("at_ms", node_ms),
    MUST("by", node_id),
    MAY("cause", review_cause),
    MUST("decision", review_decision),
    MUST("n", node_positive),
    MUST("type", node_given),
};
static const struct node review = OBJECT(review_members);

static const struct node comment_text = PROSE(1, 100000);
static const struct member comment_members[] = {
    MAY("assignment", node_id), MUST("at_ms", node_ms),   MUST("by", node_id),
    MUST("item", node_id),      MAY("n", node_positive),  MAY("region", node_id),
    MUST("text", comment_text), MUST("type", node_given),
};
static const struct node comment = OBJECT(comment_members);

static const struct node decision_word = WORD("accept", "edit", "reject");
static const struct member decision_members[] = {
    MUST("by", node_id),
    MUST("decided_ms", node_ms),
    MUST("decision", decision_word),
    MUST("shown_ms", node_ms),
};
static const struct node decision = OBJECT(decision_members);

static const struct node suggestion_decisions = LIST(decision, 0, 1000);
static const struct member suggestion_members[] = {
    MUST("at_ms", node_ms),    MUST("decisions", suggestion_decisions),
    MUST("id", node_id),       MUST("item", node_id),
    MUST("label", node_id),    MUST("model", node_hash),
    MUST("schema", node_hash), MAY("score_ppm", node_ppm),
    MUST("sel", node_sel),     MUST("stream", node_id),
    MUST("task", node_id),     MUST("type", node_given),
};
static const struct node suggestion = OBJECT(suggestion_members);

static const struct member end_members[] = {
    MUST("lines", node_positive),
    MUST("sha256", node_hash),
    MUST("type", node_given),
};
static const struct node end = OBJECT(end_members);

static const struct node_case node_export_line_cases[] = {
    {"bundle", &bundle},
    {"schema", &schema},
    {"guideline", &guideline},
    {"session", &session},
    {"item", &item},
    {"stream", &stream},
    {"assignment", &assignment},
    {"revision", &revision},
    {"review", &review},
    {"comment", &comment},
    {"suggestion", &suggestion},
    {"end", &end},
};
const struct node node_export_line = BY("type", node_export_line_cases);
