/* inbox_show.c - an entry of the inbox as a steward reads it: words, figures, bytes (mock/README.md, principle 8). */
#include "node/desk/inbox.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "node/desk/guidelines.h"
#include "node/desk/inbox_governed.h"
#include "node/gate/replies.h"
#include "node/vault/governed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NOTE_MAX = 2 * 1024 * 1024, DIFF_MAX = 200, POINTER = 400 };

json_t *inbox_row_json(const struct doc_row *row, const char *title)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%lld", (long long)row->id);
    json_t *t = json_loads(title, 0, NULL);
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:I, s:o}", "id", id, "kind", row->kind, "hash",
                     hash_uri(row->hash).s, "title", t == NULL ? json_object() : t, "state",
                     row->state, "received_ms", (json_int_t)row->received_ms, "decided_ms",
                     row->decided_ms == 0 ? json_null()
                                          : json_integer((json_int_t)row->decided_ms));
}

/* --- words --- */

static void say(json_t *words, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(json_t *words, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    (void)json_array_append_new(words, json_string(text));
}

/* English where there is English, else the first language. */
static const char *in_words(const json_t *names)
{
    const char *en = json_string_value(json_object_get(names, "en"));
    if (en != NULL)
        return en;
    const json_t *first = json_object_iter_value(json_object_iter((json_t *)(uintptr_t)names));
    return json_string_value(first) == NULL ? "" : json_string_value(first);
}

static void campaign_words(const json_t *doc, json_t *words)
{
    const json_t *scope = json_object_get(doc, "scope");
    const json_t *schema = json_object_get(doc, "schema");
    const json_t *review = json_object_get(doc, "review");
    const json_t *privacy = json_object_get(doc, "privacy");
    size_t templates = json_array_size(json_object_get(privacy, "templates"));
    if (templates == 0)
        say(words, "Nothing leaves this site: the campaign has no release.");
    else
        say(words,
            "%zu kinds of release may leave this site, within %s units of the privacy budget.",
            templates, json_string_value(json_object_get(privacy, "cap_units")));
    say(words, "%s asks for labels: %s", json_string_value(json_object_get(doc, "lead")),
        in_words(json_object_get(doc, "purpose")));
    say(words, "Covered: %s", in_words(json_object_get(scope, "population")));
    say(words, "Labels: %zu tasks of marking and %zu questions, with %zu labels.",
        json_array_size(json_object_get(schema, "tasks")),
        json_array_size(json_object_get(schema, "questions")),
        json_array_size(json_object_get(schema, "labels")));
    say(words,
        "%.1f %% of the items are labeled by %lld people who do not see each other's work; %s.",
        (double)json_integer_value(json_object_get(scope, "overlap_ppm")) / 10000.0,
        json_integer_value(json_object_get(review, "annotators")),
        json_integer_value(json_object_get(review, "tiers")) > 0 ? "a reviewer then looks at it"
                                                                 : "nobody reviews it");
    say(words, "It runs until %s.", json_string_value(json_object_get(scope, "until")));
}

static void guideline_words(const json_t *doc, json_t *words)
{
    say(words, "Instructions for %s, version %lld, in %zu languages, with %zu labels explained.",
        json_string_value(json_object_get(doc, "kind")),
        json_integer_value(json_object_get(doc, "version")),
        json_object_size(json_object_get(doc, "body")),
        json_array_size(json_object_get(doc, "labels")));
    say(words,
        json_is_true(json_object_get(doc, "breaking"))
            ? "It changes what a label means: work done by the version before is asked again."
            : "Work done by an earlier version stays valid.");
    const char *changes = in_words(json_object_get(doc, "changes"));
    if (changes[0] != '\0')
        say(words, "What changed: %s", changes);
}

/* --- what changed since the version approved last --- */

static void diff_add(json_t *list, const char *pointer, json_t *before, json_t *after)
{
    if (json_array_size(list) < DIFF_MAX)
        (void)json_array_append_new(list, json_pack("{s:s, s:O?, s:O?}", "pointer", pointer,
                                                    "before", before, "after", after));
}

/* Recursion is bounded by the depth of a document. */
static void diff(const char *pointer, json_t *before, json_t *after, json_t *list)
{
    char below[POINTER];
    const char *key = NULL;
    json_t *v = NULL;
    if (before != NULL && after != NULL && json_equal(before, after))
        return;
    if (!json_is_object(before) || !json_is_object(after)) {
        size_t n = json_array_size(before) > json_array_size(after) ? json_array_size(before)
                                                                    : json_array_size(after);
        if (!json_is_array(before) || !json_is_array(after)) {
            diff_add(list, pointer, before, after);
            return;
        }
        for (size_t i = 0; i < n; i++) {
            (void)snprintf(below, sizeof below, "%.370s/%zu", pointer, i);
            diff(below, json_array_get(before, i), json_array_get(after, i), list);
        }
        return;
    }
    json_object_foreach(before, key, v)
    {
        (void)snprintf(below, sizeof below, "%.300s/%.64s", pointer, key);
        diff(below, v, json_object_get(after, key), list);
    }
    json_object_foreach(after, key, v)
    {
        (void)snprintf(below, sizeof below, "%.300s/%.64s", pointer, key);
        if (json_object_get(before, key) == NULL)
            diff_add(list, below, NULL, v);
    }
}

static enum err body_of(struct app *a, int64_t id, json_t **out)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(NOTE_MAX);
    enum err e = documents_texts(a->vault, id, NULL, &body, NULL);
    return e ? e : json_read(buf_bytes(&body), NOTE_MAX, out, NULL);
}

