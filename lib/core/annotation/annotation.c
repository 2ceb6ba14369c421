/* annotation.c - life of an annotation. */
#include "core/annotation/annotation.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/annotation/judge.h"
#include "core/schema/structure.h"

enum { CANONICAL_MAX = 64 * 1024 * 1024 };

struct annotation {
    json_t *json;
    struct buf bytes;
    struct hash hash;
    struct judge judge;
};

void annotation_free(struct annotation *a)
{
    if (a == NULL)
        return;
    judge_fini(&a->judge);
    buf_fini(&a->bytes);
    json_decref(a->json);
    free(a);
}

static enum err judge_all(struct annotation *a, const struct annotation_context *ctx,
                          struct diag *d)
{
    struct fault meaning = {0};
    struct fault submit = {0};
    a->judge = (struct judge){.ctx = ctx, .doc = a->json, .meaning = &meaning, .submit = &submit};
    enum err e = judge_run(&a->judge);
    if (e)
        return diag_at(d, e, "", "%s", err_name(e));
    e = fault_result(&meaning, d);
    if (!e)
        e = fault_result(&submit, d);
    /* What it stood on belongs to the caller and may be gone tomorrow. */
    a->judge.ctx = NULL;
    a->judge.meaning = NULL;
    a->judge.submit = NULL;
    return e;
}

enum err annotation_of(json_t *doc, const struct annotation_context *ctx, struct annotation **out,
                       struct diag *d)
{
    struct fault f = {0};
    AUTO(annotation) a = calloc(1, sizeof *a);
    if (a == NULL)
        return diag_at(d, ERR_NOMEM, "", "out of memory");
    buf_init(&a->bytes, CANONICAL_MAX);
    a->json = json_incref(doc);
    structure_check(DOCUMENT_ANNOTATION, doc, NULL, &f);
    enum err e = fault_result(&f, d);
    if (!e)
        e = judge_all(a, ctx, d);
    if (e)
        return e;
    e = json_canonical(a->json, &a->bytes);
    if (e)
        return diag_at(d, e, "", "%s", err_name(e));
    a->hash = sha256_of(buf_bytes(&a->bytes));
    *out = MOVE(a);
    return OK;
}

enum err annotation_read(struct bytes text, const struct annotation_context *ctx,
                         struct annotation **out, struct diag *d)
{
    AUTO_JSON doc = NULL;
    enum err e = json_read(text, document_limit(DOCUMENT_ANNOTATION), &doc, d);
    return e ? e : annotation_of(doc, ctx, out, d);
}

const json_t *annotation_json(const struct annotation *a)
{
    return a->json;
}

struct bytes annotation_bytes(const struct annotation *a)
{
    return buf_bytes(&a->bytes);
}

struct hash annotation_hash(const struct annotation *a)
{
    return a->hash;
}

const struct failed_check *annotation_failed(const struct annotation *a, size_t *out_count)
{
    *out_count = a->judge.failed_count;
    return a->judge.failed;
}

const struct annotation_region *annotation_regions(const struct annotation *a, size_t *out_count)
{
    bool known = a->judge.parts.streams != NULL;
    *out_count = known ? a->judge.region_count : 0;
    return known ? a->judge.regions : NULL;
}

const json_t *annotation_answer(const struct annotation *a, const char *question)
{
    return json_object_get(json_object_get(a->json, "answers"), question);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static enum err put_guidelines(json_t *doc, const json_t *guidelines)
{
    size_t n = json_array_size(guidelines);
    json_t *list = json_array();
    AUTO_MEM const char **hashes = calloc(n + 1, sizeof *hashes);
    if (hashes == NULL || json_object_set_new(doc, "guidelines", list) != 0)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        hashes[i] = string_at(guidelines, i);
    qsort(hashes, n, sizeof *hashes, by_text);
    for (size_t i = 0; i < n; i++) {
        if (json_array_append_new(list, json_string(hashes[i])) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

static enum err put_streams(json_t *doc, const json_t *streams)
{
    json_t *map = json_object();
    json_t *all = (json_t *)(uintptr_t)streams;
    if (json_object_set_new(doc, "streams", map) != 0)
        return ERR_NOMEM;
    for (void *it = json_object_iter(all); it != NULL; it = json_object_iter_next(all, it)) {
        const json_t *v = json_object_iter_value(it);
        const char *hash = json_is_string(v) ? json_string_value(v) : string_of(v, "sha256");
        if (json_object_set_new(map, json_object_iter_key(it), json_string(hash)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

enum err annotation_empty(const char *item, struct hash schema, const json_t *guidelines,
                          const json_t *streams, json_t **out)
{
    AUTO_JSON doc = json_pack("{s:i, s:s, s:s, s:[], s:[], s:{}}", "v", 1, "item", item, "schema",
                              hash_uri(schema).s, "regions", "relations", "answers");
    if (doc == NULL)
        return ERR_NOMEM;
    enum err e = put_guidelines(doc, guidelines);
    if (!e)
        e = put_streams(doc, streams);
    if (e)
        return e;
    *out = MOVE(doc);
    return OK;
}
