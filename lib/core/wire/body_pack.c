/* body_pack.c - Body over protobuf-c. */
#include "body.pb-c.h"
#include "core/wire/body_inner.h"
#include "core/wire/pack.h"

static const struct hash no_hash;

/* A hash that may be absent is all zeros in the struct and left out of the bytes. */
static ProtobufCBinaryData hash_data(const struct hash *h)
{
    return pack_bytes(hash_eq(*h, no_hash) ? bytes_of(NULL, 0) : hash_bytes(h));
}

static bool take_hash(ProtobufCBinaryData d, struct hash *out)
{
    *out = no_hash;
    if (d.len == 0)
        return true;
    if (d.len != sizeof out->b)
        return false;
    memcpy(out->b, d.data, sizeof out->b);
    return !hash_eq(*out, no_hash);
}

/* --- writing: strings are copied, because protobuf-c wants a NUL behind them --- */

static char *string_of(struct arena *a, struct bytes t)
{
    char *s = arena_alloc(a, t.n + 1);
    if (s == NULL)
        return NULL;
    if (t.n > 0)
        memcpy(s, t.p, t.n);
    s[t.n] = '\0';
    return s;
}

static ProtobufCBinaryData *proof_data(struct arena *a, const struct proof *p)
{
    ProtobufCBinaryData *list = arena_alloc(a, p->n * sizeof *list);
    for (size_t i = 0; list != NULL && i < p->n; i++)
        list[i] = pack_bytes(hash_bytes(&p->h[i]));
    return list;
}

static enum err pack_receipts(const struct body *b, struct arena *a, Cloister__Body *m)
{
    Cloister__Receipt *one = arena_alloc(a, b->n_receipts * sizeof *one);
    m->receipts = arena_alloc(a, b->n_receipts * sizeof(void *));
    m->n_receipts = b->n_receipts;
    for (size_t i = 0; one != NULL && m->receipts != NULL && i < b->n_receipts; i++) {
        const struct receipt *r = &b->receipts[i];
        cloister__receipt__init(&one[i]);
        one[i].tlog_proof = pack_bytes(r->tlog_proof);
        one[i].from = r->from;
        one[i].n_consistency = r->consistency.n;
        one[i].consistency = proof_data(a, &r->consistency);
        m->receipts[i] = &one[i];
    }
    return a->refused ? ERR_NOMEM : OK;
}

static enum err pack_cosigs(const struct body *b, struct arena *a, Cloister__Body *m)
{
    Cloister__Cosig *one = arena_alloc(a, b->n_cosigs * sizeof *one);
    m->cosigs = arena_alloc(a, b->n_cosigs * sizeof(void *));
    m->n_cosigs = b->n_cosigs;
    for (size_t i = 0; one != NULL && m->cosigs != NULL && i < b->n_cosigs; i++) {
        cloister__cosig__init(&one[i]);
        one[i].origin = string_of(a, b->cosigs[i].origin);
        one[i].size = b->cosigs[i].size;
        one[i].line = string_of(a, b->cosigs[i].line);
        m->cosigs[i] = &one[i];
    }
    return a->refused ? ERR_NOMEM : OK;
}

static void *pack_hello(const struct hello *h, struct arena *a)
{
    Cloister__Hello *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__hello__init(m);
    m->session = pack_bytes(bytes_of(h->session, sizeof h->session));
    m->out_seq = h->out_seq;
    m->out_prev = hash_data(&h->out_prev);
    m->in_seq = h->in_seq;
    m->in_prev = hash_data(&h->in_prev);
    m->checkpoint = pack_bytes(h->checkpoint);
    m->from = h->from;
    m->n_consistency = h->consistency.n;
    m->consistency = proof_data(a, &h->consistency);
    m->stored = h->stored;
    return m;
}

static void *pack_status(const struct status *s, struct arena *a)
{
    Cloister__Status *m = arena_alloc(a, sizeof *m);
    Cloister__GuidelineVersion *one = arena_alloc(a, s->n_guidelines * sizeof *one);
    Cloister__GuidelineVersion **list = arena_alloc(a, s->n_guidelines * sizeof(void *));
    if (m == NULL || one == NULL || list == NULL)
        return NULL;
    cloister__status__init(m);
    m->software = s->software;
    m->roster = s->roster;
    m->policy = s->policy;
    m->pending = s->pending;
    m->oldest_s = s->oldest_s;
    m->disk = string_of(a, s->disk);
    m->n_guidelines = s->n_guidelines;
    m->guidelines = list;
    for (size_t i = 0; i < s->n_guidelines; i++) {
        cloister__guideline_version__init(&one[i]);
        one[i].campaign = hash_data(&s->guidelines[i].campaign);
        one[i].stream = string_of(a, s->guidelines[i].stream);
        one[i].version = s->guidelines[i].version;
        list[i] = &one[i];
    }
    return m;
}

static void *pack_document(const struct document_message *d, struct arena *a)
{
    Cloister__Document *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__document__init(m);
    m->kind = string_of(a, d->kind);
    m->note = pack_bytes(d->note);
    return m;
}

