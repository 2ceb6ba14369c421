/* shown.h - which documents one log says that its site was shown: a row for each claim of each that came in. */
#pragma once

#include "claim.h"
#include "core/wire/body.h"

enum { SHOWN_MAX = 65536, SHOWN_LABEL = CLAIM_TEXT + PARTY_ID + 16 };

struct shown_row {
    char label[SHOWN_LABEL]; /* the claim, and whose it is */
    struct hash text;
    uint64_t index; /* of its entry */
};

/* Starts as {found, rosters}. */
struct shown {
    struct findings *found;
    const struct rosters *rosters; /* borrowed */
    struct shown_row *list;
    size_t n, cap;
};
void shown_fini(struct shown *s);
/* A document in a message whose sender's signature is valid. What claims nothing is noted. */
void shown_add(struct shown *s, uint64_t index, const struct document_message *d);
/* By label, text, index; the same text under the same label is kept once, where it came first. */
void shown_sort(struct shown *s);
/* The label of one signer's claim. */
void shown_label(const struct claim *c, size_t signer, char out[SHOWN_LABEL]);
