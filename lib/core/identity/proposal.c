/* proposal.c - versions that are being signed. */
#include "core/identity/proposal.h"

#include "base/hex.h"
#include "core/json/json.h"

#include <inttypes.h>

void proposal_fini(struct proposal *p)
{
    document_free(p->doc);
    p->doc = NULL;
}

/* A draft is the text alone: no grammar of notes holds one without lines. */
static struct note note_of(struct bytes in)
{
    struct note n = {.n = 0};
    if (note_parse(in, &n))
        n = (struct note){.text = in};
    return n;
}

struct bytes proposal_text(struct bytes in)
{
    struct note n = note_of(in);
    return n.text;
}

static bool stands_on(const struct document *doc, const struct document *before)
{
    const char *previous = json_text(document_json(doc), "previous");
    return strcmp(previous, hash_uri(document_hash(before)).s) == 0;
}

static enum err check_next(const struct document *doc, const struct document *before,
                           struct diag *d)
{
    bool known = false;
    uint64_t was = before == NULL ? 0 : document_version(before);
    uint64_t is = document_version(doc);
    enum err e = governed_age(doc, before, &known, d);
    if (e)
        return e;
    if (known)
        return diag_set(d, ERR_CONFLICT, "version %" PRIu64 " is in force already", is);
    if (is != was + 1)
        return diag_set(d, ERR_CONFLICT, "version %" PRIu64 " is not the next: %" PRIu64 " is", is,
                        was + 1);
    if (before != NULL && !stands_on(doc, before))
        return diag_set(d, ERR_CONFLICT,
                        "a fork: it stands on another version %" PRIu64
                        " than the one in force here. Show both to the governors",
                        was);
    return OK;
}

static enum err check_document(struct bytes text, enum document_kind kind,
                               const struct document *before, struct document **out, struct diag *d)
{
    AUTO(document) alone = NULL;
    AUTO(document) doc = NULL;
    enum err e = document_of_note(text, NULL, &alone, d);
    if (e)
        return e;
    if (document_kind(alone) != kind)
        return diag_set(d, ERR_INVALID, "a %s, not a %s", document_kind_name(document_kind(alone)),
                        document_kind_name(kind));
    e = check_next(alone, before, d);
    if (!e && before != NULL)
        e = document_of_note(text, before, &doc, d);
    if (!e)
        *out = MOVE(alone);
    return e;
}

enum err proposal_open(struct bytes in, enum document_kind kind, const struct document *roster,
                       const struct document *before, struct proposal *out, struct diag *d)
{
    struct proposal p = {.note = note_of(in)};
    enum err e = check_document(p.note.text, kind, before, &p.doc, d);
    if (!e)
        e = governors_of(roster, &p.governors);
    if (!e && governors_mark(&p.governors, &p.note))
        e = diag_set(d, ERR_DENIED, "a governor's signature does not verify");
    if (e) {
        proposal_fini(&p);
        return e;
    }
    *out = p;
    return OK;
}

enum err proposal_signers(const struct document *roster, struct bytes in, struct governors *out)
{
    struct note n = note_of(in);
    enum err e = governors_of(roster, out);
    return e ? e : governors_mark(out, &n);
}

static enum err put_line(const struct note_sig *s, bool first, struct buf *all)
{
    if (first)
        (void)buf_putc(all, '\n');
    (void)buf_puts(all, "\xe2\x80\x94 ");
    (void)buf_put(all, s->name);
    (void)buf_putc(all, ' ');
    (void)buf_put(all, s->base64);
    return buf_putc(all, '\n');
}

static bool is_of(const struct note_sig *s, const struct vkey *k)
{
    return memcmp(s->id.b, k->id.b, sizeof k->id.b) == 0 && bytes_eq(s->name, bytes_str(k->name));
}

enum err proposal_merge(const struct proposal *p, struct buf *all)
{
    struct governors g = p->governors;
    memset(g.has_signed, 0, sizeof g.has_signed);
    struct note there = note_of(buf_bytes(all));
    bool first = there.n == 0;
    enum err e = bytes_eq(there.text, p->note.text) ? governors_mark(&g, &there) : ERR_INVALID;
    for (size_t i = 0; i < p->note.n && !e; i++) {
        const struct note_sig *s = &p->note.sig[i];
        for (size_t k = 0; k < g.n; k++) {
            /* Its lines were verified when it was opened. */
            if (g.has_signed[k] || !is_of(s, &g.key[k]))
                continue;
            g.has_signed[k] = true;
            e = put_line(s, first, all);
            first = false;
            break;
        }
    }
    return e;
}
