/* keys.h - the auditor's list of message keys: `<vkey> [from <session> <seq>]` a line, `#` comments (5.1.7). */
#pragma once

#include "base/cleanup.h"
#include "base/diag.h"
#include "core/identity/vkey.h"
#include "core/wire/msgnote.h"

enum { KEYS_MAX = 256, KEYS_BYTES = 1024 * 1024 };

struct keys; /* opaque */
enum err keys_parse(struct bytes text, struct keys **out, struct diag *d);
void keys_free(struct keys *k);
DEFINE_AUTO(keys)

/* A key that the name bore in an older roster, nobody knows until when: valid beside the one in force. ERR_TOOBIG. */
enum err keys_add_older(struct keys *k, const struct vkey *key);
/* The next of those under this name, from *at on; NULL after the last. Borrowed. */
const struct vkey *keys_older(const struct keys *k, size_t *at, struct bytes name);

/* The sender's message (session, seq) comes: keys that begin there or before are in force from now on. */
void keys_advance(struct keys *k, struct bytes name, const uint8_t session[MSGNOTE_SESSION],
                  uint64_t seq);
/* For a message that stands alone: the next key of this name, from *at on, that may have been in force at (session, seq); NULL
 * after the last. A key of another session is never ruled out, as nothing here tells which session came first. Borrowed. */
const struct vkey *keys_candidate(const struct keys *k, size_t *at, struct bytes name,
                                  const uint8_t session[MSGNOTE_SESSION], uint64_t seq);
/* The key in force under this name, or NULL. Borrowed. */
const struct vkey *keys_in_force(const struct keys *k, struct bytes name);
