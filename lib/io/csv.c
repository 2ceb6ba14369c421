/* csv.c - libcsv, row by row. */
#include "io/csv.h"

#include "base/buf.h"

#include <csv.h>
#include <errno.h>

enum { STEP = 64 * 1024 };

struct reading {
    csv_row *fn;
    void *ctx;
    struct buf row; /* all fields, end to end */
    size_t end[CSV_COLUMNS_MAX];
    size_t n;
    uint64_t line;
    uint64_t offset;
    enum err e;
};

static void on_field(void *p, size_t n, void *ctx)
{
    struct reading *r = ctx;
    if (r->e)
        return;
    if (r->n == CSV_COLUMNS_MAX) {
        r->e = ERR_TOOBIG;
        return;
    }
    r->e = buf_put(&r->row, bytes_of(p, n));
    r->end[r->n++] = r->row.n;
}

static void on_row(int c, void *ctx)
{
    struct bytes fields[CSV_COLUMNS_MAX];
    struct reading *r = ctx;
    size_t from = 0;
    (void)c;
    r->line++;
    for (size_t i = 0; i < r->n; i++) {
        fields[i] = bytes_of(r->row.p + from, r->end[i] - from);
        from = r->end[i];
    }
    if (!r->e && r->n > 0)
        r->e = r->fn(r->ctx, fields, r->n, r->line, r->offset);
    buf_clear(&r->row);
    r->n = 0;
}

static enum err feed(struct reading *r, struct csv_parser *p, int fd, struct diag *d)
{
    static const char mark[3] = {(char)0xef, (char)0xbb, (char)0xbf};
    char block[STEP];
    for (;;) {
        size_t skip = 0;
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        if (n == 0)
            break;
        if (r->offset == 0 && n >= 3 && memcmp(block, mark, 3) == 0)
            skip = 3;
        r->offset += (uint64_t)n;
        size_t used = csv_parse(p, block + skip, (size_t)n - skip, on_field, on_row, r);
        if (r->e)
            return r->e;
        if (used != (size_t)n - skip)
            return diag_set(d, ERR_INVALID, "row %llu: %s", (unsigned long long)r->line + 1,
                            csv_strerror(csv_error(p)));
    }
    if (csv_fini(p, on_field, on_row, r) != 0)
        return diag_set(d, ERR_INVALID, "row %llu: a quote is never closed",
                        (unsigned long long)r->line + 1);
    return r->e;
}

enum err csv_read(int fd, csv_row *fn, void *ctx, struct diag *d)
{
    struct csv_parser p;
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL || csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        free(r);
        return ERR_NOMEM;
    }
    r->fn = fn;
    r->ctx = ctx;
    buf_init(&r->row, CSV_ROW_MAX);
    csv_set_space_func(&p, NULL);
    enum err e = lseek(fd, 0, SEEK_SET) == 0 ? feed(r, &p, fd, d) : ERR_IO;
    if (e == ERR_TOOBIG && d != NULL && d->text[0] == '\0')
        (void)diag_set(d, e, "row %llu: more than %d columns or 32 MiB",
                       (unsigned long long)r->line + 1, CSV_COLUMNS_MAX);
    csv_free(&p);
    buf_fini(&r->row);
    free(r);
    return e;
}
