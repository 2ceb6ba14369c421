/* install_cmd.c - `roster`, `policy` and `campaign`: signed documents take force here, and proposals begin to be signed. Through the
 * running daemon, else on the folder. */
#include "coordinator/ask.h"
#include "coordinator/calls.h"
#include "coordinator/commands.h"
#include "coordinator/documents.h"
#include "host/say.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

static void print_taken(void *ctx, const json_t *row)
{
    (void)ctx;
    if (json_object_get(row, "version") == NULL) {
        (void)printf("%s %s is %s\n", json_text(row, "kind"), json_text(row, "hash"),
                     json_text(row, "state"));
        return;
    }
    (void)printf("%s version %lld is %s", json_text(row, "kind"),
                 (long long)json_integer_value(json_object_get(row, "version")),
                 json_text(row, "state"));
    if (json_object_get(row, "need") != NULL)
        (void)printf(": %lld of %lld governors have signed it",
                     (long long)json_integer_value(json_object_get(row, "valid")),
                     (long long)json_integer_value(json_object_get(row, "need")));
    (void)printf(", fingerprint %s\n", json_text(row, "fingerprint"));
}

static int ask_one(int fd, const char *verb, enum document_kind kind, int file)
{
    return ask_say(fd, json_pack("{s:s, s:s}", "cmd", verb, "kind", document_kind_name(kind)),
                   &file, print_taken, NULL);
}

static int one(const struct state_options *o, struct app *a, const char *verb,
               enum document_kind kind, const char *path)
{
    struct diag d = {0};
    AUTO_FD int file = -1;
    AUTO_FD int fd = -1;
    json_t *row = NULL;
    enum err e = file_open(AT_FDCWD, path, &file, NULL);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", shown(path), err_name(e));
    if (a == NULL)
        return ask_reach(o, &fd) ? ask_one(fd, verb, kind, file)
                                 : complain(EXIT_UNAVAILABLE, "the daemon has ended meanwhile: "
                                                              "repeat the command");
    e = calls_take(a, strcmp(verb, "propose") == 0, kind, file, NULL, &row, &d);
    if (e)
        return complain_diag(e, shown(path), &d);
    print_taken(NULL, row);
    json_decref(row);
    return EXIT_OK;
}

static bool verb_ok(const char *verb, bool many)
{
    return strcmp(verb, "install") == 0 || (!many && strcmp(verb, "propose") == 0);
}

static int run(int argc, char **argv, enum document_kind kind, bool many)
{
    char usage[64];
    struct options o;
    struct diag d = {0};
    AUTO_FD int fd = -1;
    AUTO(app) a = NULL;
    const char *what = document_kind_name(kind);
    (void)snprintf(usage, sizeof usage, "%s install FILE%s%s", what, many ? "..." : "",
                   many ? "" : " | propose FILE");
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, NULL, 0, usage,
                  many ? "Takes campaigns and guidelines that a lead has signed; sites are told."
                       : "Puts a document in force that its governors have signed, or carries a "
                         "draft to them to be signed.",
                  &o);
    if (o.done)
        return o.exit_code;
    int files = argc - o.rest - 1;
    if (files < 1 || (files > 1 && !many) || !verb_ok(argv[o.rest], many))
        return complain(EXIT_USAGE, "%s wants: %s", what, usage + strlen(what) + 1);
    enum err e = ask_reach(&o.state, &fd) ? OK : app_open(&o.state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o.state)), &d);
    int code = EXIT_OK;
    for (int i = 1; i <= files && !code; i++)
        code = one(&o.state, a, argv[o.rest], kind, argv[o.rest + i]);
    return code;
}

int cmd_roster(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_ROSTER, false);
}

int cmd_policy(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_POLICY, false);
}

int cmd_campaign(int argc, char **argv)
{
    return run(argc, argv, DOCUMENT_CAMPAIGN, true);
}
