/* What the real cloister-airlock is, seen from outside, and what a test build of it tries in vain from inside. */
#include "rig.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

enum { SKIPPED = 77 };

static void proc_file(pid_t pid, const char *name, struct buf *out)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    slurp(path, out);
    CHECK(buf_cstr(out) != NULL);
}

static bool says(struct buf *text, const char *what)
{
    return strstr(buf_cstr(text), what) != NULL;
}

static void only_its_own_libraries_are_in_its_maps(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    CLEANUP(buf_fini) struct buf maps;
    static const char *const foreign[] = {"sqlcipher", "sqlite",  "microhttpd", "jansson",
                                          "protobuf",  "libcurl", "libcrypto",  "libpng"};
    pair_start(&p);
    pair_connect(&p);
    proc_file(airlock_pid(p.router.a), "maps", &maps);
    CHECK(says(&maps, "libzmq") && says(&maps, "libsodium"));
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        CHECK(!says(&maps, foreign[i]));
}

static void check_descriptors(pid_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *x = readdir(d); x != NULL; x = readdir(d)) {
        char target[256] = {0};
        if (x->d_name[0] == '.')
            continue;
        ssize_t n = readlinkat(dirfd(d), x->d_name, target, sizeof target - 1);
        CHECK(n > 0);
        bool file = target[0] == '/' && strcmp(target, "/dev/null") != 0;
        if (file)
            print_error("descriptor %s is %s\n", x->d_name, target);
        CHECK(!file);
    }
    (void)closedir(d);
}

static void no_file_is_open_in_it(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    char path[128];
    /* One that a careless daemon leaves to its children, at a low number and at a high one. */
    (void)snprintf(path, sizeof path, "%s/left", scratch_dir());
    FILE *left = fopen(path, "w");
    assert_non_null(left);
    AUTO_FD int high = dup2(fileno(left), 200);
    CHECK(high == 200);
    pair_start(&p);
    pair_connect(&p);
    hello(&p);
    check_descriptors(airlock_pid(p.router.a));
    check_descriptors(airlock_pid(p.dealer.a));
    CHECK(fclose(left) == 0);
}

static bool limit_is(struct buf *limits, const char *name, const char *soft_and_hard)
{
    char soft[32] = {0};
    char hard[32] = {0};
    char found[80];
    const char *at = strstr(buf_cstr(limits), name);
    if (at == NULL || sscanf(at + strlen(name), " %31s %31s", soft, hard) != 2)
        return false;
    (void)snprintf(found, sizeof found, "%s %s", soft, hard);
    return strcmp(found, soft_and_hard) == 0;
}

static void its_limits_are_at_zero(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    CLEANUP(buf_fini) struct buf limits;
    pair_start(&p);
    proc_file(airlock_pid(p.dealer.a), "limits", &limits);
    CHECK(limit_is(&limits, "Max file size", "0 0"));
    CHECK(limit_is(&limits, "Max core file size", "0 0"));
    CHECK(limit_is(&limits, "Max processes", "0 0"));
    CHECK(limit_is(&limits, "Max open files", "256 256"));
}

/* All threads: a filter that only the first one has would be none. */
static void every_thread_is_filtered_and_gains_no_right(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    char path[64];
    unsigned threads = 0;
    pair_start(&p);
    pair_connect(&p);
    pid_t pid = airlock_pid(p.router.a);
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *x = readdir(d); x != NULL; x = readdir(d)) {
        CLEANUP(buf_fini) struct buf status = {0};
        char name[300];
        if (x->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "task/%s/status", x->d_name);
        proc_file(pid, name, &status);
        CHECK(says(&status, "NoNewPrivs:\t1"));
        if (p.router.value[AIRPIPE_READY] == 1)
            CHECK(says(&status, "Seccomp:\t2"));
        CHECK(says(&status, "Umask:\t0077"));
        threads++;
    }
    (void)closedir(d);
    CHECK_INT(threads, 3); /* ours, and libzmq's two */
}

static void its_environment_is_empty(void **state)
{
    (void)state;
    CLEANUP(pair_end) struct pair p;
    CLEANUP(buf_fini) struct buf env;
    CHECK(setenv("CLOISTER_PASSPHRASE", "secret", 1) == 0);
    pair_start(&p);
    proc_file(airlock_pid(p.dealer.a), "environ", &env);
    CHECK_INT(env.n, 0);
}

static void what_it_tries_from_inside_is_refused(void **state)
{
    (void)state;
    struct side s = {0};
    struct diag d = {0};
    char want[400];
    AUTO(loop) l = NULL;
    AUTO(airlock) a = NULL;
    CHECK_OK(loop_new(&l));
    CHECK_OK(airlock_spawn(INSIDE_PROGRAM, AIRLOCK_DEALER, &a, &d));
    side_attach(&s, l, a);
    UNTIL(s.dead, l);
    CHECK_INT(s.count[AIRPIPE_READY], 1);
    if (s.value[AIRPIPE_READY] == 0) {
        print_message("no seccomp here: only limits hold\n");
        return;
    }
    (void)snprintf(want, sizeof want,
                   "write=%d read=%d fork=%d thread=%d exec=%d trace=%d peek=%d kill=%d code=%d "
                   "into_code=%d interfaces=%d dumpable=%d limit=%d ring=%d",
                   EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EOPNOTSUPP,
                   EPERM, EPERM, EPERM);
    CHECK_STR(s.line, want);
    CHECK(WIFSIGNALED(s.status));
    CHECK(!WCOREDUMP(s.status));
    CHECK(access("/tmp/cloister-airlock-was-here", F_OK) != 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(only_its_own_libraries_are_in_its_maps),
        CASE(no_file_is_open_in_it),
        CASE(its_limits_are_at_zero),
        CASE(every_thread_is_filtered_and_gains_no_right),
        CASE(its_environment_is_empty),
        CASE(what_it_tries_from_inside_is_refused),
    };
    if (geteuid() != 0) {
        print_message("skipped: only root may look into a process that is not dumpable\n");
        return SKIPPED;
    }
    return RUN(cases, argc, argv);
}
