/* documents.h - signed documents in the inbox, approvals, and the label schemas and guidelines that work pins by hash. */
#pragma once

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "node/vault/vault.h"

enum { DOC_KIND = 16, DOC_NAME = 65, DOC_STATE = 12 };

struct doc_row {
    int64_t id;
    char kind[DOC_KIND]; /* campaign, guideline, schema */
    struct hash hash;
    char name[DOC_NAME];
    uint64_t version;
    char state[DOC_STATE]; /* waiting approved refused withdrawn expired kept */
    uint64_t received_ms;
    uint64_t decided_ms; /* 0: not decided */
    uint64_t until_ms;   /* of its newest approval; 0: no date */
};

/* Texts are copied. note may be empty. ERR_CONFLICT where the hash is there. */
enum err documents_add(struct vault *v, const struct doc_row *row, struct bytes title,
                       struct bytes body, struct bytes note, int64_t *out);
/* A row that a bundle left to keep the place of a hash becomes the document itself, waiting. */
enum err documents_fill(struct vault *v, const struct doc_row *row, struct bytes title,
                        struct bytes body, struct bytes note);
enum err documents_find(struct vault *v, struct hash hash, bool *found, struct doc_row *out);
enum err documents_get(struct vault *v, int64_t id, struct doc_row *out); /* ERR_NOTFOUND */
/* Appends what is asked for; each of the three may be NULL. */
enum err documents_texts(struct vault *v, int64_t id, struct buf *title, struct buf *body,
                         struct buf *note);
/* The newest approved version of a campaign or guideline before this row; *found false where none. */
enum err documents_before(struct vault *v, const struct doc_row *row, bool *found,
                          struct doc_row *out);
enum err documents_set_state(struct vault *v, int64_t id, const char *state);
/* Documents that came with a note, newest first; kind NULL: campaigns, guidelines, and rosters and policies that came to be signed,
 * that is the inbox. */
typedef enum err documents_fn(void *ctx, const struct doc_row *row, const char *title);
enum err documents_inbox(struct vault *v, const char *kind, documents_fn *fn, void *ctx);

/* Approved ones whose time is over at `now_ms` become expired; says how many. In the caller's transaction. */
enum err documents_expire(struct vault *v, uint64_t now_ms, uint64_t *out);
/* Campaigns of that id with their bodies, whatever their state but kept; newest version first. */
typedef enum err campaign_body_fn(void *ctx, const struct doc_row *row, struct bytes body);
enum err documents_campaigns(struct vault *v, const char *name, campaign_body_fn *fn, void *ctx);

struct approval_row {
    char decision[12]; /* approve refuse withdraw */
    bool waits;        /* the first of two people: it takes no force yet */
    char reason[16];   /* "" = none */
    uint64_t roster;   /* version in force; 0: none */
    uint64_t until_ms; /* of an approval; 0: no date */
    char user[65];
    char name[201];
    char meaning[201];
    uint64_t at_ms;
};
enum err approvals_add(struct vault *v, int64_t document, const struct approval_row *a);
/* The newest that took force. */
enum err approvals_newest(struct vault *v, int64_t document, bool *found, struct approval_row *out);
/* The first of two people, where the second has not decided yet. */
enum err approvals_first(struct vault *v, int64_t document, bool *found, struct approval_row *out);

/* Opening a campaign: its slots, then the items that they fit and that it does not have yet. `tie` orders the queue by a keyed
 * hash, `slots` says how many annotators an item gets; both are asked per item. */
enum err campaign_slot_add(struct vault *v, int64_t campaign, const char *slot, const char *kind,
                           bool required);
typedef enum err campaign_plan(void *ctx, const char *item, unsigned *slots, uint32_t *tie);
enum err campaign_items_open(struct vault *v, int64_t campaign, campaign_plan *plan, void *ctx,
                             uint64_t *out_new);
