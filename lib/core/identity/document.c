/* document.c - life of a signed document. */
#include "core/identity/document.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/rules.h"

enum { NOTE_MAX = 4 * 1024 * 1024 }; /* 1 MiB as handed in; canonical escapes may make it longer */

struct document {
    enum document_kind kind;
    json_t *json;
    struct schema *schema;
    struct buf note;
    struct hash hash;
};

bool document_kind_is_signed(enum document_kind kind)
{
    switch (kind) {
    case DOCUMENT_REQUEST:
    case DOCUMENT_ROSTER:
    case DOCUMENT_POLICY:
    case DOCUMENT_CAMPAIGN:
    case DOCUMENT_GUIDELINE:
    case DOCUMENT_PACK:
        return true;
    case DOCUMENT_SCHEMA:
    case DOCUMENT_ANNOTATION:
    case DOCUMENT_REVISION:
    case DOCUMENT_EXPORT:
    case DOCUMENT_STREAMS:
    case DOCUMENT_STREAM:
        return false;
    }
    return false;
}

enum err document_note_put(enum document_kind kind, const json_t *doc, struct buf *out)
{
    (void)buf_printf(out, "cloister-%s/v1\n", document_kind_name(kind));
    enum err e = json_canonical(doc, out);
    (void)buf_putc(out, '\n');
    return e ? e : buf_err(out);
}

enum err document_note_split(struct bytes note_text, enum document_kind *out_kind,
                             struct bytes *out_json)
{
    const uint8_t *end = note_text.n == 0 ? NULL : memchr(note_text.p, '\n', note_text.n);
    if (end == NULL || note_text.p[note_text.n - 1] != '\n')
        return ERR_INVALID;
    struct bytes head = bytes_of(note_text.p, (size_t)(end - note_text.p) + 1);
    struct bytes line = bytes_skip(note_text, head.n);
    if (line.n < 2 || memchr(line.p, '\n', line.n - 1) != NULL)
        return ERR_INVALID;
    for (size_t i = 0; i < DOCUMENT_KIND_COUNT; i++) {
        enum document_kind kind = (enum document_kind)i;
        CLEANUP(buf_fini) struct buf want = BUF_INIT(64);
        (void)buf_printf(&want, "cloister-%s/v1\n", document_kind_name(kind));
        if (!document_kind_is_signed(kind) || !bytes_eq(head, buf_bytes(&want)))
            continue;
        *out_kind = kind;
        *out_json = bytes_of(line.p, line.n - 1);
        return OK;
    }
    return ERR_INVALID;
}

void document_free(struct document *doc)
{
    if (doc == NULL)
        return;
    json_decref(doc->json);
    schema_free(doc->schema);
    buf_fini(&doc->note);
    free(doc);
}

static enum err judge_campaign(const struct rules *r, struct schema **out)
{
    struct place at = place_member(r->at, "schema");
    AUTO(schema) schema = NULL;
    enum err e = schema_of(json_object_get(r->doc, "schema"), NULL, &at, r->f, &schema);
    if (e && e != ERR_INVALID)
        return e;
    rules_campaign(r, schema);
    if (out != NULL)
        *out = MOVE(schema);
    return OK;
}

static enum err judge(enum document_kind kind, const struct rules *r, const struct schema *schema,
                      struct fault *submit, struct schema **out_schema)
{
    switch (kind) {
    case DOCUMENT_REQUEST:
        rules_request(r);
        return OK;
    case DOCUMENT_ROSTER:
        rules_roster(r);
        return OK;
    case DOCUMENT_POLICY:
        rules_policy(r);
        return OK;
    case DOCUMENT_CAMPAIGN:
        return judge_campaign(r, out_schema);
    case DOCUMENT_GUIDELINE:
        rules_guideline(r);
        return OK;
    case DOCUMENT_PACK:
        return rules_pack(r, schema, submit);
    case DOCUMENT_SCHEMA:
    case DOCUMENT_ANNOTATION:
    case DOCUMENT_REVISION:
    case DOCUMENT_EXPORT:
    case DOCUMENT_STREAMS:
    case DOCUMENT_STREAM:
        break;
    }
    return ERR_INTERNAL;
}