/* What it is held against: the version approved last, or of a roster or policy the one in force before. NULL: there is none. */
static enum err before_of(struct app *a, const struct doc_row *row, json_t **out)
{
    struct doc_row before;
    bool found = false;
    enum err e = inbox_is_governed(row)
                     ? governed_before(a->vault, row->kind, row->version, &found, &before)
                     : documents_before(a->vault, row, &found, &before);
    return e || !found ? e : body_of(a, before.id, out);
}

static json_t *signatures(struct bytes note)
{
    struct note n;
    json_t *list = json_array();
    if (note_parse(note, &n))
        return list;
    for (size_t i = 0; i < n.n; i++) {
        char id[9];
        hex_encode(bytes_of(n.sig[i].id.b, sizeof n.sig[i].id.b), id);
        (void)json_array_append_new(list,
                                    json_pack("{s:s%, s:s}", "name", (const char *)n.sig[i].name.p,
                                              n.sig[i].name.n, "key_id", id));
    }
    return list;
}

static json_t *approval_json(const struct approval_row *ap)
{
    json_t *v = json_pack("{s:s, s:s, s:s, s:s, s:I}", "decision", ap->decision, "by", ap->user,
                          "name", ap->name, "meaning", ap->meaning, "at_ms", (json_int_t)ap->at_ms);
    if (v != NULL && ap->reason[0] != '\0')
        (void)json_object_set_new(v, "reason", json_string(ap->reason));
    if (v != NULL && ap->roster != 0)
        (void)json_object_set_new(v, "roster", json_integer((json_int_t)ap->roster));
    if (v != NULL && ap->until_ms != 0)
        (void)json_object_set_new(v, "until_ms", json_integer((json_int_t)ap->until_ms));
    return v;
}

static enum err decision_json(struct app *a, int64_t id, json_t **out)
{
    struct approval_row ap;
    bool found = false;
    enum err e = approvals_newest(a->vault, id, &found, &ap);
    if (e)
        return e;
    *out = json_null();
    if (!found)
        return OK;
    *out = approval_json(&ap);
    return *out == NULL ? ERR_NOMEM : OK;
}

/* The first of two people, while the second has not decided. */
static enum err first_json(struct app *a, int64_t id, json_t **out)
{
    struct approval_row ap;
    bool found = false;
    enum err e = approvals_first(a->vault, id, &found, &ap);
    if (e)
        return e;
    *out = found ? approval_json(&ap) : json_null();
    return *out == NULL ? ERR_NOMEM : OK;
}

