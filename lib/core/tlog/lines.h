/* lines.h - taking line-shaped text apart: the grammar helpers that checkpoint, entry and message note share. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

/* Takes the next line, without its LF, off *rest. False where no LF is left. */
bool line_next(struct bytes *rest, struct bytes *line);
/* Takes the next line, which must begin with `word` and a space; *value is what follows. */
enum err line_field(struct bytes *rest, const char *word, struct bytes *value);
enum err line_u64(struct bytes *rest, const char *word, uint64_t *value); /* <= INT64_MAX */
/* `word <decimal> <64 hex>` */
enum err line_sized_hash(struct bytes *rest, const char *word, uint64_t *size, struct hash *h);
