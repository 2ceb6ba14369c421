/* claim.h - what a signed document claims to be: "this is version 2 of that guideline", said by those who may say so. Two texts
 * under one claim of one signer cannot both be honest. A proposal that too few have signed claims nothing. */
#pragma once

#include "base/bytes.h"
#include "core/identity/governance.h"
#include "rosters.h"

enum { CLAIM_TEXT = 224, CLAIM_SIGNERS_MAX = 256 };

struct claim {
    char what[CLAIM_TEXT]; /* "guideline my_campaign/text version 2": no two things share one */
    struct hash text;      /* SHA-256 of the text that was signed */
    /* The leads who signed it, by the ids of their sites; of a roster or policy "", as k governors are one voice. */
    size_t n;
    char signer[CLAIM_SIGNERS_MAX][PARTY_ID];
};

/* `word` is the kind that the message names beside the note. OK; ERR_DENIED where it claims nothing, *why says why; ERR_NOMEM. */
enum err claim_read(struct bytes note, struct bytes word, const struct rosters *r,
                    struct claim *out, const char **why);
