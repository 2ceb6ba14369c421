/* body_json.c - a body in words. */
#include "core/wire/body_json.h"

#include "base/hex.h"
#include "base/sha256.h"

static json_t *text(struct bytes t)
{
    return json_stringn((const char *)t.p, t.n);
}

static json_t *hash(struct hash h)
{
    return json_string(hash_uri(h).s);
}

static json_t *number(uint64_t n)
{
    return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static json_t *sized(struct bytes b)
{
    return json_pack("{s:I, s:o}", "bytes", (json_int_t)b.n, "sha256", hash(sha256_of(b)));
}

static json_t *hello(const struct hello *h)
{
    char session[2 * BODY_SESSION + 1];
    hex_encode(bytes_of(h->session, sizeof h->session), session);
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "session", session, "next_out",
                     number(h->out_seq), "next_in", number(h->in_seq), "checkpoint",
                     text(h->checkpoint), "stored", number(h->stored));
}

static json_t *status(const struct status *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_guidelines; i++) {
        const struct guideline_version *g = &s->guidelines[i];
        (void)json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "campaign",
                                                    hash(g->campaign), "stream", text(g->stream),
                                                    "version", number(g->version)));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "software", number(s->software),
                     "roster", number(s->roster), "policy", number(s->policy), "pending",
                     number(s->pending), "oldest_s", number(s->oldest_s), "disk", text(s->disk),
                     "guidelines", list);
}

static json_t *payload(const struct body *b)
{
    switch (b->kind) {
    case BODY_HELLO:
        return hello(&b->hello);
    case BODY_REFUSED:
        return json_pack("{s:o, s:o}", "seq", number(b->refused.seq), "code",
                         text(b->refused.code));
    case BODY_DOCUMENT:
        return json_pack("{s:o, s:o}", "kind", text(b->document.kind), "note",
                         text(b->document.note));
    case BODY_DOCUMENT_ACK:
        return json_pack("{s:o, s:o}", "hash", hash(b->document_ack.hash), "code",
                         text(b->document_ack.code));
    case BODY_CAMPAIGN_REPLY:
        return json_pack(
            "{s:o, s:o, s:o, s:o, s:o, s:o}", "document", hash(b->campaign_reply.document),
            "decision", text(b->campaign_reply.decision), "reason", text(b->campaign_reply.reason),
            "roster", number(b->campaign_reply.roster), "until_ms",
            number(b->campaign_reply.until_ms), "original", sized(b->campaign_reply.original));
    case BODY_STATUS:
        return status(&b->status);
    case BODY_BLOB_REQUEST:
        return json_pack("{s:o, s:o}", "digest", hash(b->blob_request.digest), "offset",
                         number(b->blob_request.offset));
    case BODY_BLOB_CHUNK:
        return json_pack("{s:o, s:o, s:o}", "digest", hash(b->blob_chunk.digest), "offset",
                         number(b->blob_chunk.offset), "data", sized(b->blob_chunk.data));
    case BODY_CONTROL:
    case BODY_KINDS:
        break;
    }
    return json_object();
}

json_t *body_json(const struct body *b)
{
    json_t *out = payload(b);
    if (out == NULL || json_object_set_new(out, "type", json_string(body_token(b->kind))) != 0 ||
        json_object_set_new(out, "receipts", number(b->n_receipts)) != 0 ||
        json_object_set_new(out, "cosignatures", number(b->n_cosigs)) != 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}
