/* manifest.h - tables that say what is what: manifest.csv of a folder, and the recipe of a table of notes. */
#pragma once

#include "base/buf.h"
#include "node/ingest/walk.h"

/* Adds an entry; its strings are the walk's then. */
enum err walk_add(struct walk *w, struct entry_found *e);
/* An id of data.md: what a stream's slot may be called. */
bool walk_slot_ok(const char *slot);

/* manifest.csv: columns patient, session, stream, file and, where wanted, time and kind, in any order, named in the first row.
 * A row with a fault is an entry with a fault. */
enum err manifest_read(struct walk *w, struct diag *d);

/* Which columns of a table are what:
 *   [table]   stream = note   encoding = ISO-8859-1 (UTF-8 where not named)
 *   [columns] patient = patient_id   session = document_id   text = text   time = date (need not be)
 * session may be left out: the row's number is then the session. */
struct recipe {
    char stream[65];
    char encoding[41];
    char patient[201], session[201], text[201], time[201];
};
enum err recipe_read(const char *path, struct recipe *out, struct diag *d);

/* One row of a table: the note itself is in memory. Borrowed for the call. */
struct recipe_row {
    uint64_t line, offset;
    char patient[401], session[401], time[101];
    struct bytes text;
    const char *fault; /* NULL: fine */
};
typedef enum err recipe_fn(void *ctx, const struct recipe_row *row);
enum err recipe_table(int fd, const struct recipe *r, recipe_fn *fn, void *ctx, struct diag *d);
