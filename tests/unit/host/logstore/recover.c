/* Tests of host/logstore: recovery. Whatever happens to the journal's end, what comes back is a prefix of what was, or an
 * error; never another root for a size that was signed. */
#include "base/rng.h"
#include "host/logstore_in.h"
#include "support/check.h"
#include "support/logs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct secret *seed;
static unsigned counter;

static struct logstore *fresh(char dir[128])
{
    struct logstore *s = NULL;
    struct diag d = {0};
    (void)snprintf(dir, 128, "%s/log%u", scratch_dir(), counter++);
    CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    return s;
}

static enum err reopen(const char *dir, struct logstore **out)
{
    struct diag d = {0};
    enum err e = logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, out, &d);
    if (e == ERR_CORRUPT)
        CHECK(d.text[0] != '\0');
    return e;
}

static void fill(struct logstore *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%u", i);
        (void)logs_append(s, 1000 + i, text);
    }
    CHECK_OK(logstore_sync(s));
}

static void path_in(const char *dir, const char *name, char out[256])
{
    CHECK(snprintf(out, 256, "%s/%s", dir, name) < 256);
}

static void overwrite(const char *path, struct bytes data)
{
    FILE *f = fopen(path, "we");
    CHECK(f != NULL);
    CHECK_INT(fwrite(data.p, 1, data.n, f), data.n);
    CHECK_INT(fclose(f), 0);
}

static void a_log_comes_back_with_its_root(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    fill(s, 5);
    struct hash root = logstore_root(s);
    logstore_free(MOVE(s)); /* never published */
    CHECK_OK(reopen(dir, &s));
    CHECK_INT(logstore_size(s), 5);
    CHECK(hash_eq(logstore_root(s), root));
    CHECK_INT(logstore_last_ms(s), 1004);
    logs_check_files(dir, 5);
}

static void every_cut_of_the_journal_yields_a_prefix_or_an_error(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    char saved[160];
    struct hash roots[7];
    AUTO(logstore) s = fresh(dir);
    /* Nothing is published past size 0, so the checkpoint allows any prefix. */
    roots[0] = logstore_root(s);
    for (unsigned i = 0; i < 6; i++) {
        (void)logs_append(s, 1, "entry");
        CHECK_OK(logstore_sync(s));
        roots[i + 1] = logstore_root(s);
    }
    uint64_t end = s->journal.end;
    logstore_free(MOVE(s));
    path_in(dir, "state/journal", path);
    (void)snprintf(saved, sizeof saved, "%s.saved", dir);
    logs_clone(dir, saved);
    CLEANUP(buf_fini) struct buf whole;
    slurp(path, &whole);
    CHECK_INT(whole.n, end);
    for (size_t cut = 0; cut <= whole.n; cut += cut < 40 ? 3 : 19) {
        char one[160];
        (void)snprintf(one, sizeof one, "%s.cut%zu", dir, cut);
        logs_clone(saved, one);
        path_in(one, "state/journal", path);
        overwrite(path, bytes_of(whole.p, cut));
        AUTO(logstore) t = NULL;
        enum err e = reopen(one, &t);
        if (e) {
            CHECK_ERR(e, ERR_CORRUPT);
            CHECK(cut < 8 + 8 + 8 + 4 + 32); /* only a damaged head is one */
            continue;
        }
        CHECK(logstore_size(t) <= 6);
        CHECK(hash_eq(logstore_root(t), roots[logstore_size(t)]));
        logs_check_files(one, logstore_size(t));
        /* It goes on from there. */
        (void)logs_append(t, 2, "after");
        CHECK_OK(logstore_sync(t));
        CHECK_OK(logstore_publish(t, 0));
    }
}

static void every_changed_byte_of_the_journal_yields_a_prefix_or_an_error(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    struct hash roots[5];
    AUTO(logstore) s = fresh(dir);
    roots[0] = logstore_root(s);
    for (unsigned i = 0; i < 4; i++) {
        (void)logs_append(s, 1, "entry");
        CHECK_OK(logstore_sync(s));
        roots[i + 1] = logstore_root(s);
    }
    logstore_free(MOVE(s));
    path_in(dir, "state/journal", path);
    CLEANUP(buf_fini) struct buf whole;
    slurp(path, &whole);
    for (size_t i = 0; i < whole.n; i += 13) {
        char one[160];
        (void)snprintf(one, sizeof one, "%s.bit%zu", dir, i);
        logs_clone(dir, one);
        path_in(one, "state/journal", path);
        whole.p[i] ^= 0x10;
        overwrite(path, buf_bytes(&whole));
        whole.p[i] ^= 0x10;
        AUTO(logstore) t = NULL;
        if (reopen(one, &t))
            continue;
        CHECK(logstore_size(t) < 4);
        CHECK(hash_eq(logstore_root(t), roots[logstore_size(t)]));
    }
}

