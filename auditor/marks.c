/* marks.c - checkpoints old and new, against the tree. */
#include "marks.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void marks_fini(struct marks *m)
{
    free(m->list);
    *m = (struct marks){0};
}

enum err marks_add(struct marks *m, struct mark mark)
{
    if (m->n == m->cap) {
        size_t cap = m->cap == 0 ? 16 : m->cap * 2;
        struct mark *more = realloc(m->list, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        m->list = more;
        m->cap = cap;
    }
    m->list[m->n++] = mark;
    return OK;
}

/* Is the witness the log owner's own? Its name is `<origin>/witness`, or for a coordinator's log `<parent>/witness`. */
static bool own_witness(const char *origin, const char *witness)
{
    static const char end[] = "/witness";
    size_t n = strlen(witness);
    size_t whole = strlen(origin);
    const char *slash = strrchr(origin, '/');
    size_t parent = slash == NULL ? 0 : (size_t)(slash - origin);
    if (n < sizeof end || strcmp(witness + n - (sizeof end - 1), end) != 0)
        return false;
    n -= sizeof end - 1;
    return (n == whole || n == parent) && n > 0 && memcmp(witness, origin, n) == 0;
}

static bool quorum_of(const struct policy *p, const char *origin, const struct note_seal *seals)
{
    const struct vkey *witnesses = NULL;
    bool valid[POLICY_MAX] = {false};
    size_t n = policy_witnesses(p, &witnesses);
    for (size_t i = 0; i < n; i++)
        valid[i] = seals[i].valid && !own_witness(origin, witnesses[i].name);
    return policy_met(p, valid);
}

enum err checkpoint_open(const struct policy *p, struct bytes text, struct checkpoint *out,
                         bool *quorum)
{
    const struct vkey *logs = NULL;
    const struct vkey *witnesses = NULL;
    struct note n;
    struct checkpoint c;
    struct note_seal seal;
    struct note_seal seals[POLICY_MAX];
    size_t n_logs = policy_logs(p, &logs);
    size_t n_witnesses = policy_witnesses(p, &witnesses);
    enum err e = note_parse(text, &n);
    if (!e)
        e = checkpoint_parse(n.text, &c);
    if (e)
        return e;
    e = ERR_NOTFOUND;
    for (size_t i = 0; i < n_logs; i++) {
        if (strcmp(logs[i].name, c.origin) != 0)
            continue;
        e = note_verify(&n, &logs[i], 1, &seal);
        if (!e)
            e = seal.valid ? OK : ERR_DENIED;
    }
    if (!e)
        e = note_verify(&n, witnesses, n_witnesses, seals);
    if (e)
        return e;
    *out = c;
    *quorum = quorum_of(p, c.origin, seals);
    return OK;
}

static void read_one(struct marks *m, const struct logdir *l, const struct policy *p,
                     const char *origin, const char *name)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    struct mark mark = {.kind = MARK_HANDED_OUT};
    struct checkpoint c;
    char path[64];
    if (parse_u64_str(name, INT64_MAX, &mark.size)) {
        finding_add(l->found, E_LAYOUT, FINDING_LOG, "cp/ holds a name that is no size");
        return;
    }
    (void)snprintf(path, sizeof path, "cp/%s", name);
    enum err e = logdir_read(l, path, LOGDIR_NOTE_MAX, FINDING_LOG, &b);
    if (e == ERR_NOTFOUND)
        finding_add(l->found, E_READ, FINDING_LOG, "%s went away while it was read", path);
    if (e)
        return;
    e = checkpoint_open(p, buf_bytes(&b), &c, &mark.quorum);
    if (e || c.size != mark.size || strcmp(c.origin, origin) != 0) {
        l->found->nomem = l->found->nomem || e == ERR_NOMEM;
        finding_add(l->found, E_CP_SIG, FINDING_LOG,
                    "%s is not this log's signed checkpoint of that size", path);
        return;
    }
    mark.root = c.root;
    if (marks_add(m, mark))
        l->found->nomem = true;
}

