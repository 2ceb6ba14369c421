/* inbox.c - taking in and deciding signed documents. */
#include "node/desk/inbox.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/identity/note.h"
#include "node/access.h"
#include "node/consortium/consortium.h"
#include "node/desk/assets.h"
#include "node/desk/decide.h"
#include "node/desk/guidelines.h"
#include "node/desk/inbox_governed.h"
#include "node/desk/requeue.h"
#include "node/gate/gate.h"
#include "node/gate/uplink.h"

#include <stdio.h>
#include <string.h>

enum { NOTE_MAX = 2 * 1024 * 1024 };

static uint64_t version_of(const json_t *doc)
{
    json_int_t v = json_integer_value(json_object_get(doc, "version"));
    return v < 0 ? 0 : (uint64_t)v;
}

/* A guideline belongs to its campaign, a campaign to this federation. */
static enum err check_owner(struct app *a, enum document_kind kind, const json_t *doc,
                            struct diag *d)
{
    const struct keyring_identity *who = keyring_who(a->keyring);
    if (kind != DOCUMENT_CAMPAIGN)
        return OK;
    const char *federation = json_string_value(json_object_get(doc, "federation"));
    if (federation == NULL || strcmp(federation, who->federation) != 0)
        return diag_at(d, ERR_INVALID, "/federation", "this node belongs to %s", who->federation);
    return OK;
}

/* place: the row that a bundle left for it; 0: none. */
static enum err store(struct app *a, const struct document *doc, struct bytes note, int64_t place,
                      struct doc_row *row)
{
    CLEANUP(buf_fini) struct buf title = BUF_INIT(65536);
    CLEANUP(buf_fini) struct buf body = BUF_INIT(NOTE_MAX);
    CLEANUP(vault_end) struct vault_tx tx = {0};
    const json_t *j = document_json(doc);
    bool guideline = document_kind(doc) == DOCUMENT_GUIDELINE;
    const char *id = json_string_value(json_object_get(j, guideline ? "campaign" : "id"));
    const char *kind = json_string_value(json_object_get(j, "kind"));
    *row = (struct doc_row){.hash = document_hash(doc),
                            .version = version_of(j),
                            .received_ms = clock_now_ms(),
                            .state = "waiting"};
    (void)snprintf(row->kind, sizeof row->kind, "%s", document_kind_name(document_kind(doc)));
    /* Versions of a guideline are told apart by campaign and kind. */
    (void)snprintf(row->name, sizeof row->name, "%.48s%s%s", id, guideline ? "/" : "",
                   guideline ? kind : "");
    enum err e = json_canonical(json_object_get(j, "title"), &title);
    if (!e)
        e = json_canonical(j, &body);
    if (!e)
        e = vault_begin(a->vault, &tx);
    row->id = place;
    if (!e && place != 0)
        e = documents_fill(a->vault, row, buf_bytes(&title), buf_bytes(&body), note);
    else if (!e)
        e = documents_add(a->vault, row, buf_bytes(&title), buf_bytes(&body), note, &row->id);
    if (!e)
        e = assets_of_document(a, doc);
    const struct schema *schema = document_schema(doc);
    bool known = false;
    struct doc_row s = {.received_ms = row->received_ms, .state = "kept", .kind = "schema"};
    if (!e && schema != NULL) {
        s.hash = schema_hash(schema);
        e = documents_find(a->vault, s.hash, &known, &s);
    }
    if (!e && schema != NULL && !known) {
        buf_clear(&body);
        s.version = schema_version(schema);
        (void)snprintf(s.name, sizeof s.name, "%s", schema_id(schema));
        e = json_canonical(schema_json(schema), &body);
        if (!e)
            e = documents_add(a->vault, &s, bytes_str("{}"), buf_bytes(&body), bytes_of(NULL, 0),
                              NULL);
    }
    /* It may be the link between a version that is approved already and the one that is pinned. */
    if (!e && guideline)
        e = requeue_ask(a, id);
    return e ? e : vault_commit(&tx);
}

/* Who has signed comes before what it says: of a note that nobody here believes only kind and lead are looked at. */
static enum err check_signature(struct app *a, const struct note *n, struct diag *d)
{
    enum document_kind kind = DOCUMENT_REQUEST;
    struct bytes text;
    AUTO_JSON json = NULL;
    if (document_note_split(n->text, &kind, &text))
        return diag_set(d, ERR_INVALID, "not a signed document of Cloister");
    if (kind != DOCUMENT_CAMPAIGN && kind != DOCUMENT_GUIDELINE)
        return diag_set(d, ERR_INVALID, "a %s is not for the inbox: campaigns and guidelines are",
                        document_kind_name(kind));
    enum err e = json_read(text, NOTE_MAX, &json, d);
    const char *lead = json_string_value(json_object_get(json, "lead"));
    if (!e && kind == DOCUMENT_CAMPAIGN && lead == NULL)
        e = diag_at(d, ERR_INVALID, "/lead", "missing");
    return e ? e : consortium_check_lead(a, n, lead, d);
}

enum err inbox_add(struct app *a, struct bytes note, struct doc_row *out, bool *known,
                   struct diag *d)
{
    struct note n;
    AUTO(document) doc = NULL;
    if (note.n > NOTE_MAX)
        return diag_set(d, ERR_TOOBIG, "larger than any signed document");
    if (note_parse(note, &n))
        return diag_set(d, ERR_INVALID, "not a signed note");
    enum err e = check_signature(a, &n, d);
    if (!e)
        e = document_of_note(n.text, NULL, &doc, d);
    if (!e)
        e = check_owner(a, document_kind(doc), document_json(doc), d);
    if (!e)
        e = documents_find(a->vault, document_hash(doc), known, out);
    bool place = !e && *known && strcmp(out->state, "kept") == 0;
    *known = *known && !place;
    if (e || *known)
        return e;
    if (document_kind(doc) == DOCUMENT_GUIDELINE)
        e = guideline_fits(a, document_json(doc), document_hash(doc), d);
    if (e)
        return e;
    e = store(a, doc, note, place ? out->id : 0, out);
    return e ? diag_set(d, e, "it cannot be stored (%s)", err_name(e)) : OK;
}

