/* guideline_cmd.c - `guideline`: two versions compared in words, as files or by the hashes that the vault knows; a later version
 * signed by itself, because its campaign stays as it is. */
#include "base/hex.h"
#include "core/identity/document.h"
#include "core/identity/note.h"
#include "core/work/guideline.h"
#include "core/work/lines.h"
#include "host/options.h"
#include "host/say.h"
#include "io/files.h"
#include "node/commands.h"
#include "node/door.h"
#include "node/signing.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 2 * 1024 * 1024 };

/* --- the two versions --- */

static void take_doc(void *ctx, const json_t *row, const json_t *progress)
{
    json_t **out = ctx;
    (void)progress;
    if (row != NULL && *out == NULL)
        *out = json_incref(json_object_get(row, "doc"));
}

/* Plain JSON in any form, as a person writes it. */
static enum err of_plain(struct bytes text, struct document **out, struct diag *d)
{
    AUTO_JSON doc = NULL;
    enum err e = json_read(text, FILE_MAX, &doc, d);
    return e ? e : document_of_json(DOCUMENT_GUIDELINE, doc, NULL, out, d);
}

/* A signed note, or the plain JSON that is signed. */
static int open_file(const char *path, struct document **out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(FILE_MAX + 1);
    AUTO(document) doc = NULL;
    struct diag d = {0};
    struct note n;
    enum err e = file_read(AT_FDCWD, path, FILE_MAX, &b);
    if (e)
        return complain(EXIT_NOINPUT, "%s: cannot be read (%s)", shown(path), err_name(e));
    e = note_parse(buf_bytes(&b), &n) ? of_plain(buf_bytes(&b), &doc, &d)
                                      : document_of_note(n.text, NULL, &doc, &d);
    if (!e && document_kind(doc) != DOCUMENT_GUIDELINE)
        e = diag_set(&d, ERR_INVALID, "no guideline");
    if (e)
        return complain_diag(e, shown(path), &d);
    *out = MOVE(doc);
    return EXIT_OK;
}

static int read_file(const char *path, json_t **out)
{
    AUTO(document) doc = NULL;
    int code = open_file(path, &doc);
    if (!code)
        *out = json_incref((json_t *)(uintptr_t)document_json(doc));
    return code;
}

static int read_one(const struct options *o, const char *name, struct door **door, json_t **out)
{
    struct hash h;
    if (hash_parse_uri(bytes_str(name), &h))
        return read_file(name, out);
    int code = *door == NULL ? door_open(&o->state, door) : EXIT_OK;
    if (!code)
        code = door_ask(*door, json_pack("{s:s, s:s}", "cmd", "guideline", "hash", name), NULL, 0,
                        take_doc, out);
    return code || *out != NULL ? code : complain(EXIT_NOINPUT, "%s: not there", shown(name));
}

/* --- what changed --- */

static enum err add_body(json_t *bodies, const char *lang, const json_t *before,
                         const json_t *after)
{
    json_t *list = NULL;
    const char *old = json_text(json_object_get(before, "body"), lang);
    const char *now = json_text(json_object_get(after, "body"), lang);
    enum err e = lines_changed(bytes_str(old), bytes_str(now), &list);
    if (e)
        return e;
    if (json_array_size(list) > 0)
        return json_object_set_new(bodies, lang, list) == 0 ? OK : ERR_NOMEM;
    json_decref(list);
    return OK;
}

static enum err diff(const json_t *before, const json_t *after, json_t **out)
{
    const char *lang = NULL;
    json_t *text = NULL;
    AUTO_JSON labels = NULL;
    AUTO_JSON body = json_object();
    enum err e = guideline_changes(before, after, &labels);
    json_object_foreach(json_object_get(after, "body"), lang, text)
    {
        if (!e)
            e = add_body(body, lang, before, after);
    }
    json_object_foreach(json_object_get(before, "body"), lang, text)
    {
        if (!e && json_object_get(json_object_get(after, "body"), lang) == NULL)
            e = add_body(body, lang, before, after);
    }
    if (e)
        return e;
    *out =
        json_pack("{s:s, s:O, s:O, s:O, s:O, s:O, s:O}", "kind", json_text(after, "kind"), "before",
                  json_object_get(before, "version"), "version", json_object_get(after, "version"),
                  "breaking", json_object_get(after, "breaking"), "changes",
                  json_object_get(after, "changes"), "labels", labels, "body", body);
    return *out == NULL ? ERR_NOMEM : OK;
}

/* --- in words --- */

static void print_prose(const char *head, const json_t *prose)
{
    const char *lang = NULL;
    json_t *text = NULL;
    json_object_foreach((json_t *)(uintptr_t)prose, lang, text)(void)
        printf("  %s [%s] %s\n", head, lang, json_string_value(text));
}

