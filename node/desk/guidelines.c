/* guidelines.c - the guideline in force, and what of it a person has not read yet. */
#include "node/desk/guidelines.h"

#include "base/hex.h"
#include "base/text.h"
#include "node/vault/guidelines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 2 * 1024 * 1024 };

struct versions {
    struct guideline_version v[GUIDELINE_VERSIONS_MAX];
    size_t n;
};

static enum err read_versions(struct app *a, const char *campaign, const char *kind,
                              struct versions **out)
{
    char name[DOC_NAME];
    AUTO_MEM struct versions *v = malloc(sizeof *v);
    if (v == NULL)
        return ERR_NOMEM;
    (void)snprintf(name, sizeof name, "%.48s/%.10s", campaign, kind);
    enum err e = guidelines_of(a->vault, name, v->v, &v->n);
    if (!e)
        *out = MOVE(v);
    return e;
}

static const json_t *pinned_of(const struct campaign *c)
{
    return json_object_get(document_json(c->doc), "guidelines");
}

static enum campaign_phase phase_of(const struct guideline_version *v)
{
    switch (v->state) {
    case GUIDELINE_APPROVED:
        return CAMPAIGN_OPEN;
    case GUIDELINE_EXPIRED:
        return CAMPAIGN_CLOSING;
    case GUIDELINE_WITHDRAWN:
        return CAMPAIGN_WITHDRAWN;
    case GUIDELINE_LINK:
    case GUIDELINE_WAITING:
        break;
    }
    return CAMPAIGN_UNDECIDED;
}

static json_t *chain_of(const struct versions *v, struct hash pinned)
{
    json_t *list = json_array();
    bool here = false;
    for (size_t i = 0; i < v->n; i++) {
        bool own = hash_eq(v->v[i].hash, pinned);
        here = here || own;
        if (own || (v->v[i].state != GUIDELINE_LINK && v->v[i].state != GUIDELINE_WAITING &&
                    guideline_follows(v->v, v->n, v->v[i].hash, pinned)))
            (void)json_array_append_new(list, json_string(hash_uri(v->v[i].hash).s));
    }
    if (!here)
        (void)json_array_append_new(list, json_string(hash_uri(pinned).s));
    return list;
}

