/* diff.c - what changed between two annotations. */
#include "core/annotation/diff.h"

static const char *id_of(const json_t *entry)
{
    return json_string_value(json_object_get(entry, "id"));
}

static enum err put(json_t *list, json_t *v)
{
    return json_array_append_new(list, v) == 0 ? OK : ERR_NOMEM;
}

static enum err put_id(json_t *diff, const char *list, const char *id)
{
    return put(json_object_get(diff, list), json_string(id));
}

/* Members of either that the other lacks or has otherwise, sorted. */
static enum err changed_members(const json_t *before, const json_t *after, json_t *out)
{
    AUTO_JSON all = json_copy((json_t *)(uintptr_t)before);
    if (all == NULL || json_object_update_missing(all, (json_t *)(uintptr_t)after) != 0)
        return ERR_NOMEM;
    AUTO_MEM const char **names = json_keys_sorted(all);
    if (names == NULL)
        return ERR_NOMEM;
    enum err e = OK;
    for (const char **n = names; *n != NULL && !e; n++) {
        if (!json_equal(json_object_get(before, *n), json_object_get(after, *n)))
            e = put(out, json_string(*n));
    }
    return e;
}

static enum err put_changed(json_t *diff, const json_t *before, const json_t *after)
{
    json_t *entry = json_pack("{s:s, s:[]}", "id", id_of(before), "members");
    enum err e = put(json_object_get(diff, "changed"), entry);
    return e ? e : changed_members(before, after, json_object_get(entry, "members"));
}

/* Two lists sorted by id, walked side by side. */
static enum err diff_lists(const json_t *before, const json_t *after, json_t *diff)
{
    size_t i = 0;
    size_t k = 0;
    enum err e = OK;
    while (!e && (i < json_array_size(before) || k < json_array_size(after))) {
        const json_t *a = json_array_get(before, i);
        const json_t *b = json_array_get(after, k);
        int c = a == NULL ? 1 : b == NULL ? -1 : strcmp(id_of(a), id_of(b));
        if (c < 0)
            e = put_id(diff, "removed", id_of(a));
        else if (c > 0)
            e = put_id(diff, "added", id_of(b));
        else if (!json_equal(a, b))
            e = put_changed(diff, a, b);
        i += c <= 0;
        k += c >= 0;
    }
    return e;
}

static enum err diff_answers(const json_t *before, const json_t *after, json_t *diff)
{
    AUTO_JSON all = json_object();
    if (all == NULL || json_object_update(all, (json_t *)(uintptr_t)before) != 0 ||
        json_object_update_missing(all, (json_t *)(uintptr_t)after) != 0)
        return ERR_NOMEM;
    AUTO_MEM const char **ids = json_keys_sorted(all);
    if (ids == NULL)
        return ERR_NOMEM;
    enum err e = OK;
    for (const char **id = ids; *id != NULL && !e; id++) {
        const json_t *a = json_object_get(before, *id);
        const json_t *b = json_object_get(after, *id);
        if (a == NULL)
            e = put_id(diff, "added", *id);
        else if (b == NULL)
            e = put_id(diff, "removed", *id);
        else if (!json_equal(a, b))
            e = put_id(diff, "changed", *id);
    }
    return e;
}

enum err annotation_diff(const json_t *before, const json_t *after, json_t **out)
{
    static const char *const lists[] = {"regions", "relations"};
    AUTO_JSON nothing = json_object();
    AUTO_JSON diff = json_pack("{s:{s:[],s:[],s:[]}, s:{s:[],s:[],s:[]}, s:{s:[],s:[],s:[]}}",
                               "regions", "added", "removed", "changed", "relations", "added",
                               "removed", "changed", "answers", "added", "removed", "changed");
    if (diff == NULL || nothing == NULL)
        return ERR_NOMEM;
    enum err e = OK;
    for (size_t i = 0; i < 2 && !e; i++)
        e = diff_lists(json_object_get(before, lists[i]), json_object_get(after, lists[i]),
                       json_object_get(diff, lists[i]));
    const json_t *a = json_object_get(before, "answers");
    const json_t *b = json_object_get(after, "answers");
    if (!e)
        e = diff_answers(a == NULL ? nothing : a, b == NULL ? nothing : b,
                         json_object_get(diff, "answers"));
    if (e)
        return e;
    *out = MOVE(diff);
    return OK;
}

bool annotation_diff_empty(const json_t *diff)
{
    static const char *const parts[] = {"regions", "relations", "answers"};
    static const char *const lists[] = {"added", "removed", "changed"};
    for (size_t i = 0; i < 9; i++) {
        const json_t *part = json_object_get(diff, parts[i / 3]);
        if (json_array_size(json_object_get(part, lists[i % 3])) > 0)
            return false;
    }
    return true;
}
