/* evidence.c - the form and the judgement. */
#include "evidence.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "base/text.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/lines.h"
#include "core/wire/msgnote.h"
#include "documents.h"
#include "io/files.h"
#include "trust.h"

#include <fcntl.h>

static const char head_line[] = "cloister-evidence/v1";
static const char *const kinds[] = {
    [EVIDENCE_MESSAGES] = "messages",
    [EVIDENCE_CHECKPOINTS] = "checkpoints",
    [EVIDENCE_PREFIX] = "prefix",
    [EVIDENCE_DOCUMENTS] = "documents",
};
enum { EVIDENCE_MODE = 0644, KINDS = sizeof kinds / sizeof kinds[0] };

/* --- the form --- */

static void put_part(struct buf *out, struct bytes part)
{
    (void)buf_printf(out, "%zu\n", part.n);
    (void)buf_put(out, part);
}

static void put_hash(struct buf *out, struct hash h)
{
    (void)base64_put(out, hash_bytes(&h));
    (void)buf_putc(out, '\n');
}

enum err evidence_put(const struct evidence *e, struct buf *out)
{
    CLEANUP(buf_fini) struct buf proof = BUF_INIT(8192);
    (void)buf_printf(out, "%s\n%s\n", head_line, kinds[e->kind]);
    put_part(out, e->first);
    put_part(out, e->second);
    if (e->kind != EVIDENCE_PREFIX)
        return buf_err(out);
    put_hash(&proof, e->root);
    for (size_t i = 0; i < e->proof.n; i++)
        put_hash(&proof, e->proof.h[i]);
    put_part(out, buf_bytes(&proof));
    return buf_err(&proof) ? buf_err(&proof) : buf_err(out);
}

enum err evidence_keep(const struct evidence *e, int folder)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(EVIDENCE_BYTES);
    char name[32];
    enum err failed = evidence_put(e, &text);
    if (failed)
        return failed;
    /* Named by what it holds: the same input gives the same files. */
    (void)snprintf(name, sizeof name, "%.16s.evidence", hash_hex(sha256_of(buf_bytes(&text))).s);
    return file_replace(folder, name, buf_bytes(&text), EVIDENCE_MODE);
}

static enum err take_part(struct bytes *rest, struct bytes *part)
{
    struct bytes line;
    uint64_t n = 0;
    if (!line_next(rest, &line) || parse_u64(line, EVIDENCE_BYTES, &n) || n > rest->n)
        return ERR_INVALID;
    *part = bytes_of(rest->p, (size_t)n);
    *rest = bytes_skip(*rest, (size_t)n);
    return OK;
}

static enum err take_hash(struct bytes *rest, struct hash *out)
{
    struct bytes line;
    size_t n = 0;
    if (!line_next(rest, &line) || base64_decode(line, out->b, sizeof out->b, &n) ||
        n != sizeof out->b)
        return ERR_INVALID;
    return OK;
}

static enum err take_proof(struct bytes part, struct evidence *e)
{
    enum err failed = take_hash(&part, &e->root);
    for (e->proof.n = 0; !failed && part.n > 0; e->proof.n++)
        failed = e->proof.n == PROOF_MAX ? ERR_INVALID : take_hash(&part, &e->proof.h[e->proof.n]);
    return failed;
}

enum err evidence_parse(struct bytes in, struct evidence *out)
{
    struct evidence e = {.kind = EVIDENCE_MESSAGES};
    struct bytes rest = in;
    struct bytes line;
    struct bytes proof;
    unsigned k = 0;
    if (!line_next(&rest, &line) || !bytes_eq(line, bytes_str(head_line)) ||
        !line_next(&rest, &line))
        return ERR_INVALID;
    while (k < KINDS && !bytes_eq(line, bytes_str(kinds[k])))
        k++;
    if (k == KINDS || take_part(&rest, &e.first) || take_part(&rest, &e.second))
        return ERR_INVALID;
    e.kind = (enum evidence_kind)k;
    if (e.kind == EVIDENCE_PREFIX && (take_part(&rest, &proof) || take_proof(proof, &e)))
        return ERR_INVALID;
    if (rest.n > 0)
        return ERR_INVALID;
    *out = e;
    return OK;
}

