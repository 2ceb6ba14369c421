/* verify.c - `cloister-audit verify`. */
#include "verify.h"

#include "base/diag.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/json/json.h"
#include "io/files.h"
#include "pass.h"

#include <fcntl.h>
#include <inttypes.h>

static enum exit_status usage(FILE *log, const char *what, const char *why)
{
    (void)fprintf(log, "cloister-audit: %s: %s\n", what, why);
    return EXIT_USAGE;
}

static enum exit_status of_read(FILE *log, const char *path, enum err e)
{
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    return usage(log, path,
                 e == ERR_NOTFOUND  ? "no such file"
                 : e == ERR_TOOBIG  ? "over 1 MiB"
                 : e == ERR_INVALID ? "not a regular file"
                                    : "cannot be read");
}

static enum exit_status of_parse(FILE *log, const char *path, enum err e, const struct diag *d)
{
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    (void)fprintf(log, "cloister-audit: %s:%u: %s\n", path, d->line, d->text);
    return EXIT_USAGE;
}

static enum exit_status read_policy(const char *path, struct policy **out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(POLICY_BYTES);
    struct diag d = {0};
    enum err e = file_read(AT_FDCWD, path, POLICY_BYTES, &b);
    if (e)
        return of_read(log, path, e);
    e = policy_parse(buf_bytes(&b), out, &d);
    return e ? of_parse(log, path, e, &d) : EXIT_VALID;
}

static enum exit_status read_keys(const char *path, struct keys **out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(KEYS_BYTES);
    struct diag d = {0};
    enum err e = file_read(AT_FDCWD, path, KEYS_BYTES, &b);
    if (e)
        return of_read(log, path, e);
    e = keys_parse(buf_bytes(&b), out, &d);
    return e ? of_parse(log, path, e, &d) : EXIT_VALID;
}

static bool is_access(const char *origin)
{
    static const char end[] = "/access";
    size_t n = strlen(origin);
    return n >= sizeof end && strcmp(origin + n - (sizeof end - 1), end) == 0;
}

/* An access log stands alone; an exchange log has the one it is exchanged with beside it (5.1.8, 5.1.14). */
static enum exit_status mode_of(const struct verify_options *o, const struct policy *policy,
                                bool *access, FILE *log)
{
    const struct vkey *logs = NULL;
    size_t n = policy_logs(policy, &logs);
    *access = n == 1 && is_access(logs[0].name);
    if (*access && !policy_quorum_none(policy))
        return usage(log, o->policy, "an access log's policy says `quorum none`");
    if (*access && o->keys != NULL)
        return usage(log, o->keys, "an access log has no message keys");
    if (*access)
        return EXIT_VALID;
    if (n != 2 || strcmp(logs[0].name, logs[1].name) == 0)
        return usage(log, o->policy,
                     "two logs are wanted (this one and its peer's), or one access log");
    if (o->keys == NULL)
        return usage(log, "verify", "an exchange log wants --keys FILE");
    return EXIT_VALID;
}

static enum exit_status add_pin(struct pass *p, const char *text, FILE *log)
{
    struct mark m = {.kind = MARK_PIN};
    const char *colon = text == NULL ? NULL : strchr(text, ':');
    if (text == NULL)
        return EXIT_VALID;
    if (colon == NULL || parse_u64(bytes_of(text, (size_t)(colon - text)), INT64_MAX, &m.size) ||
        hash_parse_hex(bytes_str(colon + 1), &m.root))
        return usage(log, "--pin", "SIZE:ROOT is wanted, the root as 64 lower-case hex digits");
    return marks_add(&p->marks, m) ? EXIT_BUG : EXIT_VALID;
}

/* False where nothing can be verified for want of a checkpoint. */
static bool open_checkpoint(struct pass *p, const struct policy *policy)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    struct mark m = {.kind = MARK_CHECKPOINT};
    enum err e = logdir_read(&p->dir, "checkpoint", LOGDIR_NOTE_MAX, FINDING_LOG, &b);
    if (e == ERR_NOTFOUND)
        finding_add(p->found, E_READ, FINDING_LOG, "there is no checkpoint");
    if (e)
        return false;
    e = checkpoint_open(policy, buf_bytes(&b), &p->checkpoint, &m.quorum);
    if (e) {
        p->found->nomem = p->found->nomem || e == ERR_NOMEM;
        finding_add(p->found, E_CP_SIG, FINDING_LOG,
                    e == ERR_INVALID    ? "the checkpoint is malformed"
                    : e == ERR_NOTFOUND ? "the checkpoint is of a log that the policy does not name"
                                        : "the checkpoint has no valid signature of its log");
        return false;
    }
    m.size = p->checkpoint.size;
    m.root = p->checkpoint.root;
    memcpy(p->found->log, p->checkpoint.origin, sizeof p->found->log);
    if (marks_add(&p->marks, m))
        p->found->nomem = true;
    return true;
}

