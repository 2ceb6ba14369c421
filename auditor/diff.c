/* diff.c - what two sites were shown. */
#include "diff.h"

#include "base/hex.h"
#include "core/json/json.h"
#include "evidence.h"
#include "io/files.h"
#include "lookup.h"
#include "onelog.h"
#include "roster.h"
#include "trust.h"

#include <fcntl.h>
#include <inttypes.h>

enum { EVIDENCE_FILES_MAX = 100 }; /* a hostile log fills no disk */

struct one_site {
    char id[PARTY_ID]; /* "" where the roster names no such log */
    struct onelog log;
    struct shown shown;
    struct policy *policy;
    struct keys *keys;
};

struct two {
    const struct diff_options *o;
    struct rosters rosters;
    struct one_site site[2];
    int evidence_fd;
    unsigned kept; /* files of evidence */
    uint64_t same; /* claims that both were shown alike */
    enum err failed;
};

/* --- evidence --- */

static enum err frame_of(const struct one_site *s, uint64_t index, struct buf *out)
{
    struct lookup l;
    struct bytes bytes;
    struct entry entry;
    lookup_init(&l, s->log.pass->dir, s->log.pass->checkpoint.size);
    enum err e = lookup_entry(&l, index, &bytes);
    if (!e)
        e = entry_parse(bytes, &entry);
    if (!e)
        e = lookup_frame(&l, entry.frame, &bytes);
    if (!e)
        e = buf_put(out, bytes);
    lookup_fini(&l);
    return e;
}

static void keep(struct two *t, const struct shown_row *a, const struct shown_row *b)
{
    CLEANUP(buf_fini) struct buf first = BUF_INIT(LOGDIR_FRAME_MAX);
    CLEANUP(buf_fini) struct buf second = BUF_INIT(LOGDIR_FRAME_MAX);
    if (t->evidence_fd < 0 || t->kept == EVIDENCE_FILES_MAX)
        return;
    enum err e = frame_of(&t->site[0], a->index, &first);
    if (!e)
        e = frame_of(&t->site[1], b->index, &second);
    struct evidence proof = {
        .kind = EVIDENCE_DOCUMENTS, .first = buf_bytes(&first), .second = buf_bytes(&second)};
    if (!e)
        e = evidence_keep(&proof, t->evidence_fd);
    if (e)
        t->failed = e;
    else
        t->kept++;
}

/* --- the two against each other --- */

static void contradict(struct two *t, const struct shown_row *a, const struct shown_row *b)
{
    finding_add(&t->site[0].log.found, EQUIVOCATION, a->index,
                "two texts for %s: %s was shown sha256:%s (entry %" PRIu64
                " of its log), %s sha256:%s (entry %" PRIu64 ")",
                a->label, t->site[0].id, hash_hex(a->text).s, a->index, t->site[1].id,
                hash_hex(b->text).s, b->index);
    keep(t, a, b);
}

/* How many rows of the list bear the label of the first. */
static size_t group(const struct shown *s, size_t at)
{
    size_t n = 1;
    while (at + n < s->n && strcmp(s->list[at + n].label, s->list[at].label) == 0)
        n++;
    return n;
}

/* Texts of one label, each once, in both lists: two that differ are enough. */
static void judge_group(struct two *t, const struct shown_row *a, size_t n_a,
                        const struct shown_row *b, size_t n_b)
{
    for (size_t i = 0; i < n_a; i++) {
        for (size_t k = 0; k < n_b && k < 2; k++) {
            if (!hash_eq(a[i].text, b[k].text)) {
                contradict(t, &a[i], &b[k]);
                return;
            }
        }
    }
    t->same++;
}

static void alone(struct two *t, unsigned which, const struct shown_row *row)
{
    struct one_site *s = &t->site[which];
    if (onelog_stands(&s->log) && onelog_stands(&t->site[1 - which].log))
        finding_add(&s->log.found, NOTE_ALONE, row->index, "entry %" PRIu64 ": %s came to %s only",
                    row->index, row->label, s->id);
}

static void hold_against(struct two *t)
{
    struct shown *a = &t->site[0].shown;
    struct shown *b = &t->site[1].shown;
    size_t i = 0;
    size_t k = 0;
    shown_sort(a);
    shown_sort(b);
    while (i < a->n || k < b->n) {
        int c = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->list[i].label, b->list[k].label);
        size_t n_a = c <= 0 ? group(a, i) : 0;
        size_t n_b = c >= 0 ? group(b, k) : 0;
        if (c == 0)
            judge_group(t, &a->list[i], n_a, &b->list[k], n_b);
        else
            alone(t, c < 0 ? 0 : 1, c < 0 ? &a->list[i] : &b->list[k]);
        i += n_a;
        k += n_b;
    }
}

/* --- one log --- */

/* Whose log it says it is; its signature is judged afterwards, under the keys that follow from this. */
static bool said_origin(const char *folder, char out[VKEY_NAME_MAX + 1])
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(LOGDIR_NOTE_MAX);
    CLEANUP(findings_fini) struct findings unheard;
    AUTO_FD int fd = -1;
    struct note n;
    struct checkpoint c;
    findings_init(&unheard);
    if (dir_open(AT_FDCWD, folder, &fd))
        return false;
    struct logdir dir = {.fd = fd, .found = &unheard};
    if (logdir_read(&dir, "checkpoint", LOGDIR_NOTE_MAX, FINDING_LOG, &b) ||
        note_parse(buf_bytes(&b), &n) || checkpoint_parse(n.text, &c))
        return false;
    memcpy(out, c.origin, sizeof c.origin);
    return true;
}

