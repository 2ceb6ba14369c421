/* export_collect.c - the first pass over an export: what there is, each id once, counts, the end. */
#include "base/hex.h"
#include "core/annotation/export_inner.h"

#include <inttypes.h>

/* Adds an id to a table; a second one is at fault by its member `key`. Takes v. */
static enum err add(struct export_check *c, json_t *table, const char *id, json_t *v,
                    const char *key, const struct place *at)
{
    if (json_object_get(table, id) != NULL) {
        json_decref(v);
        fault_in(&c->meaning, at, key, "stands here already");
        return OK;
    }
    return json_object_set_new(table, id, v) == 0 ? OK : ERR_NOMEM;
}

/* The item's entry {streams}, made where a line names it before its own line comes. */
static json_t *item_entry(struct export_check *c, const char *id)
{
    json_t *entry = json_object_get(c->items, id);
    if (entry != NULL)
        return entry;
    entry = json_pack("{s:{}}", "streams");
    return json_object_set_new(c->items, id, entry) == 0 ? entry : NULL;
}

static enum err collect_item(struct export_check *c, const json_t *line, const struct place *at)
{
    json_t *entry = item_entry(c, string_of(line, "id"));
    if (entry == NULL)
        return ERR_NOMEM;
    return add(c, entry, "here", json_true(), "id", at);
}

static enum err collect_stream(struct export_check *c, const json_t *line, const struct place *at)
{
    json_t *entry = item_entry(c, string_of(line, "item"));
    if (entry == NULL)
        return ERR_NOMEM;
    return add(c, json_object_get(entry, "streams"), string_of(line, "id"),
               json_incref(json_object_get(line, "stream")), "id", at);
}

enum err export_revision_name(const char *assignment, int64_t n, struct buf *out)
{
    enum err e = buf_printf(out, "%s %" PRId64, assignment, n);
    return e ? e : (buf_cstr(out) == NULL ? ERR_NOMEM : OK);
}

static enum err collect_revision(struct export_check *c, const json_t *line, const struct place *at)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(128);
    enum err e = export_revision_name(string_of(line, "assignment"), int_of(line, "n"), &name);
    return e ? e : add(c, c->revisions, buf_cstr(&name), json_true(), "n", at);
}

