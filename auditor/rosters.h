/* rosters.h - the consortium's rosters as an auditor holds them: the newest, whose fingerprint a person compares, and older ones
 * that it names by their hash, one after another. So all of them are believed for the sake of the newest. */
#pragma once

#include "core/identity/document.h"
#include "findings.h"

enum { ROSTERS_MAX = 64 };

/* Files as the command line names them, in any order. */
struct paths {
    const char *path[ROSTERS_MAX];
    size_t n;
};

/* Starts as {0}. */
struct rosters {
    struct document *doc[ROSTERS_MAX]; /* the newest first */
    size_t n;
};
void rosters_fini(struct rosters *r);
/* EXIT_UNREADABLE for what is no roster, EXIT_USAGE where they are no chain; said on `log`, as the newest one's fingerprint is. */
enum exit_status rosters_read(const struct paths *paths, struct rosters *out, FILE *log);

/* One of them, alone; the caller owns it. */
enum exit_status roster_read(const char *path, struct document **out, FILE *log);
void roster_say_fingerprint(const struct document *roster, FILE *log);
