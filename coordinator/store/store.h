/* store.h - what the coordinator keeps, behind one interface: embedded SQLCipher here. All SQL of the coordinator stands in this
 * folder. It keeps no content that it cannot show. */
#pragma once

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/secret.h"
#include "core/wire/body.h"
#include "io/db.h"

struct store;

enum { STORE_SITE = 33, STORE_WORD = BODY_CODE_MAX + 1, STORE_PROPOSALS = 8 };

/* `path` is the file; key and errors as io/db.h. */
enum err store_create(const char *path, struct secret *key, struct store **out, struct diag *d);
enum err store_open(const char *path, struct secret *key, struct store **out, struct diag *d);
void store_free(struct store *s);
DEFINE_AUTO(store)

/* What has to stand together: CLEANUP(tx_end) struct tx tx; store_begin(s, &tx); ... tx_commit(&tx). */
enum err store_begin(struct store *s, struct tx *tx);
/* The last error in words; borrowed until the next call. */
const char *store_text(const struct store *s);
/* Moves what was committed into the file: from time to time, never within a save. */
enum err store_checkpoint(struct store *s);

/* --- documents --- */
/* ERR_CONFLICT where this hash, or this version of a roster or policy, is there. */
enum err store_document_add(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms);
/* Appends the note of the newest version; *found false where there is none. */
enum err store_document_newest(struct store *s, const char *kind, bool *found, struct buf *note);
enum err store_document_known(struct store *s, struct hash hash, bool *known);
/* Appends the note; *found false where there is none. */
enum err store_document_note(struct store *s, struct hash hash, bool *found, struct buf *note);

/* --- versions that are being signed --- */
/* Appends the note with its signatures so far, or the bare text; *found false where there is none. */
enum err store_proposal(struct store *s, struct hash hash, bool *found, struct buf *note);
/* ERR_FULL where STORE_PROPOSALS others stand: those that came first stay. */
enum err store_proposal_put(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms);
/* Those of a kind up to this version: it is in force. */
enum err store_proposals_end(struct store *s, const char *kind, uint64_t version);
/* The first that this site was not told. Appends its note. */
enum err store_proposal_next(struct store *s, const char *site, bool *found, struct hash *hash,
                             char kind[STORE_WORD], struct buf *note);
enum err store_proposal_carried(struct store *s, const char *site, struct hash hash, uint64_t seq);

struct proposal_row {
    const char *kind;
    uint64_t version, changed_ms, refused; /* sites whose steward refused it */
    struct hash hash;
    struct bytes note;
};
/* Rows as they come; borrowed until the return. */
typedef enum err proposal_fn(void *ctx, const struct proposal_row *row);
enum err store_proposals(struct store *s, proposal_fn *fn, void *ctx);

/* --- what each site is told --- */
/* A row for every document that this site has none for, in the order in which they came. */
enum err store_outbox_fill(struct store *s, const char *site);
/* The first that was not sent. Appends its note. */
struct outbox_row {
    int64_t id;
    char kind[STORE_WORD];
};
enum err store_outbox_next(struct store *s, const char *site, bool *found, struct outbox_row *row,
                           struct buf *note);
enum err store_outbox_sending(struct store *s, int64_t id, uint64_t seq);
/* Messages from this number on were never said: what they bore, a document, a proposal or a decision, is to be sent again. */
enum err store_outbox_unsaid(struct store *s, const char *site, uint64_t next_seq);
enum err store_outbox_acked(struct store *s, const char *site, struct hash hash, struct bytes code,
                            uint64_t now_ms);

/* --- pictures of guidelines --- */
/* A guideline names it; nothing where it is known. */
enum err store_asset_name(struct store *s, struct hash sha256, uint64_t bytes);
enum err store_asset(struct store *s, struct hash sha256, bool *named, uint64_t *bytes, bool *here);
/* Borrowed until the return. */
enum err store_asset_bring(struct store *s, struct hash sha256, struct bytes data);
/* What a site wants next of one; a newer wish takes the place of an older. */
enum err store_wanted(struct store *s, const char *site, struct hash sha256, uint64_t offset);
/* The first wish that can be met and was not. Appends the piece, at most BODY_CHUNK_MAX. */
enum err store_wanted_next(struct store *s, const char *site, bool *found, struct hash *sha256,
                           uint64_t *offset, struct buf *data);
enum err store_wanted_sending(struct store *s, const char *site, struct hash sha256, uint64_t seq);

/* --- what each site says --- */
struct member_row {
    uint64_t applied_index, last_ms, status_ms;
    uint64_t software, roster, policy, pending, oldest_s;
    char disk[STORE_WORD];
    uint64_t documents, sent, acked; /* of the outbox */
};
/* Zeros for a site that was never heard. */
enum err store_member(struct store *s, const char *site, struct member_row *out);
enum err store_member_applied(struct store *s, const char *site, uint64_t applied_index,
                              uint64_t now_ms);
enum err store_member_status(struct store *s, const char *site, const struct status *status,
                             uint64_t now_ms);
/* `lead` is the site that is to be told, in the words of r->original; NULL: nobody is. */
enum err store_reply_put(struct store *s, const char *site, const struct campaign_reply *r,
                         const char *lead, uint64_t now_ms);
/* The first decision that this lead was not told; its texts and `original` are appended to `mem` and borrowed from there. */
struct reply_told {
    char site[STORE_SITE];
    struct hash document;
};
enum err store_reply_next(struct store *s, const char *lead, bool *found, struct reply_told *key,
                          struct campaign_reply *out, struct buf *mem);
enum err store_reply_telling(struct store *s, const struct reply_told *key, uint64_t seq);

struct ack_row {
    const char *kind, *code; /* code NULL: no answer yet */
    struct hash hash;
    uint64_t version, acked_ms;
    bool sent;
};
struct reply_row {
    struct hash document;
    const char *decision, *reason;
    uint64_t roster, until_ms, at_ms;
};
/* Rows as they come; their texts are borrowed until the return. An error ends it. */
typedef enum err ack_fn(void *ctx, const struct ack_row *row);
typedef enum err reply_fn(void *ctx, const struct reply_row *row);
enum err store_acks(struct store *s, const char *site, ack_fn *fn, void *ctx);
enum err store_replies(struct store *s, const char *site, reply_fn *fn, void *ctx);
