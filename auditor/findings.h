/* findings.h - what the verifier found, and the exit status that follows from it (log-and-security.md 5). */
#pragma once

#include "base/cleanup.h"
#include "base/err.h"
#include "core/identity/vkey.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum exit_status {
    EXIT_VALID = 0,
    EXIT_BROKEN = 1,      /* the log is internally invalid */
    EXIT_USAGE = 2,       /* usage, policy or key file */
    EXIT_UNREADABLE = 3,  /* input unreadable, unknown version, over a limit */
    EXIT_INCOMPLETE = 4,  /* nothing contradicts, something is missing */
    EXIT_CONTRADICTS = 5, /* two logs, or a log and an older state of it, contradict */
    EXIT_EVIDENCE = 6,    /* two signed statements that cannot both be honest */
    EXIT_BUG = 70,
};

enum finding_code {
    ABSENT,
    ALTERED,
    E_ADDR,
    E_BODY,
    E_CP_SIG,
    E_ENTRY,
    E_FRAME_HASH,
    E_FRAME_MISSING,
    E_INDEX,
    E_LAYOUT,
    E_LIMIT,
    E_LINK,
    E_MSG_SIG,
    E_NOTE_FRAME,
    E_PREV,
    E_READ,
    E_RECEIPT,
    E_ROOT,
    E_SEEN,
    E_SEQ,
    E_TILE,
    E_TIME,
    E_VERSION,
    EQUIVOCATION,
    FORK,
    HIDDEN_BY_COORD,
    HIDDEN_BY_NODE,
    NOTE_ALONE,    /* a document that only one of two sites has */
    NOTE_BODY,     /* a body that is none this tool can read */
    NOTE_FRAME,    /* a frame that no leaf names */
    NOTE_PARTIAL,  /* a superseded partial tile is still there */
    NOTE_SKEW,     /* the two sides' clocks are far apart */
    NOTE_UNSIGNED, /* a document under too few signatures to be compared */
    PENDING,
    QUORUM,
    REORDERED,
    TRUNCATED,
    FINDING_CODES
};

#define FINDING_LOG UINT64_MAX /* as index: it concerns the log as a whole */
enum { FINDINGS_MAX = 10000 }; /* more are only counted */

struct finding;
struct findings {
    char log[VKEY_NAME_MAX + 1]; /* origin, "unknown" until the checkpoint is read */
    struct finding *list;
    size_t n, cap;
    uint64_t more; /* found beyond FINDINGS_MAX */
    bool seen[FINDING_CODES];
    bool nomem;
};

void findings_init(struct findings *f);
void findings_fini(struct findings *f);
void finding_add(struct findings *f, enum finding_code code, uint64_t index, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Moves what `from` holds behind what is in *to. */
void findings_take(struct findings *to, struct findings *from);
/* One JSON object a line, sorted by index (the whole log first), code, text. */
enum err findings_print(struct findings *f, FILE *to);
/* The highest of 70, 6, 5, 1, 3, 4, 0; with `strict` a NOTE_ counts as incomplete. */
enum exit_status findings_exit(const struct findings *f, bool strict);
/* The same of two logs at once. */
enum exit_status findings_exit_of(const struct findings *a, const struct findings *b, bool strict);
/* The first finding in words, or NULL: for the summary. Sorted by findings_print. */
const char *findings_first(const struct findings *f);