enum err guidelines_in_force(struct app *a, const struct campaign *c, enum campaign_phase *phase,
                             json_t *force, json_t *chains)
{
    const char *kind = NULL;
    json_t *text = NULL;
    json_object_foreach((json_t *)(uintptr_t)pinned_of(c), kind, text)
    {
        struct hash pinned;
        AUTO_MEM struct versions *v = NULL;
        if (hash_parse_uri(bytes_str(json_string_value(text)), &pinned))
            return ERR_CORRUPT;
        enum err e = read_versions(a, c->name, kind, &v);
        if (e)
            return e;
        size_t head = guideline_head(v->v, v->n, pinned);
        enum campaign_phase p = head == GUIDELINE_NONE ? CAMPAIGN_UNDECIDED : phase_of(&v->v[head]);
        *phase = p > *phase ? p : *phase;
        struct hash_uri now = hash_uri(head == GUIDELINE_NONE ? pinned : v->v[head].hash);
        if (json_object_set_new(force, kind, json_string(now.s)) != 0 ||
            json_object_set_new(chains, kind, chain_of(v, pinned)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

static bool has(const json_t *list, const char *text)
{
    for (size_t i = 0; text != NULL && i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    }
    return false;
}

bool guidelines_pinnable(const struct campaign *c, const json_t *pins)
{
    const char *kind = NULL;
    json_t *chain = NULL;
    size_t kinds = 0;
    json_object_foreach(c->chains, kind, chain)
    {
        size_t of_kind = 0;
        for (size_t i = 0; i < json_array_size(pins); i++)
            of_kind += has(chain, json_string_value(json_array_get(pins, i)));
        if (of_kind != 1)
            return false;
        kinds++;
    }
    return kinds == json_array_size(pins);
}

enum err guideline_body(struct app *a, struct hash hash, json_t **out)
{
    CLEANUP(buf_fini) struct buf body = BUF_INIT(BODY_MAX);
    struct doc_row row;
    bool found = false;
    enum err e = documents_find(a->vault, hash, &found, &row);
    if (!e && (!found || strcmp(row.kind, "guideline") != 0))
        e = ERR_NOTFOUND;
    if (!e)
        e = documents_texts(a->vault, row.id, NULL, &body, NULL);
    return e ? e : json_read(buf_bytes(&body), BODY_MAX, out, NULL);
}

/* --- what was not read --- */

/* The version that the person knew last, before the one in force; *found false: none, or the newest is read already. */
static enum err known_before(struct app *a, const struct versions *v, struct hash now,
                             const char *who, bool *found, struct hash *out)
{
    bool worked = false;
    bool read = false;
    uint64_t best = 0;
    *found = false;
    enum err e = guideline_stands(a->vault, who, now, &worked, &read);
    for (size_t i = 0; !e && !read && i < v->n; i++) {
        bool worked_then = false;
        bool read_then = false;
        if (!guideline_follows(v->v, v->n, now, v->v[i].hash))
            continue;
        e = guideline_stands(a->vault, who, v->v[i].hash, &worked_then, &read_then);
        if (!e && (worked_then || read_then) && v->v[i].version > best) {
            best = v->v[i].version;
            *out = v->v[i].hash;
            *found = true;
        }
    }
    return e;
}

static enum err change_json(struct app *a, const struct versions *v, const char *kind,
                            struct hash before, struct hash now, json_t **out)
{
    AUTO_JSON old = NULL;
    AUTO_JSON fresh = NULL;
    AUTO_JSON labels = NULL;
    enum err e = guideline_body(a, before, &old);
    if (!e)
        e = guideline_body(a, now, &fresh);
    if (!e)
        e = guideline_changes(old, fresh, &labels);
    if (e)
        return e;
    *out = json_pack("{s:s, s:s, s:s, s:O, s:b, s:O, s:O}", "kind", kind, "hash", hash_uri(now).s,
                     "before", hash_uri(before).s, "version", json_object_get(fresh, "version"),
                     "breaking", guideline_breaks(v->v, v->n, before, now), "changes",
                     json_object_get(fresh, "changes"), "labels", labels);
    return *out == NULL ? ERR_NOMEM : OK;
}

enum err guidelines_unread(struct app *a, const struct campaign *c, const char *who, json_t **out)
{
    const char *kind = NULL;
    json_t *text = NULL;
    AUTO_JSON list = json_array();
    json_object_foreach(c->guidelines, kind, text)
    {
        struct hash now;
        struct hash before;
        bool found = false;
        json_t *one = NULL;
        AUTO_MEM struct versions *v = NULL;
        if (hash_parse_uri(bytes_str(json_string_value(text)), &now))
            return ERR_CORRUPT;
        enum err e = read_versions(a, c->name, kind, &v);
        if (!e)
            e = known_before(a, v, now, who, &found, &before);
        if (!e && found)
            e = change_json(a, v, kind, before, now, &one);
        if (!e && found && json_array_append_new(list, one) != 0)
            e = ERR_NOMEM;
        if (e)
            return e;
    }
    *out = MOVE(list);
    return *out == NULL ? ERR_NOMEM : OK;
}

enum err guidelines_must_be_read(struct app *a, const struct campaign *c, const char *who,
                                 struct desk_fault *f)
{
    AUTO_JSON unread = NULL;
    enum err e = guidelines_unread(a, c, who, &unread);
    if (e || json_array_size(unread) == 0)
        return e;
    f->extra = json_pack("{s:O}", "changes", unread);
    return desk_refuse(f, ERR_CONFLICT, "acknowledge",
                       "the guideline has changed: read what changed, then go on");
}

enum err guideline_acknowledge(struct app *a, struct hash guideline, const char *who,
                               uint64_t now_ms)
{
    struct doc_row row;
    bool found = false;
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = documents_find(a->vault, guideline, &found, &row);
    if (!e && (!found || strcmp(row.kind, "guideline") != 0))
        e = ERR_NOTFOUND;
    if (!e)
        e = vault_begin(a->vault, &tx);
    if (!e)
        e = guideline_set_read(a->vault, who, guideline, now_ms);
    return e ? e : vault_commit(&tx);
}

/* --- where a new one belongs --- */

struct pins {
    const char *kind;
    struct hash pinned[16];
    size_t n;
    uint64_t until_ms;
};

static enum err gather_pin(void *ctx, const struct doc_row *row, struct bytes body)
{
    struct pins *p = ctx;
    uint64_t day = 0;
    AUTO_JSON doc = NULL;
    enum err e = json_read(body, BODY_MAX, &doc, NULL);
    if (e)
        return e;
    const char *text = json_text(json_object_get(doc, "guidelines"), p->kind);
    const char *until = json_text(json_object_get(doc, "scope"), "until");
    if (p->n < sizeof p->pinned / sizeof p->pinned[0] &&
        !hash_parse_uri(bytes_str(text), &p->pinned[p->n]))
        p->n++;
    if (strcmp(row->state, "refused") != 0 && date_ms(bytes_str(until), &day) &&
        day + 86400000u > p->until_ms)
        p->until_ms = day + 86400000u;
    return OK;
}

enum err guideline_until(struct app *a, const char *campaign, uint64_t *out)
{
    char name[DOC_NAME];
    struct pins p = {.kind = ""};
    (void)snprintf(name, sizeof name, "%.48s", campaign);
    enum err e = documents_campaigns(a->vault, name, gather_pin, &p);
    if (!e)
        *out = p.until_ms;
    return e;
}

static enum err say_fault(enum guideline_fault fault, struct diag *d)
{
    switch (fault) {
    case GUIDELINE_FITS:
        return OK;
    case GUIDELINE_VERSION:
        return diag_at(d, ERR_INVALID, "/version",
                       "a version is above the one that it supersedes, and below the one after");
    case GUIDELINE_CHAIN:
        return diag_at(d, ERR_INVALID, "/supersedes",
                       "it does not go back to the guideline that the campaign names");
    case GUIDELINE_FORK:
        break;
    }
    return diag_at(d, ERR_CONFLICT, "/supersedes",
                   "another guideline here supersedes the same version: one chain only, refuse "
                   "that one first");
}

/* What it supersedes may come later; once here, it must be a guideline of the same campaign and kind. */
static enum err check_before(struct app *a, const char *name, const json_t *doc, struct hash *out,
                             struct diag *d)
{
    struct doc_row row;
    bool found = false;
    const char *before = json_string_value(json_object_get(doc, "supersedes"));
    if (before == NULL)
        return OK;
    if (hash_parse_uri(bytes_str(before), out))
        return diag_at(d, ERR_INVALID, "/supersedes", "no hash");
    enum err e = documents_find(a->vault, *out, &found, &row);
    if (!e && found && (strcmp(row.kind, "guideline") != 0 || strcmp(row.name, name) != 0))
        e = diag_at(d, ERR_INVALID, "/supersedes",
                    "that document is no guideline of this campaign and kind");
    return e;
}

enum err guideline_fits(struct app *a, const json_t *doc, struct hash hash, struct diag *d)
{
    char name[DOC_NAME];
    AUTO_MEM struct versions *v = NULL;
    const char *campaign = json_text(doc, "campaign");
    json_int_t version = json_integer_value(json_object_get(doc, "version"));
    struct pins p = {.kind = json_text(doc, "kind")};
    struct guideline_version one = {
        .hash = hash, .version = (uint64_t)version, .state = GUIDELINE_WAITING};
    (void)snprintf(name, sizeof name, "%.48s/%.10s", campaign, p.kind);
    enum err e = check_before(a, name, doc, &one.before, d);
    if (!e)
        e = read_versions(a, campaign, p.kind, &v);
    (void)snprintf(name, sizeof name, "%.48s", campaign);
    if (!e)
        e = documents_campaigns(a->vault, name, gather_pin, &p);
    return e ? e : say_fault(guideline_place(v->v, v->n, &one, p.pinned, p.n), d);
}
