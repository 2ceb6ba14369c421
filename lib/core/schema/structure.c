/* structure.c - walks a document along the tables; lists stop at their first fault, objects are judged whole. */
#include "core/schema/structure.h"

#include "base/text.h"
#include "core/schema/node.h"

#include <inttypes.h>

static bool judge(const struct node *n, const json_t *v, const struct place *at, struct fault *f);

static const struct node *const documents[] = {
    [DOCUMENT_SCHEMA] = &node_label_schema, [DOCUMENT_ANNOTATION] = &node_annotation,
    [DOCUMENT_REVISION] = &node_revision,   [DOCUMENT_EXPORT] = &node_export_line,
    [DOCUMENT_REQUEST] = &node_request,     [DOCUMENT_ROSTER] = &node_roster,
    [DOCUMENT_POLICY] = &node_policy,       [DOCUMENT_CAMPAIGN] = &node_campaign,
    [DOCUMENT_GUIDELINE] = &node_guideline, [DOCUMENT_PACK] = &node_pack,
    [DOCUMENT_STREAMS] = &node_streams,     [DOCUMENT_STREAM] = &node_stream,
};

static const char *const names[] = {
    [DOCUMENT_SCHEMA] = "schema",       [DOCUMENT_ANNOTATION] = "annotation",
    [DOCUMENT_REVISION] = "revision",   [DOCUMENT_EXPORT] = "export",
    [DOCUMENT_REQUEST] = "request",     [DOCUMENT_ROSTER] = "roster",
    [DOCUMENT_POLICY] = "policy",       [DOCUMENT_CAMPAIGN] = "campaign",
    [DOCUMENT_GUIDELINE] = "guideline", [DOCUMENT_PACK] = "pack",
    [DOCUMENT_STREAMS] = "streams",     [DOCUMENT_STREAM] = "stream",
};

const char *document_kind_name(enum document_kind kind)
{
    return names[kind];
}

bool document_kind_of(const char *word, enum document_kind *out)
{
    for (size_t i = 0; i < DOCUMENT_STREAM; i++) {
        if (strcmp(word, names[i]) == 0) {
            *out = (enum document_kind)i;
            return true;
        }
    }
    return false;
}

size_t document_limit(enum document_kind kind)
{
    static const size_t mib = 1048576;
    switch (kind) {
    case DOCUMENT_ANNOTATION:
        return 8 * mib;
    case DOCUMENT_REVISION:
    case DOCUMENT_EXPORT:
    case DOCUMENT_STREAM:
        return 9 * mib;
    case DOCUMENT_STREAMS:
        return 64 * mib;
    case DOCUMENT_SCHEMA:
    case DOCUMENT_REQUEST:
    case DOCUMENT_ROSTER:
    case DOCUMENT_POLICY:
    case DOCUMENT_CAMPAIGN:
    case DOCUMENT_GUIDELINE:
    case DOCUMENT_PACK:
        return mib;
    }
    return 0;
}

/* Each of these returns false, so that a fault is one line. */
static bool wants(struct fault *f, const struct place *at, const char *what)
{
    fault_at(f, at, "must be %s", what);
    return false;
}

static bool text(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (!json_is_string(v))
        return wants(f, at, form_wants(n->form));
    struct bytes t = bytes_of(json_string_value(v), json_string_length(v));
    if (!form_ok(n->form, t))
        return wants(f, at, form_wants(n->form));
    if (n->form != FORM_ANY)
        return true;
    uint64_t length = utf8_length(t);
    if (length >= (uint64_t)n->min && length <= (uint64_t)n->max)
        return true;
    fault_at(f, at, "%" PRIu64 " code points: %" PRId64 " to %" PRId64 " are allowed", length,
             n->min, n->max);
    return false;
}

static bool word(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT(400);
    for (const char *const *w = n->words; *w != NULL; w++) {
        if (json_is_string(v) && strcmp(json_string_value(v), *w) == 0)
            return true;
    }
    for (const char *const *w = n->words; *w != NULL; w++)
        (void)buf_printf(&all, " %s", *w);
    fault_at(f, at, "must be one of:%.*s", (int)all.n, (const char *)all.p);
    return false;
}

static bool integer(int64_t min, int64_t max, const json_t *v, const struct place *at,
                    struct fault *f)
{
    if (!json_is_integer(v))
        return wants(f, at,
                     json_is_real(v) ? "an integer, without point and exponent" : "an integer");
    int64_t i = json_integer_value(v);
    if (i >= min && i <= max)
        return true;
    if (min == max)
        fault_at(f, at, "must be %" PRId64, min);
    else
        fault_at(f, at, "must be %" PRId64 " to %" PRId64, min, max);
    return false;
}

