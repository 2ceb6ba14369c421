/* structure_campaign.c - contract/campaign.json, guideline.json and pack.json as tables. */
#include "core/schema/node.h"

static const struct node campaign_guidelines_name =
    WORD("text", "image", "audio", "video", "series", "session");
static const struct node campaign_guidelines =
    MAP(campaign_guidelines_name, node_hash, 0, NO_LIMIT);
static const struct node metric_figure =
    WORD("alpha", "kappa", "f1", "units", "prevalence", "accuracy");
static const struct member metric_members[] = {
    MUST("at_least", node_decimal),
    MUST("figure", metric_figure),
    MUST("id", node_id),
    MUST("of", node_id),
};
static const struct node metric = OBJECT(metric_members);

static const struct node campaign_metrics = LIST(metric, 0, 100);
static const struct node campaign_privacy_templates = LIST(node_release, 0, 1000);
static const struct member campaign_privacy_members[] = {
    MUST("cap_units", node_u64),
    MUST("templates", campaign_privacy_templates),
};
static const struct node campaign_privacy = OBJECT(campaign_privacy_members);

static const struct node campaign_review_adjudicate = WORD("none", "disagreements", "all");
static const struct node campaign_review_annotators = INTEGER(1, 16);
static const struct node campaign_review_tiers = INTEGER(0, 3);
static const struct member campaign_review_members[] = {
    MUST("adjudicate", campaign_review_adjudicate),
    MUST("annotators", campaign_review_annotators),
    MUST("tiers", campaign_review_tiers),
};
static const struct node campaign_review = OBJECT(campaign_review_members);

static const struct node campaign_scope_modalities = SET(node_kind, 1, 5);
static const struct member campaign_scope_members[] = {
    MUST("items", node_billion),   MUST("modalities", campaign_scope_modalities),
    MUST("overlap_ppm", node_ppm), MUST("population", node_prose),
    MUST("until", node_date),
};
static const struct node campaign_scope = OBJECT(campaign_scope_members);

static const struct node campaign_training_tries = INTEGER(1, 100);
static const struct member campaign_training_members[] = {
    MUST("pack", node_hash),
    MUST("pass", node_decimal),
    MUST("tries", campaign_training_tries),
};
static const struct node campaign_training = OBJECT_OR_NULL(campaign_training_members);

static const struct member node_campaign_members[] = {
    MUST("federation", node_federation),
    MUST("guidelines", campaign_guidelines),
    MUST("id", node_id),
    MUST("lead", node_site_id),
    MUST("metrics", campaign_metrics),
    MUST("privacy", campaign_privacy),
    MUST("purpose", node_prose),
    MUST("review", campaign_review),
    MUST("schema", node_label_schema),
    MUST("scope", campaign_scope),
    MUST("supersedes", node_hash_or_null),
    MUST("title", node_name),
    MUST("training", campaign_training),
    MUST("v", node_one),
    MUST("version", node_version),
};
const struct node node_campaign = OBJECT(node_campaign_members);

static const struct node asset_name = TEXT(FORM_ASSET);
static const struct member asset_members[] = {
    MUST("bytes", node_file_size),
    MUST("name", asset_name),
    MUST("sha256", node_hash),
    MUST("type", node_media_type),
};
static const struct node asset = OBJECT(asset_members);

static const struct node guideline_assets = LIST(asset, 0, 1000);
static const struct node guideline_kind =
    WORD("text", "image", "audio", "video", "series", "session");
static const struct node label_examples = LIST(node_prose, 0, 200);
static const struct member label_members[] = {
    MUST("define", node_prose), MUST("examples", label_examples), MUST("exclude", label_examples),
    MUST("id", node_id),        MUST("include", label_examples),
};
static const struct node label = OBJECT(label_members);

static const struct node guideline_labels = LIST(label, 0, 1000);
static const struct member node_guideline_members[] = {
    MUST("assets", guideline_assets), MUST("body", node_prose),
    MUST("breaking", node_bool),      MUST("campaign", node_id),
    MUST("changes", node_prose),      MUST("kind", guideline_kind),
    MUST("labels", guideline_labels), MUST("supersedes", node_hash_or_null),
    MUST("title", node_name),         MUST("v", node_one),
    MUST("version", node_version),
};
const struct node node_guideline = OBJECT(node_guideline_members);

static const struct member stream_members[] = {
    MUST("bytes", node_file_size),
    MUST("kind", node_kind),
    MUST("sha256", node_hash),
    MUST("type", node_media_type),
};
static const struct node stream = OBJECT(stream_members);

static const struct node pack_item_streams = MAP(node_id, stream, 1, 32);
static const struct member pack_item_members[] = {
    MUST("explain", node_prose),
    MUST("gold", node_annotation),
    MUST("id", node_id),
    MUST("streams", pack_item_streams),
};
static const struct node pack_item = OBJECT(pack_item_members);

static const struct node pack_items = LIST(pack_item, 1, 1000);
static const struct member node_pack_members[] = {
    MUST("id", node_id),      MUST("items", pack_items), MUST("supersedes", node_hash_or_null),
    MUST("title", node_name), MUST("v", node_one),       MUST("version", node_version),
};
const struct node node_pack = OBJECT(node_pack_members);
