/* csv.h - comma-separated tables (RFC 4180, by libcsv): rows as they are read, never the whole file. */
#pragma once

#include "base/bytes.h"
#include "base/diag.h"
#include "base/err.h"

enum { CSV_COLUMNS_MAX = 256, CSV_ROW_MAX = 32 * 1024 * 1024 };

/* One row; borrowed for the call. `line` counts rows from 1 (a field may span lines of the file). `offset` is how far the file
 * has been read. An error ends the reading and is returned. */
typedef enum err csv_row(void *ctx, const struct bytes *fields, size_t n, uint64_t line,
                         uint64_t offset);

/* From the descriptor's start. ERR_INVALID: no CSV (an open quote); ERR_TOOBIG: a row over the limits; d has the row. A byte
 * order mark before the first field is passed over. */
enum err csv_read(int fd, csv_row *fn, void *ctx, struct diag *d);
