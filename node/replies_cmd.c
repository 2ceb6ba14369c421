/* replies_cmd.c - `campaign show` without a folder: who decided what about the documents that are led here. */
#include "node/replies_cmd.h"

#include "base/clock.h"
#include "core/json/json.h"
#include "host/say.h"
#include "node/door.h"

#include <stdio.h>
#include <string.h>

struct showing {
    bool json;
    uint64_t rows;
    char document[80]; /* of the rows before */
};

static void print_reply(void *ctx, const json_t *row, const json_t *progress)
{
    struct showing *s = ctx;
    char when[CLOCK_TEXT];
    (void)progress;
    if (row == NULL)
        return;
    s->rows++;
    if (s->json) {
        print_json(row);
        return;
    }
    if (strcmp(s->document, json_text(row, "document")) != 0)
        (void)printf("%s  %.19s  %s\n", json_text(row, "kind"), json_text(row, "document"),
                     shown(json_text(json_object_get(row, "title"), "en")));
    (void)snprintf(s->document, sizeof s->document, "%s", json_text(row, "document"));
    (void)printf("    %-12s %-9s %-9s  %s  %s\n", json_text(row, "site"),
                 json_text(row, "decision"), json_text(row, "reason"),
                 clock_rfc3339((uint64_t)json_integer_value(json_object_get(row, "at_ms")), when),
                 shown(json_text(row, "name")));
}

int replies_show(const struct options *o)
{
    struct showing s = {.json = o->json};
    AUTO(door) d = NULL;
    int code = door_open(&o->state, &d);
    if (!code)
        code = door_ask(d, json_pack("{s:s}", "cmd", "replies"), NULL, 0, print_reply, &s);
    if (!code && !s.json && s.rows == 0)
        (void)printf("no site has told its decision about a document that is led here\n");
    return code;
}
