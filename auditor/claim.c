/* claim.c - from a document's note to what it claims, and whose word that is. */
#include "claim.h"

#include "core/identity/note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum err not_because(const char **why, const char *text)
{
    *why = text;
    return ERR_DENIED;
}

static bool describe(const struct document *doc, char out[CLAIM_TEXT])
{
    const json_t *j = document_json(doc);
    const char *kind = document_kind_name(document_kind(doc));
    uint64_t version = document_version(doc);
    int n = -1;
    switch (document_kind(doc)) {
    case DOCUMENT_ROSTER:
    case DOCUMENT_POLICY:
        n = snprintf(out, CLAIM_TEXT, "%s version %" PRIu64, kind, version);
        break;
    case DOCUMENT_CAMPAIGN:
        n = snprintf(out, CLAIM_TEXT, "%s %s version %" PRIu64, kind, json_text(j, "id"), version);
        break;
    case DOCUMENT_GUIDELINE:
        n = snprintf(out, CLAIM_TEXT, "%s %s/%s version %" PRIu64, kind, json_text(j, "campaign"),
                     json_text(j, "kind"), version);
        break;
    default:
        break;
    }
    return n > 0 && n < CLAIM_TEXT;
}

/* Any roster of the chain may be the one whose governors had to sign: which it was is the site's business. */
static bool governors_agree(const struct note *n, const struct rosters *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct governors g;
        if (!governors_of(r->doc[i], &g) && !governors_mark(&g, n) && g.need > 0 &&
            governors_signed(&g) >= g.need)
            return true;
    }
    return false;
}

static bool has_signer(const struct claim *c, const char *id)
{
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->signer[i], id) == 0)
            return true;
    }
    return false;
}

/* False where there are more leads than fit. `only` is the one whose word counts, "" anybody's. */
static bool add_leads(const struct note *n, const struct document *roster, const char *only,
                      struct claim *c)
{
    for (size_t i = 0; i < roster_site_count(roster); i++) {
        struct party p;
        struct note_seal seal = {0};
        if (roster_site_at(roster, i, &p) || !p.leads || has_signer(c, p.id) ||
            (only[0] != '\0' && strcmp(only, p.id) != 0) || note_verify(n, &p.lead, 1, &seal) ||
            !seal.valid)
            continue;
        if (c->n == CLAIM_SIGNERS_MAX)
            return false;
        memcpy(c->signer[c->n++], p.id, PARTY_ID);
    }
    return true;
}

static enum err find_signers(const struct note *n, const struct document *doc,
                             const struct rosters *r, struct claim *c, const char **why)
{
    enum document_kind kind = document_kind(doc);
    const char *only = kind == DOCUMENT_CAMPAIGN ? json_text(document_json(doc), "lead") : "";
    c->n = 0;
    if (kind == DOCUMENT_ROSTER || kind == DOCUMENT_POLICY) {
        c->n = 1;
        c->signer[0][0] = '\0';
        return governors_agree(n, r) ? OK
                                     : not_because(why, "fewer governors have signed it than it "
                                                        "needs");
    }
    for (size_t i = 0; i < r->n; i++) {
        if (!add_leads(n, r->doc[i], only, c))
            return not_because(why, "too many leads have signed it");
    }
    return c->n > 0 ? OK : not_because(why, "no lead of the roster has signed it");
}

enum err claim_read(struct bytes note, struct bytes word, const struct rosters *r,
                    struct claim *out, const char **why)
{
    AUTO(document) doc = NULL;
    struct diag d = {0};
    struct note n;
    if (note_parse(note, &n))
        return not_because(why, "nobody has signed it");
    enum err e = document_of_note(n.text, NULL, &doc, &d);
    if (e == ERR_NOMEM)
        return e;
    if (e || !bytes_eq(word, bytes_str(document_kind_name(document_kind(doc)))))
        return not_because(why, "it is no valid document of its kind");
    if (!describe(doc, out->what))
        return not_because(why, "it is of a kind that bears no version");
    out->text = document_hash(doc);
    return find_signers(&n, doc, r, out, why);
}
