/* left_cmd.c - `left` as a command. */
#include "base/clock.h"
#include "base/text.h"
#include "core/json/json.h"
#include "host/say.h"
#include "node/commands.h"
#include "node/door.h"

#include <stdio.h>

struct left {
    struct options o;
    bool one;
    uint64_t rows;
};

static json_int_t num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

/* One line that a person understands without the wire contract. */
static void print_words(const json_t *says, const char *type)
{
    if (strcmp(type, "campaign-reply") == 0)
        (void)printf("told the lead: %s%s%s (%.19s)", json_text(says, "decision"),
                     json_text(says, "reason")[0] == '\0' ? "" : ", ", json_text(says, "reason"),
                     json_text(says, "document"));
    else if (strcmp(type, "document-ack") == 0)
        (void)printf("a document arrived: %s (%.19s)", json_text(says, "code"),
                     json_text(says, "hash"));
    else if (strcmp(type, "document") == 0)
        (void)printf("a %s that this site signed", json_text(says, "kind"));
    else if (strcmp(type, "status") == 0)
        (void)printf("this node's versions and its %lld waiting approvals", num(says, "pending"));
    else if (strcmp(type, "hello") == 0)
        (void)printf("where this site's log stands");
    else if (strcmp(type, "control") == 0)
        (void)printf("receipts for %lld messages", num(says, "receipts"));
    else
        (void)printf("%s", type);
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
    (void)printf("%6lld  %s  %6lld bytes  ", num(row, "index"),
                 clock_rfc3339((uint64_t)num(row, "at_ms"), when), num(row, "bytes"));
    print_words(json_object_get(row, "says"), json_text(row, "type"));
    (void)printf("\n");
}

int cmd_left(int argc, char **argv)
{
    struct left l = {.one = false};
    uint64_t index = 0;
    AUTO(door) d = NULL;
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, NULL, 0, "left [show INDEX]",
                  "What crossed this site's wall, newest first; with show, one message whole.",
                  &l.o);
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
    code = door_ask(
        d, json_pack("{s:s, s:b, s:I}", "cmd", "left", "one", l.one, "index", (json_int_t)index),
        NULL, 0, print_row, &l);
    if (!code && !l.o.json && l.rows == 0)
        (void)printf("nothing has left this site\n");
    return code;
}
