/* suspend_cmd.c - `suspend` and `resume`. */
#include "host/say.h"
#include "node/commands.h"
#include "node/door.h"

#include <stdio.h>

static void print_row(void *ctx, const json_t *row, const json_t *progress)
{
    const bool *json = ctx;
    (void)progress;
    if (row == NULL)
        return;
    bool runs = json_is_true(json_object_get(row, "running"));
    if (*json)
        print_json(row);
    else if (json_is_object(json_object_get(row, "suspended")))
        (void)printf("suspended: nothing leaves this site and nothing comes in, until `resume`\n");
    else
        (void)printf("%s\n", runs ? "resumed: the node connects again"
                                  : "resumed: the node connects when it is started");
}

static int run(int argc, char **argv, const char *cmd, const char *about)
{
    struct options o;
    AUTO(door) d = NULL;
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, NULL, 0, cmd, about, &o);
    if (o.done)
        return o.exit_code;
    if (o.rest != argc)
        return complain(EXIT_USAGE, "%s takes no words", cmd);
    int code = door_open(&o.state, &d);
    return code ? code
                : door_ask(d, json_pack("{s:s, s:s}", "cmd", cmd, "by", app_system_user()), NULL, 0,
                           print_row, &o.json);
}

int cmd_suspend(int argc, char **argv)
{
    return run(argc, argv, "suspend",
               "Closes this site's wall: no message leaves or is taken until `resume`.");
}

int cmd_resume(int argc, char **argv)
{
    return run(argc, argv, "resume", "Opens this site's wall again: the node connects.");
}
