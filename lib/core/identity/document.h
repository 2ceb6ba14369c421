/* document.h - signed documents (architecture.md 6, data.md 5): request, roster, policy, campaign, guideline, pack. Their rules
 * beyond structure, and the note text `cloister-<kind>/v1` LF, canonical JSON, LF whose SHA-256 names them. */
#pragma once

#include "base/buf.h"
#include "core/json/fault.h"
#include "core/json/json.h"
#include "core/schema/schema.h"
#include "core/schema/structure.h"

struct document;
/* Stages 1 to 4 of a text. `on` is the document that it stands on, or NULL (then what needs it is not judged): a campaign's
 * policy, a guideline's campaign, a roster's or policy's version before. ERR_TOOBIG, ERR_INVALID with pointer and reason,
 * ERR_NOMEM, ERR_INTERNAL for a kind that is not signed. */
enum err document_of_text(enum document_kind kind, struct bytes text, const struct document *on,
                          struct document **out, struct diag *d);
/* The same of JSON in hand, from stage 2 on; keeps a reference. */
enum err document_of_json(enum document_kind kind, json_t *json, const struct document *on,
                          struct document **out, struct diag *d);
/* A pack stands on a label schema, or NULL. */
enum err document_of_pack(struct bytes text, const struct schema *schema, struct document **out,
                          struct diag *d);
/* Stages 3 and 4 of one inside another document, which has passed stage 2: faults are added below `at`. */
enum err document_judge(enum document_kind kind, const json_t *json, const struct document *on,
                        const struct place *at, struct fault *meaning, struct fault *submit);
/* Reads a note text without signatures: its kind, and the JSON, which must be canonical. */
enum err document_of_note(struct bytes note_text, const struct document *on, struct document **out,
                          struct diag *d);
void document_free(struct document *doc);
DEFINE_AUTO(document)

enum document_kind document_kind(const struct document *doc);
const json_t *document_json(const struct document *doc);
struct hash document_hash(const struct document *doc);  /* of the note text */
struct bytes document_note(const struct document *doc); /* the note text, without signatures */
/* The label schema inside a campaign; NULL for other kinds. */
const struct schema *document_schema(const struct document *doc);

/* The kind and the JSON line of a note text; the JSON is not read. ERR_INVALID where it is none of ours. */
enum err document_note_split(struct bytes note_text, enum document_kind *out_kind,
                             struct bytes *out_json);
/* Appends the note text of a document. */
enum err document_note_put(enum document_kind kind, const json_t *doc, struct buf *out);
bool document_kind_is_signed(enum document_kind kind);