static void print_side(const char *sign, const json_t *label)
{
    static const char *const lists[] = {"include", "exclude", "examples"};
    print_prose(sign, json_object_get(label, "define"));
    for (size_t l = 0; l < 3; l++) {
        const json_t *list = json_object_get(label, lists[l]);
        for (size_t i = 0; i < json_array_size(list); i++) {
            char head[24];
            (void)snprintf(head, sizeof head, "%s %s", sign, lists[l]);
            print_prose(head, json_array_get(list, i));
        }
    }
}

static void print_words(const json_t *d)
{
    const char *lang = NULL;
    json_t *lines = NULL;
    const json_t *labels = json_object_get(d, "labels");
    (void)printf("Guideline for %s, version %lld after %lld: %s\n", json_text(d, "kind"),
                 json_integer_value(json_object_get(d, "version")),
                 json_integer_value(json_object_get(d, "before")),
                 json_is_true(json_object_get(d, "breaking"))
                     ? "it changes what labels mean; work that it touches is asked again"
                     : "work that is done stays as it is");
    print_prose("What changed:", json_object_get(d, "changes"));
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *l = json_array_get(labels, i);
        const json_t *before = json_object_get(l, "before");
        const json_t *after = json_object_get(l, "after");
        (void)printf("\nLabel %s%s\n", json_text(l, "id"),
                     json_is_null(before)  ? " (new)"
                     : json_is_null(after) ? " (no longer explained)"
                                           : "");
        print_side("-", before);
        print_side("+", after);
    }
    json_object_foreach(json_object_get(d, "body"), lang, lines)
    {
        (void)printf("\nText [%s]\n", lang);
        for (size_t i = 0; i < json_array_size(lines); i++)
            (void)printf("  %s %s\n", json_text(json_array_get(lines, i), "op"),
                         json_text(json_array_get(lines, i), "text"));
    }
}

static int run(const struct options *o, const char *from, const char *to, struct door **door)
{
    AUTO_JSON before = NULL;
    AUTO_JSON after = NULL;
    AUTO_JSON d = NULL;
    int code = read_one(o, from, door, &before);
    if (!code)
        code = read_one(o, to, door, &after);
    if (code)
        return code;
    if (strcmp(json_text(before, "kind"), json_text(after, "kind")) != 0 ||
        strcmp(json_text(before, "campaign"), json_text(after, "campaign")) != 0)
        return complain(EXIT_DATA, "the two are not of one campaign and kind");
    enum err e = diff(before, after, &d);
    if (e)
        return complain(exit_of(e), "the two cannot be compared (%s)", err_name(e));
    if (o->json)
        print_json(d);
    else
        print_words(d);
    return EXIT_OK;
}

/* --- sign --- */

/* X.json becomes X.note beside it. */
static int sign(const struct options *o, const char *path, const char *lead_file)
{
    char folder[1000];
    char name[260];
    AUTO_FD int dir = -1;
    AUTO(document) doc = NULL;
    struct signing s = {.path = folder};
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t n = strlen(base);
    if (n < 6 || n > 250 || strcmp(base + n - 5, ".json") != 0 || strlen(path) >= sizeof folder)
        return complain(EXIT_USAGE, "guideline sign wants a file NAME.json");
    (void)snprintf(name, sizeof name, "%.*s.note", (int)(n - 5), base);
    (void)snprintf(folder, sizeof folder, "%.*s",
                   slash == NULL   ? 1
                   : slash == path ? 1
                                   : (int)(slash - path),
                   slash == NULL ? "." : path);
    int code = open_file(path, &doc);
    if (!code && dir_open(AT_FDCWD, folder, &dir))
        code = complain(EXIT_NOINPUT, "%s: cannot be opened as a folder", shown(folder));
    s.dir = dir;
    if (!code)
        code = signing_open(&o->state, lead_file, &s);
    if (!code)
        code = signing_write(&s, name, doc);
    secret_free(s.seed);
    return code;
}

int cmd_guideline(int argc, char **argv)
{
    struct options o;
    struct door *door = NULL;
    const char *lead_file = NULL;
    const struct option_own own[] = {{.name = "lead-passphrase-file",
                                      .value = "F",
                                      .about = "passphrase of the lead key: first line of F",
                                      .text = &lead_file}};
    options_parse(argc, argv, OPT_STATE | OPT_PASSPHRASE | OPT_JSON, own, 1,
                  "guideline diff OLD NEW | sign FILE.json",
                  "What changed from one version of a guideline to another (notes, plain files, or "
                  "hashes that this node knows); a later version, signed.",
                  &o);
    if (o.done)
        return o.exit_code;
    int words = argc - o.rest;
    if (words == 2 && strcmp(argv[o.rest], "sign") == 0)
        return sign(&o, argv[o.rest + 1], lead_file);
    if (words != 3 || strcmp(argv[o.rest], "diff") != 0)
        return complain(EXIT_USAGE, "guideline wants: diff and two versions, or sign and a file");
    int code = run(&o, argv[o.rest + 1], argv[o.rest + 2], &door);
    door_free(door);
    return code;
}
