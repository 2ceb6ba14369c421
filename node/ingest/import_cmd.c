/* import_cmd.c - `import`: walks as the person who calls it, hands the node one descriptor a file, and reports. */
#include "base/text.h"
#include "host/options.h"
#include "host/say.h"
#include "io/charset.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/door.h"
#include "node/ingest/manifest.h"
#include "node/ingest/walk.h"
#include "node/progress.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct import {
    struct options o;
    struct door *door;
    const char *recipe, *encoding;
    bool dry_run, jsonl;
    struct recipe r;
    struct progress progress;
    uint64_t taken, duplicate;
    json_t *refused;  /* [{file, reason}] */
    const char *path; /* of the file under way */
};

static void import_fini(struct import *m)
{
    door_free(m->door);
    json_decref(m->refused);
}

static void say_line(struct import *m, const char *word, const char *path, const char *reason)
{
    progress_clear(&m->progress);
    if (!m->o.json)
        (void)fprintf(stderr, "%s: %s%s%s\n", word, shown(path), reason[0] == '\0' ? "" : ": ",
                      reason);
}

static void count_refused(struct import *m, const char *path, const char *reason)
{
    char safe[600];
    (void)text_shown(bytes_str(path), safe, sizeof safe);
    (void)json_array_append_new(m->refused,
                                json_pack("{s:s, s:s}", "file", safe, "reason", reason));
    say_line(m, "refused", path, reason);
}

static void on_answer(void *ctx, const json_t *row, const json_t *progress)
{
    struct import *m = ctx;
    if (progress != NULL) {
        progress_tell(&m->progress,
                      (uint64_t)json_integer_value(json_object_get(progress, "bytes")));
        return;
    }
    const char *outcome = json_string_value(json_object_get(row, "outcome"));
    const char *reason = json_string_value(json_object_get(row, "reason"));
    if (outcome == NULL || reason == NULL)
        return;
    if (strcmp(outcome, "refused") == 0) {
        count_refused(m, m->path, reason);
    } else if (strcmp(outcome, "duplicate") == 0) {
        m->duplicate++;
        say_line(m, "duplicate", m->path, reason);
    } else {
        m->taken++;
        if (reason[0] != '\0')
            say_line(m, "taken", m->path, reason);
    }
}

struct handing {
    const char *path, *patient, *session, *slot, *kind, *time, *encoding;
    int fd;
};

static int hand_over(struct import *m, const struct handing *h)
{
    m->path = h->path;
    json_t *request = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "cmd", "import_file",
                                "patient", h->patient, "session", h->session, "slot", h->slot,
                                "kind", h->kind, "time", h->time, "encoding", h->encoding);
    if (request == NULL) {
        count_refused(m, h->path, "its patient, session or time is not UTF-8");
        return EXIT_OK;
    }
    return door_ask(m->door, request, &h->fd, 1, on_answer, m);
}

/* --- a folder --- */

/* No folder on the way to it is a link: a manifest could name one. */
static enum err open_below(int dir, const char *path, int *out)
{
    AUTO_FD int folder = -1;
    const char *name = NULL;
    enum err e = dir_of(dir, path, 0, &folder, &name);
    return e ? e : file_open(folder, name, out, NULL);
}

static int take_entry(struct import *m, const struct walk *w, const struct entry_found *e)
{
    AUTO_FD int fd = -1;
    if (e->fault != NULL) {
        count_refused(m, e->path, e->fault);
        return EXIT_OK;
    }
    enum err bad = open_below(w->dir, e->path, &fd);
    if (bad) {
        count_refused(m, e->path,
                      bad == ERR_DENIED ? "it may not be read"
                                        : "it cannot be opened as a regular file");
        return EXIT_OK;
    }
    const char *encoding = strcmp(e->kind, "text") == 0 && m->encoding != NULL ? m->encoding : "";
    struct handing h = {.path = e->path,
                        .patient = e->patient,
                        .session = e->session,
                        .slot = e->slot,
                        .kind = e->kind,
                        .time = e->time,
                        .encoding = encoding,
                        .fd = fd};
    int code = hand_over(m, &h);
    m->progress.files++;
    m->progress.bytes += e->bytes;
    progress_tell(&m->progress, 0);
    return code;
}