/* --- the judgement --- */

/* Both notes are signed by one key that may have been in force at that message. */
static bool both_signed(const struct keys *keys, const struct note *a, const struct note *b,
                        const struct msgnote *m)
{
    char name[VKEY_NAME_MAX + 8];
    size_t at = 0;
    if (m->from.n > VKEY_NAME_MAX)
        return false;
    (void)snprintf(name, sizeof name, "%.*s/msg", (int)m->from.n, (const char *)m->from.p);
    for (const struct vkey *k = NULL;
         (k = keys_candidate(keys, &at, bytes_str(name), m->session, m->seq)) != NULL;) {
        struct note_seal x;
        struct note_seal y;
        if (!note_verify(a, k, 1, &x) && x.valid && !note_verify(b, k, 1, &y) && y.valid)
            return true;
    }
    return false;
}

static const char *judge_messages(const struct evidence *e, const struct keys *keys,
                                  struct bytes *who)
{
    struct note a;
    struct note b;
    struct msgnote x;
    struct msgnote y;
    if (note_parse(e->first, &a) || note_parse(e->second, &b) || msgnote_parse(a.text, &x) ||
        msgnote_parse(b.text, &y))
        return "they are not two notes of messages";
    *who = x.from;
    if (!bytes_eq(x.from, y.from) || !bytes_eq(x.to, y.to) || x.seq != y.seq ||
        memcmp(x.session, y.session, sizeof x.session) != 0)
        return "they are two messages of different number, session or sides";
    if (bytes_eq(a.text, b.text))
        return "they are one message: the text is the same";
    return keys != NULL && both_signed(keys, &a, &b, &x)
               ? NULL
               : "they are not both signed by a key of their sender";
}

static bool open_signed(const struct policy *policy, struct bytes note, struct checkpoint *out)
{
    const struct vkey *logs = NULL;
    size_t n = policy == NULL ? 0 : policy_logs(policy, &logs);
    struct note parsed;
    for (size_t i = 0; i < n; i++) {
        if (!note_open(note, &logs[i], &parsed) && !checkpoint_parse(parsed.text, out) &&
            strcmp(out->origin, logs[i].name) == 0)
            return true;
    }
    return false;
}

static const char *judge_checkpoints(const struct evidence *e, const struct policy *policy,
                                     struct bytes *who)
{
    struct note n;
    struct checkpoint a;
    struct checkpoint b;
    if (!open_signed(policy, e->first, &a) || !open_signed(policy, e->second, &b))
        return "they are not two checkpoints that logs of the policy have signed";
    if (strcmp(a.origin, b.origin) != 0)
        return "they are checkpoints of two logs";
    if (!note_parse(e->first, &n))
        *who = bytes_of(n.text.p, strlen(a.origin));
    if (e->kind == EVIDENCE_CHECKPOINTS)
        return a.size != b.size          ? "their sizes are different"
               : hash_eq(a.root, b.root) ? "their root is the same"
                                         : NULL;
    if (a.size == 0 || a.size >= b.size)
        return "the first is not the older one";
    if (hash_eq(a.root, e->root))
        return "the second grew out of the first";
    return proof_consistent(&e->proof, a.size, e->root, b.size, b.root)
               ? NULL
               : "the proof of what the second log holds does not hold";
}

const char *evidence_judge(const struct evidence *e, const struct policy *policy,
                           const struct keys *keys, struct bytes *who)
{
    *who = bytes_of(NULL, 0);
    return e->kind == EVIDENCE_MESSAGES ? judge_messages(e, keys, who)
                                        : judge_checkpoints(e, policy, who);
}

/* --- the command --- */

