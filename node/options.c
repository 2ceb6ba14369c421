/* options.c - arguments by getopt_long. */
#include "node/options.h"

#include "base/text.h"
#include "node/say.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS_MAX = 32, ID_OWN = 1000, ID_STATE, ID_CONFIG, ID_JSON, ID_FD, ID_FILE, ID_HELP };

struct parsing {
    struct option table[OPTIONS_MAX];
    size_t count;
    const struct option_own *own;
    size_t own_count;
};

static void add(struct parsing *p, const char *name, bool value, int id)
{
    if (p->count + 1 < OPTIONS_MAX)
        p->table[p->count++] =
            (struct option){name, value ? required_argument : no_argument, NULL, id};
}

static void help(const struct parsing *p, unsigned shared, const char *usage, const char *about)
{
    (void)printf("Usage: " PROGRAM " %s\n\n%s\n\n", usage, about);
    for (size_t i = 0; i < p->own_count; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "--%s%s%s", p->own[i].name,
                       p->own[i].value == NULL ? "" : " ",
                       p->own[i].value == NULL ? "" : p->own[i].value);
        (void)printf("  %-26s %s\n", left, p->own[i].about);
    }
    if (shared & OPT_STATE)
        (void)printf("  %-26s %s\n", "--state DIR",
                     "the node's folder ($CLOISTER_STATE, else /var/lib/cloister-node)");
    if (shared & OPT_PASSPHRASE) {
        (void)printf("  %-26s %s\n", "--passphrase-file F",
                     "the node's passphrase: first line of F");
        (void)printf("  %-26s %s\n", "--passphrase-fd N", "the same from an open descriptor");
    }
    if (shared & OPT_JSON)
        (void)printf("  %-26s %s\n", "--json", "for programs: JSON on stdout");
    (void)printf("  %-26s %s\n", "--help", "this text");
}

static int own_value(const struct option_own *o, const char *value)
{
    if (o->flag != NULL)
        *o->flag = true;
    if (o->text != NULL)
        *o->text = value;
    if (o->list == NULL)
        return EXIT_OK;
    for (size_t i = 0; i + 1 < 16; i++) {
        if ((*o->list)[i] == NULL) {
            (*o->list)[i] = value;
            return EXIT_OK;
        }
    }
    return complain(EXIT_USAGE, "--%s is given too often", o->name);
}

static int shared_value(int id, const char *value, struct options *out)
{
    uint64_t fd = 0;
    switch (id) {
    case ID_STATE:
        out->app.state = value;
        return EXIT_OK;
    case ID_CONFIG:
        out->app.config = value;
        return EXIT_OK;
    case ID_JSON:
        out->json = true;
        return EXIT_OK;
    case ID_FILE:
        out->app.passphrase.file = value;
        return EXIT_OK;
    case ID_FD:
        if (parse_u64_str(value, 65535, &fd))
            return complain(EXIT_USAGE, "--passphrase-fd wants a number, not %s", shown(value));
        out->app.passphrase.fd = (int)fd;
        return EXIT_OK;
    default:
        return EXIT_USAGE;
    }
}

static void stop(struct options *out, int exit_code)
{
    out->done = true;
    out->exit_code = exit_code;
}

void options_parse(int argc, char **argv, unsigned shared, const struct option_own *own, size_t n,
                   const char *usage, const char *about, struct options *out)
{
    struct parsing p = {.own = own, .own_count = n};
    *out = (struct options){.app.passphrase = {.fd = -1,
                                               .credential = "passphrase",
                                               .prompt = "Passphrase of the node"}};
    for (size_t i = 0; i < n; i++)
        add(&p, own[i].name, own[i].value != NULL, ID_HELP + 1 + (int)i);
    if (shared & OPT_STATE) {
        add(&p, "state", true, ID_STATE);
        add(&p, "config", true, ID_CONFIG);
    }
    if (shared & OPT_PASSPHRASE) {
        add(&p, "passphrase-fd", true, ID_FD);
        add(&p, "passphrase-file", true, ID_FILE);
    }
    if (shared & OPT_JSON)
        add(&p, "json", false, ID_JSON);
    add(&p, "help", false, ID_HELP);
    opterr = 0;
    optind = 1;
    int id = 0;
    while (!out->done && (id = getopt_long(argc, argv, "", p.table, NULL)) != -1) {
        if (id == '?' || id == ':') {
            stop(out, complain(EXIT_USAGE,
                               "unknown option or missing value: %s. See " PROGRAM " %s --help",
                               shown(argv[optind - 1]), shown(argv[0])));
        } else if (id == ID_HELP) {
            help(&p, shared, usage, about);
            stop(out, EXIT_OK);
        } else {
            int exit_code = id > ID_HELP ? own_value(&own[id - ID_HELP - 1], optarg)
                                         : shared_value(id, optarg, out);
            if (exit_code != EXIT_OK)
                stop(out, exit_code);
        }
    }
    out->rest = optind;
}
