/* verify.c - `cloister-audit verify`. */
#include "verify.h"

#include "base/hex.h"
#include "base/text.h"
#include "core/json/json.h"
#include "onelog.h"
#include "trust.h"

#include <inttypes.h>

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
        return trust_refuse(log, o->policy, "an access log's policy says `quorum none`");
    if (*access && o->keys != NULL)
        return trust_refuse(log, o->keys, "an access log has no message keys");
    if (*access)
        return EXIT_VALID;
    if (n != 2 || strcmp(logs[0].name, logs[1].name) == 0)
        return trust_refuse(log, o->policy,
                            "two logs are wanted (this one and its peer's), or one access log");
    if (o->keys == NULL)
        return trust_refuse(log, "verify", "an exchange log wants --keys FILE");
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
        return trust_refuse(log, "--pin",
                            "SIZE:ROOT is wanted, the root as 64 lower-case hex digits");
    return marks_add(&p->marks, m) ? EXIT_BUG : EXIT_VALID;
}

/* Once the log is open: whose it is, is known then. */
static enum exit_status add_since(struct pass *p, const char *path, const struct policy *policy,
                                  FILE *log)
{
    struct checkpoint c;
    if (path == NULL)
        return EXIT_VALID;
    enum exit_status s = trust_checkpoint(path, policy, &c, log);
    if (s != EXIT_VALID)
        return s;
    if (strcmp(c.origin, p->checkpoint.origin) != 0)
        return trust_refuse(log, path, "a checkpoint of another log");
    struct mark m = {.kind = MARK_PIN, .size = c.size, .root = c.root};
    return marks_add(&p->marks, m) ? EXIT_BUG : EXIT_VALID;
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
    CLEANUP(onelog_fini) struct onelog x;
    if (!onelog_init(&x))
        return EXIT_BUG;
    x.pass->access = access;
    enum exit_status s = add_pin(x.pass, o->pin, log);
    if (s != EXIT_VALID)
        return s;
    if (onelog_open(&x, o->log, policy)) {
        s = add_since(x.pass, o->since, policy, log);
        if (s != EXIT_VALID)
            return s;
        onelog_verify(&x, policy, keys);
    }
    if (x.absent)
        finding_add(&x.found, E_READ, FINDING_LOG, "%s: no folder of that name", o->log);
    s = findings_exit(&x.found, o->strict);
    if (s != EXIT_BUG && findings_print(&x.found, out))
        s = EXIT_BUG;
    summary(o, x.pass, s, log);
    return s;
}

enum exit_status verify(const struct verify_options *o, FILE *out, FILE *log)
{
    AUTO(policy) policy = NULL;
    AUTO(keys) keys = NULL;
    bool access = false;
    if (o->policy == NULL)
        return trust_refuse(log, "verify",
                            "--policy FILE is wanted: it says whose signatures count");
    enum exit_status s = trust_policy(o->policy, &policy, log);
    if (s == EXIT_VALID && o->keys != NULL)
        s = trust_keys(o->keys, &keys, log);
    if (s == EXIT_VALID)
        s = mode_of(o, policy, &access, log);
    if (s == EXIT_VALID)
        s = on_log(o, policy, keys, access, out, log);
    if (s == EXIT_BUG)
        (void)fprintf(log, "cloister-audit: internal error or out of memory\n");
    return s;
}