/* All that is read of an entry before it is put together. */
struct inbox_entry {
    struct doc_row row;
    struct buf title, note;
    json_t *doc, *before, *words, *fault, *decision, *first, *replies;
    bool two_person;
    struct governed_state governed;
};

static void inbox_entry_fini(struct inbox_entry *n)
{
    json_t *all[] = {n->doc, n->before, n->words, n->fault, n->decision, n->first, n->replies};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        json_decref(all[i]);
    governed_fini(&n->governed);
    buf_fini(&n->title);
    buf_fini(&n->note);
}

static enum err read_entry(struct app *a, int64_t id, struct inbox_entry *n)
{
    enum err e = documents_get(a->vault, id, &n->row);
    if (!e)
        e = documents_texts(a->vault, id, &n->title, NULL, &n->note);
    if (!e)
        e = body_of(a, id, &n->doc);
    if (!e)
        e = before_of(a, &n->row, &n->before);
    if (!e)
        e = decision_json(a, id, &n->decision);
    if (!e)
        e = first_json(a, id, &n->first);
    n->two_person = config_two_person(&a->config);
    return e ? e : replies_json(a, &n->row, buf_bytes(&n->note), &n->replies);
}

/* Words, and what stands against an approval. */
static enum err judge_entry(struct app *a, struct inbox_entry *n)
{
    struct diag why = {0};
    n->words = json_array();
    if (inbox_is_governed(&n->row)) {
        enum err e =
            governed_read(a, &n->row, n->doc, n->before, buf_bytes(&n->note), &n->governed);
        if (e)
            return e;
        governed_words(&n->row, n->doc, n->before, n->governed.json, n->words);
        if (strcmp(n->row.state, "waiting") == 0)
            why = n->governed.why;
    } else if (strcmp(n->row.kind, "campaign") == 0) {
        campaign_words(n->doc, n->words);
        if (inbox_capable(n->doc, &why) == OK)
            why.text[0] = '\0';
    } else {
        guideline_words(n->doc, n->words);
        if (strcmp(n->row.state, "waiting") != 0 ||
            guideline_fits(a, n->doc, n->row.hash, &why) == OK)
            why.text[0] = '\0';
    }
    n->fault = why.text[0] == '\0'
                   ? json_null()
                   : json_pack("{s:s, s:s}", "pointer", why.pointer, "reason", why.text);
    return OK;
}

static enum err put_entry(struct inbox_entry *n, json_t **out)
{
    AUTO_JSON changes = n->before == NULL ? json_null() : json_array();
    if (n->before != NULL)
        diff("", n->before, n->doc, changes);
    json_t *entry = inbox_row_json(&n->row, buf_cstr(&n->title));
    AUTO_JSON more = json_pack(
        "{s:O, s:s%, s:o, s:O, s:O, s:O, s:O, s:O, s:O, s:b, s:o}", "doc", n->doc, "bytes",
        (const char *)n->note.p, n->note.n, "signatures", signatures(buf_bytes(&n->note)), "words",
        n->words, "diff", changes, "fault", n->fault, "decision", n->decision, "first", n->first,
        "replies", n->replies, "two_person", n->two_person, "governed",
        n->governed.json == NULL ? json_null() : json_incref(n->governed.json));
    if (entry == NULL || more == NULL || json_object_update(entry, more) != 0) {
        json_decref(entry);
        return ERR_NOMEM;
    }
    *out = entry;
    return OK;
}

enum err inbox_entry_json(struct app *a, int64_t id, json_t **out)
{
    CLEANUP(inbox_entry_fini)
    struct inbox_entry n = {.title = BUF_INIT(65536), .note = BUF_INIT(NOTE_MAX)};
    enum err e = read_entry(a, id, &n);
    if (!e)
        e = judge_entry(a, &n);
    return e ? e : put_entry(&n, out);
}
