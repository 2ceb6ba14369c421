/* options.c - arguments by getopt_long. */
#include "host/options.h"

#include "base/text.h"
#include "host/say.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32, ID_OWN = 1000, ID_STATE, ID_CONFIG, ID_JSON, ID_FD, ID_FILE, ID_HELP };

struct parsing {
    struct option table[OPTIONS_MAX];
    size_t count;
    const struct option_own *own;
    size_t own_count;
};

const char *state_dir(const struct state_options *o)
{
    static char fallback[64];
    const char *env = getenv("CLOISTER_STATE");
    if (o->state != NULL)
        return o->state;
    if (env != NULL && env[0] != '\0')
        return env;
    (void)snprintf(fallback, sizeof fallback, "/var/lib/%.48s", program_name());
    return fallback;
}

static void add(struct parsing *p, const char *name, bool value, int id)
{
    if (p->count + 1 < OPTIONS_MAX)
        p->table[p->count++] =
            (struct option){name, value ? required_argument : no_argument, NULL, id};
}

static void help(const struct parsing *p, unsigned shared, const char *usage, const char *about)
{
    char words[96];
    (void)printf("Usage: %s %s\n\n%s\n\n", program_name(), usage, about);
    for (size_t i = 0; i < p->own_count; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "--%s%s%s", p->own[i].name,
                       p->own[i].value == NULL ? "" : " ",
                       p->own[i].value == NULL ? "" : p->own[i].value);
        (void)printf("  %-26s %s\n", left, p->own[i].about);
    }
    if (shared & OPT_STATE) {
        (void)snprintf(words, sizeof words, "the %s's folder ($CLOISTER_STATE, else /var/lib/%s)",
                       program_word(), program_name());
        (void)printf("  %-26s %s\n", "--state DIR", words);
    }
    if (shared & OPT_PASSPHRASE) {
        (void)snprintf(words, sizeof words, "the %s's passphrase: first line of F", program_word());
        (void)printf("  %-26s %s\n", "--passphrase-file F", words);
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
        out->state.state = value;
        return EXIT_OK;
    case ID_CONFIG:
        out->state.config = value;
        return EXIT_OK;
    case ID_JSON:
        out->json = true;
        return EXIT_OK;
    case ID_FILE:
        out->state.passphrase.file = value;
        return EXIT_OK;
    case ID_FD:
        if (parse_u64_str(value, 65535, &fd))
            return complain(EXIT_USAGE, "--passphrase-fd wants a number, not %s", shown(value));
        out->state.passphrase.fd = (int)fd;
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
    bool coordinator = strcmp(program_word(), "coordinator") == 0;
    *out = (struct options){.state.passphrase = {.fd = -1,
                                                 .credential = "passphrase",
                                                 .prompt = coordinator
                                                               ? "Passphrase of the coordinator"
                                                               : "Passphrase of the node"}};
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
            stop(out, complain(EXIT_USAGE, "unknown option or missing value: %s. See %s %s --help",
                               shown(argv[optind - 1]), program_name(), shown(argv[0])));
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
