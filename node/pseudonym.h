/* pseudonym.h - keyed pseudonyms: HMAC-SHA-256 under a key of the keyring, so that who has the vault's labels cannot tell who
 * the patient is, and the hospital, which knows the patient, can find the records again. */
#pragma once

#include "base/bytes.h"
#include "host/keyring.h"
#include "node/vault/records.h"

/* HMAC of the patient's identifier. */
struct hash pseudonym_patient(struct keyring *k, const char *patient);
/* `s_` and base32 in lower case of the first 16 bytes of the HMAC over patient and session. */
void pseudonym_session(struct keyring *k, const char *patient, const char *session,
                       char out[RECORD_ID]);
/* A keyed hash for orders that nobody shall foresee: queue ties, overlap. */
struct hash pseudonym_order(struct keyring *k, struct bytes campaign, const char *item);
