/* checkpoint.h - the text of a checkpoint (C2SP tlog-checkpoint v1.0.0): origin, size, root; no extension lines. Its
 * signatures are a note's (core/identity/note.h). */
#pragma once

#include "base/buf.h"
#include "core/identity/vkey.h"

struct checkpoint {
    char origin[VKEY_NAME_MAX + 1]; /* vkey_name_ok */
    uint64_t size;                  /* <= TREE_SIZE_MAX */
    struct hash root;
};

/* Strict: what it takes, checkpoint_put prints alike. ERR_INVALID. */
enum err checkpoint_parse(struct bytes text, struct checkpoint *out);
enum err checkpoint_put(const struct checkpoint *c, struct buf *out);
