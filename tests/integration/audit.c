/* The real cloister-audit on the worked example of log-and-security.md 2.6, and on an access log that the log store wrote. */
#include "base/rng.h"
#include "core/wire/event.h"
#include "support/check.h"
#include "support/logs.h"
#include "support/worked_example.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Runs the program with stdout in `out`; returns its exit status. */
static int audit(const char *const *args, struct buf *out)
{
    int fds[2];
    const char *argv[12] = {AUDIT_PROGRAM};
    for (size_t i = 0; args[i] != NULL; i++)
        argv[i + 1] = args[i];
    CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(fds[1], 1);
        execv(AUDIT_PROGRAM, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    (void)close(fds[1]);
    buf_init(out, 1 << 24);
    for (ssize_t n = 1; n > 0;) {
        uint8_t *to = buf_reserve(out, 65536);
        n = read(fds[0], to, 65536);
        if (n > 0)
            buf_commit(out, (size_t)n);
    }
    (void)close(fds[0]);
    CHECK(buf_cstr(out) != NULL);
    int status = 0;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}
#define AUDIT(out, ...) audit((const char *const[]){__VA_ARGS__, NULL}, out)

static const char *path(const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *p = paths[next++ % 8];
    (void)snprintf(p, 256, "%s/%s", scratch_dir(), name);
    return p;
}

static void flip(const char *file, size_t at)
{
    CLEANUP(buf_fini) struct buf b;
    slurp(file, &b);
    CHECK(at < b.n);
    b.p[at] ^= 1;
    FILE *f = fopen(file, "we");
    CHECK(f != NULL && fwrite(b.p, 1, b.n, f) == b.n && fclose(f) == 0);
}

static void the_worked_example_passes_and_a_flipped_byte_does_not(void **state)
{
    (void)state;
    struct example x;
    example_init(&x);
    CHECK_INT(mkdir(path("site"), 0755), 0);
    example_write_site(&x, path("site"));
    example_write_policy(&x, path("policy"));
    example_write_keys(&x, path("keys"));
    example_fini(&x);
    CLEANUP(buf_fini) struct buf good;
    CHECK_INT(
        AUDIT(&good, "verify", path("site"), "--policy", path("policy"), "--keys", path("keys")),
        0);
    CHECK(strstr((const char *)good.p, "\"E_") == NULL);
    flip(path("site/tile/entries/000.p/2"), 700);
    CLEANUP(buf_fini) struct buf bad;
    CHECK_INT(
        AUDIT(&bad, "verify", path("site"), "--policy", path("policy"), "--keys", path("keys")), 1);
    CHECK(strstr((const char *)bad.p, "\"index\":1,") != NULL);
}

static void the_other_commands_are_there_and_name_what_they_want(void **state)
{
    (void)state;
    static const struct {
        const char *words[6];
        int exit;
    } cases[] = {
        {{"--help"}, 0},
        {{"cross"}, 2},
        {{"cross", "a"}, 2},
        {{"cross", "a", "b"}, 2},
        {{"cross", "a", "b", "c"}, 2},
        {{"cross", "a", "b", "--policy"}, 2},
        {{"evidence"}, 2},
        {{"evidence", "a"}, 2},
        {{"policy"}, 2},
        {{"policy", "--roster", "/none", "--site", "a"}, 3},
        {{"verify", "a", "--evidence", "b"}, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CLEANUP(buf_fini) struct buf out;
        CHECK_INT(audit(cases[i].words, &out), cases[i].exit);
        CHECK_INT(out.n > 0, cases[i].exit == 0);
    }
}

static void what_only_one_of_two_logs_holds_makes_them_contradict(void **state)
{
    (void)state;
    struct example x;
    example_init(&x);
    CHECK_INT(mkdir(path("near"), 0755), 0);
    CHECK_INT(mkdir(path("far"), 0755), 0);
    example_write_site(&x, path("near"));
    example_write_coordinator(&x, path("far"));
    example_write_policy(&x, path("policy"));
    example_write_keys(&x, path("keys"));
    example_fini(&x);
    CLEANUP(buf_fini) struct buf out;
    /* The example's coordinator log ends before its answer, which the site took in with a good signature. */
    CHECK_INT(AUDIT(&out, "cross", path("near"), path("far"), "--policy", path("policy"), "--keys",
                    path("keys"), "--json"),
              5);
    CHECK(strstr((const char *)out.p, "{\"code\":\"HIDDEN_BY_COORD\",\"index\":1,") != NULL);
}

static void append_read(struct logstore *s, unsigned i)
{
    CLEANUP(buf_fini) struct buf frame = BUF_INIT(4096);
    uint8_t blind[ENTRY_BLIND];
    uint64_t index = 0;
    struct hash patient = {{1}};
    char item[16];
    (void)snprintf(item, sizeof item, "%u", i);
    struct event e = {.kind = EVENT_READ,
                      .read = {.user = "anna",
                               .role = "annotator",
                               .purpose = "label",
                               .patient = patient,
                               .item = item,
                               .assignment = item,
                               .outcome = "shown"}};
    rng_fill(blind, sizeof blind);
    CHECK_OK(event_frame_put(blind, &e, &frame));
    CHECK_OK(logstore_append(s, ENTRY_LOCAL, 1764000000000 + i, buf_bytes(&frame),
                             bytes_of(NULL, 0), &index));
}

/* Writes an access log of n entries, a copy of it and the policy; returns the copy's folder. */
static const char *access_log(const char *name, unsigned n)
{
    static char copy[256];
    struct diag d = {0};
    struct logstore *s = NULL;
    struct checkpoint c;
    AUTO(secret) seed = logs_seed();
    CHECK_OK(logstore_create(AT_FDCWD, path(name), LOGS_ORIGIN, seed, &s, &d));
    for (unsigned i = 0; i < n; i++)
        append_read(s, i);
    CHECK_OK(logstore_sync(s));
    (void)snprintf(copy, sizeof copy, "%s.copy", path(name));
    CHECK_OK(logstore_copy(s, 1764000009999, AT_FDCWD, copy, &c, &d));
    CLEANUP(buf_fini) struct buf policy = BUF_INIT(4096);
    CHECK_OK(logstore_policy_put(s, &policy));
    example_put(scratch_dir(), "access.policy", buf_bytes(&policy));
    logstore_free(s);
    return copy;
}

static void an_access_log_of_every_shape_passes(void **state)
{
    (void)state;
    static const unsigned sizes[] = {0, 1, 255, 256, 257, 600};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char name[32];
        CLEANUP(buf_fini) struct buf out;
        (void)snprintf(name, sizeof name, "access%u", sizes[i]);
        const char *copy = access_log(name, sizes[i]);
        CHECK_INT(AUDIT(&out, "verify", copy, "--policy", path("access.policy"), "--strict"), 0);
        CHECK_INT(out.n, 0);
    }
}

static void a_flipped_byte_in_a_copy_names_its_entry(void **state)
{
    (void)state;
    char file[512];
    const char *copy = access_log("flipped", 300);
    CLEANUP(buf_fini) struct buf bundle;
    (void)snprintf(file, sizeof file, "%s/tile/entries/001.p/44", copy);
    slurp(file, &bundle);
    /* The third entry of the second bundle. */
    size_t at = 0;
    for (int i = 0; i < 2; i++)
        at += 2 + (size_t)get_be16(bundle.p + at);
    flip(file, at + 40);
    CLEANUP(buf_fini) struct buf out;
    CHECK_INT(AUDIT(&out, "verify", copy, "--policy", path("access.policy")), 1);
    CHECK(strstr((const char *)out.p, "\"index\":258,") != NULL);
}

static void the_log_itself_verifies_where_it_lies(void **state)
{
    (void)state;
    (void)access_log("inplace", 40);
    CLEANUP(buf_fini) struct buf out;
    CHECK_INT(AUDIT(&out, "verify", path("inplace"), "--policy", path("access.policy")), 0);
}

static void show_says_who_opened_what_and_proof_is_a_tlog_proof(void **state)
{
    (void)state;
    const char *copy = access_log("shown", 300);
    CLEANUP(buf_fini) struct buf words;
    CLEANUP(buf_fini) struct buf json;
    CLEANUP(buf_fini) struct buf proof;
    CLEANUP(buf_fini) struct buf none;
    CHECK_INT(AUDIT(&words, "show", copy, "7"), 0);
    CHECK(strstr((const char *)words.p, "fedlog-entry/v1\nindex 7\n") != NULL);
    CHECK(strstr((const char *)words.p, "\"user\":\"anna\"") != NULL);
    CHECK_INT(AUDIT(&json, "show", copy, "299", "--json"), 0);
    CHECK(strstr((const char *)json.p, "\"item\":\"299\"") != NULL);
    CHECK_INT(AUDIT(&proof, "proof", copy, "299"), 0);
    CHECK(bytes_begin(buf_bytes(&proof), bytes_str("c2sp.org/tlog-proof@v1\nextra ")));
    CHECK_INT(AUDIT(&none, "show", copy, "300"), 2);
}

static void commands_and_options_that_are_not_there_are_refused(void **state)
{
    (void)state;
    static const char *const calls[][4] = {
        {"cross", "a", "b", NULL},       {"verify", NULL},    {"verify", "a", "--polic", NULL},
        {"verify", "a", "b", NULL},      {"show", "a", NULL}, {"proof", "a", "-1", NULL},
        {"verify", "a", "--keys", NULL},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        CLEANUP(buf_fini) struct buf out;
        CHECK_INT(audit(calls[i], &out), 2);
    }
    CLEANUP(buf_fini) struct buf help;
    CLEANUP(buf_fini) struct buf version;
    CHECK_INT(AUDIT(&help, "--help"), 0);
    CHECK(strstr((const char *)help.p, "cloister-audit verify LOG") != NULL);
    CHECK_INT(AUDIT(&version, "--version"), 0);
}

int main(int argc, char **argv)
{
    rng_start();
    const struct CMUnitTest cases[] = {
        CASE(the_worked_example_passes_and_a_flipped_byte_does_not),
        CASE(the_other_commands_are_there_and_name_what_they_want),
        CASE(what_only_one_of_two_logs_holds_makes_them_contradict),
        CASE(an_access_log_of_every_shape_passes),
        CASE(a_flipped_byte_in_a_copy_names_its_entry),
        CASE(the_log_itself_verifies_where_it_lies),
        CASE(show_says_who_opened_what_and_proof_is_a_tlog_proof),
        CASE(commands_and_options_that_are_not_there_are_refused),
    };
    return RUN(cases, argc, argv);
}
