/* event.c - LocalEvent: bounds first, then bytes; bytes, then the same bounds. */
#include "core/wire/event.h"

#include "base/text.h"
#include "core/wire/pack.h"
#include "local_event.pb-c.h"

enum { HASH_URI_MAX = 80 };

static const char *const kinds[] = {
    [EVENT_READ] = "read",         [EVENT_EXPORT] = "export",
    [EVENT_ANCHOR] = "anchor",     [EVENT_START] = "start",
    [EVENT_STOP] = "stop",         [EVENT_CLOCK] = "clock",
    [EVENT_APPROVAL] = "approval", [EVENT_CONNECTION] = "connection",
    [EVENT_SUSPEND] = "suspend",   [EVENT_CHECKPOINT] = "checkpoint"};

const char *event_kind_name(enum event_kind k)
{
    return kinds[k];
}

/* One line of UTF-8 of at most `max` bytes. */
static bool line_ok(const char *s, size_t max)
{
    struct bytes t = bytes_str(s);
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < ' ' || t.p[i] == 0x7f)
            return false;
    }
    return t.n <= max && utf8_bad(t) == t.n;
}

static bool word_ok(const char *s)
{
    return s[0] != '\0' && line_ok(s, EVENT_TOKEN_MAX);
}

static bool text_ok(const char *s)
{
    return s[0] != '\0' && line_ok(s, EVENT_TEXT_MAX);
}

static bool read_ok(const struct event_read *r)
{
    return word_ok(r->user) && word_ok(r->role) && word_ok(r->purpose) && word_ok(r->item) &&
           line_ok(r->assignment, EVENT_TOKEN_MAX) && word_ok(r->outcome) &&
           r->n_streams <= EVENT_STREAMS_MAX;
}

static bool export_ok(const struct event_export *x)
{
    return word_ok(x->user) && word_ok(x->role) && word_ok(x->purpose) &&
           line_ok(x->campaign, HASH_URI_MAX) && word_ok(x->outcome);
}

static bool approval_ok(const struct event_approval *p)
{
    return word_ok(p->kind) && word_ok(p->user) && text_ok(p->name) && text_ok(p->meaning) &&
           word_ok(p->decision) && line_ok(p->reason, EVENT_TOKEN_MAX);
}

static bool event_ok(const struct event *e)
{
    switch (e->kind) {
    case EVENT_READ:
        return read_ok(&e->read);
    case EVENT_EXPORT:
        return export_ok(&e->export);
    case EVENT_START:
        return text_ok(e->start.version);
    case EVENT_APPROVAL:
        return approval_ok(&e->approval);
    case EVENT_CONNECTION:
        return word_ok(e->connection.what) && line_ok(e->connection.site, EVENT_TOKEN_MAX) &&
               e->connection.n > 0;
    case EVENT_SUSPEND:
        return word_ok(e->suspend.user) && text_ok(e->suspend.name);
    case EVENT_CHECKPOINT:
        return text_ok(e->checkpoint.origin);
    case EVENT_ANCHOR:
    case EVENT_STOP:
    case EVENT_CLOCK:
        return true;
    }
    return false;
}

static const struct hash no_hash;

/* A hash that may be absent is all zeros in the struct and left out of the bytes. */
static ProtobufCBinaryData maybe_hash(const struct hash *h)
{
    return pack_bytes(hash_eq(*h, no_hash) ? bytes_of(NULL, 0) : hash_bytes(h));
}

static enum err wrap(Cloister__LocalEvent__EventCase which, void *member, struct buf *out)
{
    Cloister__LocalEvent m;
    cloister__local_event__init(&m);
    m.event_case = which;
    m.read = member; /* all members of the union are pointers to a message */
    return pack_put(&m.base, EVENT_MAX, out);
}

static enum err put_read(const struct event_read *r, struct buf *out)
{
    ProtobufCBinaryData streams[EVENT_STREAMS_MAX];
    Cloister__ReadEvent m;
    cloister__read_event__init(&m);
    for (size_t i = 0; i < r->n_streams; i++)
        streams[i] = pack_bytes(hash_bytes(&r->streams[i]));
    m.user = pack_str(r->user);
    m.role = pack_str(r->role);
    m.purpose = pack_str(r->purpose);
    m.patient = pack_bytes(hash_bytes(&r->patient));
    m.item = pack_str(r->item);
    m.assignment = pack_str(r->assignment);
    m.n = r->n;
    m.n_streams = r->n_streams;
    m.streams = streams;
    m.outcome = pack_str(r->outcome);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_READ, &m, out);
}

