/* rules.c - rules that several kinds of documents share. */
#include "core/identity/rules.h"

#include "base/hex.h"
#include "base/text.h"

#include <inttypes.h>

void rule_version(const struct rules *r, const char *before)
{
    if ((int_of(r->doc, "version") == 1) != json_is_null(json_object_get(r->doc, before)))
        fault_at(r->f, r->at, "%s is null in version 1 and only there", before);
}

void rule_same(const struct rules *r, const char *key)
{
    if (r->on != NULL &&
        !json_equal(json_object_get(r->doc, key), json_object_get(document_json(r->on), key)))
        fault_in(r->f, r->at, key, "must be that of the %s it stands on",
                 document_kind_name(document_kind(r->on)));
}

void rule_chain(const struct rules *r, const char *before)
{
    if (r->on == NULL)
        return;
    struct hash_uri hash = hash_uri(document_hash(r->on));
    int64_t version = int_of(document_json(r->on), "version");
    if (int_of(r->doc, "version") != version + 1)
        fault_in(r->f, r->at, "version", "the version before is %" PRId64, version);
    if (string_of(r->doc, before) != NULL && !string_is(r->doc, before, hash.s))
        fault_in(r->f, r->at, before, "another document's hash: the version before is %s", hash.s);
}

void rule_date(const json_t *object, const char *key, const struct place *at, struct fault *f)
{
    if (!date_ok(bytes_str(string_of(object, key))))
        fault_in(f, at, key, "no day of the calendar");
}

void rule_unique(const json_t *list, const char *key, const struct place *at, struct fault *f)
{
    AUTO_JSON seen = json_object();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = string_of(json_array_get(list, i), key);
        struct place p = place_entry(at, i);
        if (json_object_get(seen, id) != NULL)
            fault_in(f, &p, key, "%s stands in the list already", id);
        else if (json_object_set_new(seen, id, json_true()) != 0)
            f->nomem = true;
    }
}

bool rule_u64(const json_t *object, const char *key, const struct place *at, struct fault *f,
              uint64_t *out)
{
    if (parse_u64_str(string_of(object, key), UINT64_MAX, out) == OK)
        return true;
    fault_in(f, at, key, "beyond 64 bits");
    return false;
}

bool rule_key(const json_t *object, const char *key, const char *origin, const char *tail,
              enum vkey_type type, const struct place *at, struct fault *f, struct vkey *out)
{
    const char *text = string_of(object, key);
    struct vkey v;
    if (text == NULL)
        return false;
    if (vkey_parse(bytes_str(text), &v)) {
        fault_in(f, at, key, "not this key's id, or no key of type 1 or 4");
        return false;
    }
    size_t n = strlen(origin);
    if (v.type != type) {
        fault_in(f, at, key, "must be a key of type %d", (int)type);
        return false;
    }
    if (strncmp(v.name, origin, n) != 0 || strcmp(v.name + n, tail) != 0) {
        fault_in(f, at, key, "must be named %s%s", origin, tail);
        return false;
    }
    *out = v;
    return true;
}
