/* main.c - cloister-generate: records that look like a hospital's, for demonstrations and tests. No patient ever had them.
 *
 * Below DIR: records/<patient>/<session>/<stream>.<ext> with records/manifest.csv, which `cloister-node import` takes, and
 * truth/truth.jsonl, what a perfect annotator would say, one session a line. */
#include "base/rng.h"
#include "base/text.h"
#include "big.h"
#include "film.h"
#include "notes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { EX_USAGE = 64, EX_CANTCREAT = 73, COUNT_MAX = 60000, PAIRED_PERCENT = 70 };

struct job {
    uint64_t seed;
    uint64_t notes, films, patients;
    const char *out;
    FILE *manifest, *truth;
};

static const char help[] =
    "cloister-generate: believable records of patients that never were.\n\n"
    "  cloister-generate --out DIR [--seed N] [--notes N] [--films N] [--patients N]\n"
    "  cloister-generate --big BYTES FILE\n\n"
    "DIR/records is an import folder with manifest.csv; DIR/truth/truth.jsonl is what a perfect\n"
    "annotator would say. The same seed (default 1) gives the same text, pixels and truth.\n"
    "Defaults: 200 notes, 100 films, 200 patients. --big writes one very long note.\n";

static int fail(const char *what)
{
    (void)fprintf(stderr, "cloister-generate: %s: %s\n", what, strerror(errno));
    return EX_CANTCREAT;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

/* Makes records/<patient>/<session> and writes `<stream>.<ext>` there into path; false where a folder cannot be made. */
static bool place(const struct job *j, const struct patient_case *c, const char *file, char *path,
                  size_t size)
{
    (void)snprintf(path, size, "%s/records/%s", j->out, c->patient);
    if (!make_folder(path))
        return false;
    (void)snprintf(path, size, "%s/records/%s/%s", j->out, c->patient, c->session);
    if (!make_folder(path))
        return false;
    (void)snprintf(path, size, "%s/records/%s/%s/%s", j->out, c->patient, c->session, file);
    const char *dot = strchr(file, '.');
    return fprintf(j->manifest, "%s,%s,%.*s,%s/%s/%s\n", c->patient, c->session, (int)(dot - file),
                   file, c->patient, c->session, file) > 0;
}

static bool save_note(const struct job *j, const struct patient_case *c, const struct buf *text)
{
    char path[4096];
    if (!place(j, c, "note.txt", path, sizeof path))
        return false;
    FILE *f = fopen(path, "we");
    if (f == NULL)
        return false;
    bool good = fwrite(text->p, 1, text->n, f) == text->n;
    return fclose(f) == 0 && good;
}

/* One session: its film first, so that the note can speak of its boxes. `number` tells the films apart. */
static bool session(const struct job *j, const struct patient_case *c, bool note, unsigned number)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf line = BUF_INIT(1 << 20);
    CLEANUP(film_fini) struct film film = {.grey = NULL};
    struct truth *t = calloc(1, sizeof *t);
    char path[4096];
    bool good = t != NULL;
    if (good && c->has_film)
        good = film_draw(j->seed, c, number, &film, t) == OK &&
               place(j, c, film.jpeg ? "film.jpg" : "film.png", path, sizeof path) &&
               film_save(&film, path);
    if (good && note)
        good = note_write(j->seed, c, 0, &text, t) == OK && save_note(j, c, &text);
    if (good)
        good = truth_print(t, c, &line) == OK && fwrite(line.p, 1, line.n, j->truth) == line.n;
    free(t);
    return good;
}

/* Film f of a patient is in the session of that patient's note where there is one and the lot says so. */
static bool paired(const struct job *j, uint64_t film, uint64_t *patient, uint64_t *visit)
{
    *patient = film * 7919 % j->patients;
    *visit = film / j->patients + 1;
    return film * 100 < j->films * PAIRED_PERCENT &&
           (*visit - 1) * j->patients + *patient < j->notes;
}