static enum err put_export(const struct event_export *x, struct buf *out)
{
    Cloister__ExportEvent m;
    cloister__export_event__init(&m);
    m.user = pack_str(x->user);
    m.role = pack_str(x->role);
    m.purpose = pack_str(x->purpose);
    m.campaign = pack_str(x->campaign);
    m.items = x->items;
    m.with_records = x->with_records;
    m.file = maybe_hash(&x->file);
    m.outcome = pack_str(x->outcome);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_EXPORT, &m, out);
}

static enum err put_anchor(const struct event_anchor *x, struct buf *out)
{
    Cloister__AnchorEvent m;
    cloister__anchor_event__init(&m);
    m.newest_revision = x->newest_revision;
    m.doc_hash = maybe_hash(&x->doc_hash);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_ANCHOR, &m, out);
}

static enum err put_start(const struct event_start *x, struct buf *out)
{
    Cloister__StartEvent m;
    cloister__start_event__init(&m);
    m.version = pack_str(x->version);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_START, &m, out);
}

static enum err put_clock(const struct event_clock *x, struct buf *out)
{
    Cloister__ClockEvent m;
    cloister__clock_event__init(&m);
    m.last_ms = x->last_ms;
    m.back_ms = x->back_ms;
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_CLOCK, &m, out);
}

static enum err put_approval(const struct event_approval *x, struct buf *out)
{
    Cloister__ApprovalEvent m;
    cloister__approval_event__init(&m);
    m.document = pack_bytes(hash_bytes(&x->document));
    m.kind = pack_str(x->kind);
    m.user = pack_str(x->user);
    m.name = pack_str(x->name);
    m.time_ms = x->time_ms;
    m.meaning = pack_str(x->meaning);
    m.decision = pack_str(x->decision);
    m.reason = pack_str(x->reason);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_APPROVAL, &m, out);
}

static enum err put_connection(const struct event_connection *x, struct buf *out)
{
    Cloister__ConnectionEvent m;
    cloister__connection_event__init(&m);
    m.what = pack_str(x->what);
    m.site = pack_str(x->site);
    m.n = x->n;
    m.value = x->value;
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_CONNECTION, &m, out);
}

static enum err put_suspend(const struct event_suspend *x, struct buf *out)
{
    Cloister__SuspendEvent m;
    cloister__suspend_event__init(&m);
    m.suspended = x->suspended;
    m.user = pack_str(x->user);
    m.name = pack_str(x->name);
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_SUSPEND, &m, out);
}

static enum err put_checkpoint(const struct event_checkpoint *x, struct buf *out)
{
    Cloister__CheckpointEvent m;
    cloister__checkpoint_event__init(&m);
    m.origin = pack_str(x->origin);
    m.size = x->size;
    m.root = pack_bytes(hash_bytes(&x->root));
    return wrap(CLOISTER__LOCAL_EVENT__EVENT_CHECKPOINT, &m, out);
}

enum err event_put(const struct event *e, struct buf *out)
{
    Cloister__StopEvent stop;
    cloister__stop_event__init(&stop);
    if (!event_ok(e))
        return ERR_INVALID;
    switch (e->kind) {
    case EVENT_READ:
        return put_read(&e->read, out);
    case EVENT_EXPORT:
        return put_export(&e->export, out);
    case EVENT_ANCHOR:
        return put_anchor(&e->anchor, out);
    case EVENT_START:
        return put_start(&e->start, out);
    case EVENT_STOP:
        return wrap(CLOISTER__LOCAL_EVENT__EVENT_STOP, &stop, out);
    case EVENT_CLOCK:
        return put_clock(&e->clock, out);
    case EVENT_APPROVAL:
        return put_approval(&e->approval, out);
    case EVENT_CONNECTION:
        return put_connection(&e->connection, out);
    case EVENT_SUSPEND:
        return put_suspend(&e->suspend, out);
    case EVENT_CHECKPOINT:
        return put_checkpoint(&e->checkpoint, out);
    }
    return ERR_INVALID;
}

static bool take_hash(ProtobufCBinaryData d, struct hash *out)
{
    if (d.len != sizeof out->b)
        return false;
    memcpy(out->b, d.data, sizeof out->b);
    return true;
}

static bool take_maybe_hash(ProtobufCBinaryData d, struct hash *out)
{
    *out = no_hash;
    return d.len == 0 || (take_hash(d, out) && !hash_eq(*out, no_hash));
}

