/* pour.c - hash, check and store in one pass. A partial stream that an interrupted import left is compared chunk by chunk and
 * gone on with. The intake reads, hashes and checks ahead; here is what touches the vault. */
#include "node/ingest/pour.h"

#include "base/buf.h"
#include "base/hex.h"
#include "core/json/json.h"
#include "node/ingest/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DROP_STEP = 64,
    CHUNKS_PER_COMMIT = STORE_COMMIT / VAULT_CHUNK,
    COMMITS_PER_CHECKPOINT = STORE_CHECKPOINT / STORE_COMMIT,
};

struct flow {
    struct pour *p;
    struct intake *in;
    struct bytes chunk; /* borrowed of the intake */
    uint8_t *old; /* what the vault has of a partial stream's chunk; NULL where there is none */
    uint64_t n;   /* chunks read */
    uint64_t bytes;
    int64_t stream; /* 0 until something is stored */
    bool writing;   /* past what a partial stream holds */
    struct vault_tx tx;
    unsigned in_tx;
    unsigned commits; /* since the last checkpoint */
};

static enum err flow_begin(struct flow *w)
{
    int64_t session = 0;
    const struct store_file *f = w->p->f;
    enum err e = records_session(w->p->v, f->session, hash_bytes(&f->patient), f->now_ms, &session);
    return e ? e : records_begin(w->p->v, session, f->slot, f->kind, w->p->media_type, &w->stream);
}

/* The worker is busy with this file, so nobody else would move the -wal into the vault: it would grow to the file's size, and
 * a -wal that grows costs a file system more at each sync than one that is written over. */
static enum err flow_commit(struct flow *w)
{
    w->in_tx = 0;
    enum err e = vault_commit(&w->tx);
    if (!e && w->p->f->progress != NULL)
        w->p->f->progress(w->p->f->ctx, w->bytes);
    if (e || ++w->commits < COMMITS_PER_CHECKPOINT)
        return e;
    w->commits = 0;
    return db_checkpoint(vault_db(w->p->v));
}

static enum err flow_put(struct flow *w)
{
    enum err e = OK;
    if (w->in_tx == 0)
        e = vault_begin(w->p->v, &w->tx);
    if (!e && w->stream == 0)
        e = flow_begin(w);
    if (!e)
        e = records_put(w->p->v, w->stream, w->n, w->chunk);
    if (e || ++w->in_tx < CHUNKS_PER_COMMIT)
        return e;
    return flow_commit(w);
}

/* Drops a partial stream a few chunks at a time. */
static enum err flow_drop(struct vault *v, int64_t stream)
{
    bool left = stream != 0;
    while (left) {
        CLEANUP(vault_end) struct vault_tx tx;
        enum err e = vault_begin(v, &tx);
        if (!e)
            e = records_drop(v, stream, DROP_STEP, &left);
        if (!e)
            e = vault_commit(&tx);
        if (e)
            return e;
    }
    return OK;
}

/* Is this chunk what the interrupted import stored? Then it need not be stored again. */
static enum err flow_compare(struct flow *w, bool *same)
{
    size_t got = 0;
    enum err e = records_read(w->p->v, w->stream, w->n * VAULT_CHUNK, w->old, w->chunk.n, &got);
    *same = !e && bytes_eq(bytes_of(w->old, got), w->chunk);
    return e;
}

static enum err flow_chunk(struct flow *w)
{
    const struct pour *p = w->p;
    w->bytes += w->chunk.n;
    if (p->settled || p->f->dry_run)
        return OK;
    if (!w->writing && w->stream != 0 && w->bytes <= p->stored) {
        bool same = false;
        enum err e = flow_compare(w, &same);
        if (e || same)
            return e;
    }
    if (!w->writing && w->stream != 0 && w->bytes - w->chunk.n < p->stored)
        return ERR_CONFLICT; /* another file than the interrupted one: begin anew */
    w->writing = true;
    return flow_put(w);
}

static enum err refuse_text(const struct intake *in, struct store_result *out)
{
    bool cut = false;
    unsigned long long at = intake_bad(in, &cut);
    return refuse_file(out,
                       cut ? "not UTF-8 at byte %llu: it ends inside a character"
                           : "not UTF-8 at byte %llu: name its --encoding",
                       at);
}

