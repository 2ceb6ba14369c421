/* manifest.c - manifest.csv and recipes. */
#include "node/ingest/manifest.h"

#include "base/text.h"
#include "io/charset.h"
#include "io/conf.h"
#include "io/csv.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { NO_COLUMN = CSV_COLUMNS_MAX };

bool walk_slot_ok(const char *slot)
{
    size_t n = slot == NULL ? 0 : strlen(slot);
    return n >= 1 && n <= 64 && slot[0] >= 'a' && slot[0] <= 'z' &&
           strspn(slot, "abcdefghijklmnopqrstuvwxyz0123456789_") == n && strcmp(slot, "item") != 0;
}

static size_t column(const struct bytes *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes_eq(fields[i], bytes_str(name)))
            return i;
    }
    return NO_COLUMN;
}

static struct bytes field(const struct bytes *fields, size_t n, size_t at)
{
    return at < n ? fields[at] : bytes_of(NULL, 0);
}

static char *copy(struct bytes b)
{
    return strndup(b.n == 0 ? "" : (const char *)b.p, b.n);
}

/* --- manifest.csv --- */

struct manifest {
    struct walk *w;
    size_t patient, session, stream, file, time, kind;
    struct diag *d;
};

static enum err manifest_head(struct manifest *m, const struct bytes *f, size_t n)
{
    m->patient = column(f, n, "patient");
    m->session = column(f, n, "session");
    m->stream = column(f, n, "stream");
    m->file = column(f, n, "file");
    m->time = column(f, n, "time");
    m->kind = column(f, n, "kind");
    if (m->patient == NO_COLUMN || m->session == NO_COLUMN || m->stream == NO_COLUMN ||
        m->file == NO_COLUMN)
        return diag_set(
            m->d, ERR_INVALID,
            "manifest.csv: the first row must name the columns patient, session, stream and file");
    return OK;
}

static const char *kind_word(struct bytes b, const char *path)
{
    if (b.n == 0)
        return walk_kind(path);
    if (bytes_eq(b, bytes_str("text")))
        return "text";
    if (bytes_eq(b, bytes_str("image")))
        return "image";
    return NULL;
}