enum err document_judge(enum document_kind kind, const json_t *json, const struct document *on,
                        const struct place *at, struct fault *meaning, struct fault *submit)
{
    const struct rules r = {.doc = json, .at = at, .on = on, .f = meaning};
    return judge(kind, &r, NULL, submit, NULL);
}

static enum err judge_whole(struct document *doc, const struct document *on,
                            const struct schema *schema, struct diag *d)
{
    struct fault meaning = {0};
    struct fault submit = {0};
    const struct rules r = {.doc = doc->json, .on = on, .f = &meaning};
    enum err e = judge(doc->kind, &r, schema, &submit, &doc->schema);
    if (e)
        return diag_at(d, e, "", "%s", err_name(e));
    e = fault_result(&meaning, d);
    return e ? e : fault_result(&submit, d);
}

/* From a document that has passed stage 2; keeps a reference. */
static enum err make(enum document_kind kind, json_t *json, const struct document *on,
                     const struct schema *schema, struct document **out, struct diag *d)
{
    AUTO(document) doc = calloc(1, sizeof *doc);
    if (doc == NULL)
        return diag_at(d, ERR_NOMEM, "", "out of memory");
    buf_init(&doc->note, NOTE_MAX);
    doc->kind = kind;
    doc->json = json_incref(json);
    enum err e = judge_whole(doc, on, schema, d);
    if (e)
        return e;
    e = document_note_put(kind, json, &doc->note);
    if (e)
        return diag_at(d, e, "", "%s", err_name(e));
    doc->hash = sha256_of(buf_bytes(&doc->note));
    *out = MOVE(doc);
    return OK;
}

enum err document_of_text(enum document_kind kind, struct bytes text, const struct document *on,
                          struct document **out, struct diag *d)
{
    AUTO_JSON json = NULL;
    enum err e = document_read(kind, text, &json, d);
    return e ? e : make(kind, json, on, NULL, out, d);
}

enum err document_of_json(enum document_kind kind, json_t *json, const struct document *on,
                          struct document **out, struct diag *d)
{
    struct fault f = {0};
    structure_check(kind, json, NULL, &f);
    enum err e = fault_result(&f, d);
    return e ? e : make(kind, json, on, NULL, out, d);
}

enum err document_of_pack(struct bytes text, const struct schema *schema, struct document **out,
                          struct diag *d)
{
    AUTO_JSON json = NULL;
    enum err e = document_read(DOCUMENT_PACK, text, &json, d);
    return e ? e : make(DOCUMENT_PACK, json, NULL, schema, out, d);
}

enum err document_of_note(struct bytes note_text, const struct document *on, struct document **out,
                          struct diag *d)
{
    enum document_kind kind = DOCUMENT_REQUEST;
    struct bytes text = {0};
    AUTO(document) doc = NULL;
    if (document_note_split(note_text, &kind, &text))
        return diag_at(d, ERR_INVALID, "",
                       "not the text of a Cloister note: `cloister-<kind>/v1`, one line of JSON");
    enum err e = document_of_text(kind, text, on, &doc, d);
    if (e || doc == NULL)
        return e;
    if (!bytes_eq(document_note(doc), note_text))
        return diag_at(d, ERR_INVALID, "", "a note holds canonical JSON (RFC 8785) only");
    *out = MOVE(doc);
    return OK;
}

enum document_kind document_kind(const struct document *doc)
{
    return doc->kind;
}

const json_t *document_json(const struct document *doc)
{
    return doc->json;
}

struct hash document_hash(const struct document *doc)
{
    return doc->hash;
}

struct bytes document_note(const struct document *doc)
{
    return buf_bytes(&doc->note);
}

const struct schema *document_schema(const struct document *doc)
{
    return doc->schema;
}
