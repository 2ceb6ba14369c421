/* guideline.h - the versions of a guideline at one site (data.md 5): which is in force, where a new one belongs, what a version
 * changes and which work that touches. Pure: the caller brings rows of the same campaign and kind, and documents. */
#pragma once

#include "base/bytes.h"
#include "core/json/json.h"
#include "core/schema/schema.h"

enum { GUIDELINE_VERSIONS_MAX = 256 }; /* of one campaign and kind */
#define GUIDELINE_NONE SIZE_MAX

enum guideline_state {
    GUIDELINE_LINK, /* only a place in the chain: refused, or known from a bundle */
    GUIDELINE_WAITING,
    GUIDELINE_APPROVED,
    GUIDELINE_WITHDRAWN,
    GUIDELINE_EXPIRED,
};
/* A word of the vault's document.state. */
enum guideline_state guideline_state_of(const char *word);

struct guideline_version {
    struct hash hash;
    struct hash before; /* what it supersedes; zeros in a first version */
    uint64_t version;
    enum guideline_state state;
    bool breaking;
};

/* Does `later` go back to `earlier`, directly or over versions that are here? Not where they are the same. */
bool guideline_follows(const struct guideline_version *v, size_t n, struct hash later,
                       struct hash earlier);
/* The version that counts for a campaign that pins `pinned`: the highest approved one that is `pinned` or follows it. A stopped
 * one (withdrawn, expired) counts as long as no higher one is approved: work does not fall back to older words by itself, so the
 * caller looks at its state. GUIDELINE_NONE where none was ever approved. */
size_t guideline_head(const struct guideline_version *v, size_t n, struct hash pinned);
/* Is any version after `from`, up to `to`, breaking? False where `to` does not follow `from`. */
bool guideline_breaks(const struct guideline_version *v, size_t n, struct hash from,
                      struct hash to);

enum guideline_fault {
    GUIDELINE_FITS,
    GUIDELINE_FORK,    /* another version supersedes the same one */
    GUIDELINE_VERSION, /* its number is not above the one before, or not below the one after */
    GUIDELINE_CHAIN,   /* it goes back to a first version that no campaign here pins */
};
/* Where `one` belongs among the others; it may be in the list itself. Pinned: by the campaigns that are here; with none of them a
 * chain is not judged, nor is one whose beginning is not here yet. */
enum guideline_fault guideline_place(const struct guideline_version *v, size_t n,
                                     const struct guideline_version *one, const struct hash *pinned,
                                     size_t n_pinned);

/* The labels whose words changed from one document to the other: [{id, before, after}], each side {define, include, exclude,
 * examples} or null where that version does not have the label. In the order of `after`, then what was dropped. Either document
 * may be NULL. The caller owns *out. */
enum err guideline_changes(const json_t *before, const json_t *after, json_t **out);
/* Does the work have a region or an answer on one of those labels, on a stream of the guideline's kind? With no label named all
 * work on such a stream is touched; a guideline for sessions is about all streams. */
bool guideline_touches(const json_t *changes, const char *kind, const struct schema *schema,
                       const json_t *annotation);
