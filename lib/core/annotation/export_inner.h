/* export_inner.h - an export under judgement, from inside. For export*.c only. */
#pragma once

#include "base/sha256.h"
#include "core/annotation/export.h"
#include "core/annotation/judge.h"

/* The words of `type`, in the order in which writers put the lines. */
enum line_type {
    LINE_BUNDLE,
    LINE_SCHEMA,
    LINE_GUIDELINE,
    LINE_SESSION,
    LINE_ITEM,
    LINE_STREAM,
    LINE_ASSIGNMENT,
    LINE_REVISION,
    LINE_REVIEW,
    LINE_COMMENT,
    LINE_SUGGESTION,
    LINE_END
};
enum { LINE_TYPE_COUNT = LINE_END + 1 };
const char *line_type_name(enum line_type t);
/* Of a line that has passed stage 2. */
enum line_type line_type_of(const json_t *line);

enum export_pass {
    PASS_COLLECT, /* stages 1 and 2, tables of what there is */
    PASS_BASES,   /* where labels are deprecated: what base revisions hold of them */
    PASS_JUDGE,
    PASS_DONE
};

struct export_schema {
    size_t line;
    json_t *doc;
    struct schema *schema; /* NULL: it has faults, or is not built yet */
    bool tried;
};

struct export_check {
    enum export_pass pass;
    /* the line being fed */
    struct buf line;
    bool too_long, started;
    size_t line_index;
    /* the file, in the first pass */
    struct sha256 hash, hash_before_line;
    bool ended;       /* the last line read is an `end` */
    size_t end_index; /* where it stands */
    struct hash file_hash, hash_before_end;
    uint64_t counts[LINE_TYPE_COUNT];
    json_t *bundle, *end;
    /* what there is, by id */
    json_t *schema_index, *guidelines, *sessions, *items, *assignments, *revisions, *suggestions;
    json_t
        *bases; /* revision -> what it holds of deprecated labels, as an annotation of just that */
    struct export_schema *schemas;
    size_t schema_count, schema_cap;
    bool cut;
    struct fault text, structure, meaning, submit;
};

/* One line that has passed stage 2. */
enum err export_collect(struct export_check *c, const json_t *line, const struct place *at);
/* The first pass is over and found nothing of stages 1 and 2. */
enum err export_collected(struct export_check *c);
enum err export_keep_base(struct export_check *c, const json_t *line);
enum err export_judge(struct export_check *c, const json_t *line, const struct place *at);
/* The schema of a hash in a document; NULL where it is not here or has faults; *known says whether it is here. */
const struct schema *export_schema_of(const struct export_check *c, const char *hash, bool *known);
/* Whether base revisions must be looked at. */
bool export_wants_bases(const struct export_check *c);
/* "<assignment> <n>", the name of a revision in the tables. */
enum err export_revision_name(const char *assignment, int64_t n, struct buf *out);
