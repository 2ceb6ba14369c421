/* notes.h - signed notes as files: what `roster` and `policy` share. Nothing here needs a node; who signs brings a key. */
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "core/identity/governance.h"
#include "host/options.h"

enum { NOTES_MAX = 64, NOTE_FILE_MAX = 1024 * 1024 + 64 * 1024 };

/* Reads a signed note, or the bare text that `draft` wrote (then *signatures is empty). Complains; an exit code. */
int note_file_read(const char *path, struct buf *text, struct buf *signatures);
/* Text, empty line and signature lines to `out`, or stdout where it is NULL; a file is never replaced. */
int note_file_write(const char *out, struct bytes text, struct bytes signatures);

/* `sign FILE`: adds this node's governor signature. */
int notes_sign(const struct options *o, const char *gov_file, const char *path, const char *out,
               enum document_kind kind);
/* `merge FILE...`: the signatures of copies of one document, each once. */
int notes_merge(char **files, int n, const char *out, enum document_kind kind);
/* One document out of a file, with its version before (or NULL). Complains. */
int notes_open(const char *path, enum document_kind kind, const struct document *before,
               struct document **doc, struct buf *signatures);
/* Prints the fingerprint and who has signed, by the governors of `by`. */
void notes_describe(const struct document *doc, const struct document *by, struct bytes signatures);
