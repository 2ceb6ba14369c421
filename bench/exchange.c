/* exchange.c - messages both ways between a node's and a coordinator's link: drivers of core/link in a process each, over real
 * airlocks and real logs. What they stand on is timed by exchange_bare.c.
 *   bench_exchange DIR N SIZE   prints {"ours_s":...} for N messages of SIZE bytes each way, the first hello excluded: until
 *                               both sides have acted on all and know that the other has them in its log */
#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "core/identity/note.h"
#include "host/airlock.h"
#include "host/linkdrv.h"
#include "io/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NODE, COORD };

static uint8_t data[BODY_NOTE_MAX];

struct plan {
    int dir;
    uint64_t n, size;
    struct secret *log[2], *msg[2], *witness[2];
    uint8_t curve_secret[2][ZCHAN_KEY], curve[2][ZCHAN_KEY];
    int port[2]; /* a pipe from the coordinator to the node */
};

struct side {
    const struct plan *plan;
    int who;
    struct loop *loop;
    struct loop_timer *timer;
    struct airlock *airlock;
    struct logstore *store;
    struct linkdrv *drv;
    uint32_t port, route;
    bool ready, connected;
    uint64_t said, heard;
    uint64_t begun_ms; /* it may connect */
    uint64_t first_ms; /* the first message could go */
};

static void must(enum err e, const char *what)
{
    if (!e)
        return;
    (void)fprintf(stderr, "bench/exchange: %s: %s\n", what, err_name(e));
    exit(1);
}

/* --- what the link asks for --- */

static enum err on_send(void *ctx, struct bytes frame)
{
    struct side *s = ctx;
    uint32_t ticket = 0;
    return s->connected ? airlock_send(s->airlock, s->who == COORD ? "site-a" : "", frame, &ticket)
                        : OK;
}

static void on_close(void *ctx, enum link_fault fault, bool for_good)
{
    struct side *s = ctx;
    (void)fprintf(stderr, "bench/exchange: side %d closed: %s %d\n", s->who, link_fault_name(fault),
                  for_good);
    exit(1);
}

static enum err on_apply(void *ctx, uint64_t index, const struct body *b)
{
    struct side *s = ctx;
    (void)index;
    s->heard += b->kind == BODY_DOCUMENT;
    return OK;
}

/* --- what the airlock says --- */

static void begin(struct side *s, uint32_t route)
{
    if (s->connected && route == s->route)
        return;
    s->route = route;
    if (s->who == COORD)
        must(airlock_route(s->airlock, "site-a", route), "route");
    s->connected = true;
    linkdrv_connected(s->drv, clock_now_ms());
}

static void on_frame(void *ctx, const char *site, uint32_t route, struct bytes frame)
{
    struct side *s = ctx;
    (void)site;
    if (s->who == COORD)
        begin(s, route);
    linkdrv_frame(s->drv, frame, clock_now_ms());
}

static void on_answered(void *ctx, uint32_t ticket, enum err e)
{
    struct side *s = ctx;
    (void)ticket;
    must(e, "send"); /* a connection that ends is none of what is timed */
    linkdrv_room(s->drv);
}

static void on_peer(void *ctx, const char *site, unsigned event, uint32_t value)
{
    struct side *s = ctx;
    (void)site;
    if (event == ZCHAN_LISTENING)
        s->port = value;
    s->ready = s->ready || event == AIRPIPE_READY;
    if (event == ZCHAN_UP && s->who == NODE)
        begin(s, 0);
    if (s->begun_ms == 0 && (event == ZCHAN_LISTENING || event == AIRPIPE_READY))
        loop_stop(s->loop);
}

static void on_line(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "%s\n", text);
}

static void on_died(void *ctx, int status)
{
    (void)ctx;
    (void)fprintf(stderr, "bench/exchange: the airlock died: %d\n", status);
    exit(1);
}

/* --- one side --- */

static struct body payload(const struct side *s)
{
    return (struct body){.kind = BODY_DOCUMENT,
                         .document = {bytes_str("campaign"), bytes_of(data, s->plan->size)}};
}

static void on_timer(void *ctx)
{
    (void)ctx; /* the turn that it begins has an end */
}

static void on_turn_end(void *ctx)
{
    struct side *s = ctx;
    uint64_t now = clock_now_ms();
    if (s->begun_ms == 0)
        return;
    struct body b = payload(s);
    if (s->first_ms == 0 && linkdrv_can_send(s->drv))
        s->first_ms = clock_mono_ms();
    for (; s->said < s->plan->n && linkdrv_can_send(s->drv); s->said++)
        must(linkdrv_send(s->drv, &b, now), "say");
    must(linkdrv_turn(s->drv, now), "turn");
    const struct link *l = linkdrv_link(s->drv);
    loop_timer_set(s->timer, linkdrv_due_ms(s->drv, now));
    /* The node's side goes on answering until it is ended. */
    if (s->who == COORD && s->said == s->plan->n && s->heard == s->plan->n &&
        link_acknowledged(l) >= s->plan->n)
        loop_stop(s->loop);
}

static struct link_keys keys_of(const struct plan *p, int who)
{
    static const char *const origins[] = {"fed.example/site-a", "fed.example/relay/site-a"};
    struct secret *seed[] = {p->log[who], p->msg[who], p->witness[who]};
    const char *tail[] = {"", "/msg", "/witness"};
    struct vkey k[3];
    for (int i = 0; i < 3; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "%s%s", origins[who], tail[i]);
        must(vkey_make(bytes_str(name), i == 2 ? VKEY_COSIGNATURE : VKEY_ED25519,
                       note_public(secret_borrow(seed[i])), &k[i]),
             "key");
        secret_give_back(seed[i]);
    }
    return (struct link_keys){k[0], k[1], k[2]};
}

