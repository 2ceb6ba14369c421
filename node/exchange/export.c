/* export.c - `export --jsonl` on the worker: every label, losslessly, as one consistent snapshot. */
#include "core/annotation/export.h"
#include "base/clock.h"
#include "base/hex.h"
#include "host/say.h"
#include "io/files.h"
#include "node/access.h"
#include "node/calls.h"
#include "node/vault/bundle.h"
#include "node/vault/documents.h"
#include "node/vault/records.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 32 * 1024 * 1024, FLUSH = 1024 * 1024 };

struct export_job {
    struct call *call;
    struct app *app;
    int fd;      /* the bundle */
    int records; /* folder for the bytes; -1: none */
    int64_t campaign;
    struct hash campaign_hash;
    uint64_t made_ms;
    struct export_writer *w;
    struct buf out;
    uint64_t lines;
    uint64_t streams;
    enum err e;
    struct diag d;
};

static enum err flush(struct export_job *j, bool all)
{
    if (!all && j->out.n < FLUSH)
        return OK;
    enum err e = fd_write_all(j->fd, buf_bytes(&j->out));
    buf_clear(&j->out);
    return e;
}

/* Optional members come as null from SQL; in a line they are absent. */
static void drop_nulls(json_t *line)
{
    const char *key = NULL;
    json_t *v = NULL;
    void *tmp = NULL;
    json_object_foreach_safe(line, tmp, key, v)
    {
        if (json_is_null(v))
            (void)json_object_del(line, key);
    }
}

static enum err put_line(void *ctx, struct bytes text)
{
    struct export_job *j = ctx;
    AUTO_JSON line = json_loadb((const char *)text.p, text.n, 0, NULL);
    if (line == NULL)
        return ERR_NOMEM;
    drop_nulls(line);
    enum err e = export_writer_put(j->w, line, &j->out, &j->d);
    j->lines++;
    return e ? e : flush(j, false);
}

static enum err put_bundle(struct export_job *j)
{
    AUTO_JSON counts = json_object();
    const char *site = keyring_who(j->app->keyring)->id;
    for (size_t t = 0; t < BUNDLE_TYPES; t++) {
        uint64_t n = 0;
        enum err e = bundle_count(j->app->worker_vault, t, j->campaign, &n);
        if (e)
            return e;
        if (n > 0)
            (void)json_object_set_new(counts, bundle_type(t), json_integer((json_int_t)n));
    }
    AUTO_JSON line = json_pack(
        "{s:s, s:i, s:s, s:o, s:O, s:I}", "type", "bundle", "v", 1, "site", site, "campaign",
        j->campaign == 0 ? json_null() : json_string(hash_uri(j->campaign_hash).s), "counts",
        counts, "made_ms", (json_int_t)j->made_ms);
    return line == NULL ? ERR_NOMEM : export_writer_put(j->w, line, &j->out, &j->d);
}

/* --- bytes beside the bundle: one file a stream, named by its SHA-256 --- */

