/* documents.c - documents against the roster in force. */
#include "coordinator/documents.h"

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

/* --- of a governor --- */

/* Appends the valid lines that are not in `all` yet: a stranger's lines would only make it grow. */
static enum err add_lines(struct app *a, const struct note *n, struct buf *all)
{
    struct bytes rest = n->lines;
    while (rest.n > 0) {
        CLEANUP(buf_fini) struct buf one = BUF_INIT((size_t)DOCUMENT_NOTE_MAX + 2);
        unsigned valid = 0;
        unsigned need = 0;
        const uint8_t *lf = memchr(rest.p, '\n', rest.n);
        struct bytes line = bytes_of(rest.p, lf == NULL ? rest.n : (size_t)(lf - rest.p) + 1);
        rest = bytes_skip(rest, line.n);
        if (memmem(all->p, all->n, line.p, line.n) != NULL)
            continue;
        (void)buf_put(&one, n->text);
        (void)buf_putc(&one, '\n');
        enum err e = buf_put(&one, line);
        if (!e)
            e = governors_count(a->roster, buf_bytes(&one), &valid, &need);
        if (!e && valid == 1)
            e = buf_put(all, line);
        if (e)
            return e;
    }
    return OK;
}

static enum err merge(struct app *a, const struct document *doc, const struct note *n,
                      struct buf *all, struct diag *d)
{
    unsigned valid = 0;
    unsigned need = 0;
    bool found = false;
    enum err e = store_proposal(a->store, document_hash(doc), &found, all);
    if (!e && !found) {
        (void)buf_put(all, n->text);
        e = buf_putc(all, '\n');
    }
    if (!e)
        e = add_lines(a, n, all);
    if (!e && all->n == n->text.n + 1)
        return diag_set(d, ERR_DENIED, "no governor of the roster in force has signed it");
    if (!e)
        e = governors_count(a->roster, buf_bytes(all), &valid, &need);
    return e ? diag_set(d, e, "a signature on it does not verify (%s)", err_name(e)) : OK;
}

enum err documents_take_signature(struct app *a, enum document_kind kind, struct bytes note,
                                  bool *in_force, struct diag *d)
{
    CLEANUP(buf_fini) struct buf all = BUF_INIT((size_t)DOCUMENT_NOTE_MAX);
    AUTO(document) doc = NULL;
    AUTO(document) taken = NULL;
    struct note n;
    bool known = false;
    unsigned valid = 0;
    unsigned need = 0;
    *in_force = false;
    if (a->roster == NULL || note_parse(note, &n))
        return diag_set(d, ERR_INVALID, "not a signed note");
    const struct document *before = kind == DOCUMENT_ROSTER ? a->roster : a->policy;
    enum err e = document_of_note(n.text, NULL, &doc, d);
    if (!e && document_kind(doc) != kind)
        e = diag_set(d, ERR_INVALID, "another kind of document than its message says");
    if (!e && before != NULL && document_version(doc) <= document_version(before))
        e = hash_eq(document_hash(doc), document_hash(before))
                ? OK
                : diag_set(d, ERR_CONFLICT, "its version is in force already, or older");
    if (e || (before != NULL && hash_eq(document_hash(doc), document_hash(before))))
        return e; /* one more signature than it needed */
    e = merge(a, doc, &n, &all, d);
    if (!e)
        e = governors_count(a->roster, buf_bytes(&all), &valid, &need);
    if (e || valid < need)
        return e ? e
                 : store_proposal_put(a->store, document_kind_name(kind), document_version(doc),
                                      document_hash(doc), buf_bytes(&all), clock_now_ms());
    e = documents_take_governed(a, kind, buf_bytes(&all), &known, &taken, d);
    *in_force = !e && !known;
    return e;
}