/* Entries in the order of their values, then of their places. */
static int value_cmp(const json_t *a, const json_t *b)
{
    if (json_typeof(a) != json_typeof(b))
        return json_typeof(a) < json_typeof(b) ? -1 : 1;
    if (json_is_integer(a))
        return (json_integer_value(a) > json_integer_value(b)) -
               (json_integer_value(a) < json_integer_value(b));
    if (json_is_string(a))
        return strcmp(json_string_value(a), json_string_value(b));
    for (size_t i = 0; i < json_array_size(a) && i < json_array_size(b); i++) {
        int c = value_cmp(json_array_get(a, i), json_array_get(b, i));
        if (c != 0)
            return c;
    }
    return (json_array_size(a) > json_array_size(b)) - (json_array_size(a) < json_array_size(b));
}

struct placed {
    const json_t *v;
    size_t i;
};

static int placed_cmp(const void *x, const void *y)
{
    const struct placed *a = x;
    const struct placed *b = y;
    int c = value_cmp(a->v, b->v);
    return c != 0 ? c : (a->i > b->i) - (a->i < b->i);
}

/* Index of the first entry that equals one before it; the length where there is none. */
static size_t first_repeat(const json_t *v, struct fault *f)
{
    size_t n = json_array_size(v);
    size_t i = 1;
    while (i < n && value_cmp(json_array_get(v, i - 1), json_array_get(v, i)) < 0)
        i++;
    if (i >= n)
        return n;
    AUTO_MEM struct placed *all = calloc(n, sizeof *all);
    if (all == NULL) {
        f->nomem = true;
        return n;
    }
    for (i = 0; i < n; i++)
        all[i] = (struct placed){json_array_get(v, i), i};
    qsort(all, n, sizeof *all, placed_cmp);
    size_t first = n;
    for (i = 1; i < n; i++) {
        if (value_cmp(all[i - 1].v, all[i].v) == 0 && all[i].i < first)
            first = all[i].i;
    }
    return first;
}

static bool list(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (!json_is_array(v))
        return wants(f, at, "an array");
    size_t count = json_array_size(v);
    if (count < (uint64_t)n->min || count > (uint64_t)n->max) {
        fault_at(f, at, "%zu entries: %" PRId64 " to %" PRId64 " are allowed", count, n->min,
                 n->max);
        return false;
    }
    size_t repeat = n->unique ? first_repeat(v, f) : count;
    for (size_t i = 0; i < count; i++) {
        struct place p = place_entry(at, i);
        if (i == repeat) {
            fault_at(f, &p, "stands in the list already");
            return false;
        }
        if (!judge(i < n->first_count ? n->first[i] : n->entry, json_array_get(v, i), &p, f))
            return false;
    }
    return true;
}

static const struct member *find(const struct node *n, const char *key)
{
    for (size_t i = 0; i < n->member_count; i++) {
        if (strcmp(n->members[i].key, key) == 0)
            return &n->members[i];
    }
    return NULL;
}

static bool name_fits(const struct node *n, const char *key, const struct place *at,
                      struct fault *f)
{
    if (n->type == NODE_TEXT && form_ok(n->form, bytes_str(key)))
        return true;
    for (const char *const *w = n->words; w != NULL && *w != NULL; w++) {
        if (strcmp(key, *w) == 0)
            return true;
    }
    fault_at(f, at, "a member here must be named by %s",
             n->type == NODE_TEXT ? form_wants(n->form) : "a word of the contract");
    return false;
}

static bool member(const struct node *n, const json_t *object, const char *key, const json_t *v,
                   const struct place *at, struct fault *f)
{
    struct place p = place_member(at, key);
    if (n->type == NODE_MAP)
        return name_fits(n->name, key, &p, f) && judge(n->entry, v, &p, f);
    const struct member *m = find(n, key);
    if (m == NULL) {
        fault_at(f, &p, "unknown member");
        return false;
    }
    const struct node *narrow = m->narrow == NULL ? NULL : m->narrow(object);
    return judge(narrow == NULL ? m->node : narrow, v, &p, f);
}

/* In any order: f keeps the fault that is first in canonical order. */
static bool all_members(const struct node *n, const json_t *v, const struct place *at,
                        struct fault *f)
{
    bool ok = true;
    /* jansson's iterators want a mutable object but change nothing. */
    json_t *object = (json_t *)(uintptr_t)v;
    for (void *it = json_object_iter(object); it != NULL; it = json_object_iter_next(object, it))
        ok = member(n, v, json_object_iter_key(it), json_object_iter_value(it), at, f) && ok;
    return ok;
}

