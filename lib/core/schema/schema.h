/* schema.h - a label schema (data.md 3), read and ready for look-ups. Immutable once read; everything borrowed from it lives
 * as long as it does. */
#pragma once

#include "core/json/fault.h"
#include "core/json/json.h"
#include "core/schema/expr.h"

enum stream_kind { STREAM_TEXT, STREAM_IMAGE, STREAM_AUDIO, STREAM_VIDEO, STREAM_SERIES };
enum { STREAM_KIND_COUNT = STREAM_SERIES + 1 };
const char *stream_kind_name(enum stream_kind k);
bool stream_kind_of(const char *word, enum stream_kind *out);

enum shape {
    SHAPE_SPAN,
    SHAPE_SECTION,
    SHAPE_RECT,
    SHAPE_ELLIPSE,
    SHAPE_POLYGON,
    SHAPE_MASK,
    SHAPE_POINT,
    SHAPE_SKELETON,
    SHAPE_INTERVAL,
    SHAPE_INSTANT,
    SHAPE_TRACK
};
enum { SHAPE_COUNT = SHAPE_TRACK + 1 };
const char *shape_name(enum shape s);
bool shape_of(const char *word, enum shape *out);

enum absence { ABSENCE_NONE, ABSENCE_NOT_ASSESSED, ABSENCE_CANNOT_JUDGE };
enum { ABSENCE_COUNT = ABSENCE_CANNOT_JUDGE + 1 };
const char *absence_name(enum absence a);

enum schema_channels { CHANNELS_ANY, CHANNELS_ONE, CHANNELS_ALL };
enum cardinality { ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, MANY_TO_MANY };

#define SCHEMA_NONE SIZE_MAX /* no such index; a question on the item; a label without parent */

struct schema_stream {
    const char *id;
    enum stream_kind kind;
    bool required;
    size_t channel_count; /* 0 where the schema does not name them */
};
struct schema_label {
    const char *id;
    size_t parent;
    bool deprecated;
    const json_t *json;
};
/* What an attr and a question have in common. */
struct schema_value {
    const char *id;
    enum value_type type;
    const json_t *min, *max; /* NULL: not set */
    const json_t *values;    /* ids: choice, choices (strings), enum (objects with id); else NULL */
    bool required;
    const struct expr *when; /* NULL: always */
    const json_t *json;
};
struct schema_attr {
    struct schema_value value;
};
struct schema_question {
    struct schema_value value;
    size_t on;            /* stream, or SCHEMA_NONE: the item */
    const size_t *labels; /* choice, choices: in the question's order */
    size_t label_count;
    bool absent[ABSENCE_COUNT]; /* the absences it offers */
};
struct schema_task {
    const char *id;
    enum shape shape;
    enum stream_kind kind;
    const size_t *streams;
    size_t stream_count;
    const size_t *labels;
    size_t label_count;
    const size_t *attrs;
    size_t attr_count;
    bool overlap, discontinuous;
    bool of_skeleton; /* a track of skeletons */
    size_t point_count;
    enum schema_channels channels;
    uint64_t min, max; /* max is UINT64_MAX where not set */
    const json_t *json;
};
struct schema_relation {
    const char *id;
    enum cardinality cardinality;
    bool symmetric;
    const json_t *json; /* from, to */
};
struct schema_check {
    const char *id;
    bool block;
    const struct expr *when; /* `if`; NULL: always */
    const struct expr *then;
    const json_t *say;
};

/* Arrays in the document's order. */
struct schema_parts {
    const struct schema_stream *streams;
    size_t stream_count;
    const struct schema_label *labels;
    size_t label_count;
    const struct schema_attr *attrs;
    size_t attr_count;
    const struct schema_task *tasks;
    size_t task_count;
    const struct schema_question *questions;
    size_t question_count;
    const struct schema_relation *relations;
    size_t relation_count;
    const struct schema_check *checks;
    size_t check_count;
};

struct schema;
/* All stages of a text. `before` is the superseded version, or NULL: what needs it is then not judged. */
enum err schema_read(struct bytes text, const struct schema *before, struct schema **out,
                     struct diag *d);
/* Stage 3 of a document that has passed stage 2 (a campaign's, an export's): takes a reference to doc. Faults are added to f
 * below `at`; with a fault *out stays as it was and the result is ERR_INVALID. */
enum err schema_of(json_t *doc, const struct schema *before, const struct place *at,
                   struct fault *f, struct schema **out);
void schema_free(struct schema *s);
DEFINE_AUTO(schema)

const json_t *schema_json(const struct schema *s);
struct hash schema_hash(const struct schema *s); /* of the canonical bytes */
const char *schema_id(const struct schema *s);
uint64_t schema_version(const struct schema *s);
struct schema_parts schema_parts(const struct schema *s);

/* By id; SCHEMA_NONE where there is none. */
size_t schema_stream(const struct schema *s, const char *id);
size_t schema_label(const struct schema *s, const char *id);
size_t schema_attr(const struct schema *s, const char *id);
size_t schema_task(const struct schema *s, const char *id);
size_t schema_question(const struct schema *s, const char *id);
size_t schema_relation(const struct schema *s, const char *id);
/* Whether label is `of`, or a descendant of it. */
bool schema_label_within(const struct schema *s, size_t label, size_t of);
bool schema_task_has_label(const struct schema_task *t, size_t label);
bool schema_task_has_attr(const struct schema_task *t, size_t attr);
bool schema_task_has_stream(const struct schema_task *t, size_t stream);
/* The expression scopes: of questions and checks, and of attrs' `when`. */
struct expr_scope schema_scope(const struct schema *s, bool in_region);
