/* diff.h - what changed from one annotation to another, for histories and review. */
#pragma once

#include "core/json/json.h"

/* {regions: {added: [ids], removed: [ids], changed: [{id, members: [names]}]}, relations: alike, answers: {added, removed,
 * changed: [ids of questions]}}; all sorted by id. Either side may be NULL (nothing before, nothing after). The caller owns *out. */
enum err annotation_diff(const json_t *before, const json_t *after, json_t **out);
bool annotation_diff_empty(const json_t *diff);
