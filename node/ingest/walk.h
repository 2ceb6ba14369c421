/* walk.h - what an import is asked to take: a folder in the records layout, with or without manifest.csv, or a table of notes
 * with a recipe. Runs in the command, as the person who calls it; the daemon never walks a folder. */
#pragma once

#include "base/diag.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One record to be. */
struct entry_found {
    char *path; /* below the folder; owned by the list */
    char *patient, *session, *slot;
    const char *kind; /* text, image, or "" unknown; static */
    char *time;       /* "" = none */
    uint64_t bytes;
    const char *fault; /* why it cannot be taken; NULL: it can. Static */
};

struct walk {
    int dir; /* the folder; paths are below it */
    struct entry_found *entries;
    size_t n, cap;
    uint64_t bytes; /* of those without a fault */
};

void walk_fini(struct walk *w);
/* manifest.csv where there is one, else <patient>/<session>/<stream>.<ext>. Odd files are entries with a fault. Sorted bytewise.
 * Follows no link. ERR_INVALID: a manifest that cannot be read as a whole, d has the row. */
enum err walk_folder(int at, const char *path, struct walk *out, struct diag *d);
/* text, image or "" by the name's ending. Static. */
const char *walk_kind(const char *name);
/* No absolute path, no `..`, no empty part, no control character. */
bool walk_path_ok(const char *path);
