/* structure_schema.c - contract/label-schema.json as tables. */
#include "core/schema/node.h"

static const struct node attr_type = WORD("enum", "bool", "int", "decimal", "text", "date");
static const struct member attr_value_members[] = {
    MUST("id", node_id),
    MUST("name", node_name),
};
static const struct node attr_value = OBJECT(attr_value_members);

static const struct node attr_values = LIST(attr_value, 1, 500);
static const struct member attr_members[] = {
    MUST("id", node_attr_id), MAY("max", node_bound),     MAY("min", node_bound),
    MUST("name", node_name),  MAY("required", node_bool), MUST("type", attr_type),
    MAY("unit", node_line),   MAY("values", attr_values), MAY("when", node_expr),
};
static const struct node attr = OBJECT(attr_members);

static const struct node label_schema_attrs = LIST(attr, 0, 200);
static const struct node check_severity = WORD("block", "warn");
static const struct member check_members[] = {
    MUST("id", node_id),     MAY("if", node_expr),
    MUST("say", node_prose), MUST("severity", check_severity),
    MUST("then", node_expr),
};
static const struct node check = OBJECT(check_members);

static const struct node label_schema_checks = LIST(check, 0, 200);
static const struct member label_code_members[] = {
    MUST("system", node_line),
    MUST("value", node_line),
};
static const struct node label_code = OBJECT(label_code_members);

static const struct node label_color = INTEGER(0, 9);
static const struct node label_key = TEXT(FORM_HOTKEY);
static const struct member label_members[] = {
    MAY("about", node_prose),     MAY("code", label_code), MUST("color", label_color),
    MAY("deprecated", node_bool), MUST("id", node_id),     MAY("key", label_key),
    MUST("name", node_name),      MAY("parent", node_id),
};
static const struct node label = OBJECT(label_members);

static const struct node label_schema_labels = LIST(label, 0, 1000);
static const struct node older_version = TEXT(FORM_VERSION);
static const struct node label_map = MAP(node_id, node_id_or_null, 0, NO_LIMIT);
static const struct node label_schema_map_from = MAP(older_version, label_map, 0, NO_LIMIT);
static const struct node question_absent = SET(node_absence, 1, 3);
static const struct node question_labels = SET(node_id, 1, 1000);
static const struct node question_type =
    WORD("choice", "choices", "rating", "int", "decimal", "text", "date", "bool");
static const struct member question_members[] = {
    MAY("absent", question_absent),
    MUST("id", node_expr_id),
    MAY("labels", question_labels),
    MAY("max", node_bound),
    MAY("min", node_bound),
    MUST("name", node_name),
    MUST("on", node_id),
    MAY("required", node_bool),
    MUST("type", question_type),
    MAY("unit", node_line),
    MAY("when", node_expr),
};
static const struct node question = OBJECT(question_members);

static const struct node label_schema_questions = LIST(question, 0, 500);
static const struct node relation_cardinality =
    WORD("one_to_one", "one_to_many", "many_to_one", "many_to_many");
static const struct member relation_end_members[] = {
    MAY("labels", question_labels),
    MUST("task", node_id),
};
static const struct node relation_end = OBJECT(relation_end_members);

static const struct node relation_ends = LIST(relation_end, 1, 200);
static const struct member relation_members[] = {
    MUST("cardinality", relation_cardinality),
    MUST("from", relation_ends),
    MUST("id", node_id),
    MUST("name", node_name),
    MAY("symmetric", node_bool),
    MUST("to", relation_ends),
};
static const struct node relation = OBJECT(relation_members);

static const struct node label_schema_relations = LIST(relation, 0, 200);
static const struct node stream_channels = SET(node_line, 1, 1024);
static const struct member stream_members[] = {
    MAY("channels", stream_channels),
    MUST("id", node_stream_id),
    MUST("kind", node_kind),
    MUST("required", node_bool),
};
static const struct node stream = OBJECT(stream_members);

static const struct node label_schema_streams = LIST(stream, 1, 32);
static const struct node task_attrs = SET(node_id, 0, 200);
static const struct node task_channels = WORD("any", "one", "all");
static const struct node point_index = INTEGER(0, 999);
static const struct node edge = LIST(point_index, 2, 2);
static const struct node task_edges = SET(edge, 0, 10000);
static const struct node task_max = INTEGER(1, 20000);
static const struct node task_min = INTEGER(0, 20000);
static const struct node task_of = WORD("rect", "skeleton");
static const struct node task_points = SET(node_line, 1, 1000);
static const struct node task_shape = WORD("span", "section", "rect", "ellipse", "polygon", "mask",
                                           "point", "skeleton", "interval", "instant", "track");
static const struct node task_streams = SET(node_id, 1, 32);
static const struct member task_members[] = {
    MAY("attrs", task_attrs),  MAY("channels", task_channels), MAY("discontinuous", node_bool),
    MAY("edges", task_edges),  MUST("id", node_expr_id),       MUST("labels", question_labels),
    MAY("max", task_max),      MAY("min", task_min),           MUST("name", node_name),
    MAY("of", task_of),        MAY("overlap", node_bool),      MAY("points", task_points),
    MUST("shape", task_shape), MUST("streams", task_streams),
};
static const struct node task = OBJECT(task_members);

static const struct node label_schema_tasks = LIST(task, 0, 200);
static const struct member node_label_schema_members[] = {
    MUST("attrs", label_schema_attrs),
    MUST("checks", label_schema_checks),
    MUST("id", node_id),
    MUST("labels", label_schema_labels),
    MUST("map_from", label_schema_map_from),
    MUST("questions", label_schema_questions),
    MUST("relations", label_schema_relations),
    MUST("streams", label_schema_streams),
    MUST("supersedes", node_hash_or_null),
    MUST("tasks", label_schema_tasks),
    MUST("title", node_name),
    MUST("v", node_one),
    MUST("version", node_version),
};
const struct node node_label_schema = OBJECT(node_label_schema_members);
