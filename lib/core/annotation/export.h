/* export.h - the export bundle (data.md 6): JSON lines, judged in passes so that no more than a line of the file is in memory
 * at a time beside its schemas and tables of ids, and written as canonical lines. */
#pragma once

#include "base/buf.h"
#include "core/annotation/annotation.h"
#include "core/json/json.h"

enum { EXPORT_LINE_MAX = 9 * 1024 * 1024 };

/*  while (export_check_wants(c)) { rewind the file; for each chunk export_check_feed(c, chunk); export_check_turn(c); }
 *  export_check_result(c, &hash, &d); */
struct export_check;
enum err export_check_new(struct export_check **out);
void export_check_free(struct export_check *c);
DEFINE_AUTO(export_check)
bool export_check_wants(const struct export_check *c);
/* The next bytes of the file, cut anywhere. */
enum err export_check_feed(struct export_check *c, struct bytes chunk);
/* The file has ended; begins the next pass where one is wanted. */
enum err export_check_turn(struct export_check *c);
/* OK and the hash of the file's bytes, or ERR_INVALID with pointer and reason. */
enum err export_check_result(const struct export_check *c, struct hash *out, struct diag *d);

/* Writing: bundle first, the rest in the order of data.md 6, then the end. Each call appends one canonical line with its
 * line feed to out, which the caller empties as it likes. */
struct export_writer;
enum err export_writer_new(struct export_writer **out);
void export_writer_free(struct export_writer *w);
DEFINE_AUTO(export_writer)
/* ERR_INVALID with pointer and reason where the line has not the structure of contract/export-line.json. */
enum err export_writer_put(struct export_writer *w, const json_t *line, struct buf *out,
                           struct diag *d);
/* As export_writer_put, of a line that is canonical already (no line feed). */
enum err export_writer_put_text(struct export_writer *w, struct bytes line, struct buf *out);
enum err export_writer_end(struct export_writer *w, struct buf *out);
