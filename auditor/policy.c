/* policy.c - C2SP tlog-policy. */
#include "policy.h"

#include "base/text.h"
#include "core/tlog/lines.h"

#include <stdlib.h>

enum kind { WITNESS, GROUP };

/* What a quorum or a group can name. */
struct name {
    char text[POLICY_NAME_MAX + 1];
    enum kind kind;
    size_t witness;             /* WITNESS: its place */
    size_t threshold;           /* GROUP */
    size_t members[POLICY_MAX]; /* GROUP: places in names, all before this one */
    size_t n_members;
    bool used; /* is a member of a group already */
};

struct policy {
    struct vkey logs[POLICY_MAX];
    size_t n_logs;
    struct vkey witnesses[POLICY_MAX];
    size_t n_witnesses;
    struct name names[2 * POLICY_MAX];
    size_t n_names;
    bool quorum_said;
    bool quorum_none;
    size_t quorum;
};

void policy_free(struct policy *p)
{
    free(p);
}

/* The next item of a line; empty at its end. */
static struct bytes item(struct bytes *rest)
{
    size_t a = 0;
    while (a < rest->n && (rest->p[a] == ' ' || rest->p[a] == '\t'))
        a++;
    size_t b = a;
    while (b < rest->n && rest->p[b] != ' ' && rest->p[b] != '\t')
        b++;
    struct bytes out = bytes_of(rest->p + a, b - a);
    *rest = bytes_skip(*rest, b);
    return out;
}

