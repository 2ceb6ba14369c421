/* cmds.c - `status` and `log settle`: through the running daemon, else from the state directory. */
#include "base/clock.h"
#include "coordinator/ask.h"
#include "coordinator/calls.h"
#include "coordinator/commands.h"
#include "core/json/json.h"
#include "host/say.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WATCH_S = 2 };

static long long num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

/* --- status --- */

static void print_site(const json_t *row)
{
    char time[CLOCK_TEXT];
    const json_t *st = json_object_get(row, "status");
    const json_t *fault = json_object_get(row, "fault");
    (void)printf(
        "%-31s %s%s%s, last heard %s\n", json_text(row, "site"), json_text(row, "state"),
        json_is_string(fault) ? ": " : "", json_is_string(fault) ? json_string_value(fault) : "",
        num(row, "last_ms") == 0 ? "never" : clock_rfc3339((uint64_t)num(row, "last_ms"), time));
    if (json_is_true(json_object_get(row, "red")))
        (void)printf("    RED: stopped for good (%s), %s%s\n", json_text(row, "stopped"),
                     json_text(row, "evidence")[0] == '\0' ? "no evidence kept" : "see ",
                     json_text(row, "evidence"));
    (void)printf("    documents %lld, sent %lld, answered %lld; log of %lld entries\n",
                 num(row, "documents"), num(row, "sent"), num(row, "answered"),
                 num(json_object_get(row, "log"), "size"));
    if (json_is_object(st))
        (void)printf("    says: roster %lld, policy %lld, software %lld, disk %s; %lld approvals "
                     "wait, the oldest for %lld s\n",
                     num(st, "roster"), num(st, "policy"), num(st, "software"),
                     json_text(st, "disk"), num(st, "pending"), num(st, "oldest_s"));
}

static void print_head(const json_t *row)
{
    const json_t *proposals = json_object_get(row, "proposals");
    (void)printf(
        "%s of %s, version %s: %s%s; roster %lld, policy %lld, rounds %lld\n",
        json_text(row, "coordinator"), json_text(row, "federation"), json_text(row, "version"),
        json_is_true(json_object_get(row, "running")) ? "runs, listening on " : "not running",
        json_text(row, "listening"), num(row, "roster"), num(row, "policy"), num(row, "rounds"));
    for (size_t i = 0; i < json_array_size(proposals); i++) {
        const json_t *p = json_array_get(proposals, i);
        (void)printf("%s %lld is being signed: %lld of %lld governors, %lld refused (%.19s)\n",
                     json_text(p, "kind"), num(p, "version"), num(p, "valid"), num(p, "need"),
                     num(p, "refused"), json_text(p, "hash"));
    }
}

static void print_status(void *ctx, const json_t *row)
{
    const bool *json = ctx;
    if (*json)
        print_json(row);
    else if (json_object_get(row, "site") != NULL)
        print_site(row);
    else
        print_head(row);
}

static void print_offline(void *ctx, json_t *row)
{
    print_status(ctx, row);
    json_decref(row);
}

/* A terminal is cleared before each; elsewhere an empty line parts them. Ends with the daemon. */
static int watch_status(const struct options *o)
{
    const struct timespec pause = {.tv_sec = WATCH_S};
    for (bool first = true;; first = false) {
        AUTO_FD int fd = -1;
        if (!ask_reach(&o->state, &fd))
            return complain(EXIT_UNAVAILABLE, "no coordinator runs there: start it, then watch");
        if (isatty(STDOUT_FILENO))
            (void)printf("\033[H\033[2J");
        else if (!first && !o->json)
            (void)printf("\n");
        bool json = o->json;
        int code = ask_say(fd, json_pack("{s:s}", "cmd", "status"), NULL, print_status, &json);
        if (fflush(stdout) != 0)
            return EXIT_IO;
        if (code)
            return code;
        (void)nanosleep(&pause, NULL);
    }
}

