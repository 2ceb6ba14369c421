/* validate.c - the command `validate`: reads files, asks core, prints the verdicts. */
#include "node/validate.h"

#include "base/cleanup.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/annotation/export.h"
#include "core/annotation/revision.h"
#include "core/identity/document.h"
#include "core/schema/expr_context.h"
#include "core/schema/streams.h"
#include "io/files.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

static const char usage[] =
    "usage: cloister-node validate --kind KIND [--on DOC] [--streams STREAMS] [--json] FILE...\n"
    "       cloister-node validate --expressions TABLE.tsv\n"
    "KIND is schema, annotation, revision, export, request, roster, policy, campaign, guideline,\n"
    "pack or streams. DOC is what the files stand on: the label schema of an annotation, revision\n"
    "or pack, the superseded version of a schema, the policy of a campaign, the campaign of a\n"
    "guideline, the version before of a roster or policy. STREAMS are those of the item.\n"
    "Prints `FILE: ok HASH`, or `FILE: POINTER: REASON` and exits 65; 66 where a file is "
    "missing.\n";

/* What all files of a call are judged against. */
struct ground {
    enum document_kind kind;
    bool json;
    struct schema *schema;
    struct document *on;
    json_t *streams;
};

static void ground_fini(struct ground *g)
{
    schema_free(g->schema);
    document_free(g->on);
    json_decref(g->streams);
}

/* A verdict over one file. */
struct verdict {
    struct hash hash;
    json_t *warnings; /* ids of checks */
    struct diag d;
};

static void verdict_fini(struct verdict *v)
{
    json_decref(v->warnings);
}

static int complain(const char *file, enum err e)
{
    char shown[256];
    (void)text_shown(bytes_str(file), shown, sizeof shown);
    if (e == ERR_NOTFOUND) {
        (void)fprintf(stderr, "cloister-node: no such file: %s. Check the name.\n", shown);
        return EX_NOINPUT;
    }
    if (e == ERR_INVALID) {
        (void)fprintf(stderr, "cloister-node: not a regular file: %s. Name the file itself.\n",
                      shown);
        return EX_NOINPUT;
    }
    (void)fprintf(stderr, "cloister-node: cannot be read: %s: %s.\n", shown, err_name(e));
    return e == ERR_NOMEM ? EX_TEMPFAIL : EX_IOERR;
}

/* The whole file, as far as a document of this kind may be long: one byte more tells that it is too long. */
static enum err read_text(const char *file, enum document_kind kind, struct buf *out,
                          struct diag *d, bool *unread)
{
    size_t limit = document_limit(kind);
    buf_init(out, limit);
    enum err e = file_read(AT_FDCWD, file, limit, out);
    *unread = e != OK && e != ERR_TOOBIG;
    return e == ERR_TOOBIG ? diag_at(d, e, "", "at most %zu bytes are allowed in a %s", limit,
                                     document_kind_name(kind))
                           : e;
}

static enum err judge_annotation(const struct ground *g, struct bytes text, struct verdict *v)
{
    const struct annotation_context ctx = {
        .schema = g->schema, .streams = g->streams, .stage = ANNOTATION_SUBMIT};
    AUTO(annotation) a = NULL;
    size_t n = 0;
    enum err e = annotation_read(text, &ctx, &a, &v->d);
    if (e)
        return e;
    v->hash = annotation_hash(a);
    const struct failed_check *failed = annotation_failed(a, &n);
    for (size_t i = 0; i < n; i++) {
        const char *id = schema_parts(g->schema).checks[failed[i].check].id;
        if (json_array_append_new(v->warnings, json_string(id)) != 0)
            return ERR_NOMEM;
    }
    return OK;
}

static enum err judge_revision(const struct ground *g, struct bytes text, struct verdict *v)
{
    const struct annotation_context ctx = {.schema = g->schema, .streams = g->streams};
    AUTO_JSON doc = NULL;
    AUTO_JSON warnings = NULL;
    enum err e = revision_read(text, &ctx, &doc, &warnings, &v->d);
    if (!e && json_array_extend(v->warnings, warnings) != 0)
        e = ERR_NOMEM;
    return e ? e : json_hash(doc, &v->hash);
}

static enum err judge_schema(const struct ground *g, struct bytes text, struct verdict *v)
{
    AUTO(schema) s = NULL;
    enum err e = schema_read(text, g->schema, &s, &v->d);
    if (!e)
        v->hash = schema_hash(s);
    return e;
}

static enum err judge_streams(struct bytes text, struct verdict *v)
{
    AUTO_JSON streams = NULL;
    enum err e = streams_read(text, &streams, &v->d);
    return e ? e : json_hash(streams, &v->hash);
}

static enum err judge_document(const struct ground *g, struct bytes text, struct verdict *v)
{
    AUTO(document) doc = NULL;
    enum err e = g->kind == DOCUMENT_PACK ? document_of_pack(text, g->schema, &doc, &v->d)
                                          : document_of_text(g->kind, text, g->on, &doc, &v->d);
    if (!e)
        v->hash = document_hash(doc);
    return e;
}

