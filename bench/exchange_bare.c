/* exchange_bare.c - what an exchange stands on, alone: frames over bare CURVE sockets, and durable appends.
 *   bench_exchange_bare DIR N SIZE   prints {"curve_s":..., "durable_s":..., "batched_s":...} for N frames of SIZE each way
 *
 * durable_s: two processes append N blocks of SIZE each and sync every one; batched_s: eight to a sync, as many as a link lets be
 * on their way. */
#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "io/files.h"
#include "io/zchan.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NODE, COORD, BATCH = 8 };

static uint8_t data[ZCHAN_FRAME_MAX];

struct plan {
    int dir;
    uint64_t n, size, batch;
    uint8_t secret[2][ZCHAN_KEY], public[2][ZCHAN_KEY];
    int port[2];
};

struct bare {
    struct zchan *z;
    uint64_t heard, said;
    uint32_t port, route;
    bool up, greeted;
};

static void must(enum err e)
{
    if (!e)
        return;
    (void)fprintf(stderr, "bench/exchange_bare: %s\n", err_name(e));
    exit(1);
}

static void on_frame(void *ctx, const char *id, uint32_t route, struct bytes frame)
{
    struct bare *b = ctx;
    (void)id;
    b->route = route;
    b->greeted = true;
    b->heard += frame.n > 1;
}

static void on_event(void *ctx, enum zchan_event what, const char *id, uint32_t value)
{
    struct bare *b = ctx;
    (void)id;
    if (what == ZCHAN_LISTENING)
        b->port = value;
    b->up = b->up || what == ZCHAN_UP;
}

static void turn(struct bare *b)
{
    unsigned ready = 0;
    must(zchan_wait(b->z, -1, 0, 1, &ready));
    must(zchan_step(b->z));
}

static void begin(struct bare *b, const struct plan *p, int who)
{
    struct zchan_events events = {on_frame, on_event, NULL, b};
    must(zchan_new(who == NODE ? ZCHAN_DEALER : ZCHAN_ROUTER, &events, &b->z));
    must(zchan_key(b->z, p->secret[who]));
}

static void talk(struct bare *b, const struct plan *p)
{
    while (b->said < p->n || b->heard < p->n) {
        while (b->said < p->n && zchan_send(b->z, b->route, bytes_of(data, p->size)) == OK)
            b->said++;
        turn(b);
    }
}

static void node(const struct plan *p)
{
    struct bare b = {0};
    char endpoint[64];
    uint32_t port = 0;
    begin(&b, p, NODE);
    if (read(p->port[0], &port, sizeof port) != (ssize_t)sizeof port)
        must(ERR_IO);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", port);
    must(zchan_connect(b.z, endpoint, p->public[COORD]));
    while (!b.up)
        turn(&b);
    must(zchan_send(b.z, 0, bytes_str("h"))); /* so that the router knows the route */
    talk(&b, p);
    for (uint64_t until = clock_mono_ms() + 500; clock_mono_ms() < until;)
        turn(&b); /* what it said last is still on its way */
    zchan_free(b.z);
}

static uint64_t coordinator(const struct plan *p)
{
    struct bare b = {0};
    struct zchan_allowed one = {.id = "site-a"};
    memcpy(one.key, p->public[NODE], ZCHAN_KEY);
    begin(&b, p, COORD);
    must(zchan_allow(b.z, &one, 1));
    must(zchan_bind(b.z, "tcp://127.0.0.1:0"));
    if (write(p->port[1], &b.port, sizeof b.port) != (ssize_t)sizeof b.port)
        must(ERR_IO);
    while (!b.greeted)
        turn(&b);
    uint64_t begun = clock_mono_ms();
    talk(&b, p);
    uint64_t ms = clock_mono_ms() - begun;
    for (uint64_t until = clock_mono_ms() + 500; clock_mono_ms() < until;)
        turn(&b);
    zchan_free(b.z);
    return ms;
}

static uint64_t append(const struct plan *p, const char *name)
{
    AUTO_FD int fd = openat(p->dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd < 0 ? ERR_IO : OK);
    uint64_t begun = clock_mono_ms();
    for (uint64_t i = 0; i < p->n; i++) {
        must(fd_write_all(fd, bytes_of(data, p->size)));
        if ((i + 1) % p->batch == 0 || i + 1 == p->n)
            must(fd_sync_data(fd));
    }
    uint64_t ms = clock_mono_ms() - begun;
    (void)unlinkat(p->dir, name, 0);
    return ms;
}

static void append_too(const struct plan *p)
{
    (void)append(p, "bare-node");
}

static uint64_t append_own(const struct plan *p)
{
    return append(p, "bare-coord");
}

static double both(const struct plan *p, void (*other)(const struct plan *),
                   uint64_t (*own)(const struct plan *))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        other(p);
        exit(0);
    }
    uint64_t ms = own(p);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        must(ERR_INTERNAL);
    return (double)(ms > 0 ? ms : 1) / 1000.0;
}

int main(int argc, char **argv)
{
    struct plan p = {.dir = -1, .batch = 1};
    rng_start();
    if (argc != 4 || parse_u64_str(argv[2], 1000000, &p.n) || p.n == 0 ||
        parse_u64_str(argv[3], sizeof data, &p.size) || p.size < 2)
        return 64;
    must(dir_open(AT_FDCWD, argv[1], &p.dir));
    rng_fill(data, sizeof data);
    for (int who = 0; who < 2; who++) {
        rng_fill(p.secret[who], ZCHAN_KEY);
        must(crypto_scalarmult_base(p.public[who], p.secret[who]) == 0 ? OK : ERR_INTERNAL);
    }
    must(pipe(p.port) == 0 ? OK : ERR_IO);
    double curve = both(&p, node, coordinator);
    double durable = both(&p, append_too, append_own);
    p.batch = BATCH;
    double batched = both(&p, append_too, append_own);
    (void)printf("{\"curve_s\":%.3f,\"durable_s\":%.3f,\"batched_s\":%.3f}\n", curve, durable,
                 batched);
    (void)close(p.dir);
    return 0;
}
