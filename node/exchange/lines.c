/* lines.c - one function a type of line. The bundle was validated whole before: members are there and of their types. */
#include "node/exchange/lines.h"

#include "base/buf.h"
#include "base/hex.h"
#include "core/json/json.h"
#include "node/vault/bundle.h"
#include "node/vault/documents.h"
#include "node/vault/records.h"
#include "node/vault/work.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 9 * 1024 * 1024 };

static uint64_t num(const json_t *line, const char *name)
{
    json_int_t v = json_integer_value(json_object_get(line, name));
    return v < 0 ? 0 : (uint64_t)v;
}

static enum err put_hash(const json_t *line, const char *name, struct hash *out)
{
    return hash_parse_uri(bytes_str(json_text(line, name)), out);
}

#define COPY(to, from) (void)snprintf((to), sizeof(to), "%s", (from))

/* The bundle names its campaign by hash; until its note comes, a row without a body keeps the place. */
static enum err store_bundle(struct line_sink *s, const json_t *line)
{
    struct doc_row row = {.kind = "campaign", .state = "kept", .received_ms = s->now_ms};
    bool found = false;
    if (!json_is_string(json_object_get(line, "campaign")))
        return OK;
    enum err e = put_hash(line, "campaign", &row.hash);
    if (!e)
        e = documents_find(s->v, row.hash, &found, &row);
    if (!e && !found)
        e = documents_add(s->v, &row, bytes_str("{}"), bytes_str("{}"), bytes_of(NULL, 0), &row.id);
    s->campaign = row.id;
    return e;
}

static enum err store_document(struct line_sink *s, const json_t *line)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(TEXT_MAX);
    CLEANUP(buf_fini) struct buf title = BUF_INIT(TEXT_MAX);
    const json_t *doc = json_object_get(line, "doc");
    bool found = false;
    struct doc_row row = {
        .state = "kept", .received_ms = s->now_ms, .version = num(doc, "version")};
    bool schema = strcmp(json_text(line, "type"), "schema") == 0;
    COPY(row.kind, json_text(line, "type"));
    if (schema)
        COPY(row.name, json_text(doc, "id"));
    else
        (void)snprintf(row.name, sizeof row.name, "%.48s/%.10s", json_text(doc, "campaign"),
                       json_text(doc, "kind"));
    enum err e = put_hash(line, "hash", &row.hash);
    if (!e)
        e = documents_find(s->v, row.hash, &found, &row);
    if (e || found)
        return e;
    e = json_canonical(doc, &body);
    if (!e)
        e = json_canonical(json_object_get(doc, "title"), &title);
    return e ? e
             : documents_add(s->v, &row, buf_bytes(&title), buf_bytes(&body), bytes_of(NULL, 0),
                             NULL);
}

static enum err store_session(struct line_sink *s, const json_t *line)
{
    int64_t id = 0;
    return records_session(s->v, json_text(line, "id"), bytes_of(NULL, 0), s->now_ms, &id);
}

static enum err store_item(struct line_sink *s, const json_t *line)
{
    int64_t session = 0;
    enum err e = records_session_id(s->v, json_text(line, "session"), &session);
    return e ? e : records_item_add(s->v, json_text(line, "id"), session);
}

static enum err store_stream(struct line_sink *s, const json_t *line)
{
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(TEXT_MAX);
    CLEANUP(buf_fini) struct buf clock = BUF_INIT(TEXT_MAX);
    const json_t *stream = json_object_get(line, "stream");
    const json_t *map = json_object_get(line, "clock");
    int64_t session = 0;
    int64_t id = 0;
    struct hash h;
    enum err e = records_item_session(s->v, json_text(line, "item"), &session);
    if (!e)
        e = json_canonical(stream, &doc);
    if (!e && map != NULL)
        e = json_canonical(map, &clock);
    if (!e)
        e = put_hash(stream, "sha256", &h);
    if (!e)
        e = records_absent(s->v, session, json_text(line, "id"), json_text(stream, "kind"),
                           json_text(line, "media_type"), num(line, "bytes"), h, buf_cstr(&doc),
                           map == NULL ? NULL : buf_cstr(&clock), &id);
    return e ? e : records_item_stream(s->v, json_text(line, "item"), json_text(line, "id"), id);
}

