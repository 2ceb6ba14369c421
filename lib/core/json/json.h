/* json.h - the documents' JSON (data.md 1): strict reading, RFC 8785 writing. jansson parses; the canonical writer is ours,
 * because jansson's order of members and escapes are not those of RFC 8785. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/diag.h"

#include <jansson.h>

enum { JSON_DEPTH_MAX = 32 }; /* the root is 1 */

static inline void json_auto(json_t **p)
{
    json_decref(*p);
}
/* AUTO_JSON j = NULL: one reference, given back at the end of the scope. */
#define AUTO_JSON CLEANUP(json_auto) json_t *

/* A member that is a string, else "". Borrowed from the object, which may be NULL. */
static inline const char *json_text(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s == NULL ? "" : s;
}

/* Stage 1 of data.md: not over `max` bytes, UTF-8 without BOM, JSON, no member twice, no U+0000, no lone surrogate, numbers
 * within int64 or double, depth <= 32. Any root. ERR_TOOBIG over the limit, else ERR_INVALID; d then has pointer "", line and
 * column. The caller owns *out. */
enum err json_read(struct bytes text, size_t max, json_t **out, struct diag *d);

/* RFC 8785's order of members: by UTF-16 code units. */
int json_key_cmp(const char *a, const char *b);
/* The names of an object's members in that order, NULL-ended, borrowed from it; free() the list. NULL when memory is out. */
const char **json_keys_sorted(const json_t *object);
/* Appends the canonical bytes. Integers only: a real number is ERR_INVALID (bounds are the validator's business). */
enum err json_canonical(const json_t *v, struct buf *out);
/* SHA-256 of the canonical bytes. */
enum err json_hash(const json_t *v, struct hash *out);
