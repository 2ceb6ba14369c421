/* export_write.c - canonical lines of an export, and its end. */
#include "base/hex.h"
#include "base/sha256.h"
#include "core/annotation/export.h"
#include "core/schema/structure.h"

struct export_writer {
    struct sha256 hash;
    uint64_t lines;
};

enum err export_writer_new(struct export_writer **out)
{
    struct export_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return ERR_NOMEM;
    sha256_init(&w->hash);
    *out = w;
    return OK;
}

void export_writer_free(struct export_writer *w)
{
    free(w);
}

enum err export_writer_put_text(struct export_writer *w, struct bytes line, struct buf *out)
{
    enum err e = buf_put(out, line);
    if (!e)
        e = buf_putc(out, '\n');
    if (e)
        return e;
    sha256_put(&w->hash, line);
    sha256_put(&w->hash, bytes_str("\n"));
    w->lines++;
    return OK;
}

enum err export_writer_put(struct export_writer *w, const json_t *line, struct buf *out,
                           struct diag *d)
{
    struct fault f = {0};
    CLEANUP(buf_fini) struct buf text = BUF_INIT(EXPORT_LINE_MAX);
    structure_check(DOCUMENT_EXPORT, line, NULL, &f);
    enum err e = fault_result(&f, d);
    if (e)
        return e;
    e = json_canonical(line, &text);
    if (!e)
        e = buf_err(&text);
    if (!e)
        e = export_writer_put_text(w, buf_bytes(&text), out);
    return e ? diag_at(d, e, "", "%s", err_name(e)) : OK;
}

enum err export_writer_end(struct export_writer *w, struct buf *out)
{
    struct sha256 so_far = w->hash;
    struct hash_uri hash = hash_uri(sha256_end(&so_far));
    AUTO_JSON end = json_pack("{s:s, s:I, s:s}", "type", "end", "lines", (json_int_t)w->lines,
                              "sha256", hash.s);
    if (end == NULL)
        return ERR_NOMEM;
    return export_writer_put(w, end, out, NULL);
}