static enum err judge_text(const struct ground *g, struct bytes text, struct verdict *v)
{
    if (g->kind == DOCUMENT_ANNOTATION)
        return judge_annotation(g, text, v);
    if (g->kind == DOCUMENT_REVISION)
        return judge_revision(g, text, v);
    if (g->kind == DOCUMENT_SCHEMA)
        return judge_schema(g, text, v);
    return g->kind == DOCUMENT_STREAMS ? judge_streams(text, v) : judge_document(g, text, v);
}

static enum err feed(struct export_check *c, int fd)
{
    AUTO_MEM uint8_t *chunk = malloc(1 << 20);
    size_t n = 1;
    enum err e = chunk == NULL ? ERR_NOMEM : OK;
    while (!e && n > 0) {
        e = fd_read_some(fd, chunk, 1 << 20, &n);
        if (!e)
            e = export_check_feed(c, bytes_of(chunk, n));
    }
    return e;
}

static enum err judge_export(const char *file, struct verdict *v, bool *unread)
{
    AUTO_FD int fd = -1;
    AUTO(export_check) c = NULL;
    enum err e = file_open(AT_FDCWD, file, &fd, NULL);
    if (!e)
        e = export_check_new(&c);
    while (!e && export_check_wants(c)) {
        e = lseek(fd, 0, SEEK_SET) == 0 ? feed(c, fd) : ERR_IO;
        if (!e)
            e = export_check_turn(c);
    }
    *unread = e != OK;
    return e ? e : export_check_result(c, &v->hash, &v->d);
}

static void print_json(const char *file, bool ok, const struct verdict *v)
{
    AUTO_JSON line = ok ? json_pack("{s:s, s:b, s:s, s:O}", "file", file, "ok", 1, "hash",
                                    hash_uri(v->hash).s, "warnings", v->warnings)
                        : json_pack("{s:s, s:b, s:s, s:s}", "file", file, "ok", 0, "pointer",
                                    v->d.pointer, "reason", v->d.text);
    CLEANUP(buf_fini) struct buf b = BUF_INIT(1 << 20);
    if (line != NULL && json_canonical(line, &b) == OK)
        (void)printf("%s\n", buf_cstr(&b));
}

static void print_text(const char *file, bool ok, const struct verdict *v)
{
    char pointer[2 * sizeof v->d.pointer];
    char reason[2 * sizeof v->d.text];
    if (ok) {
        (void)printf("%s: ok %s\n", file, hash_uri(v->hash).s);
        for (size_t i = 0; i < json_array_size(v->warnings); i++)
            (void)fprintf(stderr, "%s: warning: check %s fails\n", file,
                          json_string_value(json_array_get(v->warnings, i)));
        return;
    }
    (void)printf("%s: %s: %s\n", file, text_shown(bytes_str(v->d.pointer), pointer, sizeof pointer),
                 text_shown(bytes_str(v->d.text), reason, sizeof reason));
}

static int validate_file(const struct ground *g, const char *file)
{
    char shown[1024];
    bool unread = false;
    CLEANUP(verdict_fini) struct verdict v = {.warnings = json_array()};
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    enum err e = v.warnings == NULL ? ERR_NOMEM : OK;
    if (!e && g->kind == DOCUMENT_EXPORT)
        e = judge_export(file, &v, &unread);
    else if (!e)
        e = read_text(file, g->kind, &text, &v.d, &unread);
    if (!e && g->kind != DOCUMENT_EXPORT)
        e = judge_text(g, buf_bytes(&text), &v);
    if (unread || e == ERR_NOMEM)
        return complain(file, e);
    (void)text_shown(bytes_str(file), shown, sizeof shown);
    if (g->json)
        print_json(shown, e == OK, &v);
    else
        print_text(shown, e == OK, &v);
    return e == OK ? EX_OK : EX_DATAERR;
}

/* The kind of the document that one of this kind stands on; false where it stands on none. */
static bool ground_kind(enum document_kind kind, enum document_kind *out)
{
    switch (kind) {
    case DOCUMENT_SCHEMA:
    case DOCUMENT_ANNOTATION:
    case DOCUMENT_REVISION:
    case DOCUMENT_PACK:
        *out = DOCUMENT_SCHEMA;
        return true;
    case DOCUMENT_CAMPAIGN:
    case DOCUMENT_POLICY:
        *out = DOCUMENT_POLICY;
        return true;
    case DOCUMENT_GUIDELINE:
        *out = DOCUMENT_CAMPAIGN;
        return true;
    case DOCUMENT_ROSTER:
        *out = DOCUMENT_ROSTER;
        return true;
    case DOCUMENT_EXPORT:
    case DOCUMENT_REQUEST:
    case DOCUMENT_STREAMS:
    case DOCUMENT_STREAM:
        break;
    }
    return false;
}

