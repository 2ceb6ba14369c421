/* walk.c - a folder of records. */
#include "node/ingest/walk.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/files.h"
#include "node/ingest/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { ENTRIES_MAX = 10 * 1000 * 1000, DEPTH = 2, PATH_LENGTH = 4096 };

void walk_fini(struct walk *w)
{
    for (size_t i = 0; i < w->n; i++) {
        free(w->entries[i].path);
        free(w->entries[i].patient);
        free(w->entries[i].session);
        free(w->entries[i].slot);
        free(w->entries[i].time);
    }
    free(w->entries);
    fd_auto(&w->dir);
    *w = (struct walk){.dir = -1};
}

const char *walk_kind(const char *name)
{
    static const struct {
        const char *ending, *kind;
    } kinds[] = {{".txt", "text"},  {".text", "text"}, {".md", "text"},
                 {".png", "image"}, {".jpg", "image"}, {".jpeg", "image"}};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t k = strlen(kinds[i].ending);
        if (n > k && strcasecmp(name + n - k, kinds[i].ending) == 0)
            return kinds[i].kind;
    }
    return "";
}

bool walk_path_ok(const char *path)
{
    if (path[0] == '\0' || path[0] == '/' || strlen(path) >= PATH_LENGTH)
        return false;
    for (const char *p = path; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    }
    for (const char *p = path;;) {
        size_t n = strcspn(p, "/");
        if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
            return false;
        if (p[n] == '\0')
            return true;
        p += n + 1;
    }
}

enum err walk_add(struct walk *w, struct entry_found *e)
{
    if (w->n == w->cap) {
        size_t cap = w->cap == 0 ? 256 : w->cap * 2;
        struct entry_found *more =
            cap > ENTRIES_MAX ? NULL : realloc(w->entries, cap * sizeof *more);
        if (more == NULL)
            return ERR_NOMEM;
        w->entries = more;
        w->cap = cap;
    }
    w->entries[w->n++] = *e;
    return OK;
}

/* `<patient>/<session>/<stream>.<ext>` taken apart. */
static const char *place(const char *path, struct entry_found *e)
{
    const char *one = strchr(path, '/');
    const char *two = one == NULL ? NULL : strchr(one + 1, '/');
    const char *dot = two == NULL ? NULL : strrchr(two + 1, '.');
    if (two == NULL || strchr(two + 1, '/') != NULL)
        return "not at <patient>/<session>/<stream>.<ext>; a manifest.csv can place it";
    if (dot == NULL || dot == two + 1 || e->kind[0] == '\0')
        return "neither text (.txt) nor picture (.png .jpg) by its name; a manifest.csv can say "
               "its kind";
    e->patient = strndup(path, (size_t)(one - path));
    e->session = strndup(one + 1, (size_t)(two - one - 1));
    e->slot = strndup(two + 1, (size_t)(dot - two - 1));
    return walk_slot_ok(e->slot)
               ? NULL
               : "the stream's name is an id: lower-case letters, digits and _, e.g. note";
}

static enum err add_file(struct walk *w, const char *path, const struct stat *st, const char *fault)
{
    struct entry_found e = {
        .path = strdup(path), .time = strdup(""), .kind = walk_kind(path), .fault = fault};
    if (e.path == NULL || e.time == NULL)
        return ERR_NOMEM;
    if (e.fault == NULL && !walk_path_ok(path))
        e.fault = "its name holds a control character";
    if (e.fault == NULL && utf8_bad(bytes_str(path)) != strlen(path))
        e.fault = "its name is not UTF-8";
    if (e.fault == NULL)
        e.fault = place(path, &e);
    e.bytes = (uint64_t)st->st_size;
    if (e.fault == NULL)
        w->bytes += e.bytes;
    return walk_add(w, &e);
}

static enum err walk_dir(struct walk *w, int fd, const char *prefix, int depth);

static enum err walk_one(struct walk *w, int fd, const char *prefix, const char *name, int depth)
{
    char path[PATH_LENGTH];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/", name);
    if (n < 0 || (size_t)n >= sizeof path || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return OK; /* gone, or no name that can be opened */
    if (S_ISDIR(st.st_mode) && depth < DEPTH) {
        AUTO_FD int sub = -1;
        enum err e = dir_open(fd, name, &sub);
        return e ? add_file(w, path, &st, "the folder cannot be opened")
                 : walk_dir(w, sub, path, depth + 1);
    }
    if (S_ISDIR(st.st_mode))
        return add_file(w, path, &st, "a folder deeper than <patient>/<session>/");
    if (S_ISLNK(st.st_mode))
        return add_file(w, path, &st, "a symbolic link: links are not followed");
    if (!S_ISREG(st.st_mode))
        return add_file(w, path, &st, "not a regular file");
    return add_file(w, path, &st, NULL);
}

static enum err walk_dir(struct walk *w, int fd, const char *prefix, int depth)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    DIR *d = own < 0 ? NULL : fdopendir(own);
    enum err e = OK;
    if (d == NULL) {
        fd_auto(&own);
        return err_from_errno(errno);
    }
    for (const struct dirent *f = readdir(d); !e && f != NULL; f = readdir(d)) {
        if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
            e = walk_one(w, fd, prefix, f->d_name, depth);
    }
    (void)closedir(d);
    return e;
}

static int by_path(const void *a, const void *b)
{
    const struct entry_found *x = a;
    const struct entry_found *y = b;
    return strcmp(x->path, y->path);
}

enum err walk_folder(int at, const char *path, struct walk *out, struct diag *d)
{
    CLEANUP(walk_fini) struct walk w = {.dir = -1};
    enum err e = dir_open(at, path, &w.dir);
    if (e)
        return diag_set(d, e, "cannot be opened as a folder (%s)", err_name(e));
    e = file_exists(w.dir, "manifest.csv") ? manifest_read(&w, d) : walk_dir(&w, w.dir, "", 0);
    if (e)
        return e;
    if (w.n > 0)
        qsort(w.entries, w.n, sizeof *w.entries, by_path);
    *out = w;
    w = (struct walk){.dir = -1};
    return OK;
}