enum err inbox_capable(const json_t *campaign, struct diag *d)
{
    char pointer[80];
    const json_t *schema = json_object_get(campaign, "schema");
    const json_t *streams = json_object_get(schema, "streams");
    const json_t *tasks = json_object_get(schema, "tasks");
    const json_t *review = json_object_get(campaign, "review");
    for (size_t i = 0; i < json_array_size(streams); i++) {
        const char *kind = json_string_value(json_object_get(json_array_get(streams, i), "kind"));
        (void)snprintf(pointer, sizeof pointer, "/schema/streams/%zu/kind", i);
        if (kind == NULL || (strcmp(kind, "text") != 0 && strcmp(kind, "image") != 0))
            return diag_at(d, ERR_INVALID, pointer, "this version shows text and images, no %s",
                           kind);
    }
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const char *shape = json_string_value(json_object_get(json_array_get(tasks, i), "shape"));
        (void)snprintf(pointer, sizeof pointer, "/schema/tasks/%zu/shape", i);
        if (shape == NULL || (strcmp(shape, "span") != 0 && strcmp(shape, "section") != 0 &&
                              strcmp(shape, "rect") != 0 && strcmp(shape, "point") != 0))
            return diag_at(d, ERR_INVALID, pointer,
                           "this version draws span, section, rect and point, no %s", shape);
    }
    if (json_integer_value(json_object_get(review, "tiers")) > 1)
        return diag_at(d, ERR_INVALID, "/review/tiers", "this version has one tier of review");
    if (!json_is_null(json_object_get(campaign, "training")))
        return diag_at(d, ERR_INVALID, "/training",
                       "this version has no training on reference packs: write null");
    return OK;
}

/* --- deciding --- */

static bool reason_ok(const char *reason)
{
    static const char *const codes[] = {"scope", "privacy", "guideline", "effort", "other"};
    for (size_t i = 0; reason != NULL && i < 5; i++) {
        if (strcmp(reason, codes[i]) == 0)
            return true;
    }
    return false;
}

static enum err check_capable(struct app *a, const struct doc_row *row, struct diag *d)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(NOTE_MAX);
    AUTO_JSON doc = NULL;
    if (inbox_is_governed(row))
        return governed_may_sign(a, row, d);
    if (strcmp(row->kind, "campaign") != 0)
        return OK;
    enum err e = documents_texts(a->vault, row->id, NULL, &body, NULL);
    if (!e)
        e = json_read(buf_bytes(&body), NOTE_MAX, &doc, NULL);
    return e ? e : inbox_capable(doc, d);
}

static enum err log_decision(struct app *a, const struct doc_row *row,
                             const struct approval_row *ap)
{
    struct event ev = {.kind = EVENT_APPROVAL,
                       .approval = {.document = row->hash,
                                    .kind = row->kind,
                                    .user = ap->user,
                                    .name = ap->name,
                                    .time_ms = ap->at_ms,
                                    .meaning = ap->meaning,
                                    .decision = ap->decision,
                                    .reason = ap->reason}};
    enum err e = access_append(a, &ev);
    return e ? e : access_sync(a);
}

static enum err check_signed(const struct doc_row *row, struct bytes signature, struct diag *d)
{
    return inbox_is_governed(row) && signature.n == 0
               ? diag_at(d, ERR_INVALID, "/governor_passphrase",
                         "a roster or policy is signed with the governor's passphrase")
               : OK;
}

static enum err carry_out(struct app *a, const struct doc_row *row, const struct approval_row *ap,
                          struct bytes signature)
{
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(a->vault, &tx);
    if (!e)
        e = approvals_add(a->vault, row->id, ap);
    if (!e && !ap->waits)
        e = decide_take_force(a, row, ap, signature);
    return e ? e : vault_commit(&tx);
}

enum err inbox_decide(struct app *a, int64_t id, const char *decision, const char *reason,
                      struct bytes signature, const struct person *who, struct desk_fault *f)
{
    struct doc_row row;
    struct approval_row ap = {.at_ms = clock_now_ms()};
    if (!person_has(who, "steward"))
        return desk_refuse(f, ERR_DENIED, "role", "a steward decides");
    bool approve = strcmp(decision, "approve") == 0;
    if (!approve && !reason_ok(reason))
        return diag_at(&f->d, ERR_INVALID, "/reason",
                       "a reason is scope, privacy, guideline, effort or other");
    enum err e = documents_get(a->vault, id, &row);
    if (e)
        return e;
    (void)snprintf(ap.reason, sizeof ap.reason, "%s", approve ? "" : reason);
    e = decide_may(a, &row, decision, who, &ap, f);
    if (!e && approve)
        e = check_signed(&row, signature, &f->d);
    if (!e && approve)
        e = check_capable(a, &row, &f->d);
    if (e)
        return e;
    e = log_decision(a, &row, &ap);
    if (e)
        return desk_refuse(f, e, "log", "the access log cannot be written, so nothing was decided");
    e = carry_out(a, &row, &ap, signature);
    if (!e) {
        uplink_wake(a->uplink);
        uplink_status_soon(a->uplink);
    }
    if (!e)
        e = requeue_now(a, ap.at_ms);
    return e ? e : desk_open_items(a);
}
