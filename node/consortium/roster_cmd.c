/* roster_cmd.c - `roster`: whom the consortium consists of, drafted, signed, merged, pinned (gate-and-rounds.md, "Enrolment"). */
#include "core/json/json.h"
#include "host/say.h"
#include "io/files.h"
#include "node/calls.h"
#include "node/commands.h"
#include "node/consortium/notes.h"
#include "node/consortium/roster_draft.h"
#include "node/door.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct roster {
    struct options o;
    struct roster_draft draft;
    const char *gov_file, *fingerprint;
};

static int show(char **files, int n)
{
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    AUTO(document) doc = NULL;
    if (n != 1)
        return complain(EXIT_USAGE, "roster show wants one FILE");
    int code = notes_open(files[0], DOCUMENT_ROSTER, NULL, &doc, &lines);
    if (code)
        return code;
    const json_t *j = document_json(doc);
    char words[FINGERPRINT_TEXT];
    document_fingerprint(document_hash(doc), words);
    (void)printf("%s, roster version %llu: %lld of %zu governors sign\nfingerprint: %s\n",
                 json_text(j, "federation"), (unsigned long long)document_version(doc),
                 (long long)json_integer_value(json_object_get(j, "k")),
                 json_array_size(json_object_get(j, "governors")), words);
    (void)printf("coordinator %s\n", json_text(json_object_get(j, "coordinator"), "id"));
    for (size_t i = 0; i < roster_site_count(doc); i++) {
        const json_t *s = json_array_get(json_object_get(j, "sites"), i);
        (void)printf("%4lld  %-12s  %-8s  %s to %s  %s\n",
                     (long long)json_integer_value(json_object_get(s, "site")), json_text(s, "id"),
                     json_text(s, "state"), json_text(s, "from"), json_text(s, "until"),
                     shown(json_text(s, "name")));
    }
    notes_describe(doc, doc, buf_bytes(&lines));
    return EXIT_OK;
}

/* The words that the steward compared by telephone or in a room: typed, not taken over. */
static int get_fingerprint(const struct roster *r, char out[FINGERPRINT_TEXT * 2])
{
    if (r->fingerprint != NULL) {
        (void)snprintf(out, (size_t)2 * FINGERPRINT_TEXT, "%s", r->fingerprint);
        return EXIT_OK;
    }
    if (isatty(STDIN_FILENO) != 1)
        return complain(EXIT_USAGE, "roster pin wants --fingerprint \"EIGHT WORDS\", as another "
                                    "steward read them out");
    (void)fprintf(stderr,
                  "Ask another steward to read out the roster's fingerprint, and type it: ");
    return fgets(out, FINGERPRINT_TEXT * 2, stdin) == NULL
               ? complain(EXIT_USAGE, "no fingerprint was given")
               : EXIT_OK;
}

static int ask_pin(const struct roster *r, const char *path, const char *words, const int *fds,
                   size_t n)
{
    AUTO(door) d = NULL;
    int code = door_open(&r->o.state, &d);
    if (!code)
        code = door_ask(
            d,
            json_pack("{s:s, s:s, s:s}", "cmd", "roster_pin", "file", path, "fingerprint", words),
            fds, n, NULL, NULL);
    if (!code)
        (void)printf("pinned: this site now believes this roster and what grows out of it\n");
    else if (n == 1 && code == EXIT_REFUSED)
        (void)fprintf(stderr, "A later version than the first is signed by governors of the one "
                              "before: name that first, roster pin OLDER NEWER\n");
    return code;
}

static int pin(const struct roster *r, char **files, int n)
{
    char words[FINGERPRINT_TEXT * 2];
    int fds[CALL_FDS] = {-1, -1, -1, -1};
    int opened = 0;
    int code = get_fingerprint(r, words);
    for (; opened < n && !code; opened++) {
        if (file_open(AT_FDCWD, files[opened], &fds[opened], NULL))
            code = complain(EXIT_NOINPUT, "%s: cannot be opened", shown(files[opened]));
    }
    if (!code)
        code = ask_pin(r, files[n - 1], words, fds, (size_t)n);
    for (int i = 0; i < n; i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    return code;
}

int cmd_roster(int argc, char **argv)
{
    struct roster r = {0};
    const struct option_own own[] = {
        {.name = "k", .value = "K", .about = "governors that must sign", .text = &r.draft.k},
        {.name = "governor",
         .value = "VKEY",
         .about = "one that is no site; may be repeated",
         .list = &r.draft.governors},
        {.name = "on",
         .value = "FILE",
         .about = "the roster in force, for its next version",
         .text = &r.draft.on},
        {.name = "revoke",
         .value = "SITE",
         .about = "with --on: take a site out; may be repeated",
         .list = &r.draft.revoke},
        {.name = "until",
         .value = "DAY",
         .about = "end of the new sites' membership (YYYY-MM-DD)",
         .text = &r.draft.until},
        {.name = "out",
         .value = "FILE",
         .about = "write there instead of stdout",
         .text = &r.draft.out},
        {.name = "gov-passphrase-file",
         .value = "F",
         .about = "the governor key's passphrase: first line of F",
         .text = &r.gov_file},
        {.name = "fingerprint",
         .value = "WORDS",
         .about = "what another steward read out",
         .text = &r.fingerprint},
    };
    options_parse(
        argc, argv, OPT_STATE | OPT_PASSPHRASE, own, sizeof own / sizeof own[0],
        "roster draft --k K REQUEST... | draft --on FILE [REQUEST...] | sign FILE | merge "
        "FILE... | show FILE | pin [OLDER...] FILE",
        "Whom the consortium consists of: a document that k of its governors sign.", &r.o);
    if (r.o.done)
        return r.o.exit_code;
    const char *verb = r.o.rest < argc ? argv[r.o.rest] : "";
    char **files = argv + r.o.rest + 1;
    int n = argc - r.o.rest - 1;
    if (strcmp(verb, "draft") == 0)
        return roster_draft(&r.draft, files, n);
    if (strcmp(verb, "sign") == 0 && n == 1)
        return notes_sign(&r.o, r.gov_file, files[0], r.draft.out, DOCUMENT_ROSTER);
    if (strcmp(verb, "merge") == 0 && n >= 1)
        return notes_merge(files, n, r.draft.out, DOCUMENT_ROSTER);
    if (strcmp(verb, "show") == 0)
        return show(files, n);
    if (strcmp(verb, "pin") == 0 && n >= 1 && n <= CALL_FDS)
        return pin(&r, files, n);
    return complain(EXIT_USAGE, "roster wants: draft, sign FILE, merge FILE..., show FILE, or pin "
                                "with one to four FILEs, the oldest version first");
}
