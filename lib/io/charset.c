/* charset.c - iconv over descriptors, block by block. */
#include "io/charset.h"

#include "base/bytes.h"
#include "base/cleanup.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>

enum { BLOCK = 64 * 1024 };

static enum err put_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_from_errno(errno);
        p += put;
        n -= (size_t)put;
    }
    return OK;
}

struct converting {
    iconv_t cd;
    int from, to;
    char in[BLOCK];
    char out[BLOCK * 4];
    size_t have;   /* bytes in `in`, begun with what the last block left */
    uint64_t read; /* bytes of the file before `in` */
    uint64_t written;
};

static enum err convert_block(struct converting *c, bool last, uint64_t limit, struct diag *d)
{
    char *in = c->in;
    char *out = c->out;
    size_t left = c->have;
    size_t room = sizeof c->out;
    size_t bad = iconv(c->cd, &in, &left, &out, &room);
    unsigned long long place = c->read + (uint64_t)(in - c->in);
    if (bad == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && last)))
        return diag_set(d, ERR_INVALID, "not of this encoding at byte %llu", place);
    size_t made = sizeof c->out - room;
    c->written += made;
    if (c->written > limit)
        return diag_set(d, ERR_TOOBIG, "more than %llu bytes as UTF-8", (unsigned long long)limit);
    c->read += (uint64_t)(in - c->in);
    memmove(c->in, in, left);
    c->have = left;
    return put_all(c->to, c->out, made);
}

static enum err convert(struct converting *c, uint64_t limit, struct diag *d)
{
    for (;;) {
        ssize_t n = read(c->from, c->in + c->have, sizeof c->in - c->have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        c->have += (size_t)n;
        enum err e = convert_block(c, n == 0, limit, d);
        if (e || n == 0)
            return e;
    }
}

int charset_known(const char *encoding)
{
    iconv_t cd = iconv_open("UTF-8", encoding);
    if (cd == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        return 0;
    (void)iconv_close(cd);
    return 1;
}

enum err charset_to_utf8(int from, uint64_t skip, const char *encoding, int to, uint64_t limit,
                         struct diag *d)
{
    struct converting *c = calloc(1, sizeof *c);
    if (c == NULL)
        return ERR_NOMEM;
    c->cd = iconv_open("UTF-8", encoding);
    c->from = from;
    c->to = to;
    c->read = skip;
    enum err e = OK;
    if (c->cd == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        e = diag_set(d, ERR_NOTFOUND, "unknown encoding %s", encoding);
    else if (lseek(from, (off_t)skip, SEEK_SET) < 0)
        e = ERR_IO;
    if (!e)
        e = convert(c, limit, d);
    if (c->cd != (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        (void)iconv_close(c->cd);
    free(c);
    return e;
}
