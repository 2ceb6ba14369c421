/* request.h - proofs of an enrolment request (data.md 5): that the asker holds the keys it names. */
#pragma once

#include "base/buf.h"
#include "core/json/json.h"

/* Appends what a key signs for a role: `cloister-proof/v1` NUL role NUL and the SHA-256 of the request's canonical JSON
 * without `proofs`. The role is the proof's member: witness, sum, plan. */
enum err request_proof_text(const json_t *request, const char *role, struct buf *out);
