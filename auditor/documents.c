/* documents.c - the judgement of two frames. */
#include "documents.h"

#include "base/arena.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/body.h"
#include "core/wire/frame.h"
#include "core/wire/msgnote.h"
#include "shown.h"

enum { BUDGET = FRAME_BUDGET + 80 }; /* as messages.c has it: no frame and body take more */

/* One frame, as far as it was believed. */
struct carried {
    struct arena arena;
    struct frame frame;
    struct msgnote note;
    char site[PARTY_ID];
    struct body body;
    struct claim claim;
};

static void carried_fini(struct carried *c)
{
    arena_fini(&c->arena);
}

static enum err not_because(const char **why, const char *text)
{
    *why = text;
    return ERR_DENIED;
}

/* Is it from the coordinator to a site of this roster, under the key that the roster gives it toward that site? */
static bool from_coordinator(const struct document *roster, const struct note *n,
                             const struct msgnote *m, char site[PARTY_ID])
{
    struct party coordinator;
    if (roster_coordinator(roster, &coordinator))
        return false;
    for (size_t i = 0; i < roster_site_count(roster); i++) {
        struct party p;
        struct party toward;
        struct note_seal seal = {0};
        if (roster_site_at(roster, i, &p) || !bytes_eq(m->to, bytes_str(p.log.name)) ||
            party_toward(&coordinator, p.id, &toward) ||
            !bytes_eq(m->from, bytes_str(toward.log.name)))
            continue;
        if (note_verify(n, &toward.msg, 1, &seal) || !seal.valid)
            return false;
        memcpy(site, p.id, PARTY_ID);
        return true;
    }
    return false;
}

static enum err take_body(struct carried *c, const char **why)
{
    struct bytes body = c->frame.body;
    if (body.n != c->note.body_size || !hash_eq(sha256_of(body), c->note.body))
        return not_because(why, "a body is not the one that its note names");
    enum err e = body_read(body, &c->arena, &c->body);
    if (e == ERR_NOMEM)
        return e;
    if (e || c->body.kind != BODY_DOCUMENT ||
        !bytes_eq(c->note.type, bytes_str(body_token(BODY_DOCUMENT))))
        return not_because(why, "a body is no canonical document message");
    return OK;
}

static enum err take(struct bytes bytes, const struct rosters *r, struct carried *c,
                     const char **why)
{
    struct note n;
    bool signed_by_it = false;
    arena_init(&c->arena, (bytes.n + 1024) * BUDGET);
    enum err e = frame_read(bytes, &c->arena, &c->frame);
    if (e == ERR_NOMEM)
        return e;
    if (e || note_parse(c->frame.note, &n) || msgnote_parse(n.text, &c->note))
        return not_because(why, "they are not two frames");
    for (size_t i = 0; i < r->n && !signed_by_it; i++)
        signed_by_it = from_coordinator(r->doc[i], &n, &c->note, c->site);
    if (!signed_by_it)
        return not_because(why, "they are not both signed by the coordinator toward a site of the "
                                "roster");
    e = take_body(c, why);
    return e ? e : claim_read(c->body.document.note, c->body.document.kind, r, &c->claim, why);
}

/* A signer whose claim both bear. */
static bool common_signer(const struct claim *a, const struct claim *b, size_t *out)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (strcmp(a->signer[i], b->signer[k]) == 0) {
                *out = i;
                return true;
            }
        }
    }
    return false;
}

static void put_site(struct buf *words, const struct carried *c)
{
    (void)buf_printf(words, "to %s sha256:%s (message %.*s, seq %llu)\n", c->site,
                     hash_hex(c->claim.text).s, (int)c->note.to.n, (const char *)c->note.to.p,
                     (unsigned long long)c->note.seq);
}

static enum err put_words(const struct carried *a, const struct carried *b, const char *signer,
                          struct buf *words)
{
    if (signer[0] == '\0')
        (void)buf_printf(words, "the governors have signed two texts for %s", a->claim.what);
    else
        (void)buf_printf(words, "the lead %s has signed two texts for %s", signer, a->claim.what);
    (void)buf_puts(words, ", and the coordinator has carried each to another site:\n");
    put_site(words, a);
    put_site(words, b);
    return buf_err(words);
}

static enum err judge_both(const struct carried *a, const struct carried *b, struct buf *words,
                           const char **why)
{
    size_t signer = 0;
    if (strcmp(a->site, b->site) == 0)
        return not_because(why, "both went to one site");
    if (strcmp(a->claim.what, b->claim.what) != 0)
        return not_because(why, "they are two documents, or two versions of one");
    if (hash_eq(a->claim.text, b->claim.text))
        return not_because(why, "both sites were shown the same text");
    if (!common_signer(&a->claim, &b->claim, &signer))
        return not_because(why, "they are documents of two leads");
    return put_words(a, b, a->claim.signer[signer], words);
}

enum err documents_judge(struct bytes first, struct bytes second, const struct rosters *r,
                         struct buf *words, const char **why)
{
    CLEANUP(carried_fini) struct carried a = {.site = ""};
    CLEANUP(carried_fini) struct carried b = {.site = ""};
    arena_init(&a.arena, 0);
    arena_init(&b.arena, 0);
    enum err e = take(first, r, &a, why);
    if (!e)
        e = take(second, r, &b, why);
    return e ? e : judge_both(&a, &b, words, why);
}
