/* cmds.c - the small commands: status, check, user, reads, log, quality, left, passwd. */
#include "base/clock.h"
#include "base/text.h"
#include "core/json/json.h"
#include "host/options.h"
#include "host/say.h"
#include "node/commands.h"
#include "node/door.h"
#include "node/logcopy.h"
#include "node/progress.h"

#include <stdio.h>
#include <string.h>

/* --- status --- */

static long long num(const json_t *v, const char *name)
{
    return json_integer_value(json_object_get(v, name));
}

struct printing {
    bool json;
    uint64_t rows;
};

static void print_status(void *ctx, const json_t *row, const json_t *progress)
{
    const struct printing *p = ctx;
    char bytes[16];
    char room[16];
    char time[CLOCK_TEXT];
    (void)progress;
    if (row == NULL)
        return;
    if (p->json) {
        print_json(row);
        return;
    }
    const json_t *site = json_object_get(row, "site");
    (void)printf("%s (%s), cloister-node %s: %s\n", json_text(site, "name"), json_text(site, "id"),
                 json_text(row, "version"),
                 json_is_true(json_object_get(row, "running")) ? "running" : "not running");
    (void)printf("  records   %lld streams in %lld items of %lld patients, vault %s, free %s\n",
                 num(row, "streams"), num(row, "items"), num(row, "patients"),
                 progress_bytes((uint64_t)num(row, "state_bytes"), bytes),
                 progress_bytes((uint64_t)num(row, "free_bytes"), room));
    (void)printf("  people    %lld\n", num(row, "users"));
    (void)printf("  log       %lld entries, last anchor %s\n", num(row, "log_size"),
                 num(row, "last_anchor_ms") == 0
                     ? "none in this run"
                     : clock_rfc3339((uint64_t)num(row, "last_anchor_ms"), time));
    if (num(row, "roster") > 0)
        (void)printf("  link      %s, roster version %lld, policy version %lld\n",
                     json_text(row, "link"), num(row, "roster"), num(row, "policy"));
    const json_t *closed = json_object_get(row, "suspended");
    if (json_is_object(closed))
        (void)printf("  suspended by %s (%s) since %s: nothing leaves, nothing comes in\n",
                     json_text(closed, "name"), json_text(closed, "user"),
                     clock_rfc3339((uint64_t)num(closed, "since_ms"), time));
}

int cmd_status(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, NULL, 0, "status",
                  "Says whether the node runs and what it holds.", &o);
    if (o.done)
        return o.exit_code;
    struct printing p = {.json = o.json};
    int code = door_open(&o.state, &d);
    return code ? code
                : door_ask(d, json_pack("{s:s}", "cmd", "status"), NULL, 0, print_status, &p);
}

/* --- user --- */

static void print_person(void *ctx, const json_t *row, const json_t *progress)
{
    struct printing *p = ctx;
    (void)progress;
    if (row == NULL)
        return;
    p->rows++;
    if (p->json) {
        print_json(row);
        return;
    }
    if (json_object_get(row, "password") != NULL) {
        /* The password is the last word of the last line: scripts read it there. */
        (void)printf("%s is %s; one-time password, to be changed at the first login:\n%s\n",
                     json_text(row, "user"), json_text(row, "pseudonym"),
                     json_text(row, "password"));
        return;
    }
    char roles[100] = "";
    const json_t *list = json_object_get(row, "roles");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t n = strlen(roles);
        (void)snprintf(roles + n, sizeof roles - n, "%s%s", i == 0 ? "" : ",",
                       json_string_value(json_array_get(list, i)));
    }
    (void)printf("%-20s %-8s %-30s %s%s\n", json_text(row, "user"), json_text(row, "pseudonym"),
                 roles, json_text(row, "name"),
                 json_is_true(json_object_get(row, "disabled"))      ? "  (disabled)"
                 : json_is_true(json_object_get(row, "must_change")) ? "  (one-time password)"
                                                                     : "");
}

