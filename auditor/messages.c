/* messages.c - the message chain of one exchange log. */
#include "messages.h"

#include "base/arena.h"
#include "base/sha256.h"
#include "core/identity/note.h"
#include "core/wire/body.h"
#include "core/wire/frame.h"

#include <inttypes.h>
#include <stdlib.h>

/* Times a body's size, to decode it: no bytes take more, so that a refusal is the machine's, not the body's. */
enum { BODY_BUDGET = 80 };

void messages_init(struct messages *m, struct findings *f, struct keys *k, const char *origin,
                   const struct vkey *peer)
{
    *m = (struct messages){.found = f, .keys = k, .origin = origin, .peer = peer->name};
    receipts_init(&m->receipts, f, peer);
}

void messages_fini(struct messages *m)
{
    free(m->used);
    m->used = NULL;
    receipts_fini(&m->receipts);
}

void messages_gap(struct messages *m)
{
    m->lost = m->lost_out = m->lost_in = true;
    m->before_local = false;
    receipts_gap(&m->receipts);
}

/* What no Body can be is only noted (5.1.15): the message was signed and chained all the same. */
static void read_body(struct messages *m, const struct entry *e, struct bytes bytes, bool proven)
{
    CLEANUP(arena_fini) struct arena a;
    struct body b;
    arena_init(&a, (bytes.n + 1024) * BODY_BUDGET);
    enum err failed = body_read(bytes, &a, &b);
    if (failed == ERR_NOMEM)
        m->found->nomem = true;
    else if (failed)
        finding_add(m->found, NOTE_BODY, e->index,
                    "entry %" PRIu64 ": its body is none that this tool can read", e->index);
    else if (e->kind == ENTRY_IN)
        receipts_body(&m->receipts, e->index, &b);
    if (!failed && proven && m->shown != NULL && b.kind == BODY_DOCUMENT)
        shown_add(m->shown, e->index, &b.document);
}

/* The frame is canonical and carries this very note and the body that the note names. */
static void check_frame(struct messages *m, const struct entry *e, const struct msgnote *note,
                        const struct buf *frame, bool proven)
{
    CLEANUP(arena_fini) struct arena a;
    struct frame f;
    arena_init(&a, (frame->n + 1024) * FRAME_BUDGET);
    enum err failed = frame_read(buf_bytes(frame), &a, &f);
    if (failed == ERR_NOMEM)
        m->found->nomem = true;
    if (failed || !bytes_eq(f.note, e->note)) {
        finding_add(m->found, E_NOTE_FRAME, e->index, "entry %" PRIu64 ": %s", e->index,
                    failed ? "its frame is not a canonical Frame"
                           : "its frame carries another note than the entry");
        return;
    }
    if (f.body.n != note->body_size || !hash_eq(sha256_of(f.body), note->body))
        finding_add(m->found, E_BODY, e->index,
                    "entry %" PRIu64 ": its body is not the one that its note names", e->index);
    else
        read_body(m, e, f.body, proven);
}

/* The name that a log's message key bears. */
static void message_key(const char *origin, char out[VKEY_NAME_MAX + 8])
{
    (void)snprintf(out, VKEY_NAME_MAX + 8, "%s/msg", origin);
}

static bool check_signature(const struct messages *m, const struct entry *e, const struct note *n,
                            const char *from)
{
    char name[VKEY_NAME_MAX + 8];
    struct note_seal seal;
    message_key(from, name);
    const struct vkey *key = keys_in_force(m->keys, bytes_str(name));
    if (key != NULL && !note_verify(n, key, 1, &seal) && seal.valid)
        return true;
    size_t at = 0;
    for (const struct vkey *k = NULL; (k = keys_older(m->keys, &at, bytes_str(name))) != NULL;) {
        if (!note_verify(n, k, 1, &seal) && seal.valid)
            return true;
    }
    finding_add(m->found, E_MSG_SIG, e->index, "entry %" PRIu64 ": no valid signature of %s%s",
                e->index, name, key == NULL ? ", of which the keys file has no key in force" : "");
    return false;
}

static bool is_zero(struct hash h)
{
    static const struct hash zero;
    return hash_eq(h, zero);
}

/* A hello stands outside the chain, with a session of its own. */
static void check_hello(const struct messages *m, const struct entry *e, const struct msgnote *n)
{
    if (n->seq != 0)
        finding_add(m->found, E_SEQ, e->index, "entry %" PRIu64 ": a hello with a seq", e->index);
    if (!is_zero(n->prev))
        finding_add(m->found, E_PREV, e->index, "entry %" PRIu64 ": a hello with a prev", e->index);
    if (n->seen != 0)
        finding_add(m->found, E_SEEN, e->index, "entry %" PRIu64 ": a hello with a seen", e->index);
}

static bool session_used(const struct messages *m, const uint8_t *session)
{
    for (size_t i = 0; m->used != NULL && i < m->n_used; i++) {
        if (memcmp(m->used[i], session, MSGNOTE_SESSION) == 0)
            return true;
    }
    return false;
}

static void session_end(struct messages *m)
{
    if (m->n_used == SESSIONS_MAX)
        return;
    if (m->used == NULL)
        m->used = calloc(SESSIONS_MAX, sizeof *m->used);
    if (m->used == NULL) {
        m->found->nomem = true;
        return;
    }
    memcpy(m->used[m->n_used++], m->session, MSGNOTE_SESSION);
}