static void a_log_older_than_its_checkpoint_is_a_rollback(void **state)
{
    (void)state;
    char dir[128];
    char old[160];
    char path[256];
    AUTO(logstore) s = fresh(dir);
    fill(s, 3);
    CHECK_OK(logstore_publish(s, 0));
    (void)snprintf(old, sizeof old, "%s.old", dir);
    logs_clone(dir, old);
    fill(s, 2);
    CHECK_OK(logstore_publish(s, 0));
    logstore_free(MOVE(s));
    path_in(old, "state/journal", path);
    CLEANUP(buf_fini) struct buf journal;
    slurp(path, &journal);
    path_in(dir, "state/journal", path);
    overwrite(path, buf_bytes(&journal));
    CHECK_ERR(reopen(dir, &s), ERR_CORRUPT);
    /* With the old checkpoint too, the entries derived since still tell. */
    CLEANUP(buf_fini) struct buf checkpoint;
    path_in(old, "checkpoint", path);
    slurp(path, &checkpoint);
    path_in(dir, "checkpoint", path);
    overwrite(path, buf_bytes(&checkpoint));
    CHECK_ERR(reopen(dir, &s), ERR_CORRUPT);
    /* Nothing was touched: the old journal is as long as it was put there. */
    struct stat st;
    path_in(dir, "state/journal", path);
    CHECK_INT(stat(path, &st), 0);
    CHECK_INT(st.st_size, journal.n);
}

static uint64_t size_of(const char *path)
{
    struct stat st;
    CHECK_INT(stat(path, &st), 0);
    return (uint64_t)st.st_size;
}

static void the_room_behind_the_journals_end_is_no_entry(void **state)
{
    (void)state;
    char dir[128];
    char crashed[160];
    char path[256];
    AUTO(logstore) s = fresh(dir);
    fill(s, 3);
    struct hash root = logstore_root(s);
    uint64_t end = s->journal.end;
    path_in(dir, "state/journal", path);
    CHECK(size_of(path) > end);
    (void)snprintf(crashed, sizeof crashed, "%s.crashed", dir);
    logs_clone(dir, crashed);
    logstore_free(MOVE(s));
    CHECK_INT(size_of(path), end);
    CHECK_OK(reopen(crashed, &s));
    CHECK_INT(logstore_size(s), 3);
    CHECK(hash_eq(logstore_root(s), root));
    fill(s, 3000); /* past the room more than once */
    root = logstore_root(s);
    logstore_free(MOVE(s));
    CHECK_OK(reopen(crashed, &s));
    CHECK_INT(logstore_size(s), 3003);
    CHECK(hash_eq(logstore_root(s), root));
}

/* Pages of one write reach the disk in any order: the later record is there, the one before it is zeros. */
static void a_record_behind_a_hole_is_no_entry_and_never_becomes_one(void **state)
{
    (void)state;
    char dir[128];
    char torn[160];
    char path[256];
    AUTO(logstore) s = fresh(dir);
    fill(s, 3);
    struct hash root = logstore_root(s);
    uint64_t hole = s->journal.end;
    (void)logs_append(s, 2000, "lost");
    CHECK_OK(logstore_sync(s));
    uint64_t hole_end = s->journal.end;
    (void)logs_append(s, 2001, "kept by the disk alone");
    CHECK_OK(logstore_sync(s));
    (void)snprintf(torn, sizeof torn, "%s.torn", dir);
    logs_clone(dir, torn);
    path_in(torn, "state/journal", path);
    CLEANUP(buf_fini) struct buf journal;
    slurp(path, &journal);
    memset(journal.p + hole, 0, (size_t)(hole_end - hole));
    overwrite(path, buf_bytes(&journal));
    logstore_free(MOVE(s));
    CHECK_OK(reopen(torn, &s));
    CHECK_INT(logstore_size(s), 3);
    CHECK(hash_eq(logstore_root(s), root));
    /* The very entry that was lost comes again, so that what lay behind it would fit. */
    (void)logs_append(s, 2000, "lost");
    CHECK_OK(logstore_sync(s));
    (void)snprintf(torn, sizeof torn, "%s.again", dir);
    char from[160];
    (void)snprintf(from, sizeof from, "%s.torn", dir);
    logs_clone(from, torn);
    logstore_free(MOVE(s));
    CHECK_OK(reopen(torn, &s));
    CHECK_INT(logstore_size(s), 4);
}

static void another_keys_or_origins_checkpoint_is_refused(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = fresh(dir);
    fill(s, 1);
    logstore_free(MOVE(s));
    CHECK_ERR(logstore_open(AT_FDCWD, dir, "other.example/access", seed, &s, &d), ERR_CORRUPT);
    uint8_t b[32] = {9};
    AUTO(secret) other = NULL;
    CHECK_OK(secret_copy(bytes_of(b, sizeof b), &other));
    CHECK_ERR(logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, other, &s, &d), ERR_CORRUPT);
    CHECK(s == NULL);
}