int cmd_status(int argc, char **argv)
{
    struct options o;
    struct diag d = {0};
    AUTO_FD int fd = -1;
    AUTO(app) a = NULL;
    bool watch = false;
    const struct option_own own[] = {
        {.name = "watch", .about = "again every two seconds, until Ctrl-C", .flag = &watch}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1, "status [--watch]",
                  "Says what is known of each site: one line of JSON for the coordinator, then one "
                  "a site.",
                  &o);
    if (o.done)
        return o.exit_code;
    if (watch)
        return watch_status(&o);
    if (ask_reach(&o.state, &fd))
        return ask_say(fd, json_pack("{s:s}", "cmd", "status"), NULL, print_status, &o.json);
    enum err e = app_open(&o.state, &a, &d);
    if (!e)
        e = calls_status(a, NULL, "", print_offline, &o.json);
    return e ? complain_diag(e, shown(state_dir(&o.state)), &d) : EXIT_OK;
}

/* --- log settle --- */

struct copying {
    const char *keys; /* file for the message keys; NULL: none is wanted */
    bool failed;
};

static void print_copy(void *ctx, const json_t *row)
{
    struct copying *c = ctx;
    (void)printf("%s", json_text(row, "policy"));
    c->failed = c->keys != NULL &&
                file_replace(AT_FDCWD, c->keys, bytes_str(json_text(row, "keys")), 0644) != OK;
    (void)fprintf(stderr, "%s: %lld entries copied; on stdout the policy for cloister-audit\n",
                  json_text(row, "origin"), num(row, "size"));
}

static enum err copy_offline(struct app *a, const char *site, int to, struct copying *how,
                             struct diag *d)
{
    struct relay r = {.app = a, .log = -1, .evidence = -1};
    struct party p;
    struct checkpoint c = {0};
    AUTO(member) m = NULL;
    AUTO_JSON row = NULL;
    AUTO_FD int log = -1;
    if (a->roster == NULL || roster_site(a->roster, site, &p))
        return diag_set(d, ERR_NOTFOUND, "no site of this name is in the roster in force");
    enum err e = dir_open(a->dir, "log", &log);
    if (e)
        return diag_set(d, e, "there is no log yet");
    r.log = log;
    e = member_new(&r, &p, &m, d);
    if (!e)
        e = member_copy(m, to, &c, d);
    if (!e)
        e = calls_copied(m, &c, &row);
    if (!e)
        print_copy(how, row);
    return e;
}

static int settle(const struct options *o, const char *site, int to, struct copying *how)
{
    struct diag d = {0};
    AUTO_FD int fd = -1;
    AUTO(app) a = NULL;
    if (ask_reach(&o->state, &fd))
        return ask_say(fd, json_pack("{s:s, s:s}", "cmd", "log_settle", "site", site), &to,
                       print_copy, how);
    enum err e = app_open(&o->state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o->state)), &d);
    e = copy_offline(a, site, to, how, &d);
    return e ? complain_diag(e, shown(site), &d) : EXIT_OK;
}

int cmd_log(int argc, char **argv)
{
    struct options o;
    struct copying how = {.keys = NULL};
    AUTO_FD int to = -1;
    const struct option_own own[] = {
        {.name = "keys",
         .value = "FILE",
         .about = "write the message keys of both sides, for cloister-audit --keys",
         .text = &how.keys}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, own, 1, "log settle SITE DIR",
                  "Copies a site's exchange log into the new folder DIR, settled where the site is "
                  "connected; the auditor's policy goes to stdout.",
                  &o);
    if (o.done)
        return o.exit_code;
    if (argc - o.rest != 3 || strcmp(argv[o.rest], "settle") != 0)
        return complain(EXIT_USAGE, "log wants: settle SITE DIR");
    const char *dir = argv[o.rest + 2];
    enum err e = dir_make(AT_FDCWD, dir, 0700);
    if (!e)
        e = dir_open(AT_FDCWD, dir, &to);
    if (e)
        return complain(EXIT_CANTCREATE, "%s: cannot be made or opened as a folder (%s)",
                        shown(dir), err_name(e));
    int code = settle(&o, argv[o.rest + 1], to, &how);
    return how.failed
               ? complain(EXIT_CANTCREATE, "%s: cannot be written: name another", shown(how.keys))
               : code;
}
