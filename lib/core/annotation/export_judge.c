/* export_judge.c - the last pass over an export: what is named is there, hashes, revisions by their schema. */
#include "base/hex.h"
#include "base/sha256.h"
#include "core/annotation/export_inner.h"
#include "core/annotation/revision.h"
#include "core/identity/document.h"
#include "core/schema/streams.h"

#include <inttypes.h>

enum { NOTE_MAX = 64 * 1024 * 1024 };

static const json_t *item_at(const struct export_check *c, const char *id)
{
    const json_t *entry = json_object_get(c->items, id);
    return json_object_get(entry, "here") == NULL ? NULL : entry;
}

/* Whether what the member `key` names is in the table. */
static void named(struct export_check *c, const json_t *line, const char *key, const json_t *there,
                  const struct place *at)
{
    if (json_object_get(line, key) != NULL && there == NULL)
        fault_in(&c->meaning, at, key, "%s is not in this export", string_of(line, key));
}

static void judge_hash(struct export_check *c, const json_t *line, struct hash hash,
                       const struct place *at)
{
    struct hash_uri want = hash_uri(hash);
    if (strcmp(string_of(line, "hash"), want.s) != 0)
        fault_in(&c->meaning, at, "hash", "the document's hash is %s", want.s);
}

static enum err judge_guideline(struct export_check *c, const json_t *line, const struct place *at)
{
    const json_t *doc = json_object_get(line, "doc");
    struct place p = place_member(at, "doc");
    CLEANUP(buf_fini) struct buf note = BUF_INIT(NOTE_MAX);
    enum err e = document_note_put(DOCUMENT_GUIDELINE, doc, &note);
    if (e)
        return e;
    judge_hash(c, line, sha256_of(buf_bytes(&note)), at);
    return document_judge(DOCUMENT_GUIDELINE, doc, NULL, &p, &c->meaning, &c->submit);
}

static enum err judge_schema(struct export_check *c, const json_t *line, const struct place *at)
{
    struct hash hash;
    enum err e = json_hash(json_object_get(line, "doc"), &hash);
    if (!e)
        judge_hash(c, line, hash, at);
    return e;
}

static enum err judge_base(struct export_check *c, const json_t *line, const json_t **out,
                           const struct place *at)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(128);
    *out = NULL;
    if (int_of(line, "base") == 0)
        return OK;
    enum err e = export_revision_name(string_of(line, "assignment"), int_of(line, "base"), &name);
    if (e)
        return e;
    if (json_object_get(c->revisions, buf_cstr(&name)) == NULL)
        fault_in(&c->meaning, at, "base", "revision %" PRId64 " is not in this export",
                 int_of(line, "base"));
    *out = json_object_get(c->bases, buf_cstr(&name));
    return OK;
}

static enum err judge_revision(struct export_check *c, const json_t *line, const struct place *at)
{
    const json_t *item = json_object_get(c->assignments, string_of(line, "assignment"));
    const json_t *doc = json_object_get(line, "doc");
    struct place p = place_member(at, "doc");
    bool known = false;
    struct annotation_context ctx = {
        .schema = export_schema_of(c, string_of(doc, "schema"), &known),
        .item = json_string_value(item),
    };
    named(c, line, "assignment", item, at);
    if (!known)
        fault_in(&c->meaning, &p, "schema", "this schema is not in the export");
    if (item_at(c, ctx.item == NULL ? "" : ctx.item) != NULL)
        ctx.streams = json_object_get(item_at(c, ctx.item), "streams");
    enum err e = judge_base(c, line, &ctx.base, at);
    return e ? e : revision_judge(line, &ctx, at, &c->meaning, &c->submit, NULL);
}

static void judge_suggestion(struct export_check *c, const json_t *line, const struct place *at)
{
    const json_t *item = item_at(c, string_of(line, "item"));
    bool known = false;
    const struct schema *schema = export_schema_of(c, string_of(line, "schema"), &known);
    named(c, line, "item", item, at);
    if (!known)
        fault_in(&c->meaning, at, "schema", "this schema is not in the export");
    if (schema != NULL)
        sel_judge(schema, json_object_get(item, "streams"), line, at, &c->meaning);
}

