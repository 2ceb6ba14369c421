/* guidelines.h - versions of guidelines at this site: which one counts for a campaign, who has yet to read what changed, where a
 * new one belongs. The rules stand in core/work/guideline.h. */
#pragma once

#include "node/desk/desk.h"

/* The guideline in force of each kind that the campaign pins, into `force` ({kind: hash}), and every version that ever was, into
 * `chains` ({kind: [hash]}). *phase is raised where one of them does not stand. */
enum err guidelines_in_force(struct app *a, const struct campaign *c, enum campaign_phase *phase,
                             json_t *force, json_t *chains);

/* May a draft pin these versions? One of each kind, each of which was in force once. */
bool guidelines_pinnable(const struct campaign *c, const json_t *pins);

/* What changed and this person (pseudonym) has not read: [{kind, hash, before, version, breaking, changes, labels}]; empty where
 * they have, or never worked under an earlier version. The caller owns *out. */
enum err guidelines_unread(struct app *a, const struct campaign *c, const char *who, json_t **out);
/* ERR_CONFLICT, code "acknowledge", with that list where it is not empty. */
enum err guidelines_must_be_read(struct app *a, const struct campaign *c, const char *who,
                                 struct desk_fault *f);
/* "I have read it". ERR_NOTFOUND. */
enum err guideline_acknowledge(struct app *a, struct hash guideline, const char *who,
                               uint64_t now_ms);

/* May this guideline (its document, and the hash of it) stand among the others? ERR_INVALID with /supersedes or /version,
 * ERR_CONFLICT for a second one over the same version. */
enum err guideline_fits(struct app *a, const json_t *doc, struct hash hash, struct diag *d);
/* When the campaigns of that id end, ms; 0: none is here. */
enum err guideline_until(struct app *a, const char *campaign, uint64_t *out);

/* The body of a document row. ERR_NOTFOUND where the vault has none. The caller owns *out. */
enum err guideline_body(struct app *a, struct hash hash, json_t **out);