static enum err put_stream(void *ctx, int64_t stream, struct hash sha256, uint64_t bytes)
{
    struct export_job *j = ctx;
    AUTO_MEM uint8_t *chunk = malloc(VAULT_CHUNK);
    AUTO_FD int fd = openat(j->records, hash_hex(sha256).s,
                            O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (chunk == NULL || fd < 0)
        return chunk == NULL ? ERR_NOMEM : ERR_IO;
    for (uint64_t at = 0; at < bytes;) {
        size_t got = 0;
        enum err e = records_read(j->app->worker_vault, stream, at, chunk, VAULT_CHUNK, &got);
        if (!e && got == 0)
            e = ERR_CORRUPT;
        if (!e)
            e = fd_write_all(fd, bytes_of(chunk, got));
        if (e)
            return e;
        at += got;
    }
    j->streams++;
    return OK;
}

static enum err write_bundle(struct export_job *j)
{
    enum err e = export_writer_new(&j->w);
    if (!e)
        e = put_bundle(j);
    for (size_t t = 0; !e && t < BUNDLE_TYPES; t++)
        e = bundle_each(j->app->worker_vault, t, j->campaign, put_line, j);
    if (!e)
        e = export_writer_end(j->w, &j->out);
    if (!e)
        e = flush(j, true);
    if (!e && fsync(j->fd) != 0)
        e = ERR_IO;
    if (!e && j->records >= 0)
        e = bundle_streams(j->app->worker_vault, j->campaign, put_stream, j);
    return e;
}

static void run(void *ctx)
{
    struct export_job *j = ctx;
    CLEANUP(tx_end) struct tx tx;
    j->e = tx_begin_read(vault_db(j->app->worker_vault), &tx);
    if (!j->e)
        j->e = write_bundle(j);
}

static void done(void *ctx)
{
    struct export_job *j = ctx;
    struct call *c = j->call;
    if (j->e == ERR_FULL)
        (void)diag_set(&j->d, j->e, "the disk is full: what was written is not a whole bundle");
    if (!j->e)
        call_row(c, json_pack("{s:I, s:I}", "lines", (json_int_t)j->lines + 2, "streams",
                              (json_int_t)j->streams));
    enum err e = j->e;
    struct diag d = j->d;
    export_writer_free(j->w);
    buf_fini(&j->out);
    free(j);
    if (e)
        call_end_diag(c, e, "export", &d);
    else
        call_end(c, EXIT_OK, NULL);
}

/* --- which campaign --- */

struct choosing {
    int64_t id;
    struct hash hash;
    size_t n;
};

static enum err choose(void *ctx, const struct doc_row *row, const char *title)
{
    struct choosing *g = ctx;
    (void)title;
    g->n++;
    g->id = row->id;
    g->hash = row->hash;
    return OK;
}

static enum err pick(struct call *c, struct export_job *j)
{
    struct hash h;
    struct doc_row row;
    bool found = false;
    struct choosing g = {0};
    const char *text = call_text(c, "campaign");
    if (text[0] != '\0') {
        enum err e = hash_parse_uri(bytes_str(text), &h)
                         ? ERR_NOTFOUND
                         : documents_find(c->app->vault, h, &found, &row);
        if (!e && (!found || strcmp(row.kind, "campaign") != 0))
            e = ERR_NOTFOUND;
        if (e)
            return diag_set(&j->d, e, "no such campaign: `inbox` lists them");
        j->campaign = row.id;
        j->campaign_hash = row.hash;
        return OK;
    }
    enum err e = documents_inbox(c->app->vault, "campaign", choose, &g);
    if (!e && g.n > 1)
        return diag_set(&j->d, ERR_INVALID, "there are %zu campaigns: name one with --campaign",
                        g.n);
    /* With one campaign the bundle is its own; with none everything is (it came with a bundle). */
    j->campaign = g.id;
    j->campaign_hash = g.hash;
    return e;
}

/* An export is logged as a read is: before its first byte. */
static enum err log_export(struct call *c, const struct export_job *j)
{
    struct records_count n = {0};
    enum err e = records_count(c->app->vault, &n);
    struct event ev = {.kind = EVENT_EXPORT,
                       .export = {.user = call_text(c, "by"),
                                  .role = "command",
                                  .purpose = "export",
                                  .items = n.items,
                                  .with_records = j->records >= 0,
                                  .outcome = "written"}};
    struct hash_uri campaign = hash_uri(j->campaign_hash);
    ev.export.campaign = j->campaign == 0 ? "" : campaign.s;
    if (!e)
        e = access_append(c->app, &ev);
    return e ? e : access_sync(c->app);
}

void call_export(struct call *c)
{
    struct export_job *j = calloc(1, sizeof *j);
    if (j == NULL || c->fds[0] < 0) {
        free(j);
        call_end(c, EXIT_USAGE, "the file's descriptor is missing");
        return;
    }
    j->call = c;
    j->app = c->app;
    j->fd = c->fds[0];
    j->records = c->fds[1];
    j->made_ms = clock_now_ms();
    buf_init(&j->out, OUT_MAX);
    enum err e = pick(c, j);
    if (!e)
        e = log_export(c, j);
    if (e) {
        struct diag d = j->d;
        free(j);
        call_end_diag(c, e, "export", &d);
        return;
    }
    call_on_worker(c, run, done, j);
}
