/* request.h - the enrolment request cloister-request/v1 (data.md 5): every public key of a program, vouched for by those that
 * sign, proved by those that do not sign notes. */
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "core/identity/vkey.h"
#include "host/keyring.h"

struct request_keys {
    bool coordinator; /* has a plan key, and neither gov nor lead */
    struct vkey gov, lead;
    bool has_lead;
    struct secret *gov_passphrase, *lead_passphrase; /* borrowed */
};

/* Appends the note, signed by log, msg and, where there are such, gov and lead; `dir` holds gov.key and lead.key. The plan key of
 * a coordinator is KEYRING_SUM. */
enum err request_note(int dir, struct keyring *k, const struct request_keys *keys, uint64_t now_ms,
                      struct buf *out, struct hash *hash, struct diag *d);
