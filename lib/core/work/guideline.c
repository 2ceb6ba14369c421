/* guideline.c - chains of versions: links are few, so they are walked, not indexed. */
#include "core/work/guideline.h"

#include <string.h>

enum guideline_state guideline_state_of(const char *word)
{
    if (strcmp(word, "waiting") == 0)
        return GUIDELINE_WAITING;
    if (strcmp(word, "approved") == 0)
        return GUIDELINE_APPROVED;
    if (strcmp(word, "withdrawn") == 0)
        return GUIDELINE_WITHDRAWN;
    return strcmp(word, "expired") == 0 ? GUIDELINE_EXPIRED : GUIDELINE_LINK;
}

static bool is_first(const struct guideline_version *v)
{
    static const struct hash zeros;
    return hash_eq(v->before, zeros);
}

static size_t find(const struct guideline_version *v, size_t n, struct hash h)
{
    for (size_t i = 0; i < n; i++) {
        if (hash_eq(v[i].hash, h))
            return i;
    }
    return GUIDELINE_NONE;
}

bool guideline_follows(const struct guideline_version *v, size_t n, struct hash later,
                       struct hash earlier)
{
    size_t at = find(v, n, later);
    for (size_t step = 0; at != GUIDELINE_NONE && step < n && !is_first(&v[at]); step++) {
        if (hash_eq(v[at].before, earlier))
            return true;
        at = find(v, n, v[at].before);
    }
    return false;
}

static bool counts(const struct guideline_version *v)
{
    return v->state == GUIDELINE_APPROVED || v->state == GUIDELINE_WITHDRAWN ||
           v->state == GUIDELINE_EXPIRED;
}

size_t guideline_head(const struct guideline_version *v, size_t n, struct hash pinned)
{
    size_t best = GUIDELINE_NONE;
    for (size_t i = 0; i < n; i++) {
        if (!counts(&v[i]) ||
            !(hash_eq(v[i].hash, pinned) || guideline_follows(v, n, v[i].hash, pinned)))
            continue;
        if (best == GUIDELINE_NONE || v[i].version > v[best].version ||
            (v[i].version == v[best].version && v[i].state == GUIDELINE_APPROVED))
            best = i;
    }
    return best;
}

bool guideline_breaks(const struct guideline_version *v, size_t n, struct hash from, struct hash to)
{
    bool breaking = false;
    size_t at = find(v, n, to);
    if (!guideline_follows(v, n, to, from))
        return false;
    for (size_t step = 0; at != GUIDELINE_NONE && step < n && !hash_eq(v[at].hash, from); step++) {
        breaking = breaking || v[at].breaking;
        at = find(v, n, v[at].before);
    }
    return breaking;
}

/* The number grows along the chain, whichever end came first. */
static bool version_fits(const struct guideline_version *v, size_t n,
                         const struct guideline_version *one)
{
    for (size_t i = 0; i < n; i++) {
        if (hash_eq(v[i].hash, one->before) && one->version <= v[i].version)
            return false;
        if (hash_eq(v[i].before, one->hash) && v[i].version <= one->version)
            return false;
    }
    return true;
}

/* A refused or withdrawn sibling leaves the place to another. */
static bool forks(const struct guideline_version *v, size_t n, const struct guideline_version *one)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_first(one) && hash_eq(v[i].before, one->before) && !hash_eq(v[i].hash, one->hash) &&
            v[i].state != GUIDELINE_LINK && v[i].state != GUIDELINE_WITHDRAWN)
            return true;
    }
    return false;
}

/* The chain of `one` has its beginning here, and passes by no version that is pinned. */
static bool astray(const struct guideline_version *v, size_t n, const struct guideline_version *one,
                   const struct hash *pinned, size_t n_pinned)
{
    const struct guideline_version *at = one;
    for (size_t step = 0; step <= n && !is_first(at); step++) {
        for (size_t i = 0; i < n_pinned; i++) {
            if (hash_eq(at->before, pinned[i]))
                return false;
        }
        size_t next = find(v, n, at->before);
        if (next == GUIDELINE_NONE)
            return false;
        at = &v[next];
    }
    return true;
}

enum guideline_fault guideline_place(const struct guideline_version *v, size_t n,
                                     const struct guideline_version *one, const struct hash *pinned,
                                     size_t n_pinned)
{
    if (!version_fits(v, n, one))
        return GUIDELINE_VERSION;
    if (forks(v, n, one))
        return GUIDELINE_FORK;
    for (size_t i = 0; i < n_pinned; i++) {
        if (hash_eq(one->hash, pinned[i]) || guideline_follows(v, n, pinned[i], one->hash))
            return GUIDELINE_FITS;
    }
    if (is_first(one) || n_pinned == 0)
        return GUIDELINE_FITS;
    return astray(v, n, one, pinned, n_pinned) ? GUIDELINE_CHAIN : GUIDELINE_FITS;
}

