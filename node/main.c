/* main.c - cloister-node: finds the command and runs it. */
#include "base/rng.h"
#include "node/validate.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct command commands[] = {
    {"validate", cmd_validate, "judge documents of the data contract; needs no node"},
};

static void help(FILE *to)
{
    (void)fputs("usage: cloister-node COMMAND [OPTIONS]\n"
                "       cloister-node --help | --version | COMMAND --help\n\n",
                to);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        (void)fprintf(to, "  %-12s %s\n", commands[i].name, commands[i].help);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help(stderr);
        return EX_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) {
        help(stdout);
        return EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("cloister-node " CLOISTER_VERSION);
        return EX_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        (void)signal(SIGPIPE, SIG_IGN);
        rng_start();
        return commands[i].run(argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "cloister-node: no such command: %s. See cloister-node --help.\n",
                  argv[1]);
    return EX_USAGE;
}
