/* revision.h - one saved state of an assignment (data.md 4, Revision): the frame around an annotation. */
#pragma once

#include "core/annotation/annotation.h"

/* Stages 1 to 4. ctx->stage is set by the status; ctx->base is used where `base` is not 0 (NULL there: not at hand). *out is the document (the caller
 * owns it), *failed the checks of severity warn that fail, as a JSON array of ids (may be NULL). */
enum err revision_read(struct bytes text, const struct annotation_context *ctx, json_t **out,
                       json_t **out_warnings, struct diag *d);
/* Stages 3 and 4 of one that has passed stage 2, as annotation_judge. */
enum err revision_judge(const json_t *revision, const struct annotation_context *ctx,
                        const struct place *at, struct fault *meaning, struct fault *submit,
                        json_t *warnings);
/* Whether stage 4 applies to this status. */
bool revision_status_is_submitted(const char *status);