static bool film_of(const struct job *j, uint64_t patient, uint64_t visit, unsigned *number)
{
    for (uint64_t f = 0; f < j->films; f++) {
        uint64_t p = 0;
        uint64_t v = 0;
        if (paired(j, f, &p, &v) && p == patient && v == visit) {
            *number = (unsigned)f;
            return true;
        }
    }
    return false;
}

static bool all(const struct job *j)
{
    for (uint64_t n = 0; n < j->notes; n++) {
        unsigned number = 0;
        uint64_t visit = n / j->patients + 1;
        bool film = film_of(j, n % j->patients, visit, &number);
        struct patient_case c =
            patient_case(j->seed, (unsigned)(n % j->patients), (unsigned)visit, false, film);
        if (!session(j, &c, true, number))
            return false;
    }
    for (uint64_t f = 0; f < j->films; f++) {
        uint64_t p = 0;
        uint64_t v = 0;
        if (paired(j, f, &p, &v))
            continue;
        struct patient_case c = patient_case(j->seed, (unsigned)p, (unsigned)v, true, true);
        if (!session(j, &c, false, (unsigned)f))
            return false;
    }
    return true;
}

static FILE *open_below(const struct job *j, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", j->out, name);
    return fopen(path, "we");
}

static bool folders(const struct job *j)
{
    char records[4096];
    char truth[4096];
    (void)snprintf(records, sizeof records, "%s/records", j->out);
    (void)snprintf(truth, sizeof truth, "%s/truth", j->out);
    return make_folder(j->out) && make_folder(records) && make_folder(truth);
}

static int run(struct job *j)
{
    if (!folders(j))
        return fail(j->out);
    j->manifest = open_below(j, "records/manifest.csv");
    j->truth = open_below(j, "truth/truth.jsonl");
    bool good = j->manifest != NULL && j->truth != NULL &&
                fputs("patient,session,stream,file\n", j->manifest) >= 0 && all(j);
    if (j->manifest != NULL && fclose(j->manifest) != 0)
        good = false;
    if (j->truth != NULL && fclose(j->truth) != 0)
        good = false;
    return good ? 0 : fail(j->out);
}

static int usage(const char *what)
{
    (void)fprintf(stderr, "cloister-generate: %s. Try --help\n", what);
    return EX_USAGE;
}

static bool number_option(struct job *j, const char *arg, const char *value, bool *good)
{
    static const char *const names[] = {"--notes", "--films", "--patients"};
    uint64_t *const to[] = {&j->notes, &j->films, &j->patients};
    if (strcmp(arg, "--seed") == 0) {
        *good = parse_u64_str(value, UINT64_MAX, &j->seed) == OK;
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(arg, names[i]) == 0) {
            *good = parse_u64_str(value, COUNT_MAX, to[i]) == OK;
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct job j = {.seed = 1, .notes = 200, .films = 100, .patients = 200};
    uint64_t bytes = 0;
    rng_start(); /* libsodium wants it; nothing is drawn from it */
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(help, stdout) < 0;
    if (argc == 4 && strcmp(argv[1], "--big") == 0) {
        if (parse_u64_str(argv[2], INT64_MAX, &bytes))
            return usage("--big BYTES FILE");
        return big_write(bytes, argv[3]) ? 0 : fail(argv[3]);
    }
    for (int i = 1; i < argc; i += 2) {
        bool good = true;
        if (i + 1 == argc)
            return usage("a value is missing");
        if (strcmp(argv[i], "--out") == 0)
            j.out = argv[i + 1];
        else if (!number_option(&j, argv[i], argv[i + 1], &good))
            return usage("an option that is not there");
        if (!good)
            return usage("a number (at most 60000) is wanted");
    }
    if (j.out == NULL || j.patients == 0)
        return usage("--out DIR is wanted, and at least one patient");
    return run(&j);
}
