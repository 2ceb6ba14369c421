/* structure_release.c - contract/release.json and policy.json as tables. */
#include "core/schema/node.h"

static const struct node block_raters = INTEGER(2, 5);
static const struct node block_what = WORD("agreement", "regions", "counts");

/* A block of regions has two raters. */
static const struct node *raters_of(const json_t *block)
{
    static const struct node two = INTEGER(2, 2);
    const char *what = json_string_value(json_object_get(block, "what"));
    return what != NULL && strcmp(what, "regions") == 0 ? &two : NULL;
}

static const struct member block_members[] = {
    MUST("k", node_thousand),
    MUST("of", node_id),
    NARROWED("raters", block_raters, raters_of),
    MUST("u", node_thousand),
    MUST("weight", node_thousand),
    MUST("what", block_what),
};
static const struct node block = OBJECT(block_members);

static const struct node statistics_blocks = LIST(block, 1, 100);
static const struct node statistics_share_ppm = INTEGER(1, 1000000);
static const struct member statistics_members[] = {
    MUST("blocks", statistics_blocks),
    MUST("id", node_id),
    MUST("kind", node_given),
    MUST("runs", node_thousand),
    MUST("share_ppm", statistics_share_ppm),
};
static const struct node statistics = OBJECT(statistics_members);

static const struct node gradient_model_dim = INTEGER(1, 4096);
static const struct node gradient_model_features = WORD("hashed_words_4096");
static const struct member gradient_model_projection_members[] = {
    MUST("bytes", node_file_size),
    MUST("sha256", node_hash),
};
static const struct node gradient_model_projection =
    OBJECT_OR_NULL(gradient_model_projection_members);
static const struct node gradient_model_scale_log2 = INTEGER(1, 30);

/* The features are 4,096 or their first 512; a projection has at most 256 of its own. */
static const struct node *dim_of(const json_t *model)
{
    static const struct node plain = {.type = NODE_DIM};
    static const struct node projected = INTEGER(1, 256);
    const json_t *projection = json_object_get(model, "projection");
    if (json_is_null(projection))
        return &plain;
    return json_is_object(projection) ? &projected : NULL;
}

static const struct member gradient_model_members[] = {
    MUST("clip", node_decimal),
    NARROWED("dim", gradient_model_dim, dim_of),
    MUST("features", gradient_model_features),
    MUST("id", node_id),
    MUST("momentum", node_decimal),
    MUST("of", node_id),
    MUST("planned_patients", node_billion),
    MUST("projection", gradient_model_projection),
    MUST("rounds", node_thousand),
    MUST("scale_log2", gradient_model_scale_log2),
    MUST("step", node_decimal),
};
static const struct node gradient_model = OBJECT(gradient_model_members);

static const struct member gradient_members[] = {
    MUST("id", node_id),
    MUST("kind", node_given),
    MUST("model", gradient_model),
    MUST("runs", node_thousand),
    MUST("share_ppm", statistics_share_ppm),
};
static const struct node gradient = OBJECT(gradient_members);

static const struct member update_model_members[] = {
    MUST("clip", node_decimal), MUST("dim", node_billion),
    MUST("id", node_id),        MUST("scale_log2", gradient_model_scale_log2),
    MUST("sha256", node_hash),
};
static const struct node update_model = OBJECT(update_model_members);

static const struct member update_members[] = {
    MUST("id", node_id),
    MUST("kind", node_given),
    MUST("model", update_model),
    MUST("runs", node_thousand),
    MUST("share_ppm", statistics_share_ppm),
};
static const struct node update = OBJECT(update_members);

static const struct node_case node_release_cases[] = {
    {"statistics", &statistics},
    {"gradient", &gradient},
    {"update", &update},
};
const struct node node_release = BY("kind", node_release_cases);

static const struct node policy_c = INTEGER(1, 1022);
static const struct node policy_sessions_per_day = INTEGER(1, 1000000);
static const struct node policy_sigma_min = INTEGER(3, 1048576);
static const struct node policy_t = INTEGER(1, 1024);
static const struct node policy_templates = LIST(node_release, 0, 1000);
static const struct member node_policy_members[] = {
    MUST("c", policy_c),
    MUST("cap_units", node_u64),
    MUST("delta", node_decimal),
    MUST("federation", node_federation),
    MUST("patients_min", node_billion),
    MUST("previous", node_hash_or_null),
    MUST("sessions_per_day", policy_sessions_per_day),
    MUST("sigma_min", policy_sigma_min),
    MUST("t", policy_t),
    MUST("templates", policy_templates),
    MUST("units_per_day", node_u64),
    MUST("v", node_one),
    MUST("version", node_version),
};
const struct node node_policy = OBJECT(node_policy_members);
