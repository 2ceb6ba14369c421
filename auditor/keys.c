/* keys.c - message keys in force. */
#include "keys.h"

#include "base/hex.h"
#include "base/text.h"
#include "core/tlog/lines.h"

#include <stdlib.h>

struct row {
    struct vkey key;
    bool dated;    /* has a place where it begins */
    bool older;    /* was in force at some time */
    bool in_force; /* from the first message, or since keys_advance met its place */
    uint8_t session[MSGNOTE_SESSION];
    uint64_t seq;
};

struct keys {
    struct row rows[KEYS_MAX];
    size_t n;
};

void keys_free(struct keys *k)
{
    free(k);
}

/* Cuts the part before the next space off. */
static struct bytes word(struct bytes *rest)
{
    const uint8_t *space = rest->n == 0 ? NULL : memchr(rest->p, ' ', rest->n);
    size_t n = space == NULL ? rest->n : (size_t)(space - rest->p);
    struct bytes out = bytes_of(rest->p, n);
    *rest = bytes_skip(*rest, n + 1);
    return out;
}

static bool name_known(const struct keys *k, const char *name)
{
    for (size_t i = 0; i < k->n; i++) {
        if (strcmp(k->rows[i].key.name, name) == 0)
            return true;
    }
    return false;
}

static enum err on_line(struct keys *k, struct bytes line, struct diag *d)
{
    struct row r = {.in_force = true};
    struct bytes rest = line;
    if (line.n == 0 || line.p[0] == '#')
        return OK;
    if (k->n == KEYS_MAX)
        return diag_set(d, ERR_TOOBIG, "more than %d keys", (int)KEYS_MAX);
    if (vkey_parse(word(&rest), &r.key) || r.key.type != VKEY_ED25519)
        return diag_set(d, ERR_INVALID, "not a vkey of type 1");
    if (rest.n > 0) {
        r.in_force = false;
        r.dated = true;
        if (!bytes_eq(word(&rest), bytes_str("from")) ||
            hex_decode(word(&rest), r.session, sizeof r.session) ||
            parse_u64(word(&rest), INT64_MAX, &r.seq) || rest.n > 0)
            return diag_set(d, ERR_INVALID, "`from <32 hex> <seq>` is wanted after the key");
    }
    if (r.in_force && name_known(k, r.key.name))
        return diag_set(d, ERR_INVALID, "a second key of %s must say `from` when", r.key.name);
    k->rows[k->n++] = r;
    return OK;
}

enum err keys_parse(struct bytes text, struct keys **out, struct diag *d)
{
    AUTO(keys) k = calloc(1, sizeof *k);
    struct bytes rest = text;
    struct bytes line;
    if (k == NULL)
        return ERR_NOMEM;
    for (unsigned number = 1; line_next(&rest, &line); number++) {
        enum err e = on_line(k, line, d);
        if (e) {
            d->line = number;
            return e;
        }
    }
    if (rest.n > 0)
        return diag_set(d, ERR_INVALID, "the last line does not end");
    *out = MOVE(k);
    return OK;
}

enum err keys_add_older(struct keys *k, const struct vkey *key)
{
    for (size_t i = 0; i < k->n; i++) {
        if (strcmp(k->rows[i].key.name, key->name) == 0 &&
            memcmp(k->rows[i].key.key.b, key->key.b, sizeof key->key.b) == 0)
            return OK;
    }
    if (k->n == KEYS_MAX)
        return ERR_TOOBIG;
    k->rows[k->n++] = (struct row){.key = *key, .older = true};
    return OK;
}

const struct vkey *keys_older(const struct keys *k, size_t *at, struct bytes name)
{
    while (*at < k->n) {
        const struct row *r = &k->rows[(*at)++];
        if (r->older && bytes_eq(name, bytes_str(r->key.name)))
            return &r->key;
    }
    return NULL;
}

void keys_advance(struct keys *k, struct bytes name, const uint8_t session[MSGNOTE_SESSION],
                  uint64_t seq)
{
    for (size_t i = 0; i < k->n; i++) {
        struct row *r = &k->rows[i];
        if (!r->in_force && r->dated && seq >= r->seq &&
            memcmp(r->session, session, sizeof r->session) == 0 &&
            bytes_eq(name, bytes_str(r->key.name)))
            r->in_force = true;
    }
}

/* Does the row begin in this session, at this message or before? */
static bool begun(const struct row *r, const uint8_t *session, uint64_t seq)
{
    return r->dated && memcmp(r->session, session, sizeof r->session) == 0 && r->seq <= seq;
}

const struct vkey *keys_candidate(const struct keys *k, size_t *at, struct bytes name,
                                  const uint8_t session[MSGNOTE_SESSION], uint64_t seq)
{
    while (*at < k->n) {
        size_t i = (*at)++;
        const struct row *r = &k->rows[i];
        bool here = r->dated && memcmp(r->session, session, sizeof r->session) == 0;
        bool ruled_out = here && r->seq > seq;
        for (size_t m = 0; m < k->n && !ruled_out; m++)
            ruled_out = (m > i || !here) && m != i && begun(&k->rows[m], session, seq) &&
                        bytes_eq(name, bytes_str(k->rows[m].key.name));
        if (!ruled_out && bytes_eq(name, bytes_str(r->key.name)))
            return &r->key;
    }
    return NULL;
}

const struct vkey *keys_in_force(const struct keys *k, struct bytes name)
{
    const struct vkey *last = NULL;
    for (size_t i = 0; i < k->n; i++) {
        if (k->rows[i].in_force && bytes_eq(name, bytes_str(k->rows[i].key.name)))
            last = &k->rows[i].key;
    }
    return last;
}
