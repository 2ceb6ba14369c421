/* airlock_in.h - shared by airlock.c, airlock_spawn.c and airlock_lookup.c. */
#pragma once

#include "host/airlock.h"

struct airlock {
    pid_t pid; /* 0: none, or waited for */
    int pidfd; /* readable when it has ended */
    int fd;
    int errors; /* its stderr */
    struct airpipe pipe;
    struct buf line; /* of its stderr, not ended yet */
    struct loop_watch *on_pipe;
    struct loop_watch *on_errors;
    struct loop_watch *on_end;
    struct airlock_events events;
    uint32_t last_ticket;
    uint32_t open[AIRPIPE_OUT_MAX]; /* tickets without an answer; 0: free */
    uint64_t lines_ms;              /* when the line budget was counted last */
    uint64_t lines;                 /* thousandths of lines that may be said now */
    unsigned hushed;
};

struct airlock *airlock_new(void); /* NULL: no memory */
struct airlock_child;
/* Takes the process and the descriptors, also on failure. */
enum err airlock_take(struct airlock *a, const struct airlock_child *child);

/* --- airlock_spawn.c --- */
struct airlock_child {
    pid_t pid;
    int pipe;   /* the socket whose other end is its descriptor 3 */
    int errors; /* its stdout and stderr; does not block */
};
/* fork and exec, with nothing but these and /dev/null. The caller closes the descriptors. */
enum err airlock_exec(const char *program, const char *const args[2], struct airlock_child *out,
                      struct diag *d);
