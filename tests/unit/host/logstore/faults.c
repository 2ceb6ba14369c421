/* Tests of host/logstore on failing disks and without memory: every writing call of a scenario fails once in turn; what was
 * acknowledged is there afterwards, what was refused is not, and no second root is ever signed for a size. */
#include "support/faults.h"
#include "base/rng.h"
#include "host/logstore_in.h"
#include "support/alloc.h"
#include "support/check.h"
#include "support/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

static struct secret *seed;
static unsigned counter;

/* What the caller of the store knows. */
struct ledger {
    uint64_t acknowledged;
    bool dead;
    enum err last;
};

static void path_of_next(char dir[128])
{
    (void)snprintf(dir, 128, "%s/log%u", scratch_dir(), counter++);
}

static enum err append(struct logstore *s)
{
    uint64_t index = 0;
    return logstore_append(s, ENTRY_LOCAL, 1, bytes_str("0123456789abcdef and more"),
                           bytes_of(NULL, 0), &index);
}

/* Three batches, a publish after each, a rotation in between; goes on after what can be tried again. */
static void scenario(struct logstore *s, struct ledger *l)
{
    for (int batch = 0; batch < 3 && !l->dead; batch++) {
        enum err e = append(s);
        if (!e)
            e = append(s);
        if (!e)
            e = logstore_sync(s);
        if (!e)
            l->acknowledged = logstore_size(s);
        CHECK_INT(logstore_size(s), l->acknowledged);
        if (!e)
            e = logstore_publish(s, 0);
        if (!e && batch == 1)
            e = logstore_rotate(s);
        l->last = e ? e : l->last;
        l->dead = e == ERR_IO;
    }
}

/* A dead store stays dead, whatever works again. */
static void stays_dead(struct logstore *s)
{
    CHECK_ERR(append(s), ERR_IO);
    CHECK_ERR(logstore_sync(s), ERR_IO);
    CHECK_ERR(logstore_publish(s, 0), ERR_IO);
}

static void sweep(int number)
{
    for (unsigned n = 1;; n++) {
        char dir[128];
        struct diag d = {0};
        struct ledger l = {0};
        AUTO(logstore) s = NULL;
        path_of_next(dir);
        CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
        fault_at(n, number, false);
        scenario(s, &l);
        bool done = !fault_hit();
        fault_at(0, 0, false);
        if (s->dead)
            stays_dead(s);
        else if (!done) {
            /* There is room again: it goes on. */
            CHECK_OK(append(s));
            CHECK_OK(logstore_sync(s));
            l.acknowledged++;
            CHECK_OK(logstore_publish(s, 0));
        }
        bool was_dead = s->dead;
        logstore_free(MOVE(s));
        CHECK_OK(logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
        /* After a sync that failed the disk may have kept what was refused; never less than what was acknowledged. */
        CHECK(logstore_size(s) == l.acknowledged ||
              (was_dead && logstore_size(s) > l.acknowledged));
        logs_check_files(dir, logstore_size(s));
        if (done) {
            CHECK_INT(l.acknowledged, 6);
            CHECK(n > 40); /* the scenario is made of so many writing calls at least */
            return;
        }
    }
}

static void every_writing_call_may_find_the_disk_full(void **state)
{
    (void)state;
    sweep(ENOSPC);
}

static void every_writing_call_may_fail(void **state)
{
    (void)state;
    sweep(EIO);
}

static void a_full_disk_is_said_and_nothing_of_the_batch_is_there(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = NULL;
    path_of_next(dir);
    CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    CHECK_OK(append(s));
    CHECK_OK(append(s));
    fault_at(1, ENOSPC, false);
    CHECK_ERR(logstore_sync(s), ERR_FULL);
    fault_at(0, 0, false);
    CHECK_INT(logstore_size(s), 0);
    CHECK_INT(logstore_queued(s), 0);
    CHECK_INT(logs_append(s, 1, "again"), 0);
    CHECK_OK(logstore_sync(s));
    CHECK_INT(logstore_size(s), 1);
}

static void a_failed_sync_is_never_tried_again(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = NULL;
    path_of_next(dir);
    CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    CHECK_OK(append(s));
    fault_at(3, EIO, false); /* the records, the zeros behind them, then the sync */
    CHECK_ERR(logstore_sync(s), ERR_IO);
    fault_at(0, 0, false);
    stays_dead(s);
    CHECK_INT(logstore_size(s), 0);
}

static enum err create_one(void *ctx)
{
    (void)ctx;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = NULL;
    path_of_next(dir);
    return logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d);
}

static enum err open_one(void *ctx)
{
    struct diag d = {0};
    AUTO(logstore) s = NULL;
    return logstore_open(AT_FDCWD, ctx, LOGS_ORIGIN, seed, &s, &d);
}

static enum err append_one(void *ctx)
{
    struct logstore *s = ctx;
    uint64_t before = logstore_queued(s);
    enum err e = append(s);
    CHECK_INT(logstore_queued(s), before + (e ? 0 : 1));
    return e;
}

static void a_store_without_memory_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    struct logstore *s = NULL;
    CHECK(alloc_torture(create_one, NULL) > 2);
    path_of_next(dir);
    CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    for (int i = 0; i < 70; i++)
        CHECK_OK(append(s));
    CHECK(alloc_torture(append_one, s) > 0);
    CHECK_OK(logstore_sync(s));
    logstore_free(s);
    CHECK(alloc_torture(open_one, dir) > 4);
}

int main(int argc, char **argv)
{
    rng_start();
    seed = logs_seed();
    const struct CMUnitTest cases[] = {
        CASE(every_writing_call_may_find_the_disk_full),
        CASE(every_writing_call_may_fail),
        CASE(a_full_disk_is_said_and_nothing_of_the_batch_is_there),
        CASE(a_failed_sync_is_never_tried_again),
        CASE(a_store_without_memory_says_so_and_leaks_nothing),
    };
    int status = RUN(cases, argc, argv);
    secret_free(seed);
    return status;
}