static bool object(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (!json_is_object(v))
        return wants(f, at, n->or_null ? "an object or null" : "an object");
    for (size_t i = 0; i < n->member_count; i++) {
        if (n->members[i].required && json_object_get(v, n->members[i].key) == NULL) {
            fault_at(f, at, "member %s is missing", n->members[i].key);
            return false;
        }
    }
    if (n->placed && json_object_get(v, "frame") == NULL && json_object_get(v, "at") == NULL) {
        fault_at(f, at, "member frame (on images) or at (on video) is missing");
        return false;
    }
    return all_members(n, v, at, f);
}

static bool map(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (!json_is_object(v))
        return wants(f, at, "an object");
    size_t count = json_object_size(v);
    if (count >= (uint64_t)n->min && count <= (uint64_t)n->max)
        return all_members(n, v, at, f);
    fault_at(f, at, "%zu members: %" PRId64 " to %" PRId64 " are allowed", count, n->min, n->max);
    return false;
}

static bool by_case(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (!json_is_object(v))
        return wants(f, at, "an object");
    const json_t *deciding = json_object_get(v, n->key);
    if (deciding == NULL) {
        fault_at(f, at, "member %s is missing", n->key);
        return false;
    }
    for (size_t i = 0; json_is_string(deciding) && i < n->case_count; i++) {
        if (strcmp(json_string_value(deciding), n->cases[i].word) == 0)
            return judge(n->cases[i].node, v, at, f);
    }
    CLEANUP(buf_fini) struct buf all = BUF_INIT(400);
    for (size_t i = 0; i < n->case_count; i++)
        (void)buf_printf(&all, " %s", n->cases[i].word);
    fault_in(f, at, n->key, "must be one of:%.*s", (int)all.n, (const char *)all.p);
    return false;
}

static bool answer(const json_t *v, const struct place *at, struct fault *f)
{
    static const struct node labels = SET(node_id, 1, 1000);
    static const struct node words = PROSE(0, 100000);
    static const struct member absent_members[] = {{"absent", &node_absence, true, NULL}};
    static const struct node absent = OBJECT(absent_members);
    switch (json_typeof(v)) {
    case JSON_ARRAY:
        return list(&labels, v, at, f);
    case JSON_OBJECT:
        return object(&absent, v, at, f);
    case JSON_STRING:
        return text(&words, v, at, f);
    case JSON_INTEGER:
        return integer(-INT_53, INT_53, v, at, f);
    case JSON_TRUE:
    case JSON_FALSE:
        return true;
    case JSON_REAL:
    case JSON_NULL:
        break;
    }
    return wants(f, at, "a label, a list of labels, an integer, a text, true, false or an absence");
}

static bool text_or_integer(const json_t *v, int64_t text_max, const char *what,
                            const struct place *at, struct fault *f)
{
    const struct node words = PROSE(0, text_max);
    if (json_is_string(v))
        return text(&words, v, at, f);
    return json_is_integer(v) ? integer(-INT_53, INT_53, v, at, f) : wants(f, at, what);
}

static bool judge(const struct node *n, const json_t *v, const struct place *at, struct fault *f)
{
    if (n->or_null && json_is_null(v))
        return true;
    switch (n->type) {
    case NODE_OBJECT:
        return object(n, v, at, f);
    case NODE_MAP:
        return map(n, v, at, f);
    case NODE_LIST:
        return list(n, v, at, f);
    case NODE_TEXT:
        return text(n, v, at, f);
    case NODE_WORD:
        return word(n, v, at, f);
    case NODE_INTEGER:
        return integer(n->min, n->max, v, at, f);
    case NODE_BOOL:
        return json_is_boolean(v) || wants(f, at, "true or false");
    case NODE_TRUE:
        return json_is_true(v) || wants(f, at, "true, or left out");
    case NODE_BY:
        return by_case(n, v, at, f);
    case NODE_GIVEN:
        return true;
    case NODE_BOUND:
        return text_or_integer(v, 40, "an integer, a decimal or a date", at, f);
    case NODE_VALUE:
        return json_is_boolean(v) ||
               text_or_integer(v, 100000, "a text, an integer, true or false", at, f);
    case NODE_ANSWER:
        return answer(v, at, f);
    case NODE_DIM:
        return (json_is_integer(v) &&
                (json_integer_value(v) == 512 || json_integer_value(v) == 4096)) ||
               wants(f, at, "512 or 4096 without a projection");
    }
    return false;
}

void structure_check(enum document_kind kind, const json_t *doc, const struct place *at,
                     struct fault *f)
{
    (void)judge(documents[kind], doc, at, f);
}

enum err document_read(enum document_kind kind, struct bytes text, json_t **out, struct diag *d)
{
    AUTO_JSON doc = NULL;
    struct fault f = {0};
    enum err e = json_read(text, document_limit(kind), &doc, d);
    if (e)
        return e;
    structure_check(kind, doc, NULL, &f);
    e = fault_result(&f, d);
    if (e)
        return e;
    *out = MOVE(doc);
    return OK;
}
