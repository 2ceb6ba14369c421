/* program.c - main of both daemons' programs. */
#include "host/program.h"

#include "base/rng.h"
#include "host/say.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void help(FILE *out, const char *about, const struct command *commands, size_t n)
{
    (void)fprintf(out, "Usage: %s COMMAND [OPTIONS]\n\n%s\n\n", program_name(), about);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
    (void)fprintf(out, "\n%s COMMAND --help tells the options of one.\n", program_name());
}

/* Nothing of ours is readable by others, dumped to disk, or given more rights. */
static void harden(void)
{
    const struct rlimit none = {0, 0};
    (void)umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
}

int program_run(int argc, char **argv, const char *about, const char *version,
                const struct command *commands, size_t n)
{
    harden();
    rng_start();
    if (argc < 2) {
        help(stderr, about, commands, n);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help(stdout, about, commands, n);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("%s %s\n", program_name(), version);
        return EXIT_OK;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return complain(EXIT_USAGE, "no such command: %s. See %s --help", shown(argv[1]),
                    program_name());
}