static enum err take_read(const Cloister__ReadEvent *m, struct arena *a, struct event_read *r)
{
    if (m->n_streams > EVENT_STREAMS_MAX || !take_hash(m->patient, &r->patient))
        return ERR_INVALID;
    struct hash *streams = arena_alloc(a, m->n_streams * sizeof *streams);
    if (streams == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < m->n_streams; i++) {
        if (!take_hash(m->streams[i], &streams[i]))
            return ERR_INVALID;
    }
    r->user = m->user;
    r->role = m->role;
    r->purpose = m->purpose;
    r->item = m->item;
    r->assignment = m->assignment;
    r->n = m->n;
    r->streams = streams;
    r->n_streams = m->n_streams;
    r->outcome = m->outcome;
    return OK;
}

static enum err take_export(const Cloister__ExportEvent *m, struct event_export *x)
{
    x->user = m->user;
    x->role = m->role;
    x->purpose = m->purpose;
    x->campaign = m->campaign;
    x->items = m->items;
    x->with_records = m->with_records != 0;
    x->outcome = m->outcome;
    return take_maybe_hash(m->file, &x->file) ? OK : ERR_INVALID;
}

static enum err take_approval(const Cloister__ApprovalEvent *m, struct event_approval *x)
{
    x->kind = m->kind;
    x->user = m->user;
    x->name = m->name;
    x->time_ms = m->time_ms;
    x->meaning = m->meaning;
    x->decision = m->decision;
    x->reason = m->reason;
    return take_hash(m->document, &x->document) ? OK : ERR_INVALID;
}

static enum err take(const Cloister__LocalEvent *m, struct arena *a, struct event *e)
{
    switch (m->event_case) {
    case CLOISTER__LOCAL_EVENT__EVENT_READ:
        e->kind = EVENT_READ;
        return take_read(m->read, a, &e->read);
    case CLOISTER__LOCAL_EVENT__EVENT_EXPORT:
        e->kind = EVENT_EXPORT;
        return take_export(m->export, &e->export);
    case CLOISTER__LOCAL_EVENT__EVENT_ANCHOR:
        e->kind = EVENT_ANCHOR;
        e->anchor.newest_revision = m->anchor->newest_revision;
        return take_maybe_hash(m->anchor->doc_hash, &e->anchor.doc_hash) ? OK : ERR_INVALID;
    case CLOISTER__LOCAL_EVENT__EVENT_START:
        e->kind = EVENT_START;
        e->start.version = m->start->version;
        return OK;
    case CLOISTER__LOCAL_EVENT__EVENT_STOP:
        e->kind = EVENT_STOP;
        return OK;
    case CLOISTER__LOCAL_EVENT__EVENT_CLOCK:
        e->kind = EVENT_CLOCK;
        e->clock = (struct event_clock){m->clock->last_ms, m->clock->back_ms};
        return OK;
    case CLOISTER__LOCAL_EVENT__EVENT_APPROVAL:
        e->kind = EVENT_APPROVAL;
        return take_approval(m->approval, &e->approval);
    case CLOISTER__LOCAL_EVENT__EVENT_CONNECTION:
        e->kind = EVENT_CONNECTION;
        e->connection = (struct event_connection){m->connection->what, m->connection->site,
                                                  m->connection->n, m->connection->value};
        return OK;
    case CLOISTER__LOCAL_EVENT__EVENT_SUSPEND:
        e->kind = EVENT_SUSPEND;
        e->suspend =
            (struct event_suspend){m->suspend->suspended != 0, m->suspend->user, m->suspend->name};
        return OK;
    case CLOISTER__LOCAL_EVENT__EVENT_CHECKPOINT:
        e->kind = EVENT_CHECKPOINT;
        e->checkpoint.origin = m->checkpoint->origin;
        e->checkpoint.size = m->checkpoint->size;
        return take_hash(m->checkpoint->root, &e->checkpoint.root) ? OK : ERR_INVALID;
    default:
        return ERR_INVALID;
    }
}

enum err event_read_bytes(struct bytes in, struct arena *a, struct event *out)
{
    ProtobufCMessage *any = NULL;
    struct event got = {.kind = EVENT_STOP};
    if (in.n > EVENT_MAX)
        return ERR_TOOBIG;
    enum err e = pack_read(&cloister__local_event__descriptor, in, a, &any);
    if (!e)
        e = take((const void *)any, a, &got);
    if (e)
        return e;
    if (!event_ok(&got))
        return ERR_INVALID;
    *out = got;
    return OK;
}

enum err event_frame_put(const uint8_t blind[ENTRY_BLIND], const struct event *e, struct buf *out)
{
    (void)buf_put(out, bytes_of(blind, ENTRY_BLIND));
    return event_put(e, out);
}

enum err event_frame_read(struct bytes frame, struct arena *a, struct event *out)
{
    if (frame.n < ENTRY_BLIND)
        return ERR_INVALID;
    return event_read_bytes(bytes_skip(frame, ENTRY_BLIND), a, out);
}