/* --- what changed --- */

static json_t *label_of(const json_t *doc, const char *id)
{
    const json_t *labels = json_object_get(doc, "labels");
    for (size_t i = 0; i < json_array_size(labels); i++) {
        json_t *l = json_array_get(labels, i);
        if (strcmp(json_text(l, "id"), id) == 0)
            return l;
    }
    return NULL;
}

/* A label's words without its id. */
static json_t *words_of(json_t *label)
{
    if (label == NULL)
        return json_null();
    json_t *words = json_copy(label);
    if (words != NULL)
        (void)json_object_del(words, "id");
    return words;
}

static enum err add_change(json_t *list, const char *id, json_t *before, json_t *after)
{
    if (json_equal(before, after))
        return OK;
    return json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "id", id, "before",
                                                 words_of(before), "after", words_of(after))) == 0
               ? OK
               : ERR_NOMEM;
}

enum err guideline_changes(const json_t *before, const json_t *after, json_t **out)
{
    const json_t *now = json_object_get(after, "labels");
    const json_t *old = json_object_get(before, "labels");
    AUTO_JSON list = json_array();
    enum err e = list == NULL ? ERR_NOMEM : OK;
    for (size_t i = 0; !e && i < json_array_size(now); i++) {
        const char *id = json_text(json_array_get(now, i), "id");
        e = add_change(list, id, label_of(before, id), json_array_get(now, i));
    }
    for (size_t i = 0; !e && i < json_array_size(old); i++) {
        const char *id = json_text(json_array_get(old, i), "id");
        if (label_of(after, id) == NULL)
            e = add_change(list, id, json_array_get(old, i), NULL);
    }
    if (!e)
        *out = MOVE(list);
    return e;
}

/* --- which work it touches --- */

static bool named(const json_t *changes, const char *label)
{
    for (size_t i = 0; label != NULL && i < json_array_size(changes); i++) {
        if (strcmp(json_text(json_array_get(changes, i), "id"), label) == 0)
            return true;
    }
    return false;
}

/* Is the guideline about this stream of the schema? */
static bool about(const char *kind, const struct schema *schema, const char *stream)
{
    size_t at = schema_stream(schema, stream);
    if (strcmp(kind, "session") == 0)
        return true;
    return at != SCHEMA_NONE &&
           strcmp(stream_kind_name(schema_parts(schema).streams[at].kind), kind) == 0;
}

static bool any_stream(const char *kind, const struct schema *schema, const json_t *annotation)
{
    const char *stream = NULL;
    json_t *hash = NULL;
    json_object_foreach(json_object_get(annotation, "streams"), stream, hash)
    {
        if (about(kind, schema, stream))
            return true;
    }
    return false;
}

static bool any_region(const json_t *changes, const char *kind, const struct schema *schema,
                       const json_t *annotation)
{
    const json_t *regions = json_object_get(annotation, "regions");
    for (size_t i = 0; i < json_array_size(regions); i++) {
        const json_t *r = json_array_get(regions, i);
        if (named(changes, json_text(r, "label")) && about(kind, schema, json_text(r, "stream")))
            return true;
    }
    return false;
}

static bool holds(const json_t *changes, const json_t *answer)
{
    for (size_t i = 0; i < json_array_size(answer); i++) {
        if (named(changes, json_string_value(json_array_get(answer, i))))
            return true;
    }
    return named(changes, json_string_value(answer));
}

static bool any_answer(const json_t *changes, const char *kind, const struct schema *schema,
                       const json_t *annotation)
{
    const char *id = NULL;
    json_t *answer = NULL;
    json_object_foreach(json_object_get(annotation, "answers"), id, answer)
    {
        size_t at = schema_question(schema, id);
        if (at == SCHEMA_NONE || !holds(changes, answer))
            continue;
        struct schema_parts parts = schema_parts(schema);
        const struct schema_question *q = &parts.questions[at];
        if (q->value.type != VALUE_CHOICE && q->value.type != VALUE_CHOICES)
            continue; /* words of a text answer name no label */
        if (q->on == SCHEMA_NONE ? any_stream(kind, schema, annotation)
                                 : about(kind, schema, parts.streams[q->on].id))
            return true;
    }
    return false;
}

bool guideline_touches(const json_t *changes, const char *kind, const struct schema *schema,
                       const json_t *annotation)
{
    if (json_array_size(changes) == 0)
        return any_stream(kind, schema, annotation);
    return any_region(changes, kind, schema, annotation) ||
           any_answer(changes, kind, schema, annotation);
}
