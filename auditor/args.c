/* args.c - the command line of cloister-audit. */
#include "args.h"

#include "cross.h"
#include "diff.h"
#include "evidence.h"
#include "roster.h"
#include "show.h"
#include "verify.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "cloister-audit: verifies logs of Cloister offline, from their folders and your own files.\n"
    "\n"
    "  cloister-audit verify LOG --policy FILE [--keys FILE] [--pin SIZE:ROOT] [--since FILE]\n"
    "                       [--json] [--strict]\n"
    "  cloister-audit cross NODE_LOG COORD_LOG --policy FILE --keys FILE [--max-pending-age S]\n"
    "                       [--evidence DIR] [--json] [--strict]\n"
    "  cloister-audit diff LOG_1 LOG_2 --roster FILE [--roster OLDER]... [--evidence DIR]\n"
    "                       [--json] [--strict]\n"
    "  cloister-audit evidence FILE [--policy FILE] [--keys FILE] [--roster FILE]...\n"
    "  cloister-audit policy --roster FILE --site ID [--witness VKEY] [--keys OUT]\n"
    "  cloister-audit show LOG INDEX [--json]\n"
    "  cloister-audit proof LOG INDEX\n"
    "  cloister-audit --help | --version\n"
    "\n"
    "LOG        folder of a log: checkpoint, tile/, frame/, cp/, peer/\n"
    "--policy   which logs and witnesses count, and how many (C2SP tlog-policy)\n"
    "--keys     message keys of the two sides: `<vkey> [from <session> <seq>]` a line;\n"
    "           policy writes them there\n"
    "--pin      size and root of the last audit: the log must have grown out of it\n"
    "--since    the same, as the file `checkpoint` of the copy of the last audit\n"
    "--max-pending-age  seconds that a message may wait before it counts as pending\n"
    "--evidence an existing folder for what can be shown to others\n"
    "--roster   the consortium's signed roster; its fingerprint is shown, to be compared\n"
    "           diff, evidence: the newest, and older ones that it grew out of\n"
    "--witness  policy: the key of a third party whose cosignature is wanted as well\n"
    "--json     verify: the summary as one JSON object; show: the entry as one\n"
    "--strict   what is only noted counts as incomplete\n"
    "\n"
    "Findings come on stdout, one JSON object a line; the summary on stderr.\n"
    "Exit: 0 all checks pass, 1 the log is invalid, 2 usage or policy, 3 unreadable,\n"
    "4 incomplete, 5 the logs contradict, 6 two signed statements that cannot both be honest, 70 "
    "internal error.\n";

static int refuse(const char *what)
{
    (void)fprintf(stderr, "cloister-audit: %s. Try cloister-audit --help\n", what);
    return EXIT_USAGE;
}

/* What an option sets: one of the three. */
struct option_row {
    const char *name;
    const char **value;
    bool *flag;
    struct paths *many;
};

static const struct option_row *option_of(const struct option_row *rows, const char *arg)
{
    for (; rows->name != NULL; rows++) {
        if (strcmp(rows->name, arg) == 0)
            return rows;
    }
    return NULL;
}

/* Options in any order, and as many other words as `words` has places. NULL where all is well, else what is wrong. */
static const char *take(int argc, char **argv, const struct option_row *rows, const char **words[],
                        size_t n_words)
{
    size_t n = 0;
    for (int i = 0; i < argc; i++) {
        const struct option_row *row = option_of(rows, argv[i]);
        if (row == NULL && argv[i][0] == '-')
            return "an option that is not there";
        if (row == NULL && n == n_words)
            return "too many arguments";
        if (row == NULL)
            *words[n++] = argv[i];
        else if (row->flag != NULL)
            *row->flag = true;
        else if (i + 1 == argc)
            return "a value is missing";
        else if (row->many != NULL && row->many->n == ROSTERS_MAX)
            return "too many rosters";
        else if (row->many != NULL)
            row->many->path[row->many->n++] = argv[++i];
        else
            *row->value = argv[++i];
    }
    return n < n_words ? "an argument is missing" : NULL;
}

