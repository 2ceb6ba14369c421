/* signing.h - a document signed with this node's lead key, by command: campaigns and guidelines. */
#pragma once

#include "core/identity/document.h"
#include "core/identity/note.h"
#include "host/options.h"

struct signing {
    struct vkey key;
    struct secret *seed; /* secret_free() it */
    const char *path;    /* of the folder, as the caller named it */
    int dir;             /* the folder; the caller's */
};

/* Asks the lead passphrase. Prints its own complaint; an exit code. Sets key and seed. */
int signing_open(const struct state_options *o, const char *lead_file, struct signing *s);
/* Writes the signed note as `name` into the folder, and says so. */
int signing_write(struct signing *s, const char *name, const struct document *doc);
