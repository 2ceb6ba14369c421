/* Tests of host/logstore: appending, publishing, reading back, copying. Oracle: the files recomputed from the definitions. */
#include "base/rng.h"
#include "core/wire/event.h"
#include "host/logstore_in.h"
#include "support/check.h"
#include "support/logs.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static struct secret *seed;
static unsigned counter;

/* A new, empty log; its folder's path in *dir. */
static struct logstore *fresh(char dir[128])
{
    struct logstore *s = NULL;
    struct diag d = {0};
    (void)snprintf(dir, 128, "%s/log%u", scratch_dir(), counter++);
    CHECK_OK(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    return s;
}

static void an_empty_log_is_signed_at_size_zero(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    CHECK_INT(logstore_size(s), 0);
    logs_check_files(dir, 0);
}

static void what_was_published_is_what_the_definition_says(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    static const uint64_t stops[] = {1, 2, 3, 255, 256, 257, 511, 512, 513, 700};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        while (logstore_size(s) + logstore_queued(s) < stops[i])
            (void)logs_append(s, 1000 + i, "x");
        CHECK_OK(logstore_sync(s));
        CHECK_OK(logstore_publish(s, 0));
        CHECK_INT(logstore_size(s), stops[i]);
        logs_check_files(dir, stops[i]);
        CHECK(hash_eq(logstore_root(s), logs_naive_root(s)));
    }
}

static void superseded_partials_go_and_the_current_ones_stay(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    AUTO(logstore) s = fresh(dir);
    for (int i = 0; i < 3; i++) {
        (void)logs_append(s, 1, "x");
        CHECK_OK(logstore_sync(s));
        CHECK_OK(logstore_publish(s, 0));
    }
    (void)snprintf(path, sizeof path, "%s/tile/entries/000.p/3", dir);
    CHECK(access(path, F_OK) == 0);
    (void)snprintf(path, sizeof path, "%s/tile/entries/000.p/2", dir);
    CHECK(access(path, F_OK) != 0);
    while (logstore_size(s) < 256) {
        (void)logs_append(s, 1, "x");
        CHECK_OK(logstore_sync(s));
    }
    CHECK_OK(logstore_publish(s, 0));
    (void)snprintf(path, sizeof path, "%s/tile/0/000.p", dir);
    CHECK(access(path, F_OK) != 0);
    logs_check_files(dir, 256);
}

static void nothing_is_there_before_it_is_synced(void **state)
{
    (void)state;
    char dir[128];
    struct logstore_item item;
    AUTO(logstore) s = fresh(dir);
    CHECK_INT(logs_append(s, 5, "x"), 0);
    CHECK_INT(logstore_size(s), 0);
    CHECK_INT(logstore_queued(s), 1);
    CHECK_ERR(logstore_get(s, 0, &item), ERR_NOTFOUND);
    CHECK_OK(logstore_publish(s, 0));
    logs_check_files(dir, 0);
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_get(s, 0, &item));
    CHECK_BYTES(item.frame, bytes_str("0123456789abcdefx"));
}

static void entries_are_read_back_newest_to_oldest(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    for (unsigned i = 0; i < 600; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%u", i);
        (void)logs_append(s, 1000 + i, text);
        if (i == 520)
            CHECK_OK(logstore_sync(s));
        if (i == 520)
            CHECK_OK(logstore_publish(s, 0));
    }
    CHECK_OK(logstore_sync(s));
    for (uint64_t i = 600; i-- > 0;) {
        struct logstore_item item;
        char want[32];
        (void)snprintf(want, sizeof want, "0123456789abcdef%u", (unsigned)i);
        CHECK_OK(logstore_get(s, i, &item));
        CHECK_BYTES(item.frame, bytes_str(want));
        CHECK_INT(item.entry.time_ms, 1000 + i);
        CHECK_INT(item.entry.index, i);
    }
}