static const char *manifest_fault(const struct walk *w, struct entry_found *e)
{
    struct stat st;
    if (e->patient[0] == '\0' || e->session[0] == '\0')
        return "its row in manifest.csv names no patient or no session";
    if (!walk_slot_ok(e->slot))
        return "its stream in manifest.csv is no id: lower-case letters, digits and _";
    if (e->kind == NULL)
        return "its kind in manifest.csv is neither text nor image";
    if (e->kind[0] == '\0')
        return "neither text nor picture by its name: add a column kind to manifest.csv";
    if (!walk_path_ok(e->path))
        return "its path in manifest.csv leads out of the folder or holds a control character";
    if (fstatat(w->dir, e->path, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return "manifest.csv names it, but it is not there";
    if (!S_ISREG(st.st_mode))
        return "not a regular file";
    e->bytes = (uint64_t)st.st_size;
    return NULL;
}

static enum err manifest_row(void *ctx, const struct bytes *f, size_t n, uint64_t line,
                             uint64_t offset)
{
    struct manifest *m = ctx;
    (void)offset;
    if (line == 1)
        return manifest_head(m, f, n);
    if (n == 1 && f[0].n == 0)
        return OK; /* an empty line */
    struct entry_found e = {.path = copy(field(f, n, m->file)),
                            .patient = copy(field(f, n, m->patient)),
                            .session = copy(field(f, n, m->session)),
                            .slot = copy(field(f, n, m->stream)),
                            .time = copy(field(f, n, m->time))};
    if (e.path == NULL || e.patient == NULL || e.session == NULL || e.slot == NULL ||
        e.time == NULL)
        return ERR_NOMEM;
    e.kind = kind_word(field(f, n, m->kind), e.path);
    e.fault = manifest_fault(m->w, &e);
    if (e.fault == NULL)
        m->w->bytes += e.bytes;
    return walk_add(m->w, &e);
}

enum err manifest_read(struct walk *w, struct diag *d)
{
    AUTO_FD int fd = -1;
    struct manifest m = {.w = w, .d = d};
    enum err e = file_open(w->dir, "manifest.csv", &fd, NULL);
    if (e)
        return diag_set(d, e, "manifest.csv cannot be opened (%s)", err_name(e));
    return csv_read(fd, manifest_row, &m, d);
}

/* --- recipes --- */

static bool set(char *to, size_t size, const char *value)
{
    return snprintf(to, size, "%s", value) < (int)size;
}

static bool recipe_set(void *ctx, const char *section, const char *key, const char *value,
                       struct diag *d)
{
    struct recipe *r = ctx;
    bool columns = strcmp(section, "columns") == 0;
    if (strcmp(section, "table") == 0 && strcmp(key, "stream") == 0)
        return walk_slot_ok(value) ? set(r->stream, sizeof r->stream, value)
                                   : diag_set(d, ERR_INVALID, "stream is an id, e.g. note") == OK;
    if (strcmp(section, "table") == 0 && strcmp(key, "encoding") == 0)
        return charset_known(value)
                   ? set(r->encoding, sizeof r->encoding, value)
                   : diag_set(d, ERR_INVALID, "unknown encoding %.40s", value) == OK;
    if (columns && strcmp(key, "patient") == 0)
        return set(r->patient, sizeof r->patient, value);
    if (columns && strcmp(key, "session") == 0)
        return set(r->session, sizeof r->session, value);
    if (columns && strcmp(key, "text") == 0)
        return set(r->text, sizeof r->text, value);
    if (columns && strcmp(key, "time") == 0)
        return set(r->time, sizeof r->time, value);
    return false;
}

enum err recipe_read(const char *path, struct recipe *out, struct diag *d)
{
    struct recipe r = {.stream = "note"};
    enum err e = conf_read(path, recipe_set, &r, d);
    if (e)
        return d->text[0] == '\0' ? diag_set(d, e, "cannot be read (%s)", err_name(e)) : e;
    if (r.patient[0] == '\0' || r.text[0] == '\0')
        return diag_set(d, ERR_INVALID,
                        "a recipe names the columns patient and text in its section [columns]");
    *out = r;
    return OK;
}

struct table {
    const struct recipe *r;
    recipe_fn *fn;
    void *ctx;
    size_t patient, session, text, time;
    struct diag *d;
};

static enum err table_head(struct table *t, const struct bytes *f, size_t n)
{
    const char *const names[4] = {t->r->patient, t->r->text, t->r->session, t->r->time};
    size_t *const to[4] = {&t->patient, &t->text, &t->session, &t->time};
    for (int i = 0; i < 4; i++) {
        *to[i] = names[i][0] == '\0' ? NO_COLUMN : column(f, n, names[i]);
        if (names[i][0] != '\0' && *to[i] == NO_COLUMN)
            return diag_set(t->d, ERR_INVALID,
                            "the table has no column %.100s, which the recipe names", names[i]);
    }
    return OK;
}

static void take(struct bytes b, char *to, size_t size, const char **fault)
{
    if (b.n >= size || (b.n > 0 && memchr(b.p, 0, b.n) != NULL))
        *fault = "its patient, session or time is too long";
    (void)snprintf(to, size, "%.*s", (int)(b.n < size ? b.n : size - 1),
                   b.n == 0 ? "" : (const char *)b.p);
}

static enum err table_row(void *ctx, const struct bytes *f, size_t n, uint64_t line,
                          uint64_t offset)
{
    struct table *t = ctx;
    struct recipe_row row = {.line = line, .offset = offset, .text = field(f, n, t->text)};
    if (line == 1)
        return table_head(t, f, n);
    if (n == 1 && f[0].n == 0)
        return OK;
    take(field(f, n, t->patient), row.patient, sizeof row.patient, &row.fault);
    take(field(f, n, t->time), row.time, sizeof row.time, &row.fault);
    if (t->session == NO_COLUMN)
        (void)snprintf(row.session, sizeof row.session, "row %llu", (unsigned long long)line);
    else
        take(field(f, n, t->session), row.session, sizeof row.session, &row.fault);
    if (row.patient[0] == '\0' || row.session[0] == '\0')
        row.fault = "it names no patient or no session";
    return t->fn(t->ctx, &row);
}

enum err recipe_table(int fd, const struct recipe *r, recipe_fn *fn, void *ctx, struct diag *d)
{
    struct table t = {.r = r, .fn = fn, .ctx = ctx, .d = d};
    return csv_read(fd, table_row, &t, d);
}
