/* cross.c - both logs. */
#include "cross.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/text.h"
#include "compare.h"
#include "core/json/json.h"
#include "evidence.h"
#include "growth.h"
#include "io/files.h"
#include "lookup.h"
#include "trust.h"

#include <fcntl.h>
#include <inttypes.h>

struct both {
    const struct cross_options *o;
    struct policy *policy;
    struct onelog node, coord;
    uint64_t pending_before_ms;
    int evidence_fd;
    enum err failed; /* evidence that could not be written */
};

/* --- evidence --- */

static void write_evidence(struct both *b, const struct evidence *e)
{
    enum err failed = evidence_keep(e, b->evidence_fd);
    if (failed)
        b->failed = failed;
}

static enum err note_of(const struct onelog *x, uint64_t index, struct buf *out)
{
    struct lookup l;
    struct bytes text;
    struct entry entry;
    lookup_init(&l, x->pass->dir, x->pass->checkpoint.size);
    enum err e = lookup_entry(&l, index, &text);
    if (!e)
        e = entry_parse(text, &entry);
    if (!e)
        e = buf_put(out, entry.note);
    lookup_fini(&l);
    return e;
}

static void keep_messages(struct both *b, const struct two_notes *t)
{
    CLEANUP(buf_fini) struct buf first = BUF_INIT(ENTRY_MAX);
    CLEANUP(buf_fini) struct buf second = BUF_INIT(ENTRY_MAX);
    enum err e = note_of(t->log[0], t->index[0], &first);
    if (!e)
        e = note_of(t->log[1], t->index[1], &second);
    if (e) {
        b->failed = e;
        return;
    }
    struct evidence proof = {
        .kind = EVIDENCE_MESSAGES, .first = buf_bytes(&first), .second = buf_bytes(&second)};
    write_evidence(b, &proof);
}

static void keep_fork(struct both *b, const struct onelog *holder, struct onelog *log,
                      const struct fork *fork)
{
    CLEANUP(buf_fini) struct buf first = BUF_INIT(LOGDIR_NOTE_MAX);
    CLEANUP(buf_fini) struct buf second = BUF_INIT(LOGDIR_NOTE_MAX);
    const struct pass *p = log->pass;
    struct evidence proof = {.kind = EVIDENCE_CHECKPOINTS, .root = fork->is};
    enum err e = growth_note(holder, p->checkpoint.origin, fork->head, &first);
    if (!e)
        e = logdir_read(&p->dir, "checkpoint", LOGDIR_NOTE_MAX, FINDING_LOG, &second);
    if (!e && fork->head.size < p->checkpoint.size) {
        struct lookup l;
        proof.kind = EVIDENCE_PREFIX;
        lookup_init(&l, p->dir, p->checkpoint.size);
        e = proof_consistency(fork->head.size, p->checkpoint.size, lookup_node, &l, &proof.proof);
        lookup_fini(&l);
    }
    if (e) {
        b->failed = e;
        return;
    }
    proof.first = buf_bytes(&first);
    proof.second = buf_bytes(&second);
    write_evidence(b, &proof);
}

/* --- the two against each other --- */

static void against(struct both *b, const struct onelog *holder, struct onelog *log)
{
    struct fork fork = {.found = false};
    if (!onelog_stands(log))
        return;
    growth_check(holder, log, &fork);
    if (fork.found && fork.head.size > 0 && b->evidence_fd >= 0)
        keep_fork(b, holder, log, &fork);
}

static void compare_both(struct both *b)
{
    struct compare c = {
        .node = &b->node, .coord = &b->coord, .pending_before_ms = b->pending_before_ms};
    compare_run(&c);
    if (c.equivocation.log[0] != NULL && b->evidence_fd >= 0)
        keep_messages(b, &c.equivocation);
    against(b, &b->node, &b->coord);
    against(b, &b->coord, &b->node);
}

static void say_absent(struct onelog *x, bool other, const char *folder)
{
    if (x->absent)
        finding_add(&x->found, other ? ABSENT : E_READ, FINDING_LOG, "%s: no folder of that name",
                    folder);
}

static void summary(const struct both *b, enum exit_status status, FILE *log)
{
    const struct onelog *list[] = {&b->node, &b->coord};
    static const char *const side[] = {"node", "coordinator"};
    AUTO_JSON j = json_pack("{s:i}", "exit", (int)status);
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        const struct findings *f = &list[i]->found;
        struct hash_text root = hash_hex(list[i]->pass->checkpoint.root);
        uint64_t size = list[i]->pass->entries.size;
        n += f->n + (size_t)f->more;
        if (!b->o->json)
            (void)fprintf(log, "cloister-audit: %s %s: %" PRIu64 " entries read, signed root %s\n",
                          side[i], f->log, size, root.s);
        else if (j != NULL)
            (void)json_object_set_new(j, side[i],
                                      json_pack("{s:s, s:I, s:s, s:I}", "log", f->log, "size",
                                                (json_int_t)size, "root", root.s, "findings",
                                                (json_int_t)f->n + (json_int_t)f->more));
    }
    if (b->o->json) {
        CLEANUP(buf_fini) struct buf line = BUF_INIT(65536);
        if (j != NULL && json_canonical(j, &line) == OK)
            (void)fprintf(log, "%.*s\n", (int)line.n, (const char *)line.p);
    } else if (n == 0) {
        (void)fprintf(log, "cloister-audit: all checks pass, both logs say the same\n");
    } else {
        const char *first = findings_first(&b->node.found);
        if (first == NULL)
            first = findings_first(&b->coord.found);
        (void)fprintf(log, "cloister-audit: %zu findings, exit %d; the first: %s\n", n, (int)status,
                      first == NULL ? "" : first);
    }
}

