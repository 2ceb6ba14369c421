/* policy_cmd.c - `policy`: what the consortium may release, drafted, signed, merged. Defaults by secure-sum.md 4.1. */
#include "base/hex.h"
#include "base/text.h"
#include "host/say.h"
#include "node/commands.h"
#include "node/consortium/notes.h"

#include <stdio.h>

struct policy {
    struct options o;
    const char *roster, *on, *out, *gov_file, *cap_units, *patients_min;
};

/* The largest row of the table whose n is not above ours: corrupted sites that are borne. */
static unsigned c_for(size_t n)
{
    static const struct {
        size_t n;
        unsigned c;
    } rows[] = {{1000, 30}, {300, 15}, {100, 10}, {50, 5}, {20, 4}, {10, 2}, {3, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (n >= rows[i].n)
            return rows[i].c;
    }
    return 1;
}

/* q: what the coordinator must have to open a sum (the table's q = t); 0.7 n and more for larger consortia. */
static unsigned t_for(size_t n, unsigned c)
{
    unsigned q = n < 10 ? (unsigned)(n * 4 / 5 < c + 2 ? c + 2 : (n * 4 + 4) / 5)
                        : (unsigned)((n + c) / 2 + 1);
    unsigned t = n < 10 ? q : (unsigned)((n * 7 + 9) / 10);
    t = t < q ? q : t;
    return t < c + 2 ? c + 2 : t;
}

static int draft(const struct policy *p)
{
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    struct diag d = {0};
    AUTO(document) roster = NULL;
    AUTO(document) on = NULL;
    AUTO(document) doc = NULL;
    uint64_t patients = 10;
    if (p->roster == NULL)
        return complain(EXIT_USAGE, "policy draft wants --roster FILE: whom it is for");
    if (p->patients_min != NULL && parse_u64_str(p->patients_min, 1000000, &patients))
        return complain(EXIT_USAGE, "--patients-min is a number");
    int code = notes_open(p->roster, DOCUMENT_ROSTER, NULL, &roster, &lines);
    if (!code && p->on != NULL)
        code = notes_open(p->on, DOCUMENT_POLICY, NULL, &on, &lines);
    if (code)
        return code;
    size_t n = roster_site_count(roster);
    unsigned c = c_for(n);
    json_t *previous = on == NULL ? json_null() : json_string(hash_uri(document_hash(on)).s);
    json_int_t version = on == NULL ? 1 : (json_int_t)document_version(on) + 1;
    AUTO_JSON j = json_pack(
        "{s:i, s:O, s:I, s:o, s:i, s:i, s:i, s:s, s:s, s:i, s:s, s:I, s:[]}", "v", 1, "federation",
        json_object_get(document_json(roster), "federation"), "version", version, "previous",
        previous, "c", (int)c, "t", (int)t_for(n, c), "sigma_min", 3, "cap_units",
        p->cap_units == NULL ? "0" : p->cap_units, "delta", "0.000001", "sessions_per_day", 4,
        "units_per_day", "0", "patients_min", (json_int_t)patients, "templates");
    if (j == NULL)
        return complain(EXIT_AGAIN, "out of memory");
    enum err e = document_of_json(DOCUMENT_POLICY, j, on, &doc, &d);
    if (e)
        return complain_diag(e, "policy draft", &d);
    notes_describe(doc, NULL, bytes_of(NULL, 0));
    return note_file_write(p->out, document_note(doc), bytes_of(NULL, 0));
}

static int show(const char *path)
{
    CLEANUP(buf_fini) struct buf lines = BUF_INIT(NOTE_FILE_MAX);
    AUTO(document) doc = NULL;
    int code = notes_open(path, DOCUMENT_POLICY, NULL, &doc, &lines);
    if (code)
        return code;
    print_json(document_json(doc));
    notes_describe(doc, NULL, buf_bytes(&lines));
    return EXIT_OK;
}

int cmd_policy(int argc, char **argv)
{
    struct policy p = {0};
    const struct option_own own[] = {
        {.name = "roster", .value = "FILE", .about = "whom it is for", .text = &p.roster},
        {.name = "on",
         .value = "FILE",
         .about = "the policy in force, for its next version",
         .text = &p.on},
        {.name = "cap-units",
         .value = "N",
         .about = "the whole privacy budget; 0: nothing may be released",
         .text = &p.cap_units},
        {.name = "patients-min",
         .value = "N",
         .about = "fewer patients at a site and it stays out (10)",
         .text = &p.patients_min},
        {.name = "out", .value = "FILE", .about = "write there instead of stdout", .text = &p.out},
        {.name = "gov-passphrase-file",
         .value = "F",
         .about = "the governor key's passphrase: first line of F",
         .text = &p.gov_file},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE, own, sizeof own / sizeof own[0],
                  "policy draft --roster FILE | sign FILE | merge FILE... | show FILE",
                  "What the consortium may release: a document that k of its governors sign.",
                  &p.o);
    if (p.o.done)
        return p.o.exit_code;
    const char *verb = p.o.rest < argc ? argv[p.o.rest] : "";
    char **files = argv + p.o.rest + 1;
    int n = argc - p.o.rest - 1;
    if (strcmp(verb, "draft") == 0 && n == 0)
        return draft(&p);
    if (strcmp(verb, "sign") == 0 && n == 1)
        return notes_sign(&p.o, p.gov_file, files[0], p.out, DOCUMENT_POLICY);
    if (strcmp(verb, "merge") == 0 && n >= 1)
        return notes_merge(files, n, p.out, DOCUMENT_POLICY);
    if (strcmp(verb, "show") == 0 && n == 1)
        return show(files[0]);
    return complain(EXIT_USAGE, "policy wants: draft, sign FILE, merge FILE... or show FILE");
}