static int take_folder(struct import *m, const char *path)
{
    struct diag d = {0};
    CLEANUP(walk_fini) struct walk w = {.dir = -1};
    enum err e = walk_folder(AT_FDCWD, path, &w, &d);
    if (e)
        return complain_diag(e, shown(path), &d);
    progress_begin(&m->progress, w.n, w.bytes);
    int code = EXIT_OK;
    for (size_t i = 0; code == EXIT_OK && i < w.n; i++)
        code = take_entry(m, &w, &w.entries[i]);
    progress_clear(&m->progress);
    return code;
}

/* --- a table --- */

struct table_job {
    struct import *m;
    const char *path;
    int exit_code;
};

static enum err take_row(void *ctx, const struct recipe_row *row)
{
    char name[700];
    struct table_job *t = ctx;
    struct import *m = t->m;
    (void)snprintf(name, sizeof name, "%s row %llu", shown(t->path), (unsigned long long)row->line);
    m->progress.bytes = row->offset;
    m->progress.files++;
    progress_tell(&m->progress, 0);
    if (row->fault != NULL) {
        count_refused(m, name, row->fault);
        return OK;
    }
    /* Like every record it goes over as a descriptor; in memory, so that no disk sees it. */
    AUTO_FD int fd = memfd_create("row", MFD_CLOEXEC);
    if (fd < 0 || fd_write_all(fd, row->text))
        return ERR_NOMEM;
    struct handing h = {.path = name,
                        .patient = row->patient,
                        .session = row->session,
                        .slot = m->r.stream,
                        .kind = "text",
                        .time = row->time,
                        .encoding = m->r.encoding,
                        .fd = fd};
    t->exit_code = hand_over(m, &h);
    return t->exit_code == EXIT_OK ? OK : ERR_CLOSED;
}

static int take_table(struct import *m, const char *path, int fd, uint64_t bytes)
{
    struct diag d = {0};
    struct table_job t = {.m = m, .path = path};
    if (m->recipe == NULL)
        return complain(EXIT_USAGE,
                        "%s: a table of notes needs --recipe FILE, which says which column is what "
                        "(see the man page)",
                        shown(path));
    enum err e = recipe_read(m->recipe, &m->r, &d);
    if (e)
        return complain_diag(e, shown(m->recipe), &d);
    progress_begin(&m->progress, 0, bytes);
    e = recipe_table(fd, &m->r, take_row, &t, &d);
    progress_clear(&m->progress);
    if (t.exit_code != EXIT_OK)
        return t.exit_code;
    return e ? complain_diag(e, shown(path), &d) : EXIT_OK;
}

static int take_path(struct import *m, const char *path)
{
    struct stat st;
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) != 0)
        return complain(EXIT_NOINPUT, "%s: cannot be opened: is the path right, may you read it?",
                        shown(path));
    if (S_ISDIR(st.st_mode))
        return take_folder(m, path);
    size_t n = strlen(path);
    if (S_ISREG(st.st_mode) && (m->recipe != NULL || (n > 4 && strcmp(path + n - 4, ".csv") == 0)))
        return take_table(m, path, fd, (uint64_t)st.st_size);
    return complain(EXIT_DATA,
                    "%s: name the folder that holds <patient>/<session>/<stream>.<ext> or "
                    "manifest.csv, or a table with --recipe",
                    shown(path));
}

/* --- a bundle --- */