static const char *peer_of(const struct policy *policy, const char *origin)
{
    const struct vkey *logs = NULL;
    size_t n = policy_logs(policy, &logs);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(logs[i].name, origin) != 0)
            return logs[i].name;
    }
    return "";
}

static void judge_marks(struct pass *p)
{
    /* One missing bundle would turn everything into a fork (5.1.5). */
    if (!p->stopped && !p->found->seen[E_ROOT] && !p->found->seen[E_TILE])
        marks_judge(&p->marks, p->found, p->checkpoint.size);
    if (!p->have_quorum)
        finding_add(p->found, QUORUM, FINDING_LOG,
                    "no checkpoint has the cosignatures that the policy asks for");
}

static void run(struct pass *p, const struct policy *policy, struct keys *keys)
{
    const char *peer = peer_of(policy, p->checkpoint.origin);
    messages_init(&p->messages, p->found, keys, p->checkpoint.origin, peer);
    marks_read_cp(&p->marks, &p->dir, policy, p->checkpoint.origin);
    if (p->access && logdir_is_folder(&p->dir, "peer"))
        finding_add(p->found, E_LAYOUT, FINDING_LOG, "an access log has no peer/");
    else if (!p->access)
        marks_check_peer(&p->dir, policy, peer);
    marks_sort(&p->marks);
    p->have_quorum = marks_quorum(&p->marks, p->checkpoint.size, &p->quorum_size);
    pass_run(p);
    layout_check_tiles(&p->dir, p->checkpoint.size);
    layout_check_frames(&p->dir, &p->named);
    judge_marks(p);
}

static void summary(const struct verify_options *o, const struct pass *p, enum exit_status status,
                    FILE *log)
{
    const struct findings *f = p->found;
    const char *first = findings_first(f);
    struct hash_text root = hash_hex(p->checkpoint.root);
    if (o->json) {
        CLEANUP(buf_fini) struct buf line = BUF_INIT(65536);
        AUTO_JSON j = json_pack("{s:s, s:I, s:s, s:I, s:i}", "log", f->log, "size",
                                (json_int_t)p->entries.size, "root", root.s, "findings",
                                (json_int_t)f->n + (json_int_t)f->more, "exit", (int)status);
        if (j != NULL && json_canonical(j, &line) == OK)
            (void)fprintf(log, "%.*s\n", (int)line.n, (const char *)line.p);
        return;
    }
    (void)fprintf(log, "cloister-audit: %s: %" PRIu64 " entries read, signed root %s\n", f->log,
                  p->entries.size, root.s);
    if (status == EXIT_VALID)
        (void)fprintf(log, "cloister-audit: all checks pass\n");
    else if (first != NULL)
        (void)fprintf(log, "cloister-audit: %zu findings, exit %d; the first: %s\n",
                      f->n + (size_t)f->more, (int)status, first);
}

static enum exit_status on_log(const struct verify_options *o, const struct policy *policy,
                               struct keys *keys, bool access, FILE *out, FILE *log)
{
    CLEANUP(findings_fini) struct findings found;
    AUTO(pass) p = pass_new();
    AUTO_FD int fd = -1;
    findings_init(&found);
    if (p == NULL)
        return EXIT_BUG;
    p->found = &found;
    p->access = access;
    enum exit_status s = add_pin(p, o->pin, log);
    if (s != EXIT_VALID)
        return s;
    enum err e = dir_open(AT_FDCWD, o->log, &fd);
    if (e)
        finding_add(&found, e == ERR_INVALID ? E_LINK : E_READ, FINDING_LOG,
                    "%s: no folder that can be read", o->log);
    p->dir = (struct logdir){.fd = fd, .found = &found};
    if (!e && open_checkpoint(p, policy))
        run(p, policy, keys);
    s = findings_exit(&found, o->strict);
    if (s != EXIT_BUG && findings_print(&found, out))
        s = EXIT_BUG;
    summary(o, p, s, log);
    return s;
}

enum exit_status verify(const struct verify_options *o, FILE *out, FILE *log)
{
    AUTO(policy) policy = NULL;
    AUTO(keys) keys = NULL;
    bool access = false;
    if (o->policy == NULL)
        return usage(log, "verify", "--policy FILE is wanted: it says whose signatures count");
    enum exit_status s = read_policy(o->policy, &policy, log);
    if (s == EXIT_VALID && o->keys != NULL)
        s = read_keys(o->keys, &keys, log);
    if (s == EXIT_VALID)
        s = mode_of(o, policy, &access, log);
    if (s == EXIT_VALID)
        s = on_log(o, policy, keys, access, out, log);
    if (s == EXIT_BUG)
        (void)fprintf(log, "cloister-audit: internal error or out of memory\n");
    return s;
}