static enum err collect_schema(struct export_check *c, const json_t *line, const struct place *at)
{
    if (c->schema_count == c->schema_cap) {
        size_t cap = c->schema_cap == 0 ? 8 : c->schema_cap * 2;
        struct export_schema *more = realloc(c->schemas, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        c->schemas = more;
        c->schema_cap = cap;
    }
    c->schemas[c->schema_count] = (struct export_schema){
        .line = c->line_index, .doc = json_incref(json_object_get(line, "doc"))};
    return add(c, c->schema_index, string_of(line, "hash"),
               json_integer((json_int_t)c->schema_count++), "hash", at);
}

static void keep(json_t **slot, const json_t *line)
{
    json_decref(*slot);
    *slot = json_incref((json_t *)(uintptr_t)line);
}

enum err export_collect(struct export_check *c, const json_t *line, const struct place *at)
{
    enum line_type type = line_type_of(line);
    c->counts[type]++;
    if ((c->line_index == 0) != (type == LINE_BUNDLE))
        fault_in(&c->meaning, at, "type", "the first line, and only it, is the bundle");
    switch (type) {
    case LINE_BUNDLE:
        if (c->line_index == 0)
            keep(&c->bundle, line);
        return OK;
    case LINE_SCHEMA:
        return collect_schema(c, line, at);
    case LINE_GUIDELINE:
        return add(c, c->guidelines, string_of(line, "hash"), json_true(), "hash", at);
    case LINE_SESSION:
        return add(c, c->sessions, string_of(line, "id"), json_true(), "id", at);
    case LINE_ITEM:
        return collect_item(c, line, at);
    case LINE_STREAM:
        return collect_stream(c, line, at);
    case LINE_ASSIGNMENT:
        return add(c, c->assignments, string_of(line, "id"),
                   json_incref(json_object_get(line, "item")), "id", at);
    case LINE_REVISION:
        return collect_revision(c, line, at);
    case LINE_SUGGESTION:
        return add(c, c->suggestions, string_of(line, "id"), json_true(), "id", at);
    case LINE_END:
        keep(&c->end, line);
        return OK;
    case LINE_REVIEW:
    case LINE_COMMENT:
        return OK;
    }
    return ERR_INTERNAL;
}

static void judge_end(struct export_check *c)
{
    struct place at = place_entry(NULL, c->end_index);
    struct hash_uri want = hash_uri(c->hash_before_end);
    if (int_of(c->end, "lines") != (int64_t)c->end_index)
        fault_in(&c->meaning, &at, "lines", "there are %zu lines before this one", c->end_index);
    if (strcmp(string_of(c->end, "sha256"), want.s) != 0)
        fault_in(&c->meaning, &at, "sha256", "the lines before have %s", want.s);
}

static void judge_counts(struct export_check *c)
{
    const json_t *counts = json_object_get(c->bundle, "counts");
    struct place bundle = place_entry(NULL, 0);
    struct place at = place_member(&bundle, "counts");
    for (size_t i = LINE_SCHEMA; counts != NULL && i < LINE_END; i++) {
        const char *name = line_type_name((enum line_type)i);
        const json_t *said = json_object_get(counts, name);
        if (said == NULL && c->counts[i] > 0)
            fault_at(&c->meaning, &at, "%s is left out: there are %" PRIu64, name, c->counts[i]);
        if (said != NULL && (uint64_t)json_integer_value(said) != c->counts[i])
            fault_in(&c->meaning, &at, name, "there are %" PRIu64, c->counts[i]);
    }
}

static struct export_schema *schema_at(const struct export_check *c, const char *hash)
{
    const json_t *i = hash == NULL ? NULL : json_object_get(c->schema_index, hash);
    return i == NULL ? NULL : &c->schemas[json_integer_value(i)];
}

const struct schema *export_schema_of(const struct export_check *c, const char *hash, bool *known)
{
    const struct export_schema *s = schema_at(c, hash);
    *known = s != NULL;
    return s == NULL ? NULL : s->schema;
}

static enum err build(struct export_check *c, struct export_schema *s, const struct schema *before)
{
    struct place line = place_entry(NULL, s->line);
    struct place at = place_member(&line, "doc");
    s->tried = true;
    enum err e = schema_of(s->doc, before, &at, &c->meaning, &s->schema);
    return e == ERR_INVALID ? OK : e;
}

/* A schema waits for the one that it supersedes, where that is here too; what waits in a circle is built without. */
static enum err build_schemas(struct export_check *c)
{
    enum err e = OK;
    bool patient = true;
    for (;;) {
        bool progress = false;
        for (size_t i = 0; i < c->schema_count && !e; i++) {
            struct export_schema *s = &c->schemas[i];
            const struct export_schema *before = schema_at(c, string_of(s->doc, "supersedes"));
            if (s->tried || (patient && before != NULL && !before->tried))
                continue;
            e = build(c, s, before == NULL ? NULL : before->schema);
            progress = true;
        }
        if (e || (!progress && !patient))
            return e;
        patient = progress;
    }
}

enum err export_collected(struct export_check *c)
{
    judge_end(c);
    judge_counts(c);
    return build_schemas(c);
}

bool export_wants_bases(const struct export_check *c)
{
    for (size_t i = 0; i < c->schema_count; i++) {
        struct schema_parts p = {0};
        if (c->schemas[i].schema != NULL)
            p = schema_parts(c->schemas[i].schema);
        for (size_t k = 0; k < p.label_count; k++) {
            if (p.labels[k].deprecated)
                return true;
        }
    }
    return false;
}
