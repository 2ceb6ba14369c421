/* revision.c - the frame around an annotation. */
#include "core/annotation/revision.h"

#include "base/hex.h"
#include "core/annotation/judge.h"
#include "core/schema/structure.h"

bool revision_status_is_submitted(const char *status)
{
    return strcmp(status, "returned") != 0 && strcmp(status, "skipped") != 0;
}

enum err revision_judge(const json_t *revision, const struct annotation_context *ctx,
                        const struct place *at, struct fault *meaning, struct fault *submit,
                        json_t *warnings)
{
    const json_t *doc = json_object_get(revision, "doc");
    struct annotation_context own = *ctx;
    struct place p = place_member(at, "doc");
    struct hash hash;
    own.stage = revision_status_is_submitted(string_of(revision, "status")) ? ANNOTATION_SUBMIT
                                                                            : ANNOTATION_DRAFT;
    if (int_of(revision, "base") == 0)
        own.base = NULL;
    own.base_unknown = int_of(revision, "base") != 0 && own.base == NULL;
    enum err e = json_hash(doc, &hash);
    if (e)
        return e;
    if (strcmp(string_of(revision, "doc_hash"), hash_uri(hash).s) != 0)
        fault_in(meaning, at, "doc_hash", "the document's hash is %s", hash_uri(hash).s);
    if (int_of(revision, "base") >= int_of(revision, "n"))
        fault_at(meaning, at, "base must be below n");
    return annotation_judge(doc, &own, &p, meaning, submit, warnings);
}

enum err revision_read(struct bytes text, const struct annotation_context *ctx, json_t **out,
                       json_t **out_warnings, struct diag *d)
{
    AUTO_JSON doc = NULL;
    AUTO_JSON warnings = json_array();
    struct fault meaning = {0};
    struct fault submit = {0};
    enum err e = document_read(DOCUMENT_REVISION, text, &doc, d);
    if (e)
        return e;
    e = warnings == NULL ? ERR_NOMEM : revision_judge(doc, ctx, NULL, &meaning, &submit, warnings);
    if (e)
        return diag_at(d, e, "", "%s", err_name(e));
    e = fault_result(&meaning, d);
    if (!e)
        e = fault_result(&submit, d);
    if (e)
        return e;
    *out = MOVE(doc);
    if (out_warnings != NULL)
        *out_warnings = MOVE(warnings);
    return OK;
}
