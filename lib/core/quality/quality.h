/* quality.h - agreement of one site's annotators on one campaign (labels.md, Quality figures; issue: the site's own figures). Fed
 * item by item with each annotator's first submitted annotation; memory grows with units, not with documents.
 *
 * Questions: choice and bool have n, coverage (items with two values / items with two submissions), percent agreement,
 * Krippendorff's alpha (nominal, missing data) and confusion; choices count each label as yes/no; int, rating, decimal, text and
 * date have percent only. An absence is a missing value, counted apart. Tasks: regions are matched greedily within an item and
 * stream at IoU >= 0.5 (statistics.md 6: descending IoU, ties by start a, start b; labels are ignored in matching); micro F1, F1
 * per label, confusion with `none`; no alpha. With more than two annotators an item counts each pair of them. */
#pragma once

#include "core/annotation/annotation.h"
#include "core/schema/schema.h"

struct quality;

enum err quality_new(const struct schema *s, struct quality **out); /* the schema outlives it */
void quality_free(struct quality *q);
DEFINE_AUTO(quality)

/* One item: docs[i] is the i-th annotator's first submitted annotation, read with this schema; in the order of the annotators'
 * pseudonyms, so that the same vault gives the same figures. n may be 0 or 1: the item then counts in no coverage. */
enum err quality_add(struct quality *q, const struct annotation *const *docs, size_t n);

/* The member `tasks` of GET /api/figures: [{id, of: question|task, n, coverage, percent|null, alpha|null, f1|null, reason|null,
 * absent: {none, not_assessed, cannot_judge}, per_label: [{label, n, f1|null}], confusion: {labels, cells}}], questions first, each
 * in the schema's order. Fractions are decimal strings of 6 places; a null always has a reason. The caller owns *out. */
enum err quality_json(const struct quality *q, json_t **out);
