/* body.h - `Body`, what a message says (log-and-security.md 2.3, proto/README.md): bytes <-> plain struct, with limits. Bytes
 * that are taken are exactly those that would be written. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "core/identity/vkey.h"
#include "core/tlog/proof.h"

enum {
    BODY_MAX = 2 * 1024 * 1024,
    BODY_ITEMS_MAX = 64, /* receipts, cosignatures, guideline versions: of each */
    BODY_PROOF_MAX = 8 * 1024,
    BODY_LINE_MAX = 512,
    BODY_NOTE_MAX = 1024 * 1024 + 64 * 1024, /* a document with its signatures */
    BODY_CODE_MAX = 32,
    BODY_CHUNK_MAX = 1024 * 1024,
    BODY_ORIGINAL_MAX = 8 * 1024, /* a quoted frame */
    BODY_SESSION = 16,
};

/* What a log says of a message that it took in, for the one who sent it. */
struct receipt {
    struct bytes tlog_proof; /* c2sp.org/tlog-proof@v1, in text */
    uint64_t from;           /* consistency begins here; 0 = none */
    struct proof consistency;
};

struct cosig {
    struct bytes origin;
    uint64_t size;
    struct bytes line; /* one signature line, with its LF */
};

struct hello {
    uint8_t session[BODY_SESSION];
    uint64_t out_seq;
    struct hash out_prev;
    uint64_t in_seq;
    struct hash in_prev;
    struct bytes checkpoint; /* signed note */
    uint64_t from;           /* consistency begins here; 0 = none */
    struct proof consistency;
    uint64_t stored; /* size of the newest checkpoint of the other side that is held; 0 = none */
};

struct refused {
    uint64_t seq;
    struct bytes code; /* [a-z0-9-]{1,32}, as all codes and words here */
};

struct document_message {
    struct bytes kind;
    struct bytes note;
};

struct document_ack {
    struct hash hash;
    struct bytes code;
};

struct campaign_reply {
    struct hash document;
    struct bytes decision;
    struct bytes reason; /* empty where the decision needs none */
    uint64_t roster;
    uint64_t until_ms;
    struct bytes original; /* from the coordinator: the frame in which a site said it; else empty */
};

struct guideline_version {
    struct hash campaign;
    struct bytes stream;
    uint64_t version;
};

struct status {
    uint64_t software, roster, policy, pending, oldest_s;
    struct bytes disk;
    size_t n_guidelines;
    const struct guideline_version *guidelines;
};

struct blob_request {
    struct hash digest;
    uint64_t offset;
};

struct blob_chunk {
    struct hash digest;
    uint64_t offset;
    struct bytes data;
};

enum body_kind {
    BODY_CONTROL, /* no payload */
    BODY_HELLO,
    BODY_REFUSED,
    BODY_DOCUMENT,
    BODY_DOCUMENT_ACK,
    BODY_CAMPAIGN_REPLY,
    BODY_STATUS,
    BODY_BLOB_REQUEST,
    BODY_BLOB_CHUNK,
    BODY_KINDS
};

/* All bytes are borrowed: from the caller when written, from the arena when read. */
struct body {
    size_t n_receipts, n_cosigs;
    const struct receipt *receipts;
    const struct cosig *cosigs;
    enum body_kind kind;
    union {
        struct hello hello;
        struct refused refused;
        struct document_message document;
        struct document_ack document_ack;
        struct campaign_reply campaign_reply;
        struct status status;
        struct blob_request blob_request;
        struct blob_chunk blob_chunk;
    };
};

/* The token of the note's `type`: "control", "hello"... Static. */
const char *body_token(enum body_kind k);
/* False where it is none of this closed list. */
bool body_kind_of(struct bytes token, enum body_kind *out);
/* May a node, or the coordinator, say it? */
bool body_from_node(enum body_kind k);
bool body_from_coordinator(enum body_kind k);

/* Appends the packed body; nothing for a control message without items. ERR_INVALID where a member breaks its bound, ERR_TOOBIG
 * over BODY_MAX. */
enum err body_put(const struct body *b, struct buf *out);
/* Canonical bytes within all bounds; the arena bounds the memory (FRAME_BUDGET times the size). ERR_TOOBIG, ERR_NOMEM,
 * ERR_INVALID. */
enum err body_read(struct bytes in, struct arena *a, struct body *out);
