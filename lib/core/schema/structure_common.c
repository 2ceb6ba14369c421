/* structure_common.c - contract/common.json as tables, and plain values that many documents share. */
#include "core/schema/node.h"

const struct node node_hash = TEXT(FORM_HASH);
const struct node node_hash_or_null = {
    .type = NODE_TEXT, .or_null = true, .form = FORM_HASH, .max = NO_LIMIT};
const struct node node_id = TEXT(FORM_ID);
const struct node node_id_or_null = {
    .type = NODE_TEXT, .or_null = true, .form = FORM_ID, .max = NO_LIMIT};
const struct node node_expr_id = TEXT(FORM_EXPR_ID);
const struct node node_attr_id = TEXT(FORM_ATTR_ID);
const struct node node_stream_id = TEXT(FORM_STREAM_ID);
const struct node node_lang = TEXT(FORM_LANG);
const struct node node_line = TEXT(FORM_LINE);
const struct node node_date = TEXT(FORM_DATE);
const struct node node_decimal = TEXT(FORM_DECIMAL);
const struct node node_u64 = TEXT(FORM_U64);
const struct node node_site_id = TEXT(FORM_SITE_ID);
const struct node node_federation = TEXT(FORM_FEDERATION);
const struct node node_sig64 = TEXT(FORM_SIG64);
const struct node node_key32 = TEXT(FORM_KEY32);
const struct node node_vkey = TEXT(FORM_VKEY);
const struct node node_vkey_or_null = {
    .type = NODE_TEXT, .or_null = true, .form = FORM_VKEY, .max = NO_LIMIT};
const struct node node_media_type = TEXT(FORM_MEDIA_TYPE);
const struct node node_expr = PROSE(1, 1000);
const struct node node_kind = WORD("text", "image", "audio", "video", "series");
const struct node node_absence = WORD("none", "not_assessed", "cannot_judge");

static const struct node prose_entry = PROSE(1, 100000);
const struct node node_prose = MAP(node_lang, prose_entry, 1, 64);
const struct node node_name = MAP(node_lang, node_line, 1, 64);

const struct node node_version = INTEGER(1, 1000000);
const struct node node_ppm = INTEGER(0, 1000000);
const struct node node_ms = INTEGER(0, INT_53);
const struct node node_one = INTEGER(1, 1);
const struct node node_natural = INTEGER(0, INT_53);
const struct node node_positive = INTEGER(1, INT_53);
const struct node node_integer = INTEGER(-INT_53, INT_53);
const struct node node_thousand = INTEGER(1, 1000);
const struct node node_billion = INTEGER(1, 1000000000);
const struct node node_file_size = INTEGER(1, 1099511627776);
const struct node node_extent = INTEGER(1, 2147483647);

const struct node node_bool = {.type = NODE_BOOL};
const struct node node_true = {.type = NODE_TRUE};
const struct node node_given = {.type = NODE_GIVEN};
const struct node node_bound = {.type = NODE_BOUND};
const struct node node_value = {.type = NODE_VALUE};
const struct node node_answer = {.type = NODE_ANSWER};
