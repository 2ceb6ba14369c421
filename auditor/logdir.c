/* logdir.c - bounded, link-free reading. */
#include "logdir.h"

#include "io/files.h"

#include <fcntl.h>
#include <sys/stat.h>

/* What was met instead of a readable regular file. */
static enum err report(const struct logdir *l, enum err e, int fd, const char *name,
                       const char *path, uint64_t index)
{
    struct stat st;
    bool link =
        e == ERR_INVALID &&
        (name == NULL || (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode)));
    switch (e) {
    case ERR_NOTFOUND:
        return e;
    case ERR_NOMEM:
        l->found->nomem = true;
        return e;
    case ERR_TOOBIG:
        finding_add(l->found, E_LIMIT, index, "%s is over the limit", path);
        return e;
    default:
        if (link)
            finding_add(l->found, E_LINK, index, "%s is a link, or a link stands on its way", path);
        else
            finding_add(l->found, E_READ, index, "%s cannot be read", path);
        return e;
    }
}

enum err logdir_read(const struct logdir *l, const char *path, size_t max, uint64_t index,
                     struct buf *out)
{
    AUTO_FD int fd = -1;
    const char *name = NULL;
    buf_clear(out);
    enum err e = dir_of(l->fd, path, 0, &fd, &name);
    if (!e)
        e = file_read(fd, name, max, out);
    return e ? report(l, e, fd, name, path, index) : OK;
}

enum err logdir_list(const struct logdir *l, const char *path, size_t max, struct buf *out,
                     size_t *count)
{
    AUTO_FD int above = -1;
    AUTO_FD int fd = -1;
    const char *name = NULL;
    *count = 0;
    enum err e = dir_of(l->fd, path, 0, &above, &name);
    if (!e)
        e = dir_open(above, name, &fd);
    if (!e)
        e = dir_list(fd, max, out, count);
    if (e == ERR_NOTFOUND)
        return OK;
    return e ? report(l, e, above, name, path, FINDING_LOG) : OK;
}

bool logdir_is_folder(const struct logdir *l, const char *path)
{
    struct stat st;
    AUTO_FD int fd = -1;
    const char *name = NULL;
    if (dir_of(l->fd, path, 0, &fd, &name) || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (S_ISLNK(st.st_mode))
        finding_add(l->found, E_LINK, FINDING_LOG, "%s is a link", path);
    return S_ISDIR(st.st_mode);
}
