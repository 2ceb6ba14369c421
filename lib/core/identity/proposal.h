/* proposal.h - a roster or policy that is still being signed: the next version of what is in force, with the lines of governors who
 * have signed it so far. It changes nothing until k of them have.
 *
 * It travels as a signed note, or as the bare text of a draft that nobody has signed yet. */
#pragma once

#include "base/buf.h"
#include "core/identity/governance.h"
#include "core/identity/note.h"

struct proposal {
    struct document *doc;
    struct note
        note; /* borrowed from the bytes that were opened; without lines where nobody has signed */
    struct governors governors;
};
void proposal_fini(struct proposal *p); /* accepts zeros */

/* `roster` is the one in force, `before` the version of this document in force; without one only version 1 comes next.
 * ERR_INVALID: no such document. ERR_CONFLICT: in force already, older, a fork, or not the next version; d says which.
 * ERR_DENIED: a governor's line does not verify, so the note is worth nothing. */
enum err proposal_open(struct bytes in, enum document_kind kind, const struct document *roster,
                       const struct document *before, struct proposal *out, struct diag *d);

/* Adds to `all`, which holds the same document as note or bare text, the lines of governors who have none there. Lines of others
 * are left out: they would only make it grow. */
enum err proposal_merge(const struct proposal *p, struct buf *all);
/* Who of the governors that `roster` names has signed what `in` holds, a note or a bare text. */
enum err proposal_signers(const struct document *roster, struct bytes in, struct governors *out);
/* The text of either form; `in` where it is no note. */
struct bytes proposal_text(struct bytes in);
