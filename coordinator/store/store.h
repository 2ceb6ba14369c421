/* store.h - what the coordinator keeps, behind one interface: embedded SQLCipher here. All SQL of the coordinator stands in this
 * folder. It keeps no content that it cannot show. */
#pragma once

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/secret.h"

struct store;

/* `path` is the file; key and errors as io/db.h. */
enum err store_create(const char *path, struct secret *key, struct store **out, struct diag *d);
enum err store_open(const char *path, struct secret *key, struct store **out, struct diag *d);
void store_free(struct store *s);
DEFINE_AUTO(store)

/* ERR_CONFLICT where this hash, or this version of the kind, is there. */
enum err store_document_add(struct store *s, const char *kind, uint64_t version, struct hash hash,
                            struct bytes note, uint64_t now_ms);
/* Appends the note of the newest version; *found false where there is none. */
enum err store_document_newest(struct store *s, const char *kind, bool *found, struct buf *note);
