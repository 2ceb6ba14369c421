/* structure.h - stage 2 of data.md: members, types, bounds, patterns and repeats of every document, as contract/ says. The
 * tables structure_*.c hold one entry for each object of contract/; this walks a document along them. */
#pragma once

#include "core/json/fault.h"
#include "core/json/json.h"

enum document_kind {
    DOCUMENT_SCHEMA,
    DOCUMENT_ANNOTATION,
    DOCUMENT_REVISION,
    DOCUMENT_EXPORT, /* one line of it */
    DOCUMENT_REQUEST,
    DOCUMENT_ROSTER,
    DOCUMENT_POLICY,
    DOCUMENT_CAMPAIGN,
    DOCUMENT_GUIDELINE,
    DOCUMENT_PACK,
    DOCUMENT_STREAMS,
    DOCUMENT_STREAM /* one of the streams, as a line of an export holds it */
};
enum { DOCUMENT_KIND_COUNT = DOCUMENT_STREAM + 1 };

/* The word of data.md; "stream" and "export line" for the parts. Static. */
const char *document_kind_name(enum document_kind kind);
/* False where the word names no kind of a whole document. */
bool document_kind_of(const char *word, enum document_kind *out);
/* Bytes allowed as handed in: 1 MiB, annotations 8 MiB, revisions and lines 9 MiB, streams 64 MiB. */
size_t document_limit(enum document_kind kind);

/* Adds the first fault of the structure, if there is one. Costs no memory for a document without a fault, but for arrays
 * whose entries must differ. */
void structure_check(enum document_kind kind, const json_t *doc, const struct place *at,
                     struct fault *f);
/* Stages 1 and 2 of a text. The caller owns *out. d has pointer and reason. */
enum err document_read(enum document_kind kind, struct bytes text, json_t **out, struct diag *d);
