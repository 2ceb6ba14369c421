/* main.c - cloister-node: the table of commands, and what is true of every process of the node. */
#include "base/rng.h"
#include "host/say.h"
#include "node/commands.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct {
    const char *name;
    command_fn *run;
    const char *about;
} commands[] = {
    {"init", cmd_init, "make the keys, the vault and the request of a new site"},
    {"serve", cmd_serve, "run the node: the page, and this site's records behind it"},
    {"status", cmd_status, "what runs, what is stored, the last anchor"},
    {"check", cmd_check, "configuration and state, without changing anything"},
    {"user", cmd_user, "add, list, reset, disable people"},
    {"passwd", cmd_passwd, "change the node's passphrase"},
    {"campaign", cmd_campaign, "write, check, sign and show a campaign"},
    {"inbox", cmd_inbox, "signed documents: add, list, show, approve, refuse"},
    {"import", cmd_import, "take records in"},
    {"export", cmd_export, "write every label as JSON lines"},
    {"quality", cmd_quality, "this site's own figures"},
    {"reads", cmd_reads, "who opened which record"},
    {"log", cmd_log, "copy the access log for an auditor"},
    {"left", cmd_left, "what left this site"},
    {"validate", cmd_validate, "hold a document against the contract"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void help(FILE *out)
{
    (void)fprintf(out, "Usage: " PROGRAM " COMMAND [OPTIONS]\n\n"
                       "Labels patient records where they live: one hospital's node.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        (void)fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
    (void)fprintf(out, "\n" PROGRAM " COMMAND --help tells the options of one.\n");
}

/* log-and-security.md 11: nothing of ours is readable by others, dumped to disk, or given more rights. */
static void harden(void)
{
    const struct rlimit none = {0, 0};
    (void)umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    harden();
    rng_start();
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help(stdout);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf(PROGRAM " " CLOISTER_VERSION "\n");
        return EXIT_OK;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return complain(EXIT_USAGE, "no such command: %s. See " PROGRAM " --help", shown(argv[1]));
}
