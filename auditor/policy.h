/* policy.h - the auditor's trust: which logs, which witnesses, which quorum (C2SP tlog-policy, log-and-security.md 5.1.8). */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "core/identity/note.h"

enum { POLICY_MAX = 64, POLICY_NAME_MAX = 200, POLICY_BYTES = 1024 * 1024 };

struct policy; /* opaque */
enum err policy_parse(struct bytes text, struct policy **out, struct diag *d);
void policy_free(struct policy *p);
DEFINE_AUTO(policy)

size_t policy_logs(const struct policy *p, const struct vkey **out);      /* borrowed */
size_t policy_witnesses(const struct policy *p, const struct vkey **out); /* borrowed */
bool policy_quorum_none(const struct policy *p);
/* Is the quorum met when exactly the witnesses with valid[i] have cosigned? */
bool policy_met(const struct policy *p, const bool *valid);