enum err export_judge(struct export_check *c, const json_t *line, const struct place *at)
{
    struct place stream = place_member(at, "stream");
    switch (line_type_of(line)) {
    case LINE_SCHEMA:
        return judge_schema(c, line, at);
    case LINE_GUIDELINE:
        return judge_guideline(c, line, at);
    case LINE_ITEM:
        named(c, line, "session", json_object_get(c->sessions, string_of(line, "session")), at);
        return OK;
    case LINE_STREAM:
        named(c, line, "item", item_at(c, string_of(line, "item")), at);
        stream_check(json_object_get(line, "stream"), &stream, &c->meaning);
        return OK;
    case LINE_ASSIGNMENT:
        named(c, line, "item", item_at(c, string_of(line, "item")), at);
        return OK;
    case LINE_REVISION:
        return judge_revision(c, line, at);
    case LINE_REVIEW:
        named(c, line, "assignment", json_object_get(c->assignments, string_of(line, "assignment")),
              at);
        return OK;
    case LINE_COMMENT:
        named(c, line, "item", item_at(c, string_of(line, "item")), at);
        if (json_object_get(line, "assignment") != NULL)
            named(c, line, "assignment",
                  json_object_get(c->assignments, string_of(line, "assignment")), at);
        return OK;
    case LINE_SUGGESTION:
        judge_suggestion(c, line, at);
        return OK;
    case LINE_BUNDLE:
    case LINE_SESSION:
    case LINE_END:
        return OK;
    }
    return ERR_INTERNAL;
}

static bool deprecated(const struct schema *s, const json_t *label)
{
    size_t i = schema_label(s, json_string_value(label));
    return i != SCHEMA_NONE && schema_parts(s).labels[i].deprecated;
}

static enum err keep_regions(const struct schema *s, const json_t *doc, json_t *kept)
{
    const json_t *regions = json_object_get(doc, "regions");
    for (size_t i = 0; i < json_array_size(regions); i++) {
        const json_t *r = json_array_get(regions, i);
        if (deprecated(s, json_object_get(r, "label")) &&
            json_array_append_new(kept, json_pack("{s:O, s:O}", "id", json_object_get(r, "id"),
                                                  "label", json_object_get(r, "label"))) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

static enum err keep_answers(const struct schema *s, const json_t *doc, json_t *kept)
{
    json_t *answers = json_object_get(doc, "answers");
    for (void *it = json_object_iter(answers); it != NULL;
         it = json_object_iter_next(answers, it)) {
        json_t *v = json_object_iter_value(it);
        bool any = json_is_string(v) && deprecated(s, v);
        for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++)
            any = any || deprecated(s, json_array_get(v, i));
        if (any && json_object_set(kept, json_object_iter_key(it), v) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

enum err export_keep_base(struct export_check *c, const json_t *line)
{
    const json_t *doc = json_object_get(line, "doc");
    bool known = false;
    CLEANUP(buf_fini) struct buf name = BUF_INIT(128);
    if (line_type_of(line) != LINE_REVISION)
        return OK;
    const struct schema *s = export_schema_of(c, string_of(doc, "schema"), &known);
    if (s == NULL)
        return OK;
    AUTO_JSON kept = json_pack("{s:[], s:{}}", "regions", "answers");
    enum err e = export_revision_name(string_of(line, "assignment"), int_of(line, "n"), &name);
    if (e || kept == NULL)
        return e ? e : ERR_NOMEM;
    e = keep_regions(s, doc, json_object_get(kept, "regions"));
    if (!e)
        e = keep_answers(s, doc, json_object_get(kept, "answers"));
    if (e)
        return e;
    return json_object_set(c->bases, buf_cstr(&name), kept) == 0 ? OK : ERR_NOMEM;
}
