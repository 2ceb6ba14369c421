/* rules.h - the rules of signed documents beyond structure (data.md 5), one function a kind. For this room only. */
#pragma once

#include "core/identity/document.h"
#include "core/identity/vkey.h"

/* One document that has passed stage 2, under judgement. */
struct rules {
    const json_t *doc;
    const struct place *at;    /* where it stands in another; NULL: by itself */
    const struct document *on; /* what it stands on, or NULL */
    struct fault *f;
};

void rules_request(const struct rules *r);
void rules_roster(const struct rules *r);
void rules_policy(const struct rules *r);
/* The schema is the campaign's own, NULL where it has faults. */
void rules_campaign(const struct rules *r, const struct schema *schema);
void rules_guideline(const struct rules *r);
enum err rules_pack(const struct rules *r, const struct schema *schema, struct fault *submit);

/* version 1 and only it has a null `supersedes` (or `previous`). */
void rule_version(const struct rules *r, const char *before);
/* A version chained to r->on: its number, the hash under `before`. */
void rule_chain(const struct rules *r, const char *before);
void rule_same(const struct rules *r, const char *key);
/* The member is a day of the calendar. */
void rule_date(const json_t *object, const char *key, const struct place *at, struct fault *f);
/* Ids (by their member `key`) of a list stand once. */
void rule_unique(const json_t *list, const char *key, const struct place *at, struct fault *f);
/* Below 2^64; false where it is not. */
bool rule_u64(const json_t *object, const char *key, const struct place *at, struct fault *f,
              uint64_t *out);
/* A verifier key under `key` with this name (`<origin><tail>`) and type; false where it is not. */
bool rule_key(const json_t *object, const char *key, const char *origin, const char *tail,
              enum vkey_type type, const struct place *at, struct fault *f, struct vkey *out);
/* Templates of releases; the schema may be NULL. */
void rules_templates(const json_t *templates, const struct schema *schema, const struct place *at,
                     struct fault *f);

static inline const char *string_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
static inline int64_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}
static inline bool string_is(const json_t *object, const char *key, const char *want)
{
    const char *s = string_of(object, key);
    return s != NULL && strcmp(s, want) == 0;
}