static json_t *list_of(const char *const *words)
{
    json_t *list = json_array();
    for (size_t i = 0; words[i] != NULL; i++)
        (void)json_array_append_new(list, json_string(words[i]));
    return list;
}

static json_t *user_request(const char *verb, const char *user, const char *name,
                            const char *const *roles)
{
    if (strcmp(verb, "list") == 0)
        return json_pack("{s:s}", "cmd", "user_list");
    if (strcmp(verb, "add") == 0)
        return json_pack("{s:s, s:s, s:s, s:o}", "cmd", "user_add", "user", user, "name",
                         name == NULL ? "" : name, "roles", list_of(roles));
    return json_pack("{s:s, s:s}", "cmd",
                     strcmp(verb, "reset") == 0 ? "user_reset" : "user_disable", "user", user);
}

int cmd_user(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    const char *roles[16] = {NULL};
    const char *name = NULL;
    const struct option_own own[] = {
        {.name = "role",
         .value = "R",
         .about = "annotator reviewer adjudicator steward auditor admin; once per role",
         .list = &roles},
        {.name = "name",
         .value = "TEXT",
         .about = "the name that stands under approvals",
         .text = &name},
    };
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 2,
        "user add NAME --role R... | list | reset NAME | disable NAME",
        "People who may sign in to the page. add and reset print a one-time password once.", &o);
    if (o.done)
        return o.exit_code;
    const char *verb = o.rest < argc ? argv[o.rest] : "";
    bool list = strcmp(verb, "list") == 0;
    bool known = list || strcmp(verb, "add") == 0 || strcmp(verb, "reset") == 0 ||
                 strcmp(verb, "disable") == 0;
    if (!known || argc - o.rest != (list ? 1 : 2))
        return complain(EXIT_USAGE,
                        "user wants: add NAME --role R..., list, reset NAME or disable NAME");
    struct printing p = {.json = o.json};
    int code = door_open(&o.state, &d);
    return code ? code
                : door_ask(d, user_request(verb, list ? "" : argv[o.rest + 1], name, roles), NULL,
                           0, print_person, &p);
}

/* --- reads --- */

static void print_read(void *ctx, const json_t *row, const json_t *progress)
{
    struct printing *p = ctx;
    char time[CLOCK_TEXT];
    (void)progress;
    if (row == NULL)
        return;
    p->rows++;
    if (p->json) {
        print_json(row);
        return;
    }
    (void)printf("%8lld  %s  %-16s %-10s %-8s %s  patient %.12s  %s\n", num(row, "index"),
                 clock_rfc3339((uint64_t)num(row, "at_ms"), time), json_text(row, "user"),
                 json_text(row, "role"), json_text(row, "purpose"), json_text(row, "item"),
                 json_text(row, "patient"), json_text(row, "outcome"));
}

int cmd_reads(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    const char *user = NULL;
    const char *patient = NULL;
    const struct option_own own[] = {
        {.name = "user", .value = "U", .about = "only what this person opened", .text = &user},
        {.name = "patient",
         .value = "P",
         .about = "only records of this patient, by the hospital's own id",
         .text = &patient},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 2,
                  "reads [--user U] [--patient P]",
                  "Who opened which record, newest first, from the access log.", &o);
    if (o.done)
        return o.exit_code;
    struct printing p = {.json = o.json};
    int code = door_open(&o.state, &d);
    if (!code)
        code = door_ask(
            d, json_pack("{s:s, s:s?, s:s?}", "cmd", "reads", "user", user, "patient", patient),
            NULL, 0, print_read, &p);
    if (!code && !o.json && p.rows == 0)
        (void)printf("nobody opened a record that fits\n");
    return code;
}

/* --- log --- */

static void print_policy(void *ctx, const json_t *row, const json_t *progress)
{
    const struct printing *p = ctx;
    (void)progress;
    if (row != NULL && p->json)
        print_json(row);
    else if (row != NULL)
        (void)printf("%s", json_text(row, "policy"));
}