static void open_side(struct side *s)
{
    const struct plan *p = s->plan;
    struct diag d = {0};
    struct linkdrv_config c = {.link = {.side = s->who == NODE ? LINK_NODE : LINK_COORDINATOR,
                                        .own = keys_of(p, s->who),
                                        .peer = keys_of(p, 1 - s->who),
                                        .msg_seed = p->msg[s->who],
                                        .witness_seed = p->witness[s->who]},
                               .calls = {on_send, on_close, on_apply, s}};
    struct airlock_events events = {on_frame, on_answered, on_peer, on_line, on_died, s};
    must(airlock_spawn(AIRLOCK_PROGRAM, s->who == NODE ? AIRLOCK_DEALER : AIRLOCK_ROUTER,
                       &s->airlock, &d),
         d.text);
    must(loop_new(&s->loop), "loop");
    must(airlock_attach(s->airlock, s->loop, &events), "attach");
    must(loop_timer_add(s->loop, UINT64_MAX, 0, on_timer, s, &s->timer), "timer");
    while (!s->ready)
        must(loop_run(s->loop), "run");
    must(airlock_key(s->airlock, p->curve_secret[s->who]), "key");
    must(logstore_create(p->dir, s->who == NODE ? "node" : "coord", c.link.own.log.name,
                         p->log[s->who], &s->store, &d),
         d.text);
    must(linkdrv_new(s->store, &c, &s->drv, &d), d.text);
    loop_at_turn_end(s->loop, on_turn_end, s);
}

static void close_side(struct side *s)
{
    loop_timer_end(s->timer);
    linkdrv_free(s->drv);
    airlock_free(s->airlock);
    logstore_free(s->store);
    loop_free(s->loop);
}

static void run_node(const struct plan *p)
{
    struct side s = {.plan = p, .who = NODE};
    char endpoint[64];
    uint32_t port = 0;
    open_side(&s);
    if (read(p->port[0], &port, sizeof port) != (ssize_t)sizeof port)
        must(ERR_IO, "port");
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", port);
    s.begun_ms = clock_mono_ms();
    must(airlock_connect(s.airlock, endpoint, p->curve[COORD]), "connect");
    must(loop_run(s.loop), "run");
}

static uint64_t run_coordinator(const struct plan *p, pid_t node)
{
    struct side s = {.plan = p, .who = COORD};
    struct zchan_allowed one = {.id = "site-a"};
    memcpy(one.key, p->curve[NODE], ZCHAN_KEY);
    open_side(&s);
    must(airlock_allow(s.airlock, &one, 1), "allow");
    must(airlock_bind(s.airlock, "tcp://127.0.0.1:0"), "bind");
    while (s.port == 0)
        must(loop_run(s.loop), "run");
    s.begun_ms = clock_mono_ms();
    if (write(p->port[1], &s.port, sizeof s.port) != (ssize_t)sizeof s.port)
        must(ERR_IO, "port");
    must(loop_run(s.loop), "run");
    uint64_t ms = clock_mono_ms() - s.first_ms;
    if (node < 0 || kill(node, SIGKILL) != 0 || waitpid(node, NULL, 0) != node)
        must(ERR_INTERNAL, "the node's side");
    close_side(&s);
    return ms;
}

static double ours(const struct plan *p)
{
    pid_t node = fork();
    if (node == 0) {
        run_node(p);
        exit(0);
    }
    uint64_t ms = run_coordinator(p, node);
    return (double)ms / 1000.0;
}

static void draw_keys(struct plan *p)
{
    for (int who = 0; who < 2; who++) {
        struct secret **seed[] = {&p->log[who], &p->msg[who], &p->witness[who]};
        for (int i = 0; i < 3; i++) {
            uint8_t b[NOTE_SEED];
            rng_fill(b, sizeof b);
            must(secret_copy(bytes_of(b, sizeof b), seed[i]), "seed");
        }
        rng_fill(p->curve_secret[who], ZCHAN_KEY);
        if (crypto_scalarmult_base(p->curve[who], p->curve_secret[who]) != 0)
            must(ERR_INTERNAL, "curve");
    }
}

static void free_keys(struct plan *p)
{
    for (int who = 0; who < 2; who++) {
        secret_free(p->log[who]);
        secret_free(p->msg[who]);
        secret_free(p->witness[who]);
    }
}

int main(int argc, char **argv)
{
    struct plan p = {.dir = -1};
    rng_start();
    if (argc != 4 || parse_u64_str(argv[2], 1000000, &p.n) || p.n == 0 ||
        parse_u64_str(argv[3], sizeof data, &p.size) || p.size == 0)
        return 64;
    memset(data, 'x', sizeof data);
    must(dir_open(AT_FDCWD, argv[1], &p.dir), argv[1]);
    if (pipe(p.port) != 0)
        must(ERR_IO, "pipe");
    draw_keys(&p);
    double s = ours(&p);
    (void)printf("{\"messages\":%llu,\"size\":%llu,\"ours_s\":%.3f}\n", (unsigned long long)p.n,
                 (unsigned long long)p.size, s);
    free_keys(&p);
    (void)close(p.dir);
    return 0;
}