static void time_never_goes_back_and_the_step_is_logged_once(void **state)
{
    (void)state;
    char dir[128];
    struct logstore_item item;
    struct event ev;
    CLEANUP(arena_fini) struct arena a;
    arena_init(&a, 65536);
    AUTO(logstore) s = fresh(dir);
    (void)logs_append(s, 100000, "before");
    CHECK_INT(logs_append(s, 99500, "a little back"), 1); /* under a second: only clamped */
    CHECK_INT(logs_append(s, 50000, "far back"), 3);
    CHECK_INT(logs_append(s, 50001, "still back"), 4);
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_get(s, 2, &item));
    CHECK_OK(event_frame_read(item.frame, &a, &ev));
    CHECK_INT(ev.kind, EVENT_CLOCK);
    CHECK_INT(ev.clock.last_ms, 100000);
    CHECK_INT(ev.clock.back_ms, 50000);
    for (uint64_t i = 1; i < 5; i++) {
        CHECK_OK(logstore_get(s, i, &item));
        CHECK_INT(item.entry.time_ms, 100000);
    }
}

static void under_load_a_checkpoint_is_signed_every_200_ms_at_most(void **state)
{
    (void)state;
    char dir[128];
    AUTO(logstore) s = fresh(dir);
    (void)logs_append(s, 1, "x");
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_publish(s, 1000));
    CHECK_INT(logstore_checkpoint(s).size, 1);
    (void)logs_append(s, 1, "x");
    CHECK_OK(logstore_sync(s));
    CHECK_INT(logstore_publish_in_ms(s, 1150), 50);
    CHECK_OK(logstore_publish(s, 1150));
    CHECK_INT(logstore_checkpoint(s).size, 1);
    CHECK_OK(logstore_publish(s, 1200));
    CHECK_INT(logstore_checkpoint(s).size, 2);
    CHECK(logstore_publish_in_ms(s, 1200) == UINT64_MAX);
}

static void a_large_frame_lies_beside_the_journal(void **state)
{
    (void)state;
    char dir[128];
    struct logstore_item item;
    AUTO(logstore) s = fresh(dir);
    char *big = malloc(200001);
    CHECK(big != NULL);
    memset(big, 'b', 200000);
    big[200000] = '\0';
    (void)logs_append(s, 1, big);
    CHECK_OK(logstore_sync(s));
    CHECK(s->journal.end < 10000);
    CHECK_OK(logstore_get(s, 0, &item));
    CHECK_INT(item.frame.n, 200016);
    CHECK_OK(logstore_publish(s, 0));
    logs_check_files(dir, 1);
    free(big);
}

static void rotation_keeps_the_log_and_what_was_queued(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = fresh(dir);
    for (int i = 0; i < 300; i++)
        (void)logs_append(s, 7, "before");
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_publish(s, 0));
    uint64_t long_journal = s->journal.end;
    (void)logs_append(s, 8, "queued");
    CHECK_OK(logstore_rotate(s));
    CHECK(s->journal.end < long_journal);
    CHECK_OK(logstore_sync(s));
    CHECK_INT(logstore_size(s), 301);
    struct hash root = logs_naive_root(s);
    logstore_free(MOVE(s));
    CHECK_OK(logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, &s, &d));
    CHECK_INT(logstore_size(s), 301);
    CHECK(hash_eq(logstore_root(s), root));
    CHECK(hash_eq(logs_naive_root(s), root));
    logs_check_files(dir, 301);
}

static void only_one_process_writes(void **state)
{
    (void)state;
    char dir[128];
    struct diag d = {0};
    AUTO(logstore) s = fresh(dir);
    struct logstore *other = NULL;
    CHECK_INT(logstore_size(s), 0);
    CHECK_ERR(logstore_open(AT_FDCWD, dir, LOGS_ORIGIN, seed, &other, &d), ERR_CONFLICT);
    CHECK(other == NULL);
    CHECK_ERR(logstore_create(AT_FDCWD, dir, LOGS_ORIGIN, seed, &other, &d), ERR_CONFLICT);
}