static void a_checkpoint_that_was_handed_out_binds(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    struct diag d = {0};
    struct checkpoint c;
    AUTO(logstore) s = fresh(dir);
    fill(s, 2);
    char to[160];
    (void)snprintf(to, sizeof to, "%s.copy", dir);
    CHECK_OK(logstore_copy(s, 1, AT_FDCWD, to, &c, &d));
    logstore_free(MOVE(s));
    path_in(dir, "cp/2", path);
    char beyond[256];
    path_in(dir, "cp/9", beyond);
    CHECK_INT(rename(path, beyond), 0);
    CHECK_ERR(reopen(dir, &s), ERR_CORRUPT);
}

static void lost_derived_files_are_made_again(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    AUTO(logstore) s = fresh(dir);
    fill(s, 300);
    CHECK_OK(logstore_publish(s, 0));
    logstore_free(MOVE(s));
    path_in(dir, "tile/0/000", path);
    CHECK_INT(truncate(path, 0), 0); /* what a power cut makes of a file that was not synced */
    path_in(dir, "tile/entries/000", path);
    CHECK_INT(unlink(path), 0);
    CHECK_OK(reopen(dir, &s));
    logs_check_files(dir, 300);
}

static void a_missing_log_is_not_found_and_not_made(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = NULL;
    (void)snprintf(dir, sizeof dir, "%s/none", scratch_dir());
    CHECK_ERR(reopen(dir, &s), ERR_NOTFOUND);
    CHECK(access(dir, F_OK) != 0);
}

/* The child appends, syncs and says so through the pipe, until it is killed. */
static void write_until_killed(const char *dir, int to_parent)
{
    struct logstore *s = NULL;
    struct diag d = {0};
    if (logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d))
        _exit(3);
    for (uint64_t i = 0;; i++) {
        uint64_t index = 0;
        char frame[64];
        (void)snprintf(frame, sizeof frame, "0123456789abcdef%lu", (unsigned long)i);
        if (logstore_append(s, ENTRY_LOCAL, 1, bytes_str(frame), bytes_of(NULL, 0), &index) ||
            logstore_sync(s))
            _exit(4);
        uint64_t size = logstore_size(s);
        if (write(to_parent, &size, sizeof size) != sizeof size)
            _exit(5);
        if (i % 3 == 0 && logstore_publish_beside(s, 1000 * i))
            _exit(6);
        if (i % 50 == 49 && logstore_rotate(s))
            _exit(7);
    }
}

static uint64_t acknowledged_before_kill(const char *dir, unsigned wait_us)
{
    int fds[2];
    CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)close(fds[0]);
        write_until_killed(dir, fds[1]);
    }
    (void)close(fds[1]);
    (void)usleep(wait_us);
    CHECK_INT(kill(child, SIGKILL), 0);
    uint64_t last = 0;
    uint64_t size = 0;
    while (read(fds[0], &size, sizeof size) == sizeof size)
        last = size;
    (void)close(fds[0]);
    int status = 0;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status));
    return last;
}

static void nothing_acknowledged_is_lost_when_the_writer_is_killed(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    uint64_t size = 0;
    uint64_t before = 0;
    for (unsigned i = 0; i < 12; i++) {
        logstore_free(MOVE(s));
        uint64_t acknowledged = acknowledged_before_kill(dir, 20000 + i * 7919);
        CHECK_OK(reopen(dir, &s));
        size = logstore_size(s);
        CHECK(size >= acknowledged && size >= before);
        before = size;
        logs_check_files(dir, size);
    }
    CHECK(size > 12);
}

int main(int argc, char **argv)
{
    rng_start();
    seed = logs_seed();
    const struct CMUnitTest cases[] = {
        CASE(a_log_comes_back_with_its_root),
        CASE(every_cut_of_the_journal_yields_a_prefix_or_an_error),
        CASE(every_changed_byte_of_the_journal_yields_a_prefix_or_an_error),
        CASE(a_log_older_than_its_checkpoint_is_a_rollback),
        CASE(the_room_behind_the_journals_end_is_no_entry),
        CASE(a_record_behind_a_hole_is_no_entry_and_never_becomes_one),
        CASE(another_keys_or_origins_checkpoint_is_refused),
        CASE(a_checkpoint_that_was_handed_out_binds),
        CASE(lost_derived_files_are_made_again),
        CASE(a_missing_log_is_not_found_and_not_made),
        CASE(nothing_acknowledged_is_lost_when_the_writer_is_killed),
    };
    int status = RUN(cases, argc, argv);
    secret_free(seed);
    return status;
}
