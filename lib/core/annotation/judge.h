/* judge.h - judging an annotation, from inside: stages 3 and 4 of data.md 4. For this room only. */
#pragma once

#include "core/annotation/annotation.h"

/* What a selector is judged against; any of it may be unknown. */
struct sel_context {
    const struct schema_task *task; /* NULL: not known */
    const json_t *stream;           /* NULL: not known */
    bool kind_known;
    enum stream_kind kind;
    size_t channel_count; /* 0: not known */
};

/* One stream of the schema, as the item has it. */
struct judge_stream {
    bool on_item;
    struct sel_context context;
};

/* One annotation under judgement. Indexes are SCHEMA_NONE where an id is unknown or there is no schema. */
struct judge {
    const struct annotation_context *ctx;
    const json_t *doc;
    const struct place *at;
    struct fault *meaning, *submit;
    struct schema_parts parts; /* empty without a schema */
    struct annotation_region *regions;
    size_t region_count;
    struct judge_stream *streams; /* of the schema */
    json_t *region_index;         /* id -> index */
    uint32_t
        *counts; /* [task * labels + label]: regions with it or a descendant; NULL until counted */
    uint32_t *task_counts;
    struct failed_check *failed;
    size_t failed_count;
};

/* Fills the regions and finds every fault of meaning, then, where there is none and the stage asks for it, those of submit
 * and the checks that fail. ERR_NOMEM only. */
enum err judge_run(struct judge *j);
void judge_fini(struct judge *j);

/* The parts of judge_run. */
void judge_frame(struct judge *j);   /* item, schema, guidelines, streams */
void judge_regions(struct judge *j); /* regions resolved before */
enum err judge_overlap(struct judge *j);
enum err judge_relations(struct judge *j);
void judge_answers(struct judge *j);
enum err judge_submit(struct judge *j);

/* Whether the item has this stream, as far as that can be known: by its streams, else by the document; a required one always. */
bool judge_item_has(const struct judge *j, const char *stream);
/* The stream of the item, of the schema's kind; NULL where it is not at hand. */
const json_t *judge_stream(const struct judge *j, const char *stream);

/* A value against its attr or question: type, min, max. Not of choice and choices. */
void judge_value(const struct schema_value *v, const json_t *value, const struct place *at,
                 struct fault *f);
/* Whether a label may be new here: deprecated labels only where the base has them, which `was` says. */
bool judge_label_allowed(const struct judge *j, size_t label, bool was);

void judge_sel(const struct sel_context *c, const json_t *sel, const struct place *at,
               struct fault *f);
/* Its two halves: shapes on text and in time, and shapes in pictures. Called by judge_sel. */
void judge_sel_picture(const struct sel_context *c, enum shape shape, const json_t *sel,
                       const struct place *at, struct fault *f);
bool judge_pts_known(const struct sel_context *c, const json_t *at);
/* The context of a stream, without a task. */
struct sel_context judge_sel_context(const struct judge *j, const char *stream);

static inline int64_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}
static inline int64_t int_at(const json_t *array, size_t i)
{
    return json_integer_value(json_array_get(array, i));
}
static inline const char *string_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
static inline const char *string_at(const json_t *array, size_t i)
{
    return json_string_value(json_array_get(array, i));
}