static enum exit_status conclude(struct both *b, FILE *out, FILE *log)
{
    struct findings *first = &b->node.found;
    struct findings *second = &b->coord.found;
    enum exit_status s = findings_exit_of(first, second, b->o->strict);
    if (strcmp(first->log, second->log) > 0) {
        first = &b->coord.found;
        second = &b->node.found;
    }
    if (b->failed)
        (void)trust_refuse(log, b->o->evidence, "evidence could not be written there");
    if (s == EXIT_BUG || b->failed || findings_print(first, out) || findings_print(second, out))
        s = EXIT_BUG;
    summary(b, s, log);
    return s;
}

static enum exit_status run(struct both *b, struct keys *of_node, struct keys *of_coord, FILE *out,
                            FILE *log)
{
    struct onelog *n = &b->node;
    struct onelog *c = &b->coord;
    n->crossed = c->crossed = true;
    (void)onelog_open(n, b->o->node, b->policy);
    (void)onelog_open(c, b->o->coord, b->policy);
    say_absent(n, !c->absent, b->o->node);
    say_absent(c, !n->absent, b->o->coord);
    if (n->opened && c->opened && strcmp(n->found.log, c->found.log) == 0)
        return trust_refuse(log, b->o->coord, "the same log as the first");
    onelog_verify(n, b->policy, of_node);
    onelog_verify(c, b->policy, of_coord);
    if (n->opened && c->opened)
        compare_both(b);
    return conclude(b, out, log);
}

/* --- the auditor's files --- */

static enum exit_status take_age(struct both *b, FILE *log)
{
    uint64_t s = 0;
    uint64_t now_ms = clock_now_ms();
    b->pending_before_ms = UINT64_MAX;
    if (b->o->max_pending_age == NULL)
        return EXIT_VALID;
    if (parse_u64_str(b->o->max_pending_age, INT64_MAX / 1000, &s))
        return trust_refuse(log, "--max-pending-age", "a whole number of seconds is wanted");
    b->pending_before_ms = s * 1000 < now_ms ? now_ms - s * 1000 : 0;
    return EXIT_VALID;
}

static enum exit_status take_evidence(struct both *b, FILE *log)
{
    if (b->o->evidence == NULL || dir_open(AT_FDCWD, b->o->evidence, &b->evidence_fd) == OK)
        return EXIT_VALID;
    return trust_refuse(log, b->o->evidence, "no folder that can be opened");
}

static enum exit_status two_logs(const struct both *b, FILE *log)
{
    const struct vkey *logs = NULL;
    if (policy_logs(b->policy, &logs) == 2 && strcmp(logs[0].name, logs[1].name) != 0)
        return EXIT_VALID;
    return trust_refuse(log, b->o->policy, "two logs are wanted, the node's and the coordinator's");
}

static void both_fini(struct both *b)
{
    onelog_fini(&b->node);
    onelog_fini(&b->coord);
    policy_free(b->policy);
    fd_auto(&b->evidence_fd);
}

enum exit_status cross(const struct cross_options *o, FILE *out, FILE *log)
{
    CLEANUP(both_fini) struct both b = {.o = o, .evidence_fd = -1};
    AUTO(keys) of_node = NULL;
    AUTO(keys) of_coord = NULL;
    bool ready = onelog_init(&b.node);
    ready = onelog_init(&b.coord) && ready;
    if (o->policy == NULL || o->keys == NULL)
        return trust_refuse(log, "cross", "--policy FILE and --keys FILE are wanted");
    enum exit_status s = ready ? trust_policy(o->policy, &b.policy, log) : EXIT_BUG;
    if (s == EXIT_VALID)
        s = two_logs(&b, log);
    if (s == EXIT_VALID) /* the pass over a log uses its keys up */
        s = trust_keys(o->keys, &of_node, log);
    if (s == EXIT_VALID)
        s = trust_keys(o->keys, &of_coord, log);
    if (s == EXIT_VALID)
        s = take_age(&b, log);
    if (s == EXIT_VALID)
        s = take_evidence(&b, log);
    if (s == EXIT_VALID)
        s = run(&b, of_node, of_coord, out, log);
    if (s == EXIT_BUG)
        (void)fprintf(log, "cloister-audit: internal error or out of memory\n");
    return s;
}
