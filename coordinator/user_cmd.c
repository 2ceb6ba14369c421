/* user_cmd.c - `user`: through the running daemon, else in the state directory. */
#include "coordinator/ask.h"
#include "coordinator/commands.h"
#include "coordinator/store/watch.h"
#include "coordinator/users.h"
#include "host/say.h"

#include <stdio.h>
#include <string.h>

static void print_row(void *ctx, const json_t *row)
{
    const bool *json = ctx;
    if (*json)
        print_json(row);
    else if (json_object_get(row, "password") != NULL)
        /* The password is the last word of the last line: scripts read it there. */
        (void)printf("%s: one-time password, to be changed at the first login:\n%s\n",
                     json_text(row, "user"), json_text(row, "password"));
    else if (json_object_get(row, "name") != NULL)
        (void)printf("%-20s %s%s\n", json_text(row, "user"), json_text(row, "name"),
                     json_is_true(json_object_get(row, "disabled"))      ? "  (disabled)"
                     : json_is_true(json_object_get(row, "must_change")) ? "  (one-time password)"
                                                                         : "");
    else
        (void)printf("%s is disabled\n", json_text(row, "user"));
}

struct listing {
    bool *json;
};

static enum err list_one(void *ctx, const struct person *p)
{
    struct listing *l = ctx;
    AUTO_JSON row = users_json(p);
    if (row == NULL)
        return ERR_NOMEM;
    print_row(l->json, row);
    return OK;
}

static enum err change(struct app *a, const char *verb, const char *user, const char *name,
                       bool *json, struct diag *d)
{
    struct users_job job;
    AUTO_JSON row = NULL;
    enum err e = users_begin(a, verb, user, name, &job, d);
    if (e)
        return e;
    users_run(&job);
    e = users_end(a, &job, &row, d);
    users_wipe(&job);
    if (!e)
        print_row(json, row);
    return e;
}

static int offline(struct options *o, const char *verb, const char *user, const char *name)
{
    struct diag d = {0};
    AUTO(app) a = NULL;
    struct listing l = {&o->json};
    enum err e = app_open(&o->state, &a, &d);
    if (e)
        return complain_diag(e, shown(state_dir(&o->state)), &d);
    e = strcmp(verb, "list") == 0 ? people_all(store_people(a->store), list_one, &l)
                                  : change(a, verb, user, name, &o->json, &d);
    return e ? complain_diag(e, "user", &d) : EXIT_OK;
}

int cmd_user(int argc, char **argv)
{
    struct options o;
    AUTO_FD int fd = -1;
    const char *name = NULL;
    const struct option_own own[] = {
        {.name = "name", .value = "TEXT", .about = "the name that is shown", .text = &name}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1,
                  "user add NAME [--name TEXT] | list | reset NAME | disable NAME",
                  "Operators who may sign in to the page. add and reset print a one-time password "
                  "once.",
                  &o);
    if (o.done)
        return o.exit_code;
    const char *verb = o.rest < argc ? argv[o.rest] : "";
    bool list = strcmp(verb, "list") == 0;
    bool known = list || strcmp(verb, "add") == 0 || strcmp(verb, "reset") == 0 ||
                 strcmp(verb, "disable") == 0;
    if (!known || argc - o.rest != (list ? 1 : 2))
        return complain(EXIT_USAGE, "user wants: add NAME, list, reset NAME or disable NAME");
    const char *user = list ? "" : argv[o.rest + 1];
    if (name == NULL)
        name = "";
    if (!ask_reach(&o.state, &fd))
        return offline(&o, verb, user, name);
    json_t *request = list ? json_pack("{s:s}", "cmd", "user_list")
                           : json_pack("{s:s, s:s, s:s, s:s}", "cmd", "user", "verb", verb, "user",
                                       user, "name", name);
    return ask_say(fd, request, NULL, print_row, &o.json);
}
