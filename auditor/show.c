/* show.c - one entry. */
#include "show.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/entry.h"
#include "core/tlog/proof.h"
#include "core/wire/body_json.h"
#include "core/wire/frame.h"
#include "event_json.h"
#include "io/files.h"
#include "lookup.h"

#include "core/identity/note.h"

#include <fcntl.h>
#include <inttypes.h>

struct one {
    struct findings found;
    int fd;
    struct logdir dir;
    struct buf note; /* the checkpoint's */
    struct checkpoint checkpoint;
    uint64_t index;
    struct bytes text; /* of the entry */
    struct entry entry;
    bool parsed;
    struct lookup lookup;
};

static void one_fini(struct one *x)
{
    findings_fini(&x->found);
    fd_auto(&x->fd);
    buf_fini(&x->note);
    lookup_fini(&x->lookup);
}

static enum err load_checkpoint(struct one *x)
{
    struct note n;
    enum err e = logdir_read(&x->dir, "checkpoint", LOGDIR_NOTE_MAX, FINDING_LOG, &x->note);
    if (e == ERR_NOTFOUND)
        finding_add(&x->found, E_READ, FINDING_LOG, "there is no checkpoint");
    if (e)
        return e;
    e = note_parse(buf_bytes(&x->note), &n);
    if (!e)
        e = checkpoint_parse(n.text, &x->checkpoint);
    if (e)
        finding_add(&x->found, E_CP_SIG, FINDING_LOG, "the checkpoint is malformed");
    return e;
}

static enum exit_status refuse(FILE *log, const char *what, const char *why,
                               enum exit_status status)
{
    (void)fprintf(log, "cloister-audit: %s: %s\n", what, why);
    return status;
}

/* Opens the log and finds the entry with its proof; the status of what went wrong otherwise, said aloud. */
static enum exit_status load(struct one *x, const char *dir, const char *index, struct proof *proof,
                             FILE *log)
{
    *x = (struct one){.fd = -1};
    findings_init(&x->found);
    buf_init(&x->note, LOGDIR_NOTE_MAX);
    if (parse_u64_str(index, INT64_MAX, &x->index))
        return refuse(log, index, "not the number of an entry", EXIT_USAGE);
    if (dir_open(AT_FDCWD, dir, &x->fd))
        return refuse(log, dir, "no folder that can be read", EXIT_UNREADABLE);
    x->dir = (struct logdir){.fd = x->fd, .found = &x->found};
    enum err e = load_checkpoint(x);
    lookup_init(&x->lookup, x->dir, x->checkpoint.size);
    if (!e && x->index >= x->checkpoint.size)
        return refuse(log, index, "the log is not that long", EXIT_USAGE);
    if (!e)
        e = lookup_entry(&x->lookup, x->index, &x->text);
    if (!e)
        e = proof_inclusion(x->index, x->checkpoint.size, lookup_node, &x->lookup, proof);
    if (!e && !proof_includes(proof, x->index, x->checkpoint.size, tree_leaf_hash(x->text),
                              x->checkpoint.root)) {
        finding_add(&x->found, E_ROOT, x->index,
                    "entry %" PRIu64 " is not the one under the checkpoint's root", x->index);
    }
    const char *first = findings_first(&x->found);
    if (e == ERR_NOMEM || x->found.nomem)
        return refuse(log, dir, "out of memory", EXIT_BUG);
    if (first != NULL)
        return refuse(log, dir, first, findings_exit(&x->found, false));
    return EXIT_VALID;
}

/* What a message says, or a local event; null where the frame is gone or holds no such thing. */
static json_t *described(struct one *x)
{
    CLEANUP(arena_fini) struct arena a;
    struct event ev;
    struct frame f;
    struct body said;
    struct bytes frame;
    arena_init(&a, (size_t)FRAME_BUDGET * LOGDIR_FRAME_MAX);
    if (x->entry.kind == ENTRY_REJ || lookup_frame(&x->lookup, x->entry.frame, &frame))
        return json_null();
    if (x->entry.kind == ENTRY_LOCAL)
        return event_frame_read(frame, &a, &ev) == OK ? event_json(&ev) : json_null();
    return frame_read(frame, &a, &f) == OK && body_read(f.body, &a, &said) == OK ? body_json(&said)
                                                                                 : json_null();
}

static enum err put_json(const json_t *j, FILE *out)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)8 * BODY_MAX);
    enum err e = json_canonical(j, &b);
    if (!e)
        e = buf_putc(&b, '\n');
    if (!e && fwrite(b.p, 1, b.n, out) != b.n)
        e = ERR_IO;
    return e;
}

static enum err put_words(const struct one *x, const json_t *what, FILE *out)
{
    char when[CLOCK_TEXT];
    if (fwrite(x->text.p, 1, x->text.n, out) != x->text.n)
        return ERR_IO;
    (void)fprintf(out, "# %s, leaf %s\n", clock_rfc3339(x->entry.time_ms, when),
                  hash_hex(tree_leaf_hash(x->text)).s);
    if (json_is_null(what))
        return OK;
    (void)fprintf(out, "# ");
    return put_json(what, out);
}

enum exit_status show(const char *log_dir, const char *index, bool json, FILE *out, FILE *log)
{
    CLEANUP(one_fini) struct one x;
    struct proof p;
    enum exit_status s = load(&x, log_dir, index, &p, log);
    if (s != EXIT_VALID)
        return s;
    if (entry_parse(x.text, &x.entry))
        return refuse(log, index, "the entry is malformed", EXIT_BROKEN);
    json_t *what = described(&x);
    bool local = x.entry.kind == ENTRY_LOCAL;
    AUTO_JSON j =
        json_pack("{s:I, s:I, s:s, s:{s:I, s:s}, s:s, s:o, s:o}", "index",
                  (json_int_t)x.entry.index, "time_ms", (json_int_t)x.entry.time_ms, "kind",
                  entry_kind_name(x.entry.kind), "frame", "bytes", (json_int_t)x.entry.frame_size,
                  "sha256", hash_hex(x.entry.frame).s, "leaf", hash_hex(tree_leaf_hash(x.text)).s,
                  "event", local ? what : json_null(), "says", local ? json_null() : what);
    if (j == NULL)
        return refuse(log, index, "out of memory", EXIT_BUG);
    enum err e = json ? put_json(j, out) : put_words(&x, what, out);
    return e || fflush(out) != 0 ? refuse(log, index, "cannot be printed", EXIT_BUG) : EXIT_VALID;
}

enum exit_status proof(const char *log_dir, const char *index, FILE *out, FILE *log)
{
    CLEANUP(one_fini) struct one x;
    CLEANUP(buf_fini) struct buf b = BUF_INIT((size_t)4 << 20);
    struct proof p = {.n = 0};
    enum exit_status s = load(&x, log_dir, index, &p, log);
    if (s != EXIT_VALID)
        return s;
    (void)buf_puts(&b, "c2sp.org/tlog-proof@v1\nextra ");
    (void)base64_put(&b, x.text);
    (void)buf_printf(&b, "\nindex %" PRIu64 "\n", x.index);
    for (size_t i = 0; i < p.n; i++) {
        (void)base64_put(&b, hash_bytes(&p.h[i]));
        (void)buf_putc(&b, '\n');
    }
    (void)buf_putc(&b, '\n');
    (void)buf_put(&b, buf_bytes(&x.note));
    if (buf_err(&b) || fwrite(b.p, 1, b.n, out) != b.n || fflush(out) != 0)
        return refuse(log, index, "cannot be printed", EXIT_BUG);
    return EXIT_VALID;
}
