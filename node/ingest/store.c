/* store.c - one file into the vault. */
#include "node/ingest/store.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/text.h"
#include "io/charset.h"
#include "io/crypto.h"
#include "io/files.h"
#include "io/image.h"
#include "node/ingest/pour.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum err refuse_file(struct store_result *out, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(out->reason, sizeof out->reason, fmt, ap);
    va_end(ap);
    out->outcome = STORE_REFUSED;
    return ERR_INVALID;
}

static unsigned long long ull(uint64_t v)
{
    return v;
}

/* Sizes are judged before a byte is read. */
static enum err check_size(const struct config *c, const char *vault_path,
                           const struct store_file *f, uint64_t *size, struct store_result *out)
{
    struct stat st;
    struct stat vault;
    bool text = strcmp(f->kind, "text") == 0;
    uint64_t limit = text ? c->text_limit : c->image_limit;
    if (!text && strcmp(f->kind, "image") != 0)
        return refuse_file(
            out, "streams of kind %.20s are not taken by this version: text and image are",
            f->kind);
    if (fstat(f->fd, &st) != 0)
        return ERR_IO;
    if (!S_ISREG(st.st_mode))
        return refuse_file(out, "not a regular file");
    *size = (uint64_t)st.st_size;
    if (*size == 0)
        return refuse_file(out, "empty");
    if (*size > limit)
        return refuse_file(out, "%llu bytes, at most %llu are taken ([import] %s)", ull(*size),
                           ull(limit), text ? "text_limit" : "image_limit");
    if (c->size_limit > 0 && stat(vault_path, &vault) == 0 &&
        (uint64_t)vault.st_size + *size > c->size_limit)
        return refuse_file(out, "the vault would grow over its size_limit of %llu bytes",
                           ull(c->size_limit));
    return OK;
}

/* What begins with a byte order mark says its own encoding. */
static const char *marked(int fd, uint64_t *skip)
{
    /* The longer marks first: that of UTF-16LE begins that of UTF-32LE. */
    static const struct {
        const char *mark;
        uint8_t n;
        const char *encoding;
    } marks[] = {{"\xff\xfe\0\0", 4, "UTF-32LE"},
                 {"\0\0\xfe\xff", 4, "UTF-32BE"},
                 {"\xef\xbb\xbf", 3, "UTF-8"},
                 {"\xff\xfe", 2, "UTF-16LE"},
                 {"\xfe\xff", 2, "UTF-16BE"}};
    uint8_t b[4] = {0};
    ssize_t n = pread(fd, b, sizeof b, 0);
    *skip = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (n >= marks[i].n && memcmp(b, marks[i].mark, marks[i].n) == 0) {
            *skip = marks[i].n;
            return marks[i].encoding;
        }
    }
    return NULL;
}

/* Transcodes into memory that no disk ever sees; *fd is then ours. */
static enum err transcode(const struct config *c, const struct store_file *f, int *fd,
                          struct store_result *out)
{
    struct diag d = {0};
    uint64_t skip = 0;
    const char *mark = marked(f->fd, &skip);
    const char *from = mark != NULL ? mark : f->encoding;
    if (from[0] == '\0')
        return OK;
    AUTO_FD int memory = memfd_create("text", MFD_CLOEXEC);
    if (memory < 0)
        return ERR_NOMEM;
    enum err e = charset_to_utf8(f->fd, skip, from, memory, c->text_limit, &d);
    if (e == ERR_IO || e == ERR_NOMEM)
        return e;
    if (e)
        return refuse_file(out, "%s: %s", from, d.text);
    (void)snprintf(out->reason, sizeof out->reason, "%s",
                   mark != NULL ? "byte order mark taken off" : "");
    if (mark == NULL || strcmp(mark, "UTF-8") != 0)
        (void)snprintf(out->reason, sizeof out->reason, "transcoded from %.40s", from);
    *fd = fd_move(&memory);
    return OK;
}

static enum err check_picture(const struct config *c, const struct store_file *f, struct pour *p,
                              struct store_result *out)
{
    struct diag d = {0};
    struct image_info info = {0};
    enum err e = image_check(f->fd, c->pixel_limit, &info, &d);
    if (e == ERR_NOMEM || e == ERR_IO)
        return e;
    if (e)
        return refuse_file(out, "%s", d.text);
    p->media_type = info.media_type;
    p->w = info.w;
    p->h = info.h;
    return OK;
}

/* What stands in the vault already decides before anything is stored. */
static enum err check_place(struct vault *v, const struct store_file *f, struct pour *p,
                            struct store_result *out)
{
    struct record_stream there;
    bool found = false;
    bool in_work = false;
    enum err e = records_find(v, f->session, f->slot, &found, &there);
    if (!e && (!found || !there.whole))
        e = records_in_work(v, f->session, &in_work);
    if (e)
        return e;
    if (in_work)
        return refuse_file(out, "session %s is being labeled: its streams are settled", f->session);
    if (found && there.absent)
        return refuse_file(out, "session %s knows its %s by name only, from a bundle", f->session,
                           f->slot);
    p->settled = found && there.whole;
    p->there = there;
    p->partial = found && !there.whole ? there.id : 0;
    p->stored = found && !there.whole ? there.bytes : 0;
    return OK;
}

static enum err take(struct vault *v, const struct config *c, const char *vault_path,
                     const struct store_file *f, struct store_result *out)
{
    AUTO_FD int own = -1;
    struct pour p = {.v = v, .f = f, .fd = f->fd, .media_type = "text/plain"};
    enum err e = check_size(c, vault_path, f, &p.size, out);
    bool text = !e && strcmp(f->kind, "text") == 0;
    if (!e)
        e = check_place(v, f, &p, out);
    if (!e && text)
        e = transcode(c, f, &own, out);
    if (!e && !text)
        e = check_picture(c, f, &p, out);
    if (e)
        return e;
    p.text = text;
    p.fd = own >= 0 ? own : f->fd;
    return pour_run(&p, out);
}

static const char *outcome_word(enum store_outcome o)
{
    return o == STORE_TAKEN ? "taken" : o == STORE_DUPLICATE ? "duplicate" : "refused";
}

enum err store_take(struct vault *v, const struct config *c, const char *vault_path,
                    const struct store_file *f, struct store_result *out)
{
    *out = (struct store_result){.outcome = STORE_TAKEN};
    enum err e = take(v, c, vault_path, f, out);
    if (e && out->outcome != STORE_REFUSED)
        return e;
    if (f->dry_run || out->outcome == STORE_TAKEN)
        return OK; /* a taken file's line was written with its stream */
    CLEANUP(vault_end) struct vault_tx tx;
    e = vault_begin(v, &tx);
    if (!e)
        e = records_job_file(v, f->job, f->number, outcome_word(out->outcome), 0, out->reason);
    return e ? e : vault_commit(&tx);
}
