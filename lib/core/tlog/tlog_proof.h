/* tlog_proof.h - a proof that stands alone (c2sp.org/tlog-proof@v1): an index, the path from its leaf upward, and the signed
 * checkpoint that it ends in. As a receipt, `extra` is the entry itself (log-and-security.md 2.4). */
#pragma once

#include "base/buf.h"
#include "core/tlog/proof.h"

enum { TLOG_PROOF_MAX = 256 * 1024 };

struct tlog_proof {
    struct bytes extra; /* decoded */
    uint64_t index;
    struct proof path;
    struct bytes checkpoint; /* a signed note */
};

enum err tlog_proof_put(const struct tlog_proof *p, struct buf *out);
/* Strict: what it takes, tlog_proof_put prints alike. `extra` holds the decoded bytes that out->extra borrows; the rest is
 * borrowed from the text. The proof is not verified here. ERR_TOOBIG, ERR_INVALID, ERR_NOMEM. */
enum err tlog_proof_parse(struct bytes text, struct buf *extra, struct tlog_proof *out);
