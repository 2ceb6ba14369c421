/* left_cmd.c - `left` as a command. */
#include "base/clock.h"
#include "base/text.h"
#include "core/json/json.h"
#include "host/say.h"
#include "node/commands.h"
#include "node/door.h"

#include <stdio.h>
#include <string.h>

struct left {
    struct options o;
    bool one, all;
    uint64_t rows;
};

static json_int_t num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

static void print_row(void *ctx, const json_t *row, const json_t *progress)
{
    struct left *l = ctx;
    char when[CLOCK_TEXT];
    (void)progress;
    if (row == NULL)
        return;
    l->rows++;
    if (l->o.json || l->one) {
        print_json(row);
        return;
    }
    (void)printf("%6lld  %s  %s%6lld bytes  %s\n", num(row, "index"),
                 clock_rfc3339((uint64_t)num(row, "at_ms"), when),
                 !l->all                                          ? ""
                 : strcmp(json_text(row, "direction"), "in") == 0 ? "in   "
                                                                  : "out  ",
                 num(row, "bytes"), json_text(row, "words"));
}

int cmd_left(int argc, char **argv)
{
    struct left l = {.one = false};
    uint64_t index = 0;
    AUTO(door) d = NULL;
    const struct option_own own[] = {{.name = "all", .about = "also what came in", .flag = &l.all}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1,
                  "left [--all] | left show INDEX",
                  "What left this site, newest first; with show, one message whole.", &l.o);
    if (l.o.done)
        return l.o.exit_code;
    int words = argc - l.o.rest;
    l.one = words == 2 && strcmp(argv[l.o.rest], "show") == 0 &&
            parse_u64_str(argv[l.o.rest + 1], INT64_MAX, &index) == OK;
    if (words != 0 && !l.one)
        return complain(EXIT_USAGE, "left wants nothing, or: show INDEX");
    int code = door_open(&l.o.state, &d);
    if (code)
        return code;
    code = door_ask(d,
                    json_pack("{s:s, s:b, s:b, s:I}", "cmd", "left", "one", l.one, "all", l.all,
                              "index", (json_int_t)index),
                    NULL, 0, print_row, &l);
    if (!code && !l.o.json && l.rows == 0)
        (void)printf("nothing has left this site\n");
    return code;
}