static void auditors_of_the_group_may_read_the_files(void **state)
{
    (void)state;
    char dir[128];
    char path[256];
    struct stat st;
    mode_t before = umask(077);
    AUTO(logstore) s = fresh(dir);
    (void)logs_append(s, 1, "x");
    CHECK_OK(logstore_sync(s));
    CHECK_OK(logstore_publish(s, 0));
    (void)umask(before);
    const char *const files[] = {"checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"};
    const char *const dirs[] = {".", "tile", "tile/0", "tile/0/000.p", "frame"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        CHECK_INT(stat(path, &st), 0);
        CHECK_INT(st.st_mode & 07777, 0640);
    }
    for (size_t i = 0; i < 5; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, dirs[i]);
        CHECK_INT(stat(path, &st), 0);
        CHECK_INT(st.st_mode & 07777, 0750);
    }
}

static void a_copy_holds_exactly_the_checkpoints_size(void **state)
{
    (void)state;
    char dir[128];
    char to[160];
    struct diag d = {0};
    struct checkpoint c;
    AUTO(logstore) s = fresh(dir);
    for (int i = 0; i < 300; i++)
        (void)logs_append(s, 7, "x");
    CHECK_OK(logstore_sync(s));
    (void)logs_append(s, 7, "not yet durable");
    (void)snprintf(to, sizeof to, "%s.copy", dir);
    CHECK_OK(logstore_copy(s, 9, AT_FDCWD, to, &c, &d));
    CHECK_INT(c.size, 300);
    logs_check_files(to, 300);
    (void)snprintf(to, sizeof to, "%s.copy/cp/300", dir);
    CHECK(access(to, F_OK) == 0);
    (void)snprintf(to, sizeof to, "%s.copy/state", dir);
    CHECK(access(to, F_OK) != 0);
    (void)snprintf(to, sizeof to, "%s.copy", dir);
    CHECK_ERR(logstore_copy(s, 9, AT_FDCWD, to, &c, &d), ERR_CONFLICT);
}

static void what_is_too_large_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    char dir[128];
    uint64_t index = 0;
    AUTO(logstore) s = fresh(dir);
    uint8_t *big = calloc(1, LOGSTORE_FRAME_MAX + 1);
    CHECK_ERR(logstore_append(s, ENTRY_REJ, 1, bytes_of(big, LOGSTORE_FRAME_MAX + 1),
                              bytes_of(NULL, 0), &index),
              ERR_TOOBIG);
    CHECK_ERR(logstore_append(s, ENTRY_OUT, 1, bytes_str("frame"), bytes_of(big, 65536), &index),
              ERR_TOOBIG);
    free(big);
    CHECK_INT(logstore_queued(s), 0);
    CHECK_INT(logs_append(s, 1, "x"), 0);
}

int main(int argc, char **argv)
{
    rng_start();
    seed = logs_seed();
    const struct CMUnitTest cases[] = {
        CASE(an_empty_log_is_signed_at_size_zero),
        CASE(what_was_published_is_what_the_definition_says),
        CASE(superseded_partials_go_and_the_current_ones_stay),
        CASE(nothing_is_there_before_it_is_synced),
        CASE(entries_are_read_back_newest_to_oldest),
        CASE(time_never_goes_back_and_the_step_is_logged_once),
        CASE(under_load_a_checkpoint_is_signed_every_200_ms_at_most),
        CASE(a_large_frame_lies_beside_the_journal),
        CASE(rotation_keeps_the_log_and_what_was_queued),
        CASE(only_one_process_writes),
        CASE(auditors_of_the_group_may_read_the_files),
        CASE(a_copy_holds_exactly_the_checkpoints_size),
        CASE(what_is_too_large_is_refused_and_leaves_nothing),
    };
    int status = RUN(cases, argc, argv);
    secret_free(seed);
    return status;
}