static int refuse_ground(const char *file, const struct diag *d)
{
    (void)fprintf(stderr,
                  "cloister-node: the document to stand on is not valid: %s: %s: %s. Mend it "
                  "first.\n",
                  file, d->pointer, d->text);
    return EX_DATAERR;
}

static int read_ground(struct ground *g, const char *file, enum document_kind kind)
{
    struct diag d = {0};
    bool unread = false;
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    enum err e = read_text(file, kind, &text, &d, &unread);
    if (unread)
        return complain(file, e);
    if (!e && kind == DOCUMENT_SCHEMA)
        e = schema_read(buf_bytes(&text), NULL, &g->schema, &d);
    else if (!e && kind == DOCUMENT_STREAMS)
        e = streams_read(buf_bytes(&text), &g->streams, &d);
    else if (!e)
        e = document_of_text(kind, buf_bytes(&text), NULL, &g->on, &d);
    if (e == ERR_NOMEM)
        return complain(file, e);
    return e ? refuse_ground(file, &d) : EX_OK;
}

static int misuse(const char *what)
{
    (void)fprintf(stderr, "cloister-node: validate: %s.\n%s", what, usage);
    return EX_USAGE;
}

/* One row: expression, context, and what the table's maker expects (not read). */
static enum err try_row(char *row, const char **out)
{
    char *context = strchr(row, '\t');
    AUTO_JSON json = NULL;
    if (context == NULL)
        return ERR_INVALID;
    *context++ = '\0';
    char *end = strchr(context, '\t');
    if (end != NULL)
        *end = '\0';
    enum err e = json_read(bytes_str(context), 1 << 20, &json, NULL);
    return e ? e : expr_try(row, json, out);
}

static int try_expressions(const char *file)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(64 << 20);
    enum err e = file_read(AT_FDCWD, file, 64 << 20, &text);
    if (e)
        return complain(file, e);
    char *at = buf_cstr(&text) == NULL ? NULL : (char *)text.p;
    for (size_t row = 0; at != NULL && *at != '\0'; row++) {
        const char *out = NULL;
        char *end = strchr(at, '\n');
        if (end != NULL)
            *end = '\0';
        if (row > 0 && try_row(at, &out)) {
            (void)fprintf(stderr, "cloister-node: row %zu is no expression and context: %s.\n", row,
                          file);
            return EX_DATAERR;
        }
        if (row > 0)
            (void)printf("%s\n", out);
        at = end == NULL ? NULL : end + 1;
    }
    return EX_OK;
}

static int validate_files(const struct ground *g, char **files)
{
    int worst = EX_OK;
    for (; *files != NULL; files++) {
        int code = validate_file(g, *files);
        worst = code > worst ? code : worst;
    }
    return worst;
}

struct arguments {
    const char *kind, *on, *streams, *expressions;
    bool json, help, wrong;
};

static struct arguments parse(int argc, char **argv)
{
    static const struct option options[] = {
        {"kind", required_argument, NULL, 'k'},
        {"on", required_argument, NULL, 'o'},
        {"streams", required_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {"expressions", required_argument, NULL, 'e'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct arguments a = {0};
    int c = 0;
    optind = 0;
    opterr = 0;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'k')
            a.kind = optarg;
        else if (c == 'o')
            a.on = optarg;
        else if (c == 's')
            a.streams = optarg;
        else if (c == 'e')
            a.expressions = optarg;
        else if (c == 'j')
            a.json = true;
        else if (c == 'h')
            a.help = true;
        else
            a.wrong = true;
    }
    return a;
}

static int validate(const struct arguments *a, char **files)
{
    CLEANUP(ground_fini) struct ground g = {.json = a->json};
    enum document_kind on = DOCUMENT_SCHEMA;
    int code = EX_OK;
    if (a->kind == NULL || !document_kind_of(a->kind, &g.kind))
        return misuse("--kind needs a kind of document");
    if (a->on != NULL && !ground_kind(g.kind, &on))
        return misuse("documents of this kind stand on no other: leave --on out");
    if (a->streams != NULL && g.kind != DOCUMENT_ANNOTATION && g.kind != DOCUMENT_REVISION)
        return misuse("--streams goes with annotations and revisions only");
    if (*files == NULL)
        return misuse("no file is named");
    if (a->on != NULL)
        code = read_ground(&g, a->on, on);
    if (code == EX_OK && a->streams != NULL)
        code = read_ground(&g, a->streams, DOCUMENT_STREAMS);
    return code == EX_OK ? validate_files(&g, files) : code;
}

int cmd_validate(int argc, char **argv)
{
    struct arguments a = parse(argc, argv);
    if (a.wrong)
        return misuse("unknown option, or one without its value");
    if (a.help) {
        (void)fputs(usage, stdout);
        return EX_OK;
    }
    if (a.expressions != NULL)
        return a.kind == NULL && argv[optind] == NULL ? try_expressions(a.expressions)
                                                      : misuse("--expressions stands alone");
    return validate(&a, argv + optind);
}
