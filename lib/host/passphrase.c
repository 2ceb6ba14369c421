/* passphrase.c - reading a passphrase. */
#include "host/passphrase.h"

#include "base/buf.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <termios.h>

enum { NEW_MIN = 8 };

static enum err take_line(struct buf *b, const char *where, bool fresh, struct secret **out,
                          struct diag *d)
{
    const uint8_t *end = b->n == 0 ? NULL : memchr(b->p, '\n', b->n);
    size_t n = end == NULL ? b->n : (size_t)(end - b->p);
    if (n > 0 && b->p[n - 1] == '\r')
        n--;
    if (n == 0)
        return diag_set(d, ERR_INVALID, "%s: no passphrase there: write it on the first line",
                        where);
    if (fresh && n < NEW_MIN)
        return diag_set(d, ERR_INVALID,
                        "%s: too short: a new passphrase has at least %d characters", where,
                        NEW_MIN);
    return secret_copy(bytes_of(b->p, n), out);
}

static enum err from_fd(int fd, const char *where, bool fresh, struct secret **out, struct diag *d)
{
    CLEANUP(buf_fini_wipe) struct buf b = BUF_INIT(PASSPHRASE_MAX + 1);
    size_t n = 0;
    uint8_t *to = buf_reserve(&b, PASSPHRASE_MAX + 1);
    enum err e = to == NULL ? ERR_NOMEM : fd_read_some(fd, to, PASSPHRASE_MAX + 1, &n);
    if (e)
        return diag_set(d, e, "%s: cannot be read (%s)", where, err_name(e));
    if (n > PASSPHRASE_MAX)
        return diag_set(d, ERR_TOOBIG, "%s: longer than %d bytes", where, PASSPHRASE_MAX);
    buf_commit(&b, n);
    return take_line(&b, where, fresh, out, d);
}

static enum err from_file(const char *path, bool fresh, struct secret **out, struct diag *d)
{
    /* A person may point at a link or a pipe of theirs on purpose. */
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return diag_set(d, ERR_NOTFOUND, "%s: the passphrase file cannot be opened", path);
    return from_fd(fd, path, fresh, out, d);
}

static enum err ask(const char *prompt, bool fresh, struct secret **out, struct diag *d)
{
    struct termios before;
    AUTO_FD int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0 || tcgetattr(tty, &before) != 0)
        return diag_set(d, ERR_INVALID,
                        "no terminal to ask for the %s: use --passphrase-file or --passphrase-fd",
                        prompt);
    struct termios quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(tty, TCSAFLUSH, &quiet);
    (void)dprintf(tty, "%s: ", prompt);
    CLEANUP(buf_fini_wipe) struct buf b = BUF_INIT(PASSPHRASE_MAX);
    uint8_t *to = buf_reserve(&b, PASSPHRASE_MAX);
    ssize_t n = to == NULL ? -1 : read(tty, to, PASSPHRASE_MAX);
    (void)dprintf(tty, "\n");
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    if (n < 0)
        return diag_set(d, ERR_IO, "the terminal cannot be read");
    buf_commit(&b, (size_t)n);
    return take_line(&b, prompt, fresh, out, d);
}

static enum err ask_twice(const char *prompt, struct secret **out, struct diag *d)
{
    char again[200];
    AUTO(secret) one = NULL;
    AUTO(secret) two = NULL;
    enum err e = ask(prompt, true, &one, d);
    (void)snprintf(again, sizeof again, "%s, once more", prompt);
    if (!e)
        e = ask(again, true, &two, d);
    if (e)
        return e;
    if (!secret_eq(one, two))
        return diag_set(d, ERR_INVALID, "the two entries differ: start again");
    *out = MOVE(one);
    return OK;
}

enum err passphrase_get(const struct passphrase_source *from, struct secret **out, struct diag *d)
{
    if (from->fd >= 0)
        return from_fd(from->fd, "the passphrase's descriptor", from->twice, out, d);
    if (from->file != NULL)
        return from_file(from->file, from->twice, out, d);
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (credentials != NULL && from->credential != NULL) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s", credentials, from->credential);
        if (access(path, R_OK) == 0)
            return from_file(path, from->twice, out, d);
    }
    if (from->prompt == NULL)
        return diag_set(d, ERR_INVALID,
                        "no passphrase was given: use --passphrase-file or --passphrase-fd");
    return from->twice ? ask_twice(from->prompt, out, d) : ask(from->prompt, false, out, d);
}
