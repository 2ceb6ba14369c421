/* trust.c - reading the auditor's own files. */
#include "trust.h"

#include "base/buf.h"
#include "io/files.h"
#include "marks.h"

#include <fcntl.h>

enum exit_status trust_refuse(FILE *log, const char *what, const char *why)
{
    (void)fprintf(log, "cloister-audit: %s: %s\n", what, why);
    return EXIT_USAGE;
}

static enum exit_status of_read(FILE *log, const char *path, enum err e)
{
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    return trust_refuse(log, path,
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

enum exit_status trust_policy(const char *path, struct policy **out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(POLICY_BYTES);
    struct diag d = {0};
    enum err e = file_read(AT_FDCWD, path, POLICY_BYTES, &b);
    if (e)
        return of_read(log, path, e);
    e = policy_parse(buf_bytes(&b), out, &d);
    return e ? of_parse(log, path, e, &d) : EXIT_VALID;
}

enum exit_status trust_keys(const char *path, struct keys **out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(KEYS_BYTES);
    struct diag d = {0};
    enum err e = file_read(AT_FDCWD, path, KEYS_BYTES, &b);
    if (e)
        return of_read(log, path, e);
    e = keys_parse(buf_bytes(&b), out, &d);
    return e ? of_parse(log, path, e, &d) : EXIT_VALID;
}

enum exit_status trust_checkpoint(const char *path, const struct policy *policy,
                                  struct checkpoint *out, FILE *log)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    bool quorum = false;
    enum err e = file_read(AT_FDCWD, path, LOGDIR_NOTE_MAX, &b);
    if (e)
        return of_read(log, path, e);
    e = checkpoint_open(policy, buf_bytes(&b), out, &quorum);
    if (e == ERR_NOMEM)
        return EXIT_BUG;
    return e ? trust_refuse(log, path, "not a checkpoint that a log of the policy has signed")
             : EXIT_VALID;
}