static void print_settled(void *ctx, const json_t *row, const json_t *progress)
{
    const struct printing *p = ctx;
    (void)progress;
    if (row == NULL)
        return;
    if (p->json)
        print_json(row);
    else
        (void)printf("%s: %lld entries, %s\n", json_text(row, "origin"), num(row, "size"),
                     json_is_true(json_object_get(row, "settled"))
                         ? "settled: receipted and cosigned"
                         : "not settled: the link was not up, or the other side did "
                           "not answer in ten seconds; see status, then settle again");
}

int cmd_log(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, NULL, 0, "log access DIR | settle DIR",
        "access: copies a consistent snapshot of the access log into DIR and prints the "
        "policy for `cloister-audit verify DIR --policy FILE`. settle: waits at most 10 s "
        "for receipts and a cosignature, then copies the exchange log into DIR.",
        &o);
    if (o.done)
        return o.exit_code;
    bool settle = o.rest < argc && strcmp(argv[o.rest], "settle") == 0;
    if (argc - o.rest != 2 || (!settle && strcmp(argv[o.rest], "access") != 0))
        return complain(EXIT_USAGE, "log wants: access DIR or settle DIR");
    struct printing p = {.json = o.json};
    int code = door_open(&o.state, &d);
    if (code)
        return code;
    return log_copy(d, settle ? "log_settle" : "log_access", argv[o.rest + 1],
                    settle ? print_settled : print_policy, &p);
}

/* --- quality --- */

static void print_confusion(const json_t *c)
{
    const json_t *labels = json_object_get(c, "labels");
    const json_t *cells = json_object_get(c, "cells");
    size_t n = json_array_size(labels);
    for (size_t i = 0; n <= 12 && i < n; i++) {
        (void)printf("      %-16.16s", json_string_value(json_array_get(labels, i)));
        for (size_t j = 0; j < n; j++)
            (void)printf(" %6lld", json_integer_value(json_array_get(json_array_get(cells, i), j)));
        (void)printf("\n");
    }
}

static void print_task(const json_t *t)
{
    static const char *const figures[] = {"percent", "alpha", "f1"};
    (void)printf("  %-24s %-8s n %-6lld coverage %s", json_text(t, "id"), json_text(t, "of"),
                 num(t, "n"), json_text(t, "coverage"));
    for (size_t i = 0; i < 3; i++) {
        if (json_is_string(json_object_get(t, figures[i])))
            (void)printf("  %s %s", figures[i], json_text(t, figures[i]));
    }
    (void)printf("%s%s\n", json_text(t, "reason")[0] == '\0' ? "" : "  - ", json_text(t, "reason"));
    print_confusion(json_object_get(t, "confusion"));
}

static void print_figures(void *ctx, const json_t *row, const json_t *progress)
{
    const struct printing *p = ctx;
    (void)progress;
    if (row == NULL)
        return;
    if (p->json) {
        print_json(row);
        return;
    }
    (void)printf("%s, campaign %s\n", json_text(row, "site"), json_text(row, "campaign"));
    const json_t *tasks = json_object_get(row, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++)
        print_task(json_array_get(tasks, i));
}

int cmd_quality(int argc, char **argv)
{
    struct options o;
    AUTO(door) d = NULL;
    const char *campaign = NULL;
    const struct option_own own[] = {{.name = "campaign",
                                      .value = "HASH",
                                      .about = "where there are several; else the newest",
                                      .text = &campaign}};
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1, "quality [--campaign HASH]",
        "Agreement of this site's annotators, from each one's first submitted revision.", &o);
    if (o.done)
        return o.exit_code;
    struct printing p = {.json = o.json};
    int code = door_open(&o.state, &d);
    return code ? code
                : door_ask(d, json_pack("{s:s, s:s?}", "cmd", "quality", "campaign", campaign),
                           NULL, 0, print_figures, &p);
}
