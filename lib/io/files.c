/* files.c - files and folders by descriptor. */
#include "io/files.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

enum { STEP = 1024 * 1024 };

static enum err last_error(void)
{
    return err_from_errno(errno);
}

enum err dir_open(int at, const char *name, int *out_fd)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOTDIR || errno == ELOOP ? ERR_INVALID : last_error();
    *out_fd = fd;
    return OK;
}

enum err dir_sync(int fd)
{
    return fsync(fd) == 0 ? OK : last_error();
}

enum err dir_sync_all(int fd)
{
    return syncfs(fd) == 0 ? OK : last_error();
}

/* Opens a folder below `at`, made with make_mode where it is missing and that is not 0. */
static enum err step_into(int at, const char *name, mode_t make_mode, int *out_fd)
{
    enum err e = dir_open(at, name, out_fd);
    if (e != ERR_NOTFOUND || make_mode == 0)
        return e;
    if (mkdirat(at, name, make_mode) != 0 && errno != EEXIST)
        return last_error();
    e = dir_open(at, name, out_fd);
    if (!e && fchmod(*out_fd, make_mode) != 0)
        e = last_error();
    return e;
}

enum err dir_of(int at, const char *path, mode_t make_mode, int *out_fd, const char **name)
{
    AUTO_FD int here = -1;
    enum err e = dir_open(at, ".", &here);
    for (const char *slash = NULL; !e && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char part[256];
        AUTO_FD int next = -1;
        size_t n = (size_t)(slash - path);
        if (n == 0 || n >= sizeof part)
            return ERR_INVALID;
        memcpy(part, path, n);
        part[n] = '\0';
        if (strcmp(part, "..") == 0)
            return ERR_INVALID;
        e = step_into(here, part, make_mode, &next);
        if (e)
            return e;
        (void)close(here);
        here = fd_move(&next);
    }
    if (e)
        return e;
    *name = path;
    *out_fd = fd_move(&here);
    return OK;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in the folder's own order, NUL-ended, into *out. */
static enum err names_of(DIR *d, size_t max, struct buf *out, size_t *count)
{
    size_t n = 0;
    for (;;) {
        errno = 0;
        const struct dirent *x = readdir(d);
        if (x == NULL)
            break;
        if (strcmp(x->d_name, ".") == 0 || strcmp(x->d_name, "..") == 0)
            continue;
        if (n++ == max)
            return ERR_TOOBIG;
        enum err e = buf_put(out, bytes_of(x->d_name, strlen(x->d_name) + 1));
        if (e)
            return e;
    }
    *count = n;
    return errno == 0 ? OK : last_error();
}

enum err dir_list(int fd, size_t max, struct buf *out, size_t *count)
{
    CLEANUP(buf_fini) struct buf raw = BUF_INIT(SIZE_MAX / 2);
    AUTO_FD int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    if (d == NULL)
        return last_error();
    (void)fd_move(&again); /* closedir closes it */
    size_t n = 0;
    enum err e = names_of(d, max, &raw, &n);
    (void)closedir(d);
    if (e)
        return e;
    AUTO_MEM const char **names = calloc(n + 1, sizeof *names);
    if (names == NULL)
        return ERR_NOMEM;
    const char *at = (const char *)raw.p;
    for (size_t i = 0; i < n; i++, at += strlen(at) + 1)
        names[i] = at;
    qsort(names, n, sizeof *names, by_bytes);
    for (size_t i = 0; i < n && !e; i++)
        e = buf_put(out, bytes_of(names[i], strlen(names[i]) + 1));
    if (!e)
        *count = n;
    return e;
}

enum err dir_make(int at, const char *name, mode_t mode)
{
    if (mkdirat(at, name, mode) != 0)
        return errno == EEXIST ? OK : last_error();
    AUTO_FD int fd = -1;
    enum err e = dir_open(at, name, &fd);
    if (e)
        return e;
    if (fchmod(fd, mode) != 0)
        return last_error(); /* the umask is tighter than the log's group */
    AUTO_FD int parent = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return parent < 0 ? last_error() : dir_sync(parent);
}

enum err file_open(int at, const char *name, int *out_fd, uint64_t *out_size)
{
    struct stat st;
    AUTO_FD int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno == ELOOP ? ERR_INVALID : last_error();
    if (fstat(fd, &st) != 0)
        return last_error();
    if (!S_ISREG(st.st_mode))
        return ERR_INVALID;
    if (out_size != NULL)
        *out_size = (uint64_t)st.st_size;
    *out_fd = fd_move(&fd);
    return OK;
}

enum err fd_read_some(int fd, void *out, size_t n, size_t *out_n)
{
    size_t at = 0;
    while (at < n) {
        ssize_t got = read(fd, (uint8_t *)out + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return last_error();
        if (got == 0)
            break;
        at += (size_t)got;
    }
    *out_n = at;
    return OK;
}

/* Nothing beyond `limit` is reserved, so a buffer of that very limit will do. */
static enum err read_rest(int fd, uint64_t size, size_t limit, struct buf *out)
{
    size_t total = 0;
    for (;;) {
        size_t got = 0;
        uint8_t probe = 0;
        size_t want = size - total < STEP ? (size_t)(size - total) : STEP;
        uint8_t *to = want == 0 ? &probe : buf_reserve(out, want);
        if (to == NULL)
            return buf_err(out);
        enum err e = fd_read_some(fd, to, want == 0 ? 1 : want, &got);
        if (e)
            return e;
        if (want > 0)
            buf_commit(out, got);
        else if (got > 0 && total == limit)
            return ERR_TOOBIG; /* it grew while we read */
        else if (got > 0)
            e = buf_put(out, bytes_of(&probe, 1));
        total += got;
        if (e || got < want || got == 0)
            return e;
        if (want == 0)
            size = limit;
    }
}

enum err file_read(int at, const char *name, size_t limit, struct buf *out)
{
    AUTO_FD int fd = -1;
    uint64_t size = 0;
    enum err e = file_open(at, name, &fd, &size);
    if (e)
        return e;
    if (size > limit)
        return ERR_TOOBIG;
    return read_rest(fd, size, limit, out);
}

enum err fd_write_all(int fd, struct bytes data)
{
    size_t at = 0;
    while (at < data.n) {
        ssize_t put = write(fd, data.p + at, data.n - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return last_error();
        at += (size_t)put;
    }
    return OK;
}

enum err fd_sync_data(int fd)
{
    return fdatasync(fd) == 0 ? OK : last_error();
}

static enum err write_new(int at, const char *name, struct bytes data, mode_t mode, bool sync)
{
    AUTO_FD int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return last_error();
    enum err e =
        fchmod(fd, mode) == 0 ? OK : last_error(); /* the umask is tighter than the log's group */
    if (!e)
        e = fd_write_all(fd, data);
    if (!e && sync && fsync(fd) != 0)
        e = last_error();
    if (e)
        (void)unlinkat(at, name, 0);
    return e;
}

static enum err place(int tmp_at, const char *tmp_name, int at, const char *name, struct bytes data,
                      mode_t mode, bool sync)
{
    enum err e = write_new(tmp_at, tmp_name, data, mode, sync);
    if (e == ERR_CONFLICT && unlinkat(tmp_at, tmp_name, 0) == 0) /* left by a crash */
        e = write_new(tmp_at, tmp_name, data, mode, sync);
    if (e)
        return e;
    if (renameat(tmp_at, tmp_name, at, name) != 0) {
        e = last_error();
        (void)unlinkat(tmp_at, tmp_name, 0);
    }
    return e;
}

enum err file_place_via(int tmp_at, const char *tmp_name, int at, const char *name,
                        struct bytes data, mode_t mode)
{
    return place(tmp_at, tmp_name, at, name, data, mode, false);
}

enum err file_replace_via(int tmp_at, const char *tmp_name, int at, const char *name,
                          struct bytes data, mode_t mode)
{
    enum err e = place(tmp_at, tmp_name, at, name, data, mode, true);
    if (e)
        return e;
    if (at == AT_FDCWD) {
        AUTO_FD int here = -1;
        e = dir_open(AT_FDCWD, ".", &here);
        return e ? e : dir_sync(here);
    }
    return dir_sync(at);
}

enum err file_replace(int at, const char *name, struct bytes data, mode_t mode)
{
    char tmp[300];
    int n = snprintf(tmp, sizeof tmp, "%s.tmp", name);
    if (n < 0 || (size_t)n >= sizeof tmp)
        return ERR_TOOBIG;
    return file_replace_via(at, tmp, at, name, data, mode);
}

enum err file_create(int at, const char *name, struct bytes data, mode_t mode)
{
    enum err e = write_new(at, name, data, mode, true);
    if (e || at == AT_FDCWD)
        return e;
    return dir_sync(at);
}

bool file_exists(int at, const char *name)
{
    struct stat st;
    return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

enum err file_lock(int at, const char *name, int *out_fd)
{
    AUTO_FD int fd = openat(at, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return last_error();
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? ERR_CONFLICT : last_error();
    *out_fd = fd_move(&fd);
    return OK;
}
