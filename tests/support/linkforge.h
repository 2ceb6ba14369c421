/* linkforge.h - frames that a side of a pair would sign next, with the parts that a test wants changed. */
#pragma once

#include "core/wire/msgnote.h"
#include "support/linkpair.h"

struct forged {
    struct msgnote note;
    struct body body;
    const char *raw;  /* instead of the body's own bytes */
    struct vkey *key; /* instead of the sender's */
    struct secret *seed;
};

/* What `from` would say next: a document, well chained. */
struct forged forge_next(struct pair *p, int from);
/* Signs it, hands it to the side `to`, and makes that side's turn. */
void forge_hand_over(struct pair *p, int to, const struct forged *f);
/* Both say n things and settle. */
void forge_talk(struct pair *p, unsigned n);