static void *pack_document_ack(const struct document_ack *d, struct arena *a)
{
    Cloister__DocumentAck *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__document_ack__init(m);
    m->hash = hash_data(&d->hash);
    m->code = string_of(a, d->code);
    return m;
}

static void *pack_refused(const struct refused *r, struct arena *a)
{
    Cloister__Refused *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__refused__init(m);
    m->seq = r->seq;
    m->code = string_of(a, r->code);
    return m;
}

static void *pack_campaign_reply(const struct campaign_reply *c, struct arena *a)
{
    Cloister__CampaignReply *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__campaign_reply__init(m);
    m->document = hash_data(&c->document);
    m->decision = string_of(a, c->decision);
    m->reason = string_of(a, c->reason);
    m->roster = c->roster;
    m->until_ms = c->until_ms;
    m->original = pack_bytes(c->original);
    return m;
}

static void *pack_blob_request(const struct blob_request *r, struct arena *a)
{
    Cloister__BlobRequest *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__blob_request__init(m);
    m->digest = hash_data(&r->digest);
    m->offset = r->offset;
    return m;
}

static void *pack_blob_chunk(const struct blob_chunk *c, struct arena *a)
{
    Cloister__BlobChunk *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    cloister__blob_chunk__init(m);
    m->digest = hash_data(&c->digest);
    m->offset = c->offset;
    m->data = pack_bytes(c->data);
    return m;
}

/* NULL for a control message, or where memory is out (the arena knows). */
static void *pack_payload(const struct body *b, struct arena *a)
{
    switch (b->kind) {
    case BODY_HELLO:
        return pack_hello(&b->hello, a);
    case BODY_REFUSED:
        return pack_refused(&b->refused, a);
    case BODY_DOCUMENT:
        return pack_document(&b->document, a);
    case BODY_DOCUMENT_ACK:
        return pack_document_ack(&b->document_ack, a);
    case BODY_CAMPAIGN_REPLY:
        return pack_campaign_reply(&b->campaign_reply, a);
    case BODY_STATUS:
        return pack_status(&b->status, a);
    case BODY_BLOB_REQUEST:
        return pack_blob_request(&b->blob_request, a);
    case BODY_BLOB_CHUNK:
        return pack_blob_chunk(&b->blob_chunk, a);
    case BODY_CONTROL:
    case BODY_KINDS:
        break;
    }
    return NULL;
}

static const Cloister__Body__PayloadCase cases[BODY_KINDS] = {
    [BODY_CONTROL] = CLOISTER__BODY__PAYLOAD__NOT_SET,
    [BODY_HELLO] = CLOISTER__BODY__PAYLOAD_HELLO,
    [BODY_REFUSED] = CLOISTER__BODY__PAYLOAD_REFUSED,
    [BODY_DOCUMENT] = CLOISTER__BODY__PAYLOAD_DOCUMENT,
    [BODY_DOCUMENT_ACK] = CLOISTER__BODY__PAYLOAD_DOCUMENT_ACK,
    [BODY_CAMPAIGN_REPLY] = CLOISTER__BODY__PAYLOAD_CAMPAIGN_REPLY,
    [BODY_STATUS] = CLOISTER__BODY__PAYLOAD_STATUS,
    [BODY_BLOB_REQUEST] = CLOISTER__BODY__PAYLOAD_BLOB_REQUEST,
    [BODY_BLOB_CHUNK] = CLOISTER__BODY__PAYLOAD_BLOB_CHUNK,
};

enum { PACK_ARENA = 256 * 1024 }; /* structs, words and lists of hashes; large bytes are borrowed */

enum err body_pack(const struct body *b, struct buf *out)
{
    CLEANUP(arena_fini) struct arena a;
    Cloister__Body m;
    arena_init(&a, PACK_ARENA);
    cloister__body__init(&m);
    enum err e = pack_receipts(b, &a, &m);
    if (!e)
        e = pack_cosigs(b, &a, &m);
    m.payload_case = cases[b->kind];
    m.hello = pack_payload(b, &a); /* all members of the union are pointers to a message */
    if (!e && a.refused)
        e = ERR_NOMEM;
    return e ? e : pack_put(&m.base, BODY_MAX, out);
}

/* --- reading --- */

static struct bytes data_of(ProtobufCBinaryData d)
{
    return bytes_of(d.data, d.len);
}

static bool take_proof(ProtobufCBinaryData *const list, size_t n, struct proof *out)
{
    out->n = n;
    for (size_t i = 0; n <= PROOF_MAX && i < n; i++) {
        if (list[i].len != sizeof(struct hash))
            return false;
        memcpy(out->h[i].b, list[i].data, sizeof out->h[i].b);
    }
    return n <= PROOF_MAX;
}

