/* receipts.c - receipts against what was sent. */
#include "receipts.h"

#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/tlog/tlog_proof.h"

#include <inttypes.h>
#include <stdlib.h>

void receipts_init(struct receipts *r, struct findings *f, const struct vkey *peer_log)
{
    *r = (struct receipts){.found = f, .peer_log = peer_log};
    findings_init(&r->held);
}

void receipts_fini(struct receipts *r)
{
    heads_fini(&r->heads);
    findings_fini(&r->held);
    free(r->sent);
    r->sent = NULL;
}

/* --- what was sent --- */

static struct sent *sent_at(const struct receipts *r, size_t i)
{
    return &r->sent[(r->first + i) & (r->cap - 1)];
}

static void pending(struct receipts *r, const struct sent *s)
{
    if (s->data && !s->receipted && s->index >= r->pending_from)
        finding_add(r->found, PENDING, s->index,
                    "entry %" PRIu64 ": a message that nobody has acknowledged yet", s->index);
}

static void all_pending(struct receipts *r)
{
    for (size_t i = 0; i < r->n; i++)
        pending(r, sent_at(r, i));
    r->first = r->n = 0;
}

void receipts_session(struct receipts *r, const uint8_t session[MSGNOTE_SESSION])
{
    all_pending(r);
    r->forgot = false;
    memcpy(r->session, session, MSGNOTE_SESSION);
}

static bool room(struct receipts *r)
{
    if (r->n < r->cap)
        return true;
    if (r->cap == RECEIPTS_MAX) {
        pending(r, sent_at(r, 0));
        r->forgot = true;
        r->first = (r->first + 1) & (r->cap - 1);
        r->n--;
        return true;
    }
    size_t cap = r->cap == 0 ? 64 : r->cap * 2;
    struct sent *more = calloc(cap, sizeof *more);
    if (more == NULL) {
        r->found->nomem = true;
        return false;
    }
    for (size_t i = 0; i < r->n; i++)
        more[i] = *sent_at(r, i);
    free(r->sent);
    r->sent = more;
    r->cap = cap;
    r->first = 0;
    return true;
}

void receipts_sent(struct receipts *r, const struct entry *e, uint64_t seq, bool data)
{
    /* A seq that goes back is a fault already; which of the two a receipt means cannot be told. */
    if (r->n > 0 && seq <= sent_at(r, r->n - 1)->seq)
        r->blind = true;
    if (!room(r))
        return;
    struct sent s = {.index = e->index,
                     .seq = seq,
                     .note = sha256_of(e->note),
                     .frame = e->frame,
                     .frame_size = e->frame_size,
                     .row = r->trace == NULL ? 0 : r->trace->out.n - 1,
                     .data = data};
    r->n++;
    *sent_at(r, r->n - 1) = s;
}

static struct sent *find(const struct receipts *r, uint64_t seq)
{
    size_t low = 0;
    size_t high = r->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sent_at(r, mid)->seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n && sent_at(r, low)->seq == seq ? sent_at(r, low) : NULL;
}

void receipts_gap(struct receipts *r)
{
    r->blind = true;
}

/* --- the peer's checkpoints --- */

static void keep(struct receipts *r, const struct checkpoint *c, uint64_t at)
{
    enum err e = heads_add(&r->heads, (struct head){.size = c->size, .root = c->root, .at = at});
    if (e == ERR_NOMEM)
        r->found->nomem = true;
    if (e == ERR_TOOBIG && !r->limited) {
        r->limited = true;
        finding_add(r->found, E_LIMIT, FINDING_LOG, "more than %d checkpoints of the peer",
                    (int)HEADS_MAX);
    }
}

void receipts_stored(struct receipts *r, const struct checkpoint *c)
{
    keep(r, c, FINDING_LOG);
}

static bool open_checkpoint(struct receipts *r, struct bytes bytes)
{
    struct note n;
    struct hash h = sha256_of(bytes);
    if (hash_eq(h, r->opened))
        return true;
    enum err e = note_open(bytes, r->peer_log, &n);
    struct checkpoint c;
    if (!e)
        e = checkpoint_parse(n.text, &c);
    if (e || strcmp(c.origin, r->peer_log->name) != 0)
        return false;
    r->opened = h;
    r->checkpoint = c;
    return true;
}

