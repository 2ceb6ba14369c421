/* marks.h - what is known of the log at certain sizes: its own checkpoint, those under cp/, a pin of the last audit; and which
 * of them meets the quorum. */
#pragma once

#include "core/tlog/checkpoint.h"
#include "core/tlog/tree.h"
#include "findings.h"
#include "logdir.h"
#include "policy.h"
#include "receipts.h"

enum mark_kind { MARK_CHECKPOINT, MARK_HANDED_OUT, MARK_PIN };
enum { MARKS_MAX = 1000 * 1000 };

struct mark {
    enum mark_kind kind;
    uint64_t size;
    struct hash root; /* as claimed */
    struct hash is;   /* as computed, once the pass was there */
    bool reached;
    bool quorum;
};

struct marks {
    struct mark *list;
    size_t n, cap;
    size_t next; /* the first that the pass has not reached, in ascending size */
};

void marks_fini(struct marks *m);
enum err marks_add(struct marks *m, struct mark mark);

/* Opens a checkpoint's note by one of the policy's logs and counts its cosignatures. ERR_DENIED, ERR_INVALID, or
 * ERR_NOTFOUND where the policy has no log of its origin. The owner's own witness is left out (5.1.9). */
enum err checkpoint_open(const struct policy *p, struct bytes text, struct checkpoint *out,
                         bool *quorum);
/* Reads cp/ into the marks; faults become findings. */
void marks_read_cp(struct marks *m, const struct logdir *l, const struct policy *p,
                   const char *origin);
/* Reads peer/ of an exchange log: signatures are judged here, whether they go together by the receipts. */
void marks_check_peer(const struct logdir *l, const struct policy *p, const char *peer,
                      struct receipts *to);

void marks_sort(struct marks *m);
/* The pass stands at this tree. Call for every size from 0 on. */
void marks_reach(struct marks *m, const struct tree *t);
/* TRUNCATED and FORK for all but the own checkpoint; only where the log itself stands (5.1.5). */
void marks_judge(const struct marks *m, struct findings *f, uint64_t size);
/* The newest size that meets the quorum; false where none does. */
bool marks_quorum(const struct marks *m, uint64_t size, uint64_t *out);