static enum err take_items(const Cloister__Body *m, struct arena *a, struct body *b)
{
    if (m->n_receipts > BODY_ITEMS_MAX || m->n_cosigs > BODY_ITEMS_MAX)
        return ERR_INVALID;
    struct receipt *r = arena_alloc(a, m->n_receipts * sizeof *r);
    struct cosig *c = arena_alloc(a, m->n_cosigs * sizeof *c);
    if (r == NULL || c == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < m->n_receipts; i++) {
        r[i].tlog_proof = data_of(m->receipts[i]->tlog_proof);
        r[i].from = m->receipts[i]->from;
        if (!take_proof(m->receipts[i]->consistency, m->receipts[i]->n_consistency,
                        &r[i].consistency))
            return ERR_INVALID;
    }
    for (size_t i = 0; i < m->n_cosigs; i++)
        c[i] = (struct cosig){.origin = bytes_str(m->cosigs[i]->origin),
                              .size = m->cosigs[i]->size,
                              .line = bytes_str(m->cosigs[i]->line)};
    b->receipts = r;
    b->n_receipts = m->n_receipts;
    b->cosigs = c;
    b->n_cosigs = m->n_cosigs;
    return OK;
}

static enum err take_hello(const Cloister__Hello *m, struct hello *h)
{
    if (m->session.len != sizeof h->session)
        return ERR_INVALID;
    memcpy(h->session, m->session.data, sizeof h->session);
    h->out_seq = m->out_seq;
    h->in_seq = m->in_seq;
    h->checkpoint = data_of(m->checkpoint);
    h->from = m->from;
    h->stored = m->stored;
    bool ok = take_hash(m->out_prev, &h->out_prev) && take_hash(m->in_prev, &h->in_prev) &&
              take_proof(m->consistency, m->n_consistency, &h->consistency);
    return ok ? OK : ERR_INVALID;
}

static enum err take_status(const Cloister__Status *m, struct arena *a, struct status *s)
{
    if (m->n_guidelines > BODY_ITEMS_MAX)
        return ERR_INVALID;
    struct guideline_version *g = arena_alloc(a, m->n_guidelines * sizeof *g);
    if (g == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < m->n_guidelines; i++) {
        if (!take_hash(m->guidelines[i]->campaign, &g[i].campaign))
            return ERR_INVALID;
        g[i].stream = bytes_str(m->guidelines[i]->stream);
        g[i].version = m->guidelines[i]->version;
    }
    *s = (struct status){.software = m->software,
                         .roster = m->roster,
                         .policy = m->policy,
                         .pending = m->pending,
                         .oldest_s = m->oldest_s,
                         .disk = bytes_str(m->disk),
                         .n_guidelines = m->n_guidelines,
                         .guidelines = g};
    return OK;
}

static enum err take_campaign_reply(const Cloister__CampaignReply *m, struct campaign_reply *c)
{
    c->decision = bytes_str(m->decision);
    c->reason = bytes_str(m->reason);
    c->roster = m->roster;
    c->until_ms = m->until_ms;
    c->original = bytes_of(m->original.data, m->original.len);
    return take_hash(m->document, &c->document) ? OK : ERR_INVALID;
}

static enum err take_payload(const Cloister__Body *m, struct arena *a, struct body *b)
{
    switch (b->kind) {
    case BODY_HELLO:
        return take_hello(m->hello, &b->hello);
    case BODY_REFUSED:
        b->refused = (struct refused){m->refused->seq, bytes_str(m->refused->code)};
        return OK;
    case BODY_DOCUMENT:
        b->document =
            (struct document_message){bytes_str(m->document->kind), data_of(m->document->note)};
        return OK;
    case BODY_DOCUMENT_ACK:
        b->document_ack.code = bytes_str(m->document_ack->code);
        return take_hash(m->document_ack->hash, &b->document_ack.hash) ? OK : ERR_INVALID;
    case BODY_CAMPAIGN_REPLY:
        return take_campaign_reply(m->campaign_reply, &b->campaign_reply);
    case BODY_STATUS:
        return take_status(m->status, a, &b->status);
    case BODY_BLOB_REQUEST:
        b->blob_request.offset = m->blob_request->offset;
        return take_hash(m->blob_request->digest, &b->blob_request.digest) ? OK : ERR_INVALID;
    case BODY_BLOB_CHUNK:
        b->blob_chunk.offset = m->blob_chunk->offset;
        b->blob_chunk.data = data_of(m->blob_chunk->data);
        return take_hash(m->blob_chunk->digest, &b->blob_chunk.digest) ? OK : ERR_INVALID;
    case BODY_CONTROL:
    case BODY_KINDS:
        break;
    }
    return OK;
}

enum err body_unpack(struct bytes in, struct arena *a, struct body *out)
{
    ProtobufCMessage *any = NULL;
    enum err e = pack_read(&cloister__body__descriptor, in, a, &any);
    if (e)
        return e;
    const Cloister__Body *m = (const void *)any;
    for (unsigned k = 0; k < BODY_KINDS; k++) {
        if (cases[k] == m->payload_case)
            out->kind = (enum body_kind)k;
    }
    e = take_items(m, a, out);
    return e ? e : take_payload(m, a, out);
}
