/* Tests of host/logstore: publishing on a thread while the owner appends, reads, closes. */
#include "base/rng.h"
#include "host/logstore_in.h"
#include "support/check.h"
#include "support/logs.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { BIG = 60000 };

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

static struct logstore *reopened(const char *dir)
{
    struct logstore *s = NULL;
    struct diag d = {0};
    CHECK_OK(logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    return s;
}

static void fill(struct logstore *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        (void)logs_append(s, 1000, "x");
    CHECK_OK(logstore_sync(s));
}

static void fill_big(struct logstore *s, unsigned n)
{
    static char text[BIG + 1];
    memset(text, 'b', BIG);
    for (unsigned i = 0; i < n; i++)
        (void)logs_append(s, 1000, text);
    CHECK_OK(logstore_sync(s));
}

static void what_was_published_beside_is_what_the_definition_says(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    for (uint64_t i = 1; i <= 60; i++) {
        fill(s, (unsigned)(i % 17));
        CHECK_OK(logstore_publish_beside(s, i * 1000));
        CHECK(logstore_checkpoint(s).size <= logstore_size(s));
    }
    CHECK_OK(logstore_publish(s, 0));
    CHECK_INT(logstore_checkpoint(s).size, logstore_size(s));
    logs_check_files(dir, logstore_size(s));
    CHECK(hash_eq(logstore_root(s), logs_naive_root(s)));
}

static void a_checkpoint_counts_once_the_next_call_has_said_so(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    fill(s, 300);
    CHECK_OK(logstore_publish_beside(s, 1000));
    CHECK_INT(logstore_checkpoint(s).size, 0);
    while (logstore_publish_in_ms(s, 1000) > 0)
        (void)usleep(1000);
    CHECK_OK(logstore_publish_beside(s, 1000));
    CHECK_INT(logstore_checkpoint(s).size, 300);
    logs_check_files(dir, 300);
    CHECK(logstore_publish_in_ms(s, 1000) == UINT64_MAX);
}

static void entries_are_read_while_the_thread_is_at_work(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    fill(s, 400);
    CHECK_OK(logstore_publish_beside(s, 1000));
    fill(s, 100);
    (void)logs_append(s, 1000, "queued");
    for (uint64_t i = 500; i-- > 0;) {
        struct logstore_item item;
        CHECK_OK(logstore_get(s, i, &item));
        CHECK_INT(item.entry.index, i);
        CHECK_BYTES(item.frame, bytes_str("0123456789abcdefx"));
    }
    CHECK_INT(logstore_queued(s), 1);
    CHECK_OK(logstore_publish(s, 0));
    logs_check_files(dir, 500);
}

static void a_log_may_be_closed_while_the_thread_is_at_work(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    fill(s, 400);
    CHECK_OK(logstore_publish_beside(s, 1000));
    fill(s, 7);
    logstore_free(MOVE(s));
    s = reopened(dir);
    CHECK_INT(logstore_size(s), 407);
    logs_check_files(dir, 407);
}

/* A file where the folder of frames should be: nothing can be derived until it has gone. */
static void what_failed_beside_is_said_and_tried_again(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    struct logstore_item item;
    AUTO(logstore) s = fresh(dir);
    (void)snprintf(path, sizeof path, "%s/frame", dir);
    AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    fill(s, 5);
    CHECK_OK(logstore_publish_beside(s, 1000));
    fill(s, 3); /* the journal goes on */
    logstore_wait(s);
    CHECK(logstore_publish_beside(s, 2000) != OK);
    CHECK_INT(logstore_checkpoint(s).size, 0);
    for (uint64_t i = 0; i < 8; i++)
        CHECK_OK(logstore_get(s, i, &item));
    CHECK(logstore_publish(s, 0) != OK);
    CHECK_INT(unlink(path), 0);
    CHECK_OK(logstore_publish_beside(s, 3000));
    CHECK_OK(logstore_publish(s, 0));
    CHECK_INT(logstore_checkpoint(s).size, 8);
    logs_check_files(dir, 8);
}

static void a_journal_that_begins_again_keeps_what_was_synced_meanwhile(void **state)
{
    (void)state;
    char dir[128];
    char crashed[160];
    AUTO(logstore) s = fresh(dir);
    fill_big(s, 300);
    CHECK(s->journal.end > LOGSTORE_JOURNAL_MAX);
    CHECK_OK(logstore_publish_beside(s, 1000));
    fill(s, 5);
    (void)logs_append(s, 5000, "queued");
    logstore_wait(s);
    CHECK_OK(logstore_publish_beside(s, 1000)); /* takes over; nothing is due within 200 ms */
    CHECK(s->journal.end < LOGSTORE_JOURNAL_MAX / 2);
    CHECK_INT(logstore_size(s), 305);
    CHECK_INT(logstore_queued(s), 1);
    struct hash root = logstore_root(s);
    (void)snprintf(crashed, sizeof crashed, "%s.crashed", dir);
    logs_clone(dir, crashed);
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_publish(s, 0));
    logs_check_files(dir, 306);
    logstore_free(MOVE(s));
    s = reopened(crashed);
    CHECK_INT(logstore_size(s), 305);
    CHECK(hash_eq(logstore_root(s), root));
    CHECK_INT(logstore_last_ms(s), 1000);
    logstore_free(MOVE(s));
    s = reopened(dir);
    CHECK_INT(logstore_size(s), 306);
    CHECK_INT(logstore_last_ms(s), 5000);
}

static void a_log_that_is_filled_faster_than_derived_slows_down_and_refuses_nothing(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    for (uint64_t i = 0; i < 60; i++) {
        fill_big(s, 20);
        if (logstore_publish_in_ms(s, i * 1000) == 0)
            CHECK_OK(logstore_publish_beside(s, i * 1000));
    }
    CHECK_INT(logstore_size(s), 1200);
    CHECK_OK(logstore_publish(s, 0));
    CHECK(s->journal.end < LOGSTORE_JOURNAL_MAX + LOGSTORE_BACKLOG_MAX);
    CHECK_INT(logstore_checkpoint(s).size, 1200);
}

int main(int argc, char **argv)
{
    rng_start();
    seed = logs_seed();
    const struct CMUnitTest cases[] = {
        CASE(what_was_published_beside_is_what_the_definition_says),
        CASE(a_checkpoint_counts_once_the_next_call_has_said_so),
        CASE(entries_are_read_while_the_thread_is_at_work),
        CASE(a_log_may_be_closed_while_the_thread_is_at_work),
        CASE(what_failed_beside_is_said_and_tried_again),
        CASE(a_journal_that_begins_again_keeps_what_was_synced_meanwhile),
        CASE(a_log_that_is_filled_faster_than_derived_slows_down_and_refuses_nothing),
    };
    int status = RUN(cases, argc, argv);
    secret_free(seed);
    return status;
}
