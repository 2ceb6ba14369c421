/* args.c - the command line of cloister-audit. */
#include "args.h"

#include "show.h"
#include "verify.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "cloister-audit: verifies a log of Cloister offline, from its folder and your own files.\n"
    "\n"
    "  cloister-audit verify LOG --policy FILE [--keys FILE] [--pin SIZE:ROOT] [--json] "
    "[--strict]\n"
    "  cloister-audit show LOG INDEX [--json]\n"
    "  cloister-audit proof LOG INDEX\n"
    "  cloister-audit --help | --version\n"
    "\n"
    "LOG        folder of a log: checkpoint, tile/, frame/, cp/, peer/\n"
    "--policy   which logs and witnesses count, and how many (C2SP tlog-policy)\n"
    "--keys     message keys of the two sides: `<vkey> [from <session> <seq>]` a line\n"
    "--pin      size and root of the last audit: the log must have grown out of it\n"
    "--json     verify: the summary as one JSON object; show: the entry as one\n"
    "--strict   what is only noted counts as incomplete\n"
    "\n"
    "Findings come on stdout, one JSON object a line; the summary on stderr.\n"
    "Exit: 0 all checks pass, 1 the log is invalid, 2 usage or policy, 3 unreadable, 4 "
    "incomplete,\n"
    "5 contradicts an older state, 6 evidence of a fork, 70 internal error.\n";

static int refuse(const char *what)
{
    (void)fprintf(stderr, "cloister-audit: %s. Try cloister-audit --help\n", what);
    return EXIT_USAGE;
}

/* Options that take a value, and where it goes. */
static const char **value_of(struct verify_options *o, const char *arg)
{
    if (strcmp(arg, "--policy") == 0)
        return &o->policy;
    if (strcmp(arg, "--keys") == 0)
        return &o->keys;
    return strcmp(arg, "--pin") == 0 ? &o->pin : NULL;
}

static bool flag(struct verify_options *o, const char *arg)
{
    if (strcmp(arg, "--json") == 0)
        o->json = true;
    else if (strcmp(arg, "--strict") == 0)
        o->strict = true;
    else
        return false;
    return true;
}

static int on_verify(int argc, char **argv)
{
    struct verify_options o = {0};
    for (int i = 0; i < argc; i++) {
        const char **to = value_of(&o, argv[i]);
        if (to != NULL && i + 1 == argc)
            return refuse("a value is missing");
        if (to != NULL)
            *to = argv[++i];
        else if (argv[i][0] == '-' && !flag(&o, argv[i]))
            return refuse("an option that verify does not know");
        else if (argv[i][0] != '-' && o.log != NULL)
            return refuse("verify takes one log");
        else if (argv[i][0] != '-')
            o.log = argv[i];
    }
    return o.log == NULL ? refuse("verify LOG: which folder") : (int)verify(&o, stdout, stderr);
}

static int on_show(int argc, char **argv)
{
    bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
    if (argc != 2 && !json)
        return refuse("show LOG INDEX [--json]");
    return (int)show(argv[0], argv[1], json, stdout, stderr);
}

static int on_proof(int argc, char **argv)
{
    return argc != 2 ? refuse("proof LOG INDEX") : (int)proof(argv[0], argv[1], stdout, stderr);
}

int audit_main(int argc, char **argv)
{
    if (argc < 2)
        return refuse("no command");
    if (strcmp(argv[1], "--help") == 0)
        return fputs(help, stdout) < 0 ? EXIT_BUG : 0;
    if (strcmp(argv[1], "--version") == 0)
        return printf("cloister-audit %s\n", CLOISTER_VERSION) < 0 ? EXIT_BUG : 0;
    if (strcmp(argv[1], "verify") == 0)
        return on_verify(argc - 2, argv + 2);
    if (strcmp(argv[1], "show") == 0)
        return on_show(argc - 2, argv + 2);
    if (strcmp(argv[1], "proof") == 0)
        return on_proof(argc - 2, argv + 2);
    return refuse("a command that is not there");
}
