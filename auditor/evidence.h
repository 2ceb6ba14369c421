/* evidence.h - two signed statements that cannot both be honest, in one file that anybody with the public keys can check
 * (log-and-security.md 4.4). The form:
 *
 *   cloister-evidence/v1
 *   <kind>
 *   <decimal length of the first note>
 *   <the first note><decimal length of the second note>
 *   <the second note>
 *
 * and for `prefix` a third part alike: the root that the second checkpoint's log has at the size of the first, in base64, and
 * the consistency proof from it, one hash a line. Of `documents` the two parts are whole frames: two texts under one version, each
 * carried to another site. */
#pragma once

#include "base/buf.h"
#include "core/tlog/proof.h"
#include "findings.h"
#include "keys.h"
#include "policy.h"
#include "rosters.h"

enum { EVIDENCE_BYTES = 5 * 1024 * 1024 /* two frames */ };

enum evidence_kind {
    EVIDENCE_MESSAGES,    /* two notes of one number, different text */
    EVIDENCE_CHECKPOINTS, /* two checkpoints of one size, different root */
    EVIDENCE_PREFIX,      /* the newer checkpoint's log did not grow out of the older one */
    EVIDENCE_DOCUMENTS    /* two frames */
};

struct evidence {
    enum evidence_kind kind;
    struct bytes first, second; /* signed notes, or frames */
    struct hash root;           /* prefix: what the second log has at the first's size */
    struct proof proof;
};

enum err evidence_put(const struct evidence *e, struct buf *out);
/* Borrows from `in`. ERR_INVALID. */
enum err evidence_parse(struct bytes in, struct evidence *out);
/* NULL where it holds, else why it proves nothing. Who signed stands in *who. Keys or policy may be NULL where the kind does
 * not need them. Not of documents: documents.h judges those. */
const char *evidence_judge(const struct evidence *e, const struct policy *policy,
                           const struct keys *keys, struct bytes *who);

/* Writes it into the folder under a name of its own. */
enum err evidence_keep(const struct evidence *e, int folder);

struct evidence_options {
    const char *file, *policy, *keys;
    struct paths rosters;
};
/* `cloister-audit evidence`: EXIT_EVIDENCE where it holds, EXIT_BROKEN where it proves nothing. */
enum exit_status evidence(const struct evidence_options *o, FILE *out, FILE *log);
