/* validate.c - fuzz target: any bytes as every kind of document, alone and on the contract's own. What must hold: no crash;
 * a refusal has a reason, and a pointer to a place that is there or could be; what is taken is taken again by its canonical
 * bytes, with the same hash. */
#include "base/hex.h"
#include "core/annotation/export.h"
#include "core/annotation/revision.h"
#include "core/identity/document.h"
#include "core/schema/streams.h"
#include "support/check.h"
#include "support/patch.h"

#include <assert.h>
#include <stdio.h>

/* libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The documents to stand on, read once. */
static struct schema *rich;
static struct document *policy, *campaign;
static json_t *streams;

static void read_grounds(void)
{
    static bool done;
    struct fault f = {0};
    struct diag d = {0};
    if (done)
        return;
    done = true;
    AUTO_JSON schema = contract("valid/schema-rich.json");
    AUTO_JSON p = contract("valid/policy.json");
    AUTO_JSON c = contract("valid/campaign.json");
    streams = contract("valid/streams.json");
    enum err e = schema_of(schema, NULL, NULL, &f, &rich);
    assert(e == OK);
    e = document_of_json(DOCUMENT_POLICY, p, NULL, &policy, &d);
    assert(e == OK);
    e = document_of_json(DOCUMENT_CAMPAIGN, c, NULL, &campaign, &d);
    assert(e == OK);
}

/* The place, or the one above it (a member that is missing or unknown), must be there. */
static void check_refusal(enum err e, const struct diag *d, struct bytes text)
{
    assert(e == ERR_INVALID || e == ERR_TOOBIG);
    assert(d->text[0] != '\0');
    assert(d->pointer[0] == '\0' || d->pointer[0] == '/');
    if (d->pointer[0] == '\0' || strlen(d->pointer) + 8 > sizeof d->pointer)
        return;
    AUTO_JSON doc = json_loadb((const char *)text.p, text.n, JSON_DECODE_ANY, NULL);
    assert(doc != NULL);
    assert(at_pointer(doc, d->pointer) != NULL);
}

static void fuzz_annotation(struct bytes text, bool alone)
{
    const struct annotation_context ctx = {.schema = alone ? NULL : rich,
                                           .streams = alone ? NULL : streams,
                                           .stage = ANNOTATION_SUBMIT};
    AUTO(annotation) a = NULL;
    AUTO(annotation) again = NULL;
    struct diag d = {0};
    enum err e = annotation_read(text, &ctx, &a, &d);
    if (e) {
        check_refusal(e, &d, text);
        return;
    }
    e = annotation_read(annotation_bytes(a), &ctx, &again, &d);
    assert(e == OK && hash_eq(annotation_hash(a), annotation_hash(again)));
}

static void fuzz_revision(struct bytes text)
{
    const struct annotation_context ctx = {.schema = rich, .streams = streams};
    AUTO_JSON doc = NULL;
    struct diag d = {0};
    enum err e = revision_read(text, &ctx, &doc, NULL, &d);
    if (e)
        check_refusal(e, &d, text);
}

static void fuzz_schema(struct bytes text, const struct schema *before)
{
    AUTO(schema) s = NULL;
    AUTO(schema) again = NULL;
    struct diag d = {0};
    struct fault f = {0};
    enum err e = schema_read(text, before, &s, &d);
    if (e) {
        check_refusal(e, &d, text);
        return;
    }
    e = schema_of((json_t *)(uintptr_t)schema_json(s), before, NULL, &f, &again);
    assert(e == OK && hash_eq(schema_hash(s), schema_hash(again)));
}

static void fuzz_streams(struct bytes text)
{
    AUTO_JSON v = NULL;
    struct diag d = {0};
    enum err e = streams_read(text, &v, &d);
    if (e)
        check_refusal(e, &d, text);
}

static void fuzz_document(enum document_kind kind, struct bytes text, const struct document *on)
{
    AUTO(document) doc = NULL;
    AUTO(document) again = NULL;
    struct diag d = {0};
    enum err e = document_of_text(kind, text, on, &doc, &d);
    if (e) {
        check_refusal(e, &d, text);
        return;
    }
    e = document_of_note(document_note(doc), on, &again, &d);
    assert(e == OK && hash_eq(document_hash(doc), document_hash(again)));
}

static void fuzz_export(struct bytes text)
{
    AUTO(export_check) c = NULL;
    struct hash hash;
    struct diag d = {0};
    enum err e = export_check_new(&c);
    assert(e == OK);
    while (export_check_wants(c)) {
        size_t half = text.n / 2;
        e = export_check_feed(c, bytes_of(text.p, half));
        assert(e == OK);
        e = export_check_feed(c, bytes_skip(text, half));
        assert(e == OK);
        e = export_check_turn(c);
        assert(e == OK);
    }
    e = export_check_result(c, &hash, &d);
    assert(e == OK || (e == ERR_INVALID && d.text[0] != '\0'));
}

/* NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    read_grounds();
    fuzz_annotation(text, true);
    fuzz_annotation(text, false);
    fuzz_revision(text);
    fuzz_schema(text, NULL);
    fuzz_schema(text, rich);
    fuzz_streams(text);
    fuzz_document(DOCUMENT_REQUEST, text, NULL);
    fuzz_document(DOCUMENT_ROSTER, text, NULL);
    fuzz_document(DOCUMENT_POLICY, text, policy);
    fuzz_document(DOCUMENT_CAMPAIGN, text, policy);
    fuzz_document(DOCUMENT_GUIDELINE, text, campaign);
    fuzz_document(DOCUMENT_PACK, text, NULL);
    fuzz_export(text);
    return 0;
}
