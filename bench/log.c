/* log.c - durable entries of the access log a second, against bare appends of as many bytes with one fdatasync for as many.
 *   bench_log DIR BATCH   prints {"entries_per_s":..., "published_per_s":..., "bare_per_s":...} for BATCH entries a sync
 *
 * Published as the node does it, beside the appends, as often as it is due. entries_per_s counts what was made durable while
 * entries came in; published_per_s the same entries over the time until the last had its frame file and stood under a signed
 * checkpoint. The first is what a burst sees; the second can be kept up for ever, and makes one file an entry, which no bare
 * append has to. The longer the load, the nearer the first is to the second. */
#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "host/logstore.h"
#include "io/files.h"

#include <fcntl.h>
#include <stdio.h>

enum { FRAME = 180, SECONDS = 3, RECORD = 460 };

struct rates {
    double durable, published, bare;
};

static double per_s(uint64_t n, uint64_t begun_ms)
{
    return (double)n * 1000.0 / (double)(clock_mono_ms() - begun_ms);
}

static enum err append_some(struct logstore *log, uint64_t batch)
{
    uint8_t frame[FRAME] = {0};
    enum err e = OK;
    for (uint64_t i = 0; !e && i < batch; i++) {
        uint64_t index = 0;
        rng_fill(frame, 16);
        e = logstore_append(log, ENTRY_LOCAL, clock_now_ms(), bytes_of(frame, sizeof frame),
                            bytes_of(NULL, 0), &index);
    }
    if (!e)
        e = logstore_sync(log);
    if (!e && logstore_publish_in_ms(log, clock_now_ms()) == 0)
        e = logstore_publish_beside(log, clock_now_ms());
    return e;
}

static enum err log_rate(int dir, uint64_t batch, struct rates *out)
{
    struct diag d = {0};
    uint64_t n = 0;
    AUTO(secret) seed = NULL;
    AUTO(logstore) log = NULL;
    enum err e = secret_new(32, &seed);
    if (!e)
        e = logstore_create(dir, "log", "bench.example/site/access", seed, &log, &d);
    uint64_t begun = clock_mono_ms();
    for (; !e && clock_mono_ms() - begun < SECONDS * 1000; n += batch)
        e = append_some(log, batch);
    out->durable = per_s(n, begun);
    if (!e)
        e = logstore_publish(log, 0);
    out->published = per_s(n, begun);
    return e;
}

static enum err bare_rate(int dir, uint64_t batch, double *out)
{
    static uint8_t block[RECORD * 1024];
    uint64_t n = 0;
    AUTO_FD int fd = openat(dir, "bare", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    enum err e = fd < 0 ? ERR_IO : OK;
    uint64_t begun = clock_mono_ms();
    while (!e && clock_mono_ms() - begun < SECONDS * 1000) {
        e = fd_write_all(fd, bytes_of(block, RECORD * batch));
        if (!e)
            e = fd_sync_data(fd);
        n += batch;
    }
    *out = per_s(n, begun);
    return e;
}

int main(int argc, char **argv)
{
    uint64_t batch = 0;
    struct rates r = {0};
    AUTO_FD int dir = -1;
    rng_start();
    if (argc != 3 || parse_u64_str(argv[2], 1024, &batch) || batch == 0)
        return 64;
    enum err e = dir_open(AT_FDCWD, argv[1], &dir);
    if (!e)
        e = bare_rate(dir, batch, &r.bare);
    if (!e)
        e = log_rate(dir, batch, &r);
    if (e) {
        (void)fprintf(stderr, "bench_log: %s\n", err_name(e));
        return 1;
    }
    (void)printf(
        "{\"batch\":%llu,\"entries_per_s\":%.0f,\"published_per_s\":%.0f,\"bare_per_s\":%.0f}\n",
        (unsigned long long)batch, r.durable, r.published, r.bare);
    return 0;
}
