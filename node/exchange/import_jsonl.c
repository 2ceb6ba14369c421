/* import_jsonl.c - a bundle into an empty vault, on the worker: validated whole, then stored in steps of 4 MiB. How far it came
 * stands in the vault, so that an interrupted import goes on where it was. */
#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/annotation/export.h"
#include "host/say.h"
#include "io/files.h"
#include "node/calls.h"
#include "node/desk/desk.h"
#include "node/exchange/lines.h"
#include "node/vault/bundle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1024 * 1024, STEP = 4 * 1024 * 1024 };

struct bundle_job {
    struct call *call;
    struct app *app;
    int fd;
    uint64_t lines; /* stored */
    uint64_t skip;  /* stored by an import before, which was interrupted */
    struct hash file;
    struct line_sink sink;
    struct vault_tx tx;
    size_t in_tx;
    struct buf line;
    enum err e;
    struct diag d;
};

/* --- judging --- */

static enum err feed_all(struct bundle_job *j, struct export_check *check, uint8_t *block)
{
    size_t n = 0;
    if (lseek(j->fd, 0, SEEK_SET) != 0)
        return diag_set(&j->d, ERR_INVALID, "the bundle must be a regular file");
    do {
        enum err e = fd_read_some(j->fd, block, BLOCK, &n);
        if (!e)
            e = export_check_feed(check, bytes_of(block, n));
        if (e)
            return e;
    } while (n == BLOCK);
    return export_check_turn(check);
}

static enum err judge(struct bundle_job *j)
{
    AUTO(export_check) check = NULL;
    AUTO_MEM uint8_t *block = malloc(BLOCK);
    enum err e = block == NULL ? ERR_NOMEM : export_check_new(&check);
    while (!e && export_check_wants(check))
        e = feed_all(j, check, block);
    return e ? e : export_check_result(check, &j->file, &j->d);
}

/* --- storing --- */

static enum err step(struct bundle_job *j, bool last)
{
    char text[32];
    if (j->in_tx == 0 || (!last && j->in_tx < STEP))
        return OK;
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)j->lines);
    enum err e = vault_meta_set(j->sink.v, "bundle_lines", last ? "" : text);
    if (!e)
        e = vault_meta_set(j->sink.v, "bundle_file", last ? "" : hash_uri(j->file).s);
    if (!e)
        e = vault_commit(&j->tx);
    j->in_tx = 0;
    return e;
}

static enum err take_line(struct bundle_job *j)
{
    AUTO_JSON line = NULL;
    enum err e = json_read(buf_bytes(&j->line), EXPORT_LINE_MAX, &line, NULL);
    if (!e && j->in_tx == 0)
        e = vault_begin(j->sink.v, &j->tx);
    /* The bundle's own line is always looked at: it says which campaign the work belongs to. */
    if (!e && (j->lines >= j->skip || j->lines == 0))
        e = line_store(&j->sink, line);
    j->in_tx += j->line.n + 1;
    j->lines++;
    buf_clear(&j->line);
    return e ? e : step(j, false);
}

static enum err take_block(struct bundle_job *j, struct bytes block)
{
    while (block.n > 0) {
        const uint8_t *end = memchr(block.p, '\n', block.n);
        size_t n = end == NULL ? block.n : (size_t)(end - block.p);
        enum err e = buf_put(&j->line, bytes_of(block.p, n));
        if (!e && end != NULL)
            e = take_line(j);
        if (e)
            return e;
        block = bytes_skip(block, n + (end != NULL));
    }
    return OK;
}

static enum err store_all(struct bundle_job *j)
{
    AUTO_MEM uint8_t *block = malloc(BLOCK);
    size_t n = 0;
    enum err e = block == NULL ? ERR_NOMEM : OK;
    if (!e && lseek(j->fd, 0, SEEK_SET) != 0)
        e = ERR_IO;
    do {
        if (!e)
            e = fd_read_some(j->fd, block, BLOCK, &n);
        if (!e)
            e = take_block(j, bytes_of(block, n));
    } while (!e && n == BLOCK);
    if (!e && j->in_tx == 0)
        e = vault_begin(j->sink.v, &j->tx);
    j->in_tx++;
    if (!e)
        e = step(j, true);
    vault_end(&j->tx);
    return e;
}

/* Empty, or begun with this very bundle. */
static enum err check_empty(struct bundle_job *j)
{
    bool empty = false;
    char file[80];
    char lines[32];
    enum err e = bundle_vault_empty(j->sink.v, &empty);
    if (!e)
        e = vault_meta_get(j->sink.v, "bundle_file", file, sizeof file);
    if (!e)
        e = vault_meta_get(j->sink.v, "bundle_lines", lines, sizeof lines);
    if (e || empty)
        return e;
    if (strcmp(file, hash_uri(j->file).s) == 0 && !parse_u64_str(lines, UINT64_MAX, &j->skip))
        return OK;
    return diag_set(&j->d, ERR_CONFLICT,
                    "this vault holds records or work already: a bundle goes into an empty one");
}

static void run(void *ctx)
{
    struct bundle_job *j = ctx;
    j->e = judge(j);
    if (!j->e)
        j->e = check_empty(j);
    if (!j->e)
        j->e = store_all(j);
}

static void done(void *ctx)
{
    struct bundle_job *j = ctx;
    struct call *c = j->call;
    enum err e = j->e;
    struct diag d = j->d;
    if (!e)
        e = desk_open_items(j->app);
    if (!e)
        call_row(c, json_pack("{s:I}", "lines", (json_int_t)j->lines));
    buf_fini(&j->line);
    free(j);
    if (e)
        call_end_diag(c, e, "import", &d);
    else
        call_end(c, EXIT_OK, NULL);
}

void call_import_jsonl(struct call *c)
{
    struct bundle_job *j = calloc(1, sizeof *j);
    if (j == NULL || c->fds[0] < 0 || c->app->import != NULL) {
        free(j);
        call_end(c, EXIT_AGAIN, "another import is running, or the bundle's descriptor is missing");
        return;
    }
    j->call = c;
    j->app = c->app;
    j->fd = c->fds[0];
    j->sink = (struct line_sink){.v = c->app->worker_vault, .now_ms = clock_now_ms()};
    buf_init(&j->line, EXPORT_LINE_MAX + 1);
    call_on_worker(c, run, done, j);
}
