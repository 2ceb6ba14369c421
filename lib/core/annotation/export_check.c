/* export_check.c - an export in passes: lines out of chunks, stages in order, the verdict. */
#include "core/annotation/export.h"

#include "base/text.h"
#include "core/annotation/export_inner.h"
#include "core/schema/structure.h"

static const char *const type_names[] = {
    [LINE_BUNDLE] = "bundle",
    [LINE_SCHEMA] = "schema",
    [LINE_GUIDELINE] = "guideline",
    [LINE_SESSION] = "session",
    [LINE_ITEM] = "item",
    [LINE_STREAM] = "stream",
    [LINE_ASSIGNMENT] = "assignment",
    [LINE_REVISION] = "revision",
    [LINE_REVIEW] = "review",
    [LINE_COMMENT] = "comment",
    [LINE_SUGGESTION] = "suggestion",
    [LINE_END] = "end",
};

const char *line_type_name(enum line_type t)
{
    return type_names[t];
}

enum line_type line_type_of(const json_t *line)
{
    const char *word = string_of(line, "type");
    size_t i = 0;
    while (i < LINE_END && strcmp(word, type_names[i]) != 0)
        i++;
    return (enum line_type)i;
}

enum err export_check_new(struct export_check **out)
{
    AUTO(export_check) c = calloc(1, sizeof *c);
    if (c == NULL)
        return ERR_NOMEM;
    buf_init(&c->line, EXPORT_LINE_MAX);
    sha256_init(&c->hash);
    json_t **const tables[] = {&c->schema_index, &c->guidelines, &c->sessions,    &c->items,
                               &c->assignments,  &c->revisions,  &c->suggestions, &c->bases};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        *tables[i] = json_object();
        if (*tables[i] == NULL)
            return ERR_NOMEM;
    }
    *out = MOVE(c);
    return OK;
}

void export_check_free(struct export_check *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->schema_count; i++) {
        schema_free(c->schemas[i].schema);
        json_decref(c->schemas[i].doc);
    }
    free(c->schemas);
    buf_fini(&c->line);
    json_t *const tables[] = {c->schema_index, c->guidelines, c->sessions,    c->items,
                              c->assignments,  c->revisions,  c->suggestions, c->bases,
                              c->bundle,       c->end};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        json_decref(tables[i]);
    free(c);
}

bool export_check_wants(const struct export_check *c)
{
    return c->pass != PASS_DONE;
}

/* Stages 1 and 2 of a line; *out stays NULL where it has a fault. */
static enum err first_stages(struct export_check *c, struct bytes text, const struct place *at,
                             json_t **out)
{
    struct diag d = {0};
    struct fault f = {0};
    AUTO_JSON line = NULL;
    if (c->too_long) {
        fault_at(&c->text, at, "a line of more than %d bytes", EXPORT_LINE_MAX);
        return OK;
    }
    enum err e = json_read(text, EXPORT_LINE_MAX, &line, &d);
    if (e == ERR_NOMEM)
        return e;
    if (e) {
        fault_at(&c->text, at, "%s", d.text);
        return OK;
    }
    /* Even one with faults ends the file, if it says so. */
    c->ended = json_is_object(line) && json_is_string(json_object_get(line, "type")) &&
               strcmp(string_of(line, "type"), "end") == 0;
    structure_check(DOCUMENT_EXPORT, line, at, &f);
    fault_merge(&c->structure, &f);
    if (!f.found && !f.nomem)
        *out = MOVE(line);
    return f.nomem ? ERR_NOMEM : OK;
}

static enum err collect(struct export_check *c, struct bytes text, const struct place *at)
{
    AUTO_JSON line = NULL;
    struct place before = place_entry(NULL, c->end_index);
    if (c->ended)
        fault_in(&c->meaning, &before, "type", "only the last line is an end");
    c->ended = false;
    c->end_index = c->line_index;
    enum err e = first_stages(c, text, at, &line);
    return e || line == NULL ? e : export_collect(c, line, at);
}

static enum err later(struct export_check *c, struct bytes text, const struct place *at)
{
    AUTO_JSON line = NULL;
    struct diag d = {0};
    enum err e = json_read(text, EXPORT_LINE_MAX, &line, &d);
    if (e)
        return e;
    if (c->pass == PASS_BASES)
        return export_keep_base(c, line);
    return export_judge(c, line, at);
}

/* The line without its line feed. */
static enum err end_line(struct export_check *c, struct bytes text)
{
    struct place at = place_entry(NULL, c->line_index);
    enum err e = c->pass == PASS_COLLECT ? collect(c, text, &at) : later(c, text, &at);
    buf_clear(&c->line);
    c->too_long = false;
    c->started = false;
    c->line_index++;
    return e;
}

static void begin_line(struct export_check *c)
{
    c->started = true;
    if (c->pass == PASS_COLLECT)
        c->hash_before_line = c->hash;
}

static enum err keep_part(struct export_check *c, struct bytes part)
{
    enum err e = c->too_long ? OK : buf_put(&c->line, part);
    if (e == ERR_TOOBIG) {
        c->too_long = true;
        buf_clear(&c->line);
        e = OK;
    }
    return e;
}

enum err export_check_feed(struct export_check *c, struct bytes chunk)
{
    while (chunk.n > 0) {
        const uint8_t *end = memchr(chunk.p, '\n', chunk.n);
        size_t n = end == NULL ? chunk.n : (size_t)(end - chunk.p);
        struct bytes part = bytes_of(chunk.p, n);
        if (!c->started)
            begin_line(c);
        if (c->pass == PASS_COLLECT)
            sha256_put(&c->hash, bytes_of(chunk.p, end == NULL ? n : n + 1));
        bool whole = end != NULL && c->line.n == 0 && !c->too_long;
        enum err e = whole ? OK : keep_part(c, part);
        if (!e && end != NULL)
            e = end_line(c, whole ? part : buf_bytes(&c->line));
        if (e)
            return e;
        chunk = bytes_skip(chunk, end == NULL ? n : n + 1);
    }
    return OK;
}

static enum err end_of_collecting(struct export_check *c)
{
    struct sha256 before = c->hash_before_line;
    c->file_hash = sha256_end(&c->hash);
    c->hash_before_end = sha256_end(&before);
    c->cut = c->started || !c->ended;
    if (c->cut || c->text.found || c->structure.found) {
        c->pass = PASS_DONE;
        return OK;
    }
    enum err e = export_collected(c);
    c->pass = export_wants_bases(c) ? PASS_BASES : PASS_JUDGE;
    return e;
}

enum err export_check_turn(struct export_check *c)
{
    enum err e = OK;
    if (c->pass == PASS_COLLECT)
        e = end_of_collecting(c);
    else
        c->pass = c->pass == PASS_BASES ? PASS_JUDGE : PASS_DONE;
    buf_clear(&c->line);
    c->started = false;
    c->line_index = 0;
    return e;
}

enum err export_check_result(const struct export_check *c, struct hash *out, struct diag *d)
{
    const struct fault *const stages[] = {&c->text, &c->structure, &c->meaning, &c->submit};
    if (c->cut)
        return diag_at(d, ERR_INVALID, "", "cut: an export ends in an `end` line and a line feed");
    for (size_t i = 0; i < 4; i++) {
        enum err e = fault_result(stages[i], d);
        if (e)
            return e;
    }
    *out = c->file_hash;
    return OK;
}