static bool find(const struct policy *p, struct bytes text, size_t *out)
{
    for (size_t i = 0; i < p->n_names; i++) {
        if (bytes_eq(text, bytes_str(p->names[i].text))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool key_twice(const struct vkey *keys, size_t n, const struct vkey *k)
{
    for (size_t i = 0; i < n; i++) {
        if (memcmp(keys[i].key.b, k->key.b, sizeof k->key.b) == 0)
            return true;
    }
    return false;
}

static enum err add_name(struct policy *p, struct bytes text, enum kind kind, struct diag *d)
{
    size_t at = 0;
    if (text.n == 0 || text.n > POLICY_NAME_MAX || bytes_eq(text, bytes_str("none")))
        return diag_set(d, ERR_INVALID, "a name of 1 to 200 bytes other than `none` is wanted");
    if (find(p, text, &at))
        return diag_set(d, ERR_INVALID, "the name %s is taken", p->names[at].text);
    if (p->n_names == sizeof p->names / sizeof p->names[0])
        return diag_set(d, ERR_TOOBIG, "too many names");
    struct name *n = &p->names[p->n_names++];
    *n = (struct name){.kind = kind};
    memcpy(n->text, text.p, text.n);
    return OK;
}

static enum err add_key(struct vkey *keys, size_t *n, struct bytes text, enum vkey_type type,
                        struct diag *d)
{
    struct vkey k;
    if (*n == POLICY_MAX)
        return diag_set(d, ERR_TOOBIG, "more than %d", (int)POLICY_MAX);
    if (vkey_parse(text, &k) || k.type != type)
        return diag_set(d, ERR_INVALID, "not a vkey of type %d", (int)type);
    if (key_twice(keys, *n, &k))
        return diag_set(d, ERR_INVALID, "the same public key twice");
    keys[(*n)++] = k;
    return OK;
}

static enum err on_log(struct policy *p, struct bytes rest, struct diag *d)
{
    enum err e = add_key(p->logs, &p->n_logs, item(&rest), VKEY_ED25519, d);
    (void)item(&rest); /* a URL says nothing to an offline tool */
    return e || item(&rest).n == 0 ? e : diag_set(d, ERR_INVALID, "more than a key and a URL");
}

static enum err on_witness(struct policy *p, struct bytes rest, struct diag *d)
{
    enum err e = add_name(p, item(&rest), WITNESS, d);
    if (e)
        return e;
    p->names[p->n_names - 1].witness = p->n_witnesses;
    e = add_key(p->witnesses, &p->n_witnesses, item(&rest), VKEY_COSIGNATURE, d);
    (void)item(&rest);
    return e || item(&rest).n == 0 ? e : diag_set(d, ERR_INVALID, "more than a key and a URL");
}

static enum err add_member(struct policy *p, struct bytes text, struct diag *d)
{
    struct name *g = &p->names[p->n_names - 1];
    size_t at = 0;
    if (!find(p, text, &at) || at == p->n_names - 1)
        return diag_set(d, ERR_INVALID, "a member that no line before defines");
    if (p->names[at].used)
        return diag_set(d, ERR_INVALID, "%s is a member already", p->names[at].text);
    if (g->n_members == POLICY_MAX)
        return diag_set(d, ERR_TOOBIG, "more than %d members", (int)POLICY_MAX);
    p->names[at].used = true;
    g->members[g->n_members++] = at;
    return OK;
}

static enum err on_group(struct policy *p, struct bytes rest, struct diag *d)
{
    enum err e = add_name(p, item(&rest), GROUP, d);
    if (e)
        return e;
    struct name *g = &p->names[p->n_names - 1];
    struct bytes k = item(&rest);
    for (struct bytes m = item(&rest); m.n > 0; m = item(&rest)) {
        e = add_member(p, m, d);
        if (e)
            return e;
    }
    uint64_t threshold = 1;
    if (bytes_eq(k, bytes_str("all")))
        threshold = g->n_members;
    else if (!bytes_eq(k, bytes_str("any")) && parse_u64(k, POLICY_MAX, &threshold))
        threshold = 0;
    if (threshold < 1 || threshold > g->n_members)
        return diag_set(d, ERR_INVALID, "`all`, `any` or a number from 1 to the members is wanted");
    g->threshold = (size_t)threshold;
    return OK;
}

static enum err on_quorum(struct policy *p, struct bytes rest, struct diag *d)
{
    struct bytes name = item(&rest);
    if (p->quorum_said)
        return diag_set(d, ERR_INVALID, "a second quorum");
    p->quorum_said = true;
    p->quorum_none = bytes_eq(name, bytes_str("none"));
    if (!p->quorum_none && !find(p, name, &p->quorum))
        return diag_set(d, ERR_INVALID, "a quorum that no line before defines");
    return item(&rest).n == 0 ? OK : diag_set(d, ERR_INVALID, "one name is wanted");
}

static enum err on_line(struct policy *p, struct bytes line, struct diag *d)
{
    static const struct {
        const char *word;
        enum err (*take)(struct policy *p, struct bytes rest, struct diag *d);
    } words[] = {
        {"log", on_log}, {"witness", on_witness}, {"group", on_group}, {"quorum", on_quorum}};
    struct bytes rest = line;
    struct bytes first = item(&rest);
    if (first.n == 0 || first.p[0] == '#')
        return OK;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (bytes_eq(first, bytes_str(words[i].word)))
            return words[i].take(p, rest, d);
    }
    return diag_set(d, ERR_INVALID, "`log`, `witness`, `group` or `quorum` is wanted");
}

enum err policy_parse(struct bytes text, struct policy **out, struct diag *d)
{
    AUTO(policy) p = calloc(1, sizeof *p);
    struct bytes rest = text;
    struct bytes line;
    if (p == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < text.n; i++) {
        if ((text.p[i] < ' ' && text.p[i] != '\t' && text.p[i] != '\n') || text.p[i] == 0x7f)
            return diag_set(d, ERR_INVALID, "a control character");
    }
    for (unsigned number = 1; line_next(&rest, &line); number++) {
        enum err e = on_line(p, line, d);
        if (e) {
            d->line = number;
            return e;
        }
    }
    if (rest.n > 0)
        return diag_set(d, ERR_INVALID, "the last line does not end");
    if (!p->quorum_said)
        return diag_set(d, ERR_INVALID, "no quorum line");
    *out = MOVE(p);
    return OK;
}

size_t policy_logs(const struct policy *p, const struct vkey **out)
{
    *out = p->logs;
    return p->n_logs;
}

size_t policy_witnesses(const struct policy *p, const struct vkey **out)
{
    *out = p->witnesses;
    return p->n_witnesses;
}

bool policy_quorum_none(const struct policy *p)
{
    return p->quorum_none;
}

bool policy_met(const struct policy *p, const bool *valid)
{
    bool met[2 * POLICY_MAX] = {false};
    for (size_t i = 0; i < p->n_names; i++) {
        const struct name *n = &p->names[i];
        size_t count = 0;
        for (size_t m = 0; m < n->n_members; m++)
            count += met[n->members[m]] ? 1 : 0;
        met[i] = n->kind == WITNESS ? valid[n->witness] : count >= n->threshold;
    }
    return p->quorum_none || met[p->quorum];
}