static enum exit_status read_file(const char *path, struct buf *b, FILE *log)
{
    enum err e = file_read(AT_FDCWD, path, EVIDENCE_BYTES, b);
    if (!e)
        return EXIT_VALID;
    (void)trust_refuse(log, path,
                       e == ERR_TOOBIG  ? "over 5 MiB"
                       : e == ERR_NOMEM ? "out of memory"
                                        : "cannot be read");
    return e == ERR_NOMEM ? EXIT_BUG : EXIT_UNREADABLE;
}

static enum exit_status refuse_proof(FILE *log, const char *why)
{
    (void)fprintf(log, "cloister-audit: it proves nothing: %s\n", why);
    return EXIT_BROKEN;
}

static enum exit_status ended(FILE *out)
{
    return fflush(out) == 0 ? EXIT_EVIDENCE : EXIT_BUG;
}

static enum exit_status say_documents(const struct evidence *e, const struct rosters *rosters,
                                      FILE *out, FILE *log)
{
    CLEANUP(buf_fini) struct buf words = BUF_INIT(8192);
    const char *why = NULL;
    if (rosters->n == 0)
        return trust_refuse(log, "evidence", "two documents want --roster FILE");
    enum err failed = documents_judge(e->first, e->second, rosters, &words, &why);
    if (failed == ERR_DENIED)
        return refuse_proof(log, why);
    if (failed || fwrite(words.p, 1, words.n, out) != words.n)
        return EXIT_BUG;
    return ended(out);
}

static enum exit_status say_notes(const struct evidence *e, const struct policy *policy,
                                  const struct keys *keys, FILE *out, FILE *log)
{
    struct bytes who;
    bool messages = e->kind == EVIDENCE_MESSAGES;
    if (messages ? keys == NULL : policy == NULL)
        return trust_refuse(log, "evidence",
                            messages ? "two messages want --keys FILE"
                                     : "two checkpoints want --policy FILE");
    const char *why = evidence_judge(e, policy, keys, &who);
    if (why != NULL)
        return refuse_proof(log, why);
    (void)fprintf(out, "%.*s has signed two %s that cannot both be honest\n", (int)who.n,
                  (const char *)who.p, messages ? "messages of one number" : "checkpoints");
    return ended(out);
}

static bool version_unknown(struct bytes text)
{
    static const char any[] = "cloister-evidence/v";
    struct bytes first;
    return line_next(&text, &first) && bytes_begin(first, bytes_str(any)) &&
           !bytes_eq(first, bytes_str(head_line));
}

enum exit_status evidence(const struct evidence_options *o, FILE *out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(EVIDENCE_BYTES);
    CLEANUP(rosters_fini) struct rosters rosters = {.n = 0};
    AUTO(policy) policy = NULL;
    AUTO(keys) keys = NULL;
    struct evidence e;
    if (o->policy == NULL && o->keys == NULL && o->rosters.n == 0)
        return trust_refuse(log, "evidence",
                            "--policy FILE and --keys FILE, or --roster FILE, are wanted: they say "
                            "whose keys count");
    enum exit_status s = o->policy == NULL ? EXIT_VALID : trust_policy(o->policy, &policy, log);
    if (s == EXIT_VALID && o->keys != NULL)
        s = trust_keys(o->keys, &keys, log);
    if (s == EXIT_VALID && o->rosters.n > 0)
        s = rosters_read(&o->rosters, &rosters, log);
    if (s == EXIT_VALID)
        s = read_file(o->file, &b, log);
    if (s != EXIT_VALID)
        return s;
    if (version_unknown(buf_bytes(&b))) {
        (void)trust_refuse(log, "evidence", "a version that this tool does not know");
        return EXIT_UNREADABLE;
    }
    if (evidence_parse(buf_bytes(&b), &e))
        return refuse_proof(log, "it is no file of evidence");
    return e.kind == EVIDENCE_DOCUMENTS ? say_documents(&e, &rosters, out, log)
                                        : say_notes(&e, policy, keys, out, log);
}