static void check_session(struct messages *m, const struct entry *e, const struct msgnote *n)
{
    if (m->any && memcmp(m->session, n->session, sizeof m->session) == 0)
        return;
    if (m->any) {
        session_end(m);
        if (session_used(m, n->session))
            finding_add(m->found, E_SEQ, e->index,
                        "entry %" PRIu64 ": a session that had ended comes back", e->index);
        else if (!m->before_local && !m->lost)
            finding_add(m->found, E_SEQ, e->index,
                        "entry %" PRIu64 ": a new session without the local entry that names it",
                        e->index);
    }
    m->any = true;
    memcpy(m->session, n->session, sizeof m->session);
    memset(&m->out, 0, sizeof m->out);
    memset(&m->in, 0, sizeof m->in);
    m->lost_out = m->lost_in = m->lost;
    receipts_session(&m->receipts, n->session);
}

static void check_chain(const struct messages *m, const struct entry *e, const struct msgnote *n,
                        const struct direction *own, const struct direction *other)
{
    bool out = e->kind == ENTRY_OUT;
    if (n->seq != own->next_seq)
        finding_add(m->found, E_SEQ, e->index,
                    "entry %" PRIu64 ": seq %" PRIu64 " where %" PRIu64 " comes next", e->index,
                    n->seq, own->next_seq);
    if (!hash_eq(n->prev, own->prev))
        finding_add(m->found, E_PREV, e->index,
                    "entry %" PRIu64 ": prev is not the hash of the note before it", e->index);
    /* Whoever sends counts what it has logged; we, what it could have logged. */
    bool fits =
        out ? n->seen == other->next_seq : n->seen <= other->next_seq && n->seen >= own->seen;
    if (!fits)
        finding_add(m->found, E_SEEN, e->index,
                    "entry %" PRIu64 ": seen %" PRIu64 " does not fit the %" PRIu64
                    " messages of the other side",
                    e->index, n->seen, other->next_seq);
}

static void chain(struct messages *m, const struct entry *e, const struct msgnote *n,
                  struct bytes text)
{
    bool out = e->kind == ENTRY_OUT;
    check_session(m, e, n);
    struct direction *own = out ? &m->out : &m->in;
    const struct direction *other = out ? &m->in : &m->out;
    bool *lost = out ? &m->lost_out : &m->lost_in;
    if (!*lost && !(out ? m->lost_in : m->lost_out))
        check_chain(m, e, n, own, other);
    *lost = false;
    own->next_seq = n->seq + 1;
    own->prev = sha256_of(text);
    own->seen = n->seen;
}

static bool check_addresses(const struct messages *m, const struct entry *e,
                            const struct msgnote *n)
{
    bool out = e->kind == ENTRY_OUT;
    if (bytes_eq(n->from, bytes_str(out ? m->origin : m->peer)) &&
        bytes_eq(n->to, bytes_str(out ? m->peer : m->origin)))
        return true;
    finding_add(m->found, E_ADDR, e->index,
                "entry %" PRIu64 ": from and to are not the two sides of this log", e->index);
    return false;
}

static void trace(struct messages *m, const struct entry *e, const struct msgnote *n,
                  struct bytes text, bool valid)
{
    uint8_t size[8];
    struct sha256 h;
    struct said s = {.seq = n->seq,
                     .seen = n->seen,
                     .index = e->index,
                     .time_ms = e->time_ms,
                     .text = sha256_of(text),
                     .valid = valid,
                     .data = !bytes_eq(n->type, bytes_str("control"))};
    memcpy(s.session, n->session, sizeof s.session);
    put_be64(size, e->frame_size);
    sha256_init(&h);
    sha256_put(&h, e->note);
    sha256_put(&h, hash_bytes(&e->frame));
    sha256_put(&h, bytes_of(size, sizeof size));
    s.rest = sha256_end(&h);
    enum err failed = trace_add(e->kind == ENTRY_OUT ? &m->trace->out : &m->trace->in, s);
    if (failed == ERR_NOMEM)
        m->found->nomem = true;
    else if (failed && !m->found->seen[E_LIMIT])
        finding_add(m->found, E_LIMIT, e->index, "more than %d messages in one direction",
                    (int)TRACE_MAX);
}

/* What its note calls a document, as its body does: what is shown to others is judged by both (documents.h). */
static struct bytes document_token(void)
{
    return bytes_str(body_token(BODY_DOCUMENT));
}

void messages_entry(struct messages *m, const struct entry *e, const struct buf *frame)
{
    struct note note;
    struct msgnote n;
    if (e->kind == ENTRY_LOCAL || e->kind == ENTRY_REJ) {
        m->before_local = e->kind == ENTRY_LOCAL;
        return;
    }
    if (note_parse(e->note, &note) || msgnote_parse(note.text, &n)) {
        finding_add(m->found, E_ENTRY, e->index, "entry %" PRIu64 ": its message note is malformed",
                    e->index);
        messages_gap(m);
        return;
    }
    bool ours = check_addresses(m, e, &n);
    bool hello = bytes_eq(n.type, bytes_str("hello"));
    const char *from = e->kind == ENTRY_OUT ? m->origin : m->peer;
    if (!hello) {
        char name[VKEY_NAME_MAX + 8];
        message_key(from, name);
        keys_advance(m->keys, bytes_str(name), n.session, n.seq);
    }
    bool valid = check_signature(m, e, &note, from);
    if (!hello && ours && m->trace != NULL)
        trace(m, e, &n, note.text, valid);
    if (hello) {
        check_hello(m, e, &n);
    } else {
        chain(m, e, &n, note.text);
        if (e->kind == ENTRY_OUT)
            receipts_sent(&m->receipts, e, n.seq, !bytes_eq(n.type, bytes_str("control")));
    }
    if (frame != NULL)
        check_frame(m, e, &n, frame,
                    valid && ours && e->kind == ENTRY_IN && bytes_eq(n.type, document_token()));
    m->before_local = false;
    m->lost = m->lost_out || m->lost_in;
}