static enum err store_assignment(struct line_sink *s, const json_t *line)
{
    struct assignment_row a = {.campaign = s->campaign,
                               .slot = (unsigned)num(line, "slot"),
                               .made_ms = s->now_ms,
                               .updated_ms = s->now_ms};
    COPY(a.id, json_text(line, "id"));
    COPY(a.item, json_text(line, "item"));
    COPY(a.annotator, json_text(line, "annotator"));
    COPY(a.state, json_text(line, "state"));
    return work_add(s->v, &a);
}

static enum err store_revision(struct line_sink *s, const json_t *line)
{
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(TEXT_MAX);
    struct revision_row r = {.n = num(line, "n"),
                             .base = num(line, "base"),
                             .at_ms = num(line, "at_ms"),
                             .active_ms = num(line, "active_ms")};
    COPY(r.assignment, json_text(line, "assignment"));
    COPY(r.status, json_text(line, "status"));
    COPY(r.reason, json_text(line, "reason"));
    COPY(r.by, json_text(line, "by"));
    enum err e = put_hash(line, "doc_hash", &r.doc_hash);
    if (!e)
        e = json_canonical(json_object_get(line, "doc"), &doc);
    return e ? e : revision_add(s->v, &r, buf_bytes(&doc));
}

static enum err store_review(struct line_sink *s, const json_t *line)
{
    struct review_row r = {.n = num(line, "n"), .at_ms = num(line, "at_ms")};
    COPY(r.assignment, json_text(line, "assignment"));
    COPY(r.by, json_text(line, "by"));
    COPY(r.decision, json_text(line, "decision"));
    COPY(r.cause, json_text(line, "cause"));
    return review_add(s->v, &r);
}

static enum err store_comment(struct line_sink *s, const json_t *line)
{
    struct comment_row c = {.n = num(line, "n"), .at_ms = num(line, "at_ms")};
    const json_t *text = json_object_get(line, "text");
    COPY(c.item, json_text(line, "item"));
    COPY(c.assignment, json_text(line, "assignment"));
    COPY(c.region, json_text(line, "region"));
    COPY(c.by, json_text(line, "by"));
    return comment_add(s->v, &c, bytes_of(json_string_value(text), json_string_length(text)));
}

static enum err store_suggestion(struct line_sink *s, const json_t *line)
{
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(TEXT_MAX);
    AUTO_JSON bare = json_copy((json_t *)(uintptr_t)line);
    const json_t *decisions = json_object_get(line, "decisions");
    (void)json_object_del(bare, "decisions");
    enum err e = json_canonical(bare, &doc);
    if (!e)
        e = bundle_suggestion(s->v, json_text(line, "id"), json_text(line, "item"),
                              buf_bytes(&doc));
    for (size_t i = 0; !e && i < json_array_size(decisions); i++) {
        const json_t *d = json_array_get(decisions, i);
        e = bundle_suggestion_decision(s->v, json_text(line, "id"), json_text(d, "by"),
                                       json_text(d, "decision"), num(d, "shown_ms"),
                                       num(d, "decided_ms"));
    }
    return e;
}

enum err line_store(struct line_sink *s, const json_t *line)
{
    static const struct {
        const char *type;
        enum err (*store)(struct line_sink *s, const json_t *line);
    } types[] = {
        {"bundle", store_bundle},
        {"schema", store_document},
        {"guideline", store_document},
        {"session", store_session},
        {"item", store_item},
        {"stream", store_stream},
        {"assignment", store_assignment},
        {"revision", store_revision},
        {"review", store_review},
        {"comment", store_comment},
        {"suggestion", store_suggestion},
    };
    const char *type = json_text(line, "type");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(type, types[i].type) == 0)
            return types[i].store(s, line);
    }
    return strcmp(type, "end") == 0 ? OK : ERR_INTERNAL;
}
