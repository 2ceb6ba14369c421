/* lines.h - what changed between two texts, line by line. */
#pragma once

#include "base/bytes.h"
#include "core/json/json.h"

enum { LINES_MAX = 2000 }; /* of either text; what is longer is shown as wholly replaced */

/* [{op: "-"|"+", text}] of the lines that are gone or new, in the order of reading; a longest common subsequence stays. The caller
 * owns *out. */
enum err lines_changed(struct bytes before, struct bytes after, json_t **out);
