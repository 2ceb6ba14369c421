/* program.h - what is true of every process of ours, and the table of a program's commands. */
#pragma once

#include <stddef.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is its own name */
    const char *about;
};

/* Hardens the process (log-and-security.md 11: umask 077, no core, not dumpable, no new privileges), then finds and runs the
 * command, --help or --version. Returns its exit code. */
int program_run(int argc, char **argv, const char *about, const char *version,
                const struct command *commands, size_t n);
