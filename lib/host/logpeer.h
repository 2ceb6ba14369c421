/* logpeer.h - an exchange log together with what is known of the other side's: kept checkpoints (cp/), the peer's verified ones
 * (peer/), nodes of the tree for proofs. It is the log as core/link wants it, over a logstore on files. */
#pragma once

#include "core/link/link.h"
#include "host/logstore.h"

struct logpeer;

/* Of a log that is open; borrowed as long as this lives. `peer` is the origin of the other side's log. ERR_CORRUPT where a
 * stored checkpoint of the peer cannot be read. */
enum err logpeer_new(struct logstore *log, const char *peer, struct logpeer **out, struct diag *d);
void logpeer_free(struct logpeer *p);
DEFINE_AUTO(logpeer)

/* For link_new; borrows p. */
struct link_log logpeer_ops(struct logpeer *p);
