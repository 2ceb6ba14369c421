/* governed.h - rosters and policies in the vault: which is in force, and which are being signed. */
#pragma once

#include "node/vault/documents.h"

/* The newest version in force; *found false where there is none. */
enum err governed_newest(struct vault *v, const char *kind, bool *found, struct doc_row *out);
/* The version that was in force before this one. */
enum err governed_before(struct vault *v, const char *kind, uint64_t version, bool *found,
                         struct doc_row *out);
/* 0: not in force. *proposed: it came to be signed. ERR_NOTFOUND. */
enum err governed_standing(struct vault *v, int64_t id, bool *proposed, uint64_t *in_force_ms);

/* A row becomes a proposal, for the inbox. */
enum err governed_propose(struct vault *v, int64_t id);
/* How many proposals wait for the steward. */
enum err governed_waiting(struct vault *v, uint64_t *out);
/* A proposal's note with more signatures. */
enum err governed_set_note(struct vault *v, int64_t id, struct bytes note);

/* It is in force with this note: one that waited for the steward is `expired`, a decision that was made stays. */
enum err governed_take_force(struct vault *v, int64_t id, struct bytes note, uint64_t now_ms);
/* Proposals of a kind up to this version that did not take force never will: waiting or signed, they are `expired`. */
enum err governed_overtaken(struct vault *v, const char *kind, uint64_t version);