static void on_bundle(void *ctx, const json_t *row, const json_t *progress)
{
    struct import *m = ctx;
    if (progress != NULL)
        progress_tell(&m->progress,
                      (uint64_t)json_integer_value(json_object_get(progress, "bytes")));
    else if (m->o.json)
        print_json(row);
    else
        (void)printf("%lld lines taken\n", json_integer_value(json_object_get(row, "lines")));
}

static int take_bundle(struct import *m, const char *path)
{
    uint64_t size = 0;
    AUTO_FD int fd = -1;
    if (file_open(AT_FDCWD, path, &fd, &size))
        return complain(EXIT_NOINPUT, "%s: cannot be opened", shown(path));
    progress_begin(&m->progress, 1, size);
    int code = door_ask(m->door, json_pack("{s:s}", "cmd", "import_jsonl"), &fd, 1, on_bundle, m);
    progress_clear(&m->progress);
    return code;
}

/* --- the command --- */

static int report(struct import *m, int code)
{
    size_t refused = json_array_size(m->refused);
    if (m->o.json) {
        AUTO_JSON doc = json_pack("{s:I, s:I, s:O}", "taken", (json_int_t)m->taken, "duplicate",
                                  (json_int_t)m->duplicate, "refused", m->refused);
        print_json(doc);
    } else {
        (void)printf("%s%llu taken, %llu duplicate, %zu refused\n", m->dry_run ? "dry run: " : "",
                     (unsigned long long)m->taken, (unsigned long long)m->duplicate, refused);
    }
    if (code != EXIT_OK)
        return code;
    return m->taken + m->duplicate > 0 || refused == 0 ? EXIT_OK : EXIT_DATA;
}

static int run(struct import *m, int argc, char **argv)
{
    int code = door_open(&m->o.state, &m->door);
    if (code == EXIT_OK && m->jsonl)
        return take_bundle(m, argv[m->o.rest]);
    if (code == EXIT_OK)
        code = door_ask(m->door,
                        json_pack("{s:s, s:s, s:b}", "cmd", "import_begin", "by", app_system_user(),
                                  "dry_run", (int)m->dry_run),
                        NULL, 0, NULL, NULL);
    if (code != EXIT_OK)
        return code;
    for (int i = m->o.rest; code == EXIT_OK && i < argc; i++)
        code = take_path(m, argv[i]);
    int end = code == EXIT_UNAVAILABLE
                  ? EXIT_OK
                  : door_ask(m->door, json_pack("{s:s}", "cmd", "import_end"), NULL, 0, NULL, NULL);
    return report(m, code != EXIT_OK ? code : end);
}

int cmd_import(int argc, char **argv)
{
    CLEANUP(import_fini) struct import m = {.refused = json_array()};
    const struct option_own own[] = {
        {.name = "dry-run", .about = "judge everything, store nothing", .flag = &m.dry_run},
        {.name = "recipe",
         .value = "FILE",
         .about = "which column of a table is what",
         .text = &m.recipe},
        {.name = "encoding",
         .value = "E",
         .about = "of texts that are not UTF-8, e.g. ISO-8859-1",
         .text = &m.encoding},
        {.name = "jsonl",
         .about = "the path is a bundle of `export --jsonl`, into an empty vault",
         .flag = &m.jsonl},
    };
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own,
                  sizeof own / sizeof own[0],
                  "import [--dry-run] [--recipe FILE] [--encoding E] PATH...",
                  "Takes records into the vault. Can be repeated and interrupted: what is there is "
                  "named as a duplicate.",
                  &m.o);
    if (m.o.done)
        return m.o.exit_code;
    if (m.o.rest >= argc || (m.jsonl && m.o.rest + 1 != argc))
        return complain(EXIT_USAGE, "import wants %s",
                        m.jsonl ? "one bundle" : "a folder or a table");
    if (m.encoding != NULL && !charset_known(m.encoding))
        return complain(EXIT_USAGE, "--encoding %s: not known here: `iconv -l` lists the names",
                        shown(m.encoding));
    return run(&m, argc, argv);
}