void marks_read_cp(struct marks *m, const struct logdir *l, const struct policy *p,
                   const char *origin)
{
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)256 * 1024 * 1024);
    size_t n = 0;
    if (logdir_list(l, "cp", MARKS_MAX, &names, &n))
        return;
    const char *name = (const char *)names.p;
    for (size_t i = 0; i < n; i++, name += strlen(name) + 1)
        read_one(m, l, p, origin, name);
}

static void check_peer_file(const struct logdir *l, const struct policy *p, const char *peer,
                            const char *folder, const char *name, struct receipts *to)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    struct checkpoint c;
    uint64_t size = 0;
    bool quorum = false;
    char path[160];
    if (parse_u64_str(name, INT64_MAX, &size)) {
        finding_add(l->found, E_LAYOUT, FINDING_LOG, "peer/ holds a name that is no size");
        return;
    }
    (void)snprintf(path, sizeof path, "peer/%s/%s", folder, name);
    if (logdir_read(l, path, LOGDIR_NOTE_MAX, FINDING_LOG, &b))
        return;
    enum err e = checkpoint_open(p, buf_bytes(&b), &c, &quorum);
    l->found->nomem = l->found->nomem || e == ERR_NOMEM;
    if (e || c.size != size || strcmp(c.origin, peer) != 0)
        finding_add(l->found, E_CP_SIG, FINDING_LOG,
                    "%s is not the peer's signed checkpoint of that size", path);
    else
        receipts_stored(to, &c);
}

void marks_check_peer(const struct logdir *l, const struct policy *p, const char *peer,
                      struct receipts *to)
{
    CLEANUP(buf_fini) struct buf folders = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf names = BUF_INIT((size_t)256 * 1024 * 1024);
    struct hash_text want = hash_hex(sha256_of(bytes_str(peer)));
    char path[128];
    size_t n = 0;
    if (logdir_list(l, "peer", 64, &folders, &n))
        return;
    const char *folder = (const char *)folders.p;
    for (size_t i = 0; i < n; i++, folder += strlen(folder) + 1) {
        if (strcmp(folder, want.s) != 0)
            finding_add(l->found, E_LAYOUT, FINDING_LOG,
                        "peer/ holds a name that is not the hash of the peer's origin");
    }
    (void)snprintf(path, sizeof path, "peer/%s", want.s);
    if (logdir_list(l, path, MARKS_MAX, &names, &n))
        return;
    const char *name = (const char *)names.p;
    for (size_t i = 0; i < n; i++, name += strlen(name) + 1)
        check_peer_file(l, p, peer, want.s, name, to);
}

static int by_size(const void *a, const void *b)
{
    const struct mark *x = a;
    const struct mark *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

void marks_sort(struct marks *m)
{
    if (m->n > 0)
        qsort(m->list, m->n, sizeof *m->list, by_size);
}

void marks_reach(struct marks *m, const struct tree *t)
{
    for (; m->next < m->n && m->list[m->next].size == t->size; m->next++) {
        m->list[m->next].is = tree_root(t);
        m->list[m->next].reached = true;
    }
}

void marks_judge(const struct marks *m, struct findings *f, uint64_t size)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct mark *k = &m->list[i];
        const char *what = k->kind == MARK_PIN ? "the pin" : "a checkpoint under cp/";
        if (k->kind == MARK_CHECKPOINT)
            continue;
        if (k->size > size)
            finding_add(f, TRUNCATED, FINDING_LOG, "%s is of size %" PRIu64 ", the log of %" PRIu64,
                        what, k->size, size);
        else if (k->reached && !hash_eq(k->is, k->root))
            finding_add(f, FORK, FINDING_LOG,
                        "%s of size %" PRIu64 " has root %s, the log's own is %s", what, k->size,
                        hash_hex(k->root).s, hash_hex(k->is).s);
    }
}

bool marks_quorum(const struct marks *m, uint64_t size, uint64_t *out)
{
    bool any = false;
    for (size_t i = 0; i < m->n; i++) {
        const struct mark *k = &m->list[i];
        if (k->kind != MARK_PIN && k->quorum && k->size <= size && (!any || k->size > *out)) {
            *out = k->size;
            any = true;
        }
    }
    return any;
}
