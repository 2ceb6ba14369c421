/* body.c - Body: which payload, its token, and the bounds of every member. What is written is bounded too, so that a fault of
 * ours shows here and not at the other side. */
#include "core/wire/body_inner.h"

#include "base/text.h"

/* Who may say it. */
enum { NODE = 1, COORDINATOR = 2, BOTH = NODE | COORDINATOR };

static const struct {
    const char *token;
    unsigned from;
} kinds[BODY_KINDS] = {
    [BODY_CONTROL] = {"control", BOTH},
    [BODY_HELLO] = {"hello", BOTH},
    [BODY_REFUSED] = {"refused", BOTH},
    [BODY_DOCUMENT] = {"document", BOTH},
    [BODY_DOCUMENT_ACK] = {"document-ack", NODE},
    [BODY_CAMPAIGN_REPLY] = {"campaign-reply", BOTH},
    [BODY_STATUS] = {"status", NODE},
    [BODY_BLOB_REQUEST] = {"blob-request", NODE},
    [BODY_BLOB_CHUNK] = {"blob-chunk", COORDINATOR},
};

const char *body_token(enum body_kind k)
{
    return kinds[k].token;
}

bool body_kind_of(struct bytes token, enum body_kind *out)
{
    for (unsigned k = 0; k < BODY_KINDS; k++) {
        if (bytes_eq(token, bytes_str(kinds[k].token))) {
            *out = (enum body_kind)k;
            return true;
        }
    }
    return false;
}

bool body_from_node(enum body_kind k)
{
    return (kinds[k].from & NODE) != 0;
}

bool body_from_coordinator(enum body_kind k)
{
    return (kinds[k].from & COORDINATOR) != 0;
}

static bool word_ok(struct bytes t)
{
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = t.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return t.n > 0 && t.n <= BODY_CODE_MAX;
}

static bool word_or_none_ok(struct bytes t)
{
    return t.n == 0 || word_ok(t);
}

static bool text_ok(struct bytes t, size_t max)
{
    return t.n > 0 && t.n <= max && utf8_bad(t) == t.n && memchr(t.p, 0, t.n) == NULL;
}

static bool proof_ok(const struct proof *p, uint64_t from)
{
    return p->n <= PROOF_MAX && from <= TREE_SIZE_MAX && (from > 0 || p->n == 0);
}

static bool items_ok(const struct body *b)
{
    if (b->n_receipts > BODY_ITEMS_MAX || b->n_cosigs > BODY_ITEMS_MAX)
        return false;
    for (size_t i = 0; i < b->n_receipts; i++) {
        const struct receipt *r = &b->receipts[i];
        if (!text_ok(r->tlog_proof, BODY_PROOF_MAX) || !proof_ok(&r->consistency, r->from))
            return false;
    }
    for (size_t i = 0; i < b->n_cosigs; i++) {
        const struct cosig *c = &b->cosigs[i];
        if (!vkey_name_ok(c->origin) || c->size > TREE_SIZE_MAX ||
            !text_ok(c->line, BODY_LINE_MAX) || c->line.p[c->line.n - 1] != '\n')
            return false;
    }
    return true;
}

static bool named(struct hash h)
{
    static const struct hash none;
    return !hash_eq(h, none);
}

static bool hello_ok(const struct hello *h)
{
    return h->out_seq <= TREE_SIZE_MAX && h->in_seq <= TREE_SIZE_MAX &&
           h->stored <= TREE_SIZE_MAX && text_ok(h->checkpoint, BODY_PROOF_MAX) &&
           proof_ok(&h->consistency, h->from);
}

static bool status_ok(const struct status *s)
{
    for (size_t i = 0; i < s->n_guidelines && i < BODY_ITEMS_MAX; i++) {
        if (!word_ok(s->guidelines[i].stream))
            return false;
    }
    return s->n_guidelines <= BODY_ITEMS_MAX && word_ok(s->disk);
}

static bool payload_ok(const struct body *b)
{
    switch (b->kind) {
    case BODY_CONTROL:
        return true;
    case BODY_HELLO:
        return hello_ok(&b->hello);
    case BODY_REFUSED:
        return b->refused.seq <= TREE_SIZE_MAX && word_ok(b->refused.code);
    case BODY_DOCUMENT:
        return word_ok(b->document.kind) && text_ok(b->document.note, BODY_NOTE_MAX);
    case BODY_DOCUMENT_ACK:
        return named(b->document_ack.hash) && word_ok(b->document_ack.code);
    case BODY_CAMPAIGN_REPLY:
        return named(b->campaign_reply.document) && word_ok(b->campaign_reply.decision) &&
               word_or_none_ok(b->campaign_reply.reason) &&
               b->campaign_reply.original.n <= BODY_ORIGINAL_MAX;
    case BODY_STATUS:
        return status_ok(&b->status);
    case BODY_BLOB_REQUEST:
        return named(b->blob_request.digest);
    case BODY_BLOB_CHUNK:
        return named(b->blob_chunk.digest) && b->blob_chunk.data.n > 0 &&
               b->blob_chunk.data.n <= BODY_CHUNK_MAX;
    case BODY_KINDS:
        break;
    }
    return false;
}

enum err body_put(const struct body *b, struct buf *out)
{
    if (!items_ok(b) || !payload_ok(b))
        return ERR_INVALID;
    return body_pack(b, out);
}

enum err body_read(struct bytes in, struct arena *a, struct body *out)
{
    struct body got = {.kind = BODY_CONTROL};
    if (in.n > BODY_MAX)
        return ERR_TOOBIG;
    enum err e = body_unpack(in, a, &got);
    if (e)
        return e;
    if (!items_ok(&got) || !payload_ok(&got))
        return ERR_INVALID;
    *out = got;
    return OK;
}