static enum err flow_read(struct flow *w, struct store_result *out)
{
    const struct store_file *f = w->p->f;
    for (;; w->n++) {
        enum err e = intake_next(w->in, &w->chunk);
        if (e == ERR_INVALID)
            return refuse_text(w->in, out);
        if (!e && f->stopping != NULL && f->stopping(f->ctx))
            e = ERR_CLOSED;
        if (e || w->chunk.n == 0)
            return e;
        e = flow_chunk(w);
        if (e)
            return e;
    }
}

static enum err stream_doc(const struct flow *w, struct hash hash, struct buf *out)
{
    AUTO_JSON doc = NULL;
    if (w->p->text)
        doc = json_pack("{s:s, s:I, s:s}", "kind", "text", "length",
                        (json_int_t)intake_length(w->in), "sha256", hash_uri(hash).s);
    else
        doc = json_pack("{s:s, s:I, s:I, s:i, s:s}", "kind", "image", "w", (json_int_t)w->p->w, "h",
                        (json_int_t)w->p->h, "frames", 1, "sha256", hash_uri(hash).s);
    return doc == NULL ? ERR_NOMEM : json_canonical(doc, out);
}

static enum err name_duplicate(struct store_result *out, const struct record_stream *of,
                               const struct store_file *f)
{
    bool here = strcmp(of->pseudonym, f->session) == 0 && strcmp(of->slot, f->slot) == 0;
    out->outcome = STORE_DUPLICATE;
    if (here)
        (void)snprintf(out->reason, sizeof out->reason, "already here, in session %s",
                       of->pseudonym);
    else
        (void)snprintf(out->reason, sizeof out->reason, "the same bytes as %s of session %s",
                       of->slot, of->pseudonym);
    return OK;
}

/* Whole stream, or what it is a duplicate of. */
static enum err flow_finish(struct flow *w, struct hash hash, struct store_result *out)
{
    struct record_stream same;
    bool found = false;
    CLEANUP(buf_fini) struct buf doc = BUF_INIT(1024);
    struct pour *p = w->p;
    if (p->settled)
        return hash_eq(p->there.sha256, hash)
                   ? name_duplicate(out, &p->there, p->f)
                   : refuse_file(out, "session %s has another %s already: streams never change",
                                 p->f->session, p->f->slot);
    enum err e = records_find_hash(p->v, hash, &found, &same);
    if (e)
        return e;
    if (found) {
        vault_end(&w->tx);
        e = name_duplicate(out, &same, p->f);
        return e ? e : flow_drop(p->v, w->stream);
    }
    out->bytes = w->bytes;
    if (p->f->dry_run)
        return OK;
    e = stream_doc(w, hash, &doc);
    if (!e && w->in_tx == 0)
        e = vault_begin(p->v, &w->tx);
    if (!e && w->stream == 0)
        e = flow_begin(w);
    if (!e)
        e = records_finish(p->v, w->stream, w->bytes, hash, p->media_type, buf_cstr(&doc), NULL);
    if (!e && p->f->time[0] != '\0')
        e = records_set_time(p->v, w->stream, p->f->time);
    if (!e)
        e = records_job_file(p->v, p->f->job, p->f->number, "taken", w->stream, NULL);
    return e ? e : vault_commit(&w->tx);
}

static enum err pour_once(struct pour *p, struct store_result *out)
{
    AUTO(intake) in = NULL;
    AUTO_MEM uint8_t *old = p->partial != 0 ? malloc(VAULT_CHUNK) : NULL;
    if (p->partial != 0 && old == NULL)
        return ERR_NOMEM;
    if (lseek(p->fd, 0, SEEK_SET) != 0)
        return ERR_IO;
    enum err e = intake_new(p->fd, p->text, p->size, &in);
    if (e)
        return e;
    struct flow w = {.p = p, .in = in, .old = old, .stream = p->partial};
    e = flow_read(&w, out);
    if (!e)
        e = flow_finish(&w, intake_hash(in), out);
    vault_end(&w.tx);
    if (out->outcome != STORE_REFUSED && e != ERR_CONFLICT)
        return e;
    /* What a refused file left is taken out again. */
    struct record_stream left;
    bool found = false;
    enum err gone = p->settled ? OK : records_find(p->v, p->f->session, p->f->slot, &found, &left);
    if (!gone && found && !left.whole && !left.absent)
        gone = flow_drop(p->v, left.id);
    return gone ? gone : e;
}

enum err pour_run(struct pour *p, struct store_result *out)
{
    enum err e = pour_once(p, out);
    if (e != ERR_CONFLICT)
        return e;
    p->partial = 0;
    p->stored = 0;
    return pour_once(p, out);
}