static void find_site(const struct document *roster, const char *folder, char id[PARTY_ID])
{
    char origin[VKEY_NAME_MAX + 1];
    if (!said_origin(folder, origin))
        return;
    for (size_t i = 0; i < roster_site_count(roster); i++) {
        struct party p;
        if (!roster_site_at(roster, i, &p) && strcmp(p.log.name, origin) == 0)
            memcpy(id, p.id, PARTY_ID);
    }
}

/* The policy that knows no log lets the pass say what is wrong with the folder, or whose it is not. */
static enum err trust_of(const struct two *t, struct one_site *s)
{
    struct diag d = {0};
    if (s->id[0] != '\0')
        return roster_trust(&t->rosters, s->id, &s->policy, &s->keys);
    enum err e = policy_parse(bytes_str("quorum none\n"), &s->policy, &d);
    return e ? e : keys_parse(bytes_str(""), &s->keys, &d);
}

static enum exit_status read_site(struct two *t, unsigned which, FILE *log)
{
    struct one_site *s = &t->site[which];
    const char *folder = t->o->log[which];
    enum err e = trust_of(t, s);
    if (e)
        return e == ERR_NOMEM ? EXIT_BUG
                              : trust_refuse(log, s->id, "the roster's keys for it are no policy");
    s->shown = (struct shown){.found = &s->log.found, .rosters = &t->rosters};
    s->log.shown = &s->shown;
    if (onelog_open(&s->log, folder, s->policy))
        onelog_verify(&s->log, s->policy, s->keys);
    else if (s->log.absent)
        finding_add(&s->log.found, E_READ, FINDING_LOG, "%s: no folder of that name", folder);
    return EXIT_VALID;
}

/* --- the answer --- */

static void summary(const struct two *t, enum exit_status status, FILE *log)
{
    static const char *const member[] = {"first", "second"};
    AUTO_JSON j = json_pack("{s:i, s:I}", "exit", (int)status, "same", (json_int_t)t->same);
    for (size_t i = 0; i < 2; i++) {
        const struct onelog *x = &t->site[i].log;
        struct hash_text root = hash_hex(x->pass->checkpoint.root);
        uint64_t n = x->found.n + x->found.more;
        if (!t->o->json)
            (void)fprintf(log, "cloister-audit: %s: %" PRIu64 " entries read, signed root %s\n",
                          x->found.log, x->pass->entries.size, root.s);
        else if (j != NULL)
            (void)json_object_set_new(j, member[i],
                                      json_pack("{s:s, s:I, s:s, s:I}", "log", x->found.log, "size",
                                                (json_int_t)x->pass->entries.size, "root", root.s,
                                                "findings", (json_int_t)n));
    }
    CLEANUP(buf_fini) struct buf line = BUF_INIT(65536);
    if (!t->o->json)
        (void)fprintf(log,
                      "cloister-audit: %" PRIu64 " documents were shown to both alike, exit %d\n",
                      t->same, (int)status);
    else if (j != NULL && json_canonical(j, &line) == OK)
        (void)fprintf(log, "%.*s\n", (int)line.n, (const char *)line.p);
}

static enum exit_status conclude(struct two *t, FILE *out, FILE *log)
{
    struct findings *first = &t->site[0].log.found;
    struct findings *second = &t->site[1].log.found;
    enum exit_status s = findings_exit_of(first, second, t->o->strict);
    if (strcmp(first->log, second->log) > 0) {
        first = second;
        second = &t->site[0].log.found;
    }
    if (t->failed)
        (void)trust_refuse(log, t->o->evidence, "evidence could not be written there");
    if (s == EXIT_BUG || t->failed || findings_print(first, out) || findings_print(second, out))
        s = EXIT_BUG;
    summary(t, s, log);
    return s;
}

static enum exit_status run(struct two *t, FILE *out, FILE *log)
{
    for (unsigned i = 0; i < 2; i++)
        find_site(t->rosters.doc[0], t->o->log[i], t->site[i].id);
    if (t->site[0].id[0] != '\0' && strcmp(t->site[0].id, t->site[1].id) == 0)
        return trust_refuse(log, t->o->log[1], "the log of the same site as the first");
    for (unsigned i = 0; i < 2; i++) {
        enum exit_status s = read_site(t, i, log);
        if (s != EXIT_VALID)
            return s;
    }
    hold_against(t);
    return conclude(t, out, log);
}

static void two_fini(struct two *t)
{
    for (size_t i = 0; i < 2; i++) {
        shown_fini(&t->site[i].shown);
        onelog_fini(&t->site[i].log);
        policy_free(t->site[i].policy);
        keys_free(t->site[i].keys);
    }
    rosters_fini(&t->rosters);
    fd_auto(&t->evidence_fd);
}

enum exit_status diff(const struct diff_options *o, FILE *out, FILE *log)
{
    CLEANUP(two_fini) struct two t = {.o = o, .evidence_fd = -1};
    bool ready = onelog_init(&t.site[0].log);
    ready = onelog_init(&t.site[1].log) && ready;
    enum exit_status s = ready ? rosters_read(&o->rosters, &t.rosters, log) : EXIT_BUG;
    if (s == EXIT_VALID && o->evidence != NULL && dir_open(AT_FDCWD, o->evidence, &t.evidence_fd))
        s = trust_refuse(log, o->evidence, "no folder that can be opened");
    if (s == EXIT_VALID)
        s = run(&t, out, log);
    if (s == EXIT_BUG)
        (void)fprintf(log, "cloister-audit: internal error or out of memory\n");
    return s;
}