/* False where the peer's log cannot be at once what it says now and what it said before; said then. */
static bool grew(struct receipts *r, uint64_t at, const struct checkpoint *c, uint64_t from,
                 const struct proof *proof)
{
    const struct head *same = heads_find(&r->heads, c->size);
    const struct head *base = from == 0 ? NULL : heads_find(&r->heads, from);
    if (same != NULL && !hash_eq(same->root, c->root)) {
        finding_add(&r->held, FORK, at,
                    "entry %" PRIu64 ": the peer signed another root for size %" PRIu64
                    " than it had before",
                    at, c->size);
        return false;
    }
    /* A base that was never seen, as in what is sent again, can be held against nothing. */
    if (base != NULL && !proof_consistent(proof, from, base->root, c->size, c->root)) {
        finding_add(&r->held, E_RECEIPT, at,
                    "entry %" PRIu64 ": its consistency proof from size %" PRIu64 " to %" PRIu64
                    " does not hold",
                    at, from, c->size);
        return false;
    }
    return true;
}

/* --- receipts --- */

static bool is_of(const struct sent *s, const struct entry *theirs)
{
    return hash_eq(s->note, sha256_of(theirs->note)) && hash_eq(s->frame, theirs->frame) &&
           s->frame_size == theirs->frame_size;
}

/* NULL: it is a good receipt of *out, which may be NULL where that message cannot be known. */
static const char *judge(struct receipts *r, const struct entry *theirs, struct sent **out)
{
    struct note n;
    struct msgnote m;
    *out = NULL;
    if (note_parse(theirs->note, &n) || msgnote_parse(n.text, &m))
        return "the message note inside it is malformed";
    if (memcmp(m.session, r->session, sizeof m.session) != 0)
        return r->blind ? NULL : "it is of a message of another session";
    struct sent *s = find(r, m.seq);
    if (s == NULL && r->forgot && m.seq < sent_at(r, 0)->seq) {
        if (!r->limited)
            finding_add(r->found, E_LIMIT, FINDING_LOG,
                        "a receipt of a message more than %d messages ago", (int)RECEIPTS_MAX);
        r->limited = true;
        return NULL;
    }
    if (s == NULL)
        return r->blind ? NULL : "it is of a message that this log did not send";
    if (!is_of(s, theirs))
        return r->blind ? NULL : "it is of another message than the one that this log sent";
    *out = s;
    return NULL;
}

static void bad(struct receipts *r, uint64_t at, const char *why)
{
    finding_add(&r->held, E_RECEIPT, at, "entry %" PRIu64 ": a receipt in its body: %s", at, why);
}

static void on_receipt(struct receipts *r, uint64_t at, const struct receipt *got,
                       struct buf *extra)
{
    struct tlog_proof p;
    struct entry theirs;
    struct sent *s = NULL;
    buf_clear(extra);
    enum err e = tlog_proof_parse(got->tlog_proof, extra, &p);
    if (e == ERR_NOMEM) {
        r->found->nomem = true;
        return;
    }
    if (e || entry_parse(p.extra, &theirs) || theirs.index != p.index || theirs.kind != ENTRY_IN) {
        bad(r, at, "it is no proof of an entry of kind in");
        return;
    }
    if (!open_checkpoint(r, p.checkpoint)) {
        bad(r, at, "its checkpoint is not signed by the peer's log");
        return;
    }
    struct checkpoint c = r->checkpoint;
    if (!proof_includes(&p.path, p.index, c.size, tree_leaf_hash(p.extra), c.root)) {
        bad(r, at, "its entry is not under its checkpoint's root");
        return;
    }
    const char *why = judge(r, &theirs, &s);
    if (why != NULL)
        bad(r, at, why);
    bool stands = grew(r, at, &c, got->from, &got->consistency);
    keep(r, &c, at);
    if (s == NULL || !stands)
        return;
    s->receipted = true;
    struct said_list *out = r->trace == NULL ? NULL : &r->trace->out;
    if (out != NULL && s->row < out->n && out->list[s->row].index == s->index)
        out->list[s->row].receipted = true;
}

void receipts_body(struct receipts *r, uint64_t index, const struct body *b)
{
    CLEANUP(buf_fini) struct buf extra = BUF_INIT(ENTRY_MAX + 64);
    static const struct proof none;
    for (size_t i = 0; i < b->n_receipts; i++)
        on_receipt(r, index, &b->receipts[i], &extra);
    /* A hello says where its writer's log stands; one that does not open binds nobody. */
    if (b->kind == BODY_HELLO && open_checkpoint(r, b->hello.checkpoint)) {
        struct checkpoint c = r->checkpoint;
        (void)grew(r, index, &c, 0, &none);
        keep(r, &c, index);
    }
}

void receipts_end(struct receipts *r, bool stands)
{
    all_pending(r);
    if (stands)
        findings_take(r->found, &r->held);
}