static int on_verify(int argc, char **argv)
{
    struct verify_options o = {0};
    const struct option_row rows[] = {{"--policy", &o.policy, NULL, NULL},
                                      {"--keys", &o.keys, NULL, NULL},
                                      {"--pin", &o.pin, NULL, NULL},
                                      {"--since", &o.since, NULL, NULL},
                                      {"--json", NULL, &o.json, NULL},
                                      {"--strict", NULL, &o.strict, NULL},
                                      {NULL, NULL, NULL, NULL}};
    const char *bad = take(argc, argv, rows, (const char **[]){&o.log}, 1);
    return bad != NULL ? refuse(bad) : (int)verify(&o, stdout, stderr);
}

static int on_cross(int argc, char **argv)
{
    struct cross_options o = {0};
    const struct option_row rows[] = {{"--policy", &o.policy, NULL, NULL},
                                      {"--keys", &o.keys, NULL, NULL},
                                      {"--max-pending-age", &o.max_pending_age, NULL, NULL},
                                      {"--evidence", &o.evidence, NULL, NULL},
                                      {"--json", NULL, &o.json, NULL},
                                      {"--strict", NULL, &o.strict, NULL},
                                      {NULL, NULL, NULL, NULL}};
    const char *bad = take(argc, argv, rows, (const char **[]){&o.node, &o.coord}, 2);
    return bad != NULL ? refuse(bad) : (int)cross(&o, stdout, stderr);
}

static int on_diff(int argc, char **argv)
{
    struct diff_options o = {0};
    const struct option_row rows[] = {{"--roster", NULL, NULL, &o.rosters},
                                      {"--evidence", &o.evidence, NULL, NULL},
                                      {"--json", NULL, &o.json, NULL},
                                      {"--strict", NULL, &o.strict, NULL},
                                      {NULL, NULL, NULL, NULL}};
    const char *bad = take(argc, argv, rows, (const char **[]){&o.log[0], &o.log[1]}, 2);
    return bad != NULL ? refuse(bad) : (int)diff(&o, stdout, stderr);
}

static int on_evidence(int argc, char **argv)
{
    struct evidence_options o = {0};
    const struct option_row rows[] = {{"--policy", &o.policy, NULL, NULL},
                                      {"--keys", &o.keys, NULL, NULL},
                                      {"--roster", NULL, NULL, &o.rosters},
                                      {NULL, NULL, NULL, NULL}};
    const char *bad = take(argc, argv, rows, (const char **[]){&o.file}, 1);
    return bad != NULL ? refuse(bad) : (int)evidence(&o, stdout, stderr);
}

static int on_policy(int argc, char **argv)
{
    struct roster_options o = {0};
    const struct option_row rows[] = {{"--roster", &o.roster, NULL, NULL},
                                      {"--site", &o.site, NULL, NULL},
                                      {"--witness", &o.witness, NULL, NULL},
                                      {"--keys", &o.keys, NULL, NULL},
                                      {NULL, NULL, NULL, NULL}};
    const char *bad = take(argc, argv, rows, NULL, 0);
    return bad != NULL ? refuse(bad) : (int)roster_policy(&o, stdout, stderr);
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
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {{"verify", on_verify},     {"cross", on_cross},   {"diff", on_diff},
                    {"evidence", on_evidence}, {"policy", on_policy}, {"show", on_show},
                    {"proof", on_proof}};
    if (argc < 2)
        return refuse("no command");
    if (strcmp(argv[1], "--help") == 0)
        return fputs(help, stdout) < 0 ? EXIT_BUG : 0;
    if (strcmp(argv[1], "--version") == 0)
        return printf("cloister-audit %s\n", CLOISTER_VERSION) < 0 ? EXIT_BUG : 0;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 2, argv + 2);
    }
    return refuse("a command that is not there");
}
