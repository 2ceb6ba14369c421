/* documents.c - documents against the roster in force. */
#include "coordinator/documents.h"

#include "coordinator/assets.h"

#include "base/clock.h"
#include "core/identity/note.h"

bool documents_refused(enum err e)
{
    return e == ERR_INVALID || e == ERR_TOOBIG || e == ERR_DENIED || e == ERR_CONFLICT;
}

/* A roster names this coordinator with this coordinator's own keys. */
static enum err check_own(struct app *a, const struct document *roster, struct diag *d)
{
    struct party own;
    struct secret *seed = keyring_secret(a->keyring, KEYRING_LOG);
    struct ed25519_public public = note_public(secret_borrow(seed));
    secret_give_back(seed);
    enum err e = roster_coordinator(roster, &own);
    if (!e && (strcmp(own.id, keyring_who(a->keyring)->id) != 0 ||
               memcmp(own.log.key.b, public.b, sizeof public.b) != 0))
        e = diag_set(d, ERR_DENIED,
                     "this roster names another coordinator, or other keys of this one");
    return e;
}

static enum err store_it(struct app *a, const struct document *doc, struct bytes note,
                         struct diag *d)
{
    enum err e =
        store_document_add(a->store, document_kind_name(document_kind(doc)), document_version(doc),
                           document_hash(doc), note, clock_now_ms());
    if (!e)
        e = assets_of_document(a, doc);
    return e ? diag_set(d, e, "it cannot be stored (%s)", err_name(e)) : OK;
}

enum err documents_take_governed(struct app *a, enum document_kind kind, struct bytes note,
                                 bool *known, struct document **out, struct diag *d)
{
    bool roster = kind == DOCUMENT_ROSTER;
    AUTO(document) doc = NULL;
    if (!roster && a->roster == NULL)
        return diag_set(d, ERR_DENIED, "install the roster first: it says who may sign a policy");
    if (note.n > DOCUMENT_NOTE_MAX)
        return diag_set(d, ERR_TOOBIG, "larger than any signed document");
    enum err e =
        governed_open(note, kind, a->roster, roster ? a->roster : a->policy, &doc, known, d);
    if (!e && roster)
        e = check_own(a, doc, d);
    if (!e && !*known)
        e = store_it(a, doc, note, d);
    if (!e && !*known)
        e = store_proposals_end(a->store, document_kind_name(kind), document_version(doc));
    if (!e)
        *out = MOVE(doc);
    return e;
}

/* --- of a lead --- */

static enum err signed_by_lead(struct app *a, const struct note *n, const char *site,
                               struct diag *d)
{
    bool yes = false;
    for (size_t i = 0; !yes && i < roster_site_count(a->roster); i++) {
        struct party p;
        struct note_seal seal = {0};
        enum err e = roster_site_at(a->roster, i, &p);
        if (e)
            return e;
        if (!p.active || !p.leads || (site != NULL && strcmp(site, p.id) != 0))
            continue;
        e = note_verify(n, &p.lead, 1, &seal);
        if (e)
            return diag_set(d, e, "the signature of %s does not verify", p.lead.name);
        yes = seal.valid;
    }
    if (!yes)
        return diag_set(d, ERR_DENIED, "no valid signature by %s%s",
                        site == NULL ? "a lead of the roster in force" : "an active lead ",
                        site == NULL ? "" : site);
    return OK;
}

static enum err check_federation(struct app *a, const struct document *doc, struct diag *d)
{
    const char *own = keyring_who(a->keyring)->federation;
    const char *f = json_string_value(json_object_get(document_json(doc), "federation"));
    if (document_kind(doc) != DOCUMENT_CAMPAIGN || (f != NULL && strcmp(f, own) == 0))
        return OK;
    return diag_at(d, ERR_INVALID, "/federation", "this consortium is %s", own);
}

enum err documents_take_led(struct app *a, enum document_kind kind, struct bytes note, bool *known,
                            struct document **out, struct diag *d)
{
    struct note n;
    AUTO(document) doc = NULL;
    if (a->roster == NULL)
        return diag_set(d, ERR_DENIED, "install the roster first: it says who leads");
    if (note.n > DOCUMENT_NOTE_MAX)
        return diag_set(d, ERR_TOOBIG, "larger than any signed document");
    if (note_parse(note, &n))
        return diag_set(d, ERR_INVALID, "not a signed note");
    enum err e = document_of_note(n.text, NULL, &doc, d);
    if (e)
        return e;
    if (document_kind(doc) != kind)
        return diag_set(d, ERR_INVALID, "a %s, not a %s", document_kind_name(document_kind(doc)),
                        document_kind_name(kind));
    e = check_federation(a, doc, d);
    if (!e)
        e = signed_by_lead(a, &n, json_string_value(json_object_get(document_json(doc), "lead")),
                           d);
    if (!e)
        e = store_document_known(a->store, document_hash(doc), known);
    if (!e && !*known)
        e = store_it(a, doc, note, d);
    if (!e)
        *out = MOVE(doc);
    return e;
}

/* Which active lead has signed; *yes false where none has. */
static enum err lead_who_signed(struct app *a, const struct note *n, bool *yes, char out[PARTY_ID])
{
    *yes = false;
    for (size_t i = 0; !*yes && i < roster_site_count(a->roster); i++) {
        struct party p;
        struct note_seal seal = {0};
        enum err e = roster_site_at(a->roster, i, &p);
        if (!e && p.active && p.leads)
            e = note_verify(n, &p.lead, 1, &seal);
        if (e)
            return e;
        *yes = seal.valid;
        memcpy(out, p.id, PARTY_ID);
    }
    return OK;
}

enum err documents_lead_of(struct app *a, struct hash document, bool *found, char out[PARTY_ID])
{
    CLEANUP(buf_fini) struct buf note = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    struct note n;
    enum err e = store_document_note(a->store, document, found, &note);
    if (e || !*found)
        return e;
    if (note_parse(buf_bytes(&note), &n))
        return ERR_CORRUPT;
    e = lead_who_signed(a, &n, found, out);
    if (e == ERR_DENIED) { /* a lead's key that has changed since: nobody is told */
        *found = false;
        return OK;
    }
    return e;
}
