/* options.h - the arguments that commands share, and the help text of each. */
#pragma once

#include "host/passphrase.h"

/* Which state directory, and how it is opened. */
struct state_options {
    const char *state;  /* NULL: $CLOISTER_STATE, else /var/lib/<program> */
    const char *config; /* NULL: the configuration file in the state directory */
    struct passphrase_source passphrase;
};

/* The folder's path; static where it is the default. */
const char *state_dir(const struct state_options *o);

/* One option of a command's own, beside the shared ones. */
struct option_own {
    const char *name;  /* without dashes */
    const char *value; /* "FILE" in the help; NULL: a switch */
    const char *about;
    const char **text;       /* where the value goes; NULL for a switch or a list */
    bool *flag;              /* where a switch goes */
    const char *(*list)[16]; /* where repeated values go, NULL-ended */
};

struct options {
    struct state_options state;
    bool json;
    bool done; /* help or version was printed: end with exit_code */
    int exit_code;
    int rest; /* argv[rest...] are the words after the options */
};

enum { OPT_STATE = 1, OPT_JSON = 2, OPT_PASSPHRASE = 4 };

/* Parses; options may stand between words. `usage` is what follows the program's name in the first line of the help. On a
 * mistake it complains and sets done and exit_code 64. */
void options_parse(int argc, char **argv, unsigned shared, const struct option_own *own, size_t n,
                   const char *usage, const char *about, struct options *out);
