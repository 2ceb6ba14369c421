/* judge_frame.c - what stands around the regions: item, schema, guidelines, streams. */
#include "base/hex.h"
#include "core/annotation/judge.h"

static bool holds(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (strcmp(string_at(array, i), text) == 0)
            return true;
    }
    return false;
}

static void judge_guidelines(struct judge *j)
{
    const json_t *all = json_object_get(j->doc, "guidelines");
    const json_t *wanted = j->ctx->guidelines;
    struct place p = place_member(j->at, "guidelines");
    for (size_t i = 0; i < json_array_size(all); i++) {
        if (i > 0 && strcmp(string_at(all, i - 1), string_at(all, i)) >= 0)
            fault_entry(j->meaning, &p, i, "the hashes must be sorted");
        if (wanted != NULL && !holds(wanted, string_at(all, i)))
            fault_entry(j->meaning, &p, i, "no guideline of this assignment");
    }
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        if (!holds(all, string_at(wanted, i)))
            fault_at(j->meaning, &p, "guideline %s is missing", string_at(wanted, i));
    }
}

static const char *hash_of_stream(const json_t *streams, const char *id)
{
    return string_of(json_object_get(streams, id), "sha256");
}

static void judge_stream_entry(struct judge *j, const char *id, const char *hash)
{
    struct place p = place_member(j->at, "streams");
    size_t i = j->ctx->schema == NULL ? SCHEMA_NONE : schema_stream(j->ctx->schema, id);
    const json_t *stream = json_object_get(j->ctx->streams, id);
    const char *kind = string_of(stream, "kind");
    if (j->ctx->schema != NULL && i == SCHEMA_NONE)
        fault_in(j->meaning, &p, id, "the schema has no such stream");
    else if (j->ctx->streams != NULL && stream == NULL)
        fault_in(j->meaning, &p, id, "the item has no such stream");
    else if (i != SCHEMA_NONE && kind != NULL &&
             strcmp(kind, stream_kind_name(j->parts.streams[i].kind)) != 0)
        fault_in(j->meaning, &p, id, "the schema wants %s here, the item has %s",
                 stream_kind_name(j->parts.streams[i].kind), kind);
    else if (stream != NULL && strcmp(hash_of_stream(j->ctx->streams, id), hash) != 0)
        fault_in(j->meaning, &p, id, "another stream's hash");
}

static void judge_streams(struct judge *j)
{
    json_t *all = json_object_get(j->doc, "streams");
    json_t *item = (json_t *)(uintptr_t)j->ctx->streams;
    struct place p = place_member(j->at, "streams");
    for (void *it = json_object_iter(all); it != NULL; it = json_object_iter_next(all, it))
        judge_stream_entry(j, json_object_iter_key(it),
                           json_string_value(json_object_iter_value(it)));
    for (size_t i = 0; i < j->parts.stream_count; i++) {
        const struct schema_stream *s = &j->parts.streams[i];
        if (s->required && json_object_get(all, s->id) == NULL)
            fault_at(j->meaning, &p, "stream %s is required", s->id);
    }
    for (void *it = json_object_iter(item); it != NULL; it = json_object_iter_next(item, it)) {
        const char *id = json_object_iter_key(it);
        bool known = j->ctx->schema == NULL || schema_stream(j->ctx->schema, id) != SCHEMA_NONE;
        if (known && json_object_get(all, id) == NULL)
            fault_at(j->meaning, &p, "the item's stream %s is missing", id);
    }
}

void judge_frame(struct judge *j)
{
    if (j->ctx->item != NULL && strcmp(string_of(j->doc, "item"), j->ctx->item) != 0)
        fault_in(j->meaning, j->at, "item", "must be %s", j->ctx->item);
    if (j->ctx->schema != NULL) {
        struct hash_uri want = hash_uri(schema_hash(j->ctx->schema));
        if (strcmp(string_of(j->doc, "schema"), want.s) != 0)
            fault_in(j->meaning, j->at, "schema", "must be %s", want.s);
    }
    judge_guidelines(j);
    judge_streams(j);
}

bool judge_item_has(const struct judge *j, const char *stream)
{
    if (json_object_get(json_object_get(j->doc, "streams"), stream) != NULL ||
        json_object_get(j->ctx->streams, stream) != NULL)
        return true;
    size_t i = j->ctx->schema == NULL ? SCHEMA_NONE : schema_stream(j->ctx->schema, stream);
    return i != SCHEMA_NONE && j->parts.streams[i].required;
}

const json_t *judge_stream(const struct judge *j, const char *stream)
{
    const json_t *s = json_object_get(j->ctx->streams, stream);
    size_t i = j->ctx->schema == NULL ? SCHEMA_NONE : schema_stream(j->ctx->schema, stream);
    if (s == NULL || i == SCHEMA_NONE)
        return s;
    bool fits = strcmp(string_of(s, "kind"), stream_kind_name(j->parts.streams[i].kind)) == 0;
    return fits ? s : NULL;
}
