/* annotation.h - one annotator's work on one item (data.md 4): stages 3 and 4, canonical bytes, checks. Immutable once read;
 * what is borrowed from it lives as long as it does. */
#pragma once

#include "core/json/fault.h"
#include "core/json/json.h"
#include "core/schema/schema.h"

enum annotation_stage {
    ANNOTATION_DRAFT, /* stages 1 to 3: drafts, revisions that are returned or skipped */
    ANNOTATION_SUBMIT /* stage 4 too */
};

/* What an annotation stands on. Any of it may be NULL: what needs it is then not judged. All borrowed for the call, the
 * schema for as long as the annotation lives. */
struct annotation_context {
    const struct schema *schema;
    const json_t *streams;    /* of the item (data.md 2), by id */
    const char *item;         /* the assignment's */
    const json_t *guidelines; /* the assignment's hashes, an array of strings */
    const json_t *base; /* the annotation of the base revision; NULL: none, every label is new */
    bool base_unknown; /* there is a base but it is not at hand: deprecated labels are not judged */
    enum annotation_stage stage;
    bool checks_apart; /* blocking checks do not refuse: the caller reads annotation_failed */
};

/* A check of the schema that failed. */
struct failed_check {
    size_t check; /* index among the schema's */
    bool block;
};

struct annotation_region {
    const char *id;
    size_t task, stream, label; /* indexes of the schema */
    const json_t *json;
};

struct annotation;
/* ERR_TOOBIG over 8 MiB, ERR_INVALID with pointer and reason in d, ERR_NOMEM. */
enum err annotation_read(struct bytes text, const struct annotation_context *ctx,
                         struct annotation **out, struct diag *d);
/* The same of a document in hand, from stage 2 on; keeps a reference. */
enum err annotation_of(json_t *doc, const struct annotation_context *ctx, struct annotation **out,
                       struct diag *d);
/* Stages 3 and 4 alone, for a document inside another that has passed stage 2: faults are added below `at`, and to `warnings`
 * (may be NULL) the ids of checks of severity warn that fail. OK or ERR_NOMEM. */
enum err annotation_judge(const json_t *doc, const struct annotation_context *ctx,
                          const struct place *at, struct fault *meaning, struct fault *submit,
                          json_t *warnings);
/* Task, stream, label and selector of an object like a region (a suggestion) against a schema and, unless NULL, streams. */
void sel_judge(const struct schema *schema, const json_t *streams, const json_t *region,
               const struct place *at, struct fault *f);
void annotation_free(struct annotation *a);
DEFINE_AUTO(annotation)

const json_t *annotation_json(const struct annotation *a);
struct bytes annotation_bytes(const struct annotation *a); /* canonical */
struct hash annotation_hash(const struct annotation *a);
/* Checks of either severity that fail, in the schema's order; without a schema none. */
const struct failed_check *annotation_failed(const struct annotation *a, size_t *out_count);
/* Only where it was read with a schema; else NULL and 0. */
const struct annotation_region *annotation_regions(const struct annotation *a, size_t *out_count);
/* The answer to a question of the schema; NULL where there is none. */
const json_t *annotation_answer(const struct annotation *a, const char *question);

/* The canonical empty annotation of an item: guidelines is an array of hashes (sorted here), streams an object from id to the
 * stream of data.md 2 or to its hash. The caller owns *out. */
enum err annotation_empty(const char *item, struct hash schema, const json_t *guidelines,
                          const json_t *streams, json_t **out);
