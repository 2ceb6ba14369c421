/* governance.c - k of n, and the members of a roster. */
#include "core/identity/governance.h"

#include "base/hex.h"
#include "core/identity/note.h"
#include "core/json/json.h"

#include <inttypes.h>
#include <stdlib.h>

static enum err key_of(const json_t *object, const char *name, struct vkey *out)
{
    return vkey_parse(bytes_str(json_text(object, name)), out);
}

static enum err party_of(const json_t *j, struct party *out)
{
    struct party p = {.active = true};
    size_t n = 0;
    const char *id = json_text(j, "id");
    if (strlen(id) >= sizeof p.id)
        return ERR_INVALID;
    memcpy(p.id, id, strlen(id) + 1);
    enum err e = key_of(j, "log", &p.log);
    if (!e)
        e = key_of(j, "msg", &p.msg);
    if (!e)
        e = key_of(j, "witness", &p.witness);
    if (!e)
        e = base64_decode(bytes_str(json_text(j, "curve")), p.curve, sizeof p.curve, &n);
    if (!e && n != sizeof p.curve)
        e = ERR_INVALID;
    p.leads = json_is_string(json_object_get(j, "lead"));
    if (!e && p.leads)
        e = key_of(j, "lead", &p.lead);
    p.site = json_integer_value(json_object_get(j, "site"));
    if (json_object_get(j, "state") != NULL)
        p.active = strcmp(json_text(j, "state"), "active") == 0;
    if (!e)
        *out = p;
    return e;
}

static const json_t *sites_of(const struct document *roster)
{
    return json_object_get(document_json(roster), "sites");
}

size_t roster_site_count(const struct document *roster)
{
    return json_array_size(sites_of(roster));
}

enum err roster_site_at(const struct document *roster, size_t i, struct party *out)
{
    const json_t *j = json_array_get(sites_of(roster), i);
    return j == NULL ? ERR_NOTFOUND : party_of(j, out);
}

enum err roster_site(const struct document *roster, const char *id, struct party *out)
{
    for (size_t i = 0; i < roster_site_count(roster); i++) {
        const json_t *j = json_array_get(sites_of(roster), i);
        if (strcmp(json_text(j, "id"), id) == 0)
            return party_of(j, out);
    }
    return ERR_NOTFOUND;
}

enum err roster_coordinator(const struct document *roster, struct party *out)
{
    return party_of(json_object_get(document_json(roster), "coordinator"), out);
}

static enum err key_toward(const struct party *coordinator, const char *site, const char *tail,
                           struct ed25519_public key, struct vkey *out)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(VKEY_NAME_MAX);
    enum err e = buf_printf(&name, "%s/%s%s", coordinator->log.name, site, tail);
    return e ? e : vkey_make(buf_bytes(&name), VKEY_ED25519, key, out);
}

enum err party_toward(const struct party *coordinator, const char *site, struct party *out)
{
    struct party p = *coordinator;
    enum err e = key_toward(coordinator, site, "", coordinator->log.key, &p.log);
    if (!e)
        e = key_toward(coordinator, site, "/msg", coordinator->msg.key, &p.msg);
    if (!e)
        *out = p;
    return e;
}

uint64_t document_version(const struct document *doc)
{
    json_int_t v = json_integer_value(json_object_get(document_json(doc), "version"));
    return v < 0 ? 0 : (uint64_t)v;
}

enum err governors_of(const struct document *roster, struct governors *out)
{
    const json_t *list = json_object_get(document_json(roster), "governors");
    size_t total = json_array_size(list);
    if (total > GOVERNORS_MAX)
        return ERR_TOOBIG;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < total; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || vkey_parse(bytes_str(text), &out->key[i]))
            return ERR_INVALID;
    }
    out->n = total;
    out->need = (unsigned)json_integer_value(json_object_get(document_json(roster), "k"));
    return OK;
}

enum err governors_mark(struct governors *g, const struct note *n)
{
    struct note_seal seals[GOVERNORS_MAX];
    enum err e = note_verify(n, g->key, g->n, seals);
    for (size_t i = 0; i < g->n && !e; i++)
        g->has_signed[i] |= seals[i].valid;
    return e;
}

unsigned governors_signed(const struct governors *g)
{
    unsigned n = 0;
    for (size_t i = 0; i < g->n; i++)
        n += g->has_signed[i] ? 1 : 0;
    return n;
}

static enum err count(const struct document *roster, const struct note *n, unsigned *valid,
                      unsigned *need)
{
    struct governors g;
    enum err e = governors_of(roster, &g);
    if (!e)
        e = governors_mark(&g, n);
    if (e)
        return e;
    *valid = governors_signed(&g);
    *need = g.need;
    return OK;
}

enum err governors_count(const struct document *roster, struct bytes note, unsigned *valid,
                         unsigned *need)
{
    struct note n;
    enum err e = note_parse(note, &n);
    return e ? e : count(roster, &n, valid, need);
}

/* What is in force was counted when it came, and the governors of today may be others than those who signed it: then only
 * that no line is false. */
static enum err check_signatures(const struct document *by, const struct note *n, const char *what,
                                 bool in_force, struct diag *d)
{
    unsigned valid = 0;
    unsigned need = 0;
    enum err e = count(by, n, &valid, &need);
    if (e == ERR_DENIED)
        return diag_set(d, e, "a governor's signature does not verify");
    if (e)
        return diag_set(d, e, "the governors of the roster cannot be read (%s)", err_name(e));
    if (valid < need && !in_force)
        return diag_set(d, ERR_DENIED, "%u of the %u governors that this %s needs have signed it",
                        valid, need, what);
    return OK;
}

/* Before anything else is judged. */
enum err governed_age(const struct document *doc, const struct document *before, bool *known,
                      struct diag *d)
{
    *known = false;
    if (before == NULL)
        return OK;
    uint64_t is = document_version(doc);
    uint64_t was = document_version(before);
    *known = hash_eq(document_hash(doc), document_hash(before));
    if (*known || is > was)
        return OK;
    if (is == was)
        return diag_set(d, ERR_CONFLICT,
                        "a fork: another document bears version %" PRIu64
                        ", which is in force here. Show both to the governors",
                        is);
    return diag_set(d, ERR_CONFLICT, "version %" PRIu64 " is older than %" PRIu64 " in force", is,
                    was);
}

enum err governed_open(struct bytes note, enum document_kind kind, const struct document *roster,
                       const struct document *before, struct document **out, bool *known,
                       struct diag *d)
{
    struct note n;
    AUTO(document) alone = NULL;
    AUTO(document) doc = NULL;
    *known = false;
    if (note_parse(note, &n))
        return diag_set(d, ERR_INVALID, "not a signed note");
    enum err e = document_of_note(n.text, NULL, &alone, d);
    if (e)
        return e;
    if (document_kind(alone) != kind)
        return diag_set(d, ERR_INVALID, "a %s, not a %s", document_kind_name(document_kind(alone)),
                        document_kind_name(kind));
    e = governed_age(alone, before, known, d);
    if (!e && !*known && before != NULL)
        e = document_of_note(n.text, before, &doc, d);
    if (e)
        return e;
    e = check_signatures(roster == NULL ? alone : roster, &n, document_kind_name(kind), *known, d);
    if (!e)
        *out = MOVE(alone);
    return e;
}

void document_fingerprint(struct hash hash, char out[FINGERPRINT_TEXT])
{
    proquint_encode(bytes_of(hash.b, 16), out);
}
