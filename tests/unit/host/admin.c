/* Tests of host/admin: a daemon's side in the loop, a command's side on a thread. */
#include "host/admin.h"
#include "io/files.h"
#include "support/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

struct rig {
    struct loop *loop;
    struct admin *admin;
    int run;
    const char *say;
    int give; /* a descriptor to send, or -1 */
    char heard[200];
    enum err said;
    unsigned closed;
};

static void on_message(void *ctx, struct admin_peer *p, struct bytes payload, int fds[ADMIN_FDS],
                       size_t n)
{
    char reply[200] = {0};
    char read_back[20] = {0};
    (void)ctx;
    if (n == 1)
        CHECK(pread(fds[0], read_back, sizeof read_back - 1, 0) >= 0);
    (void)snprintf(reply, sizeof reply, "%.*s/%zu/%s", (int)payload.n, (const char *)payload.p, n,
                   read_back);
    CHECK_OK(admin_send(p, bytes_str(reply)));
    admin_finish(p);
}

static void on_closed(void *ctx, struct admin_peer *p)
{
    struct rig *g = ctx;
    (void)p;
    g->closed++;
}

static void stop(void *ctx)
{
    struct rig *g = ctx;
    loop_stop(g->loop);
}

static void *command(void *ctx)
{
    struct rig *g = ctx;
    AUTO_FD int fd = -1;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(ADMIN_MAX);
    g->said = admin_connect(g->run, &fd);
    if (!g->said)
        g->said = admin_say(fd, bytes_str(g->say), &g->give, g->give >= 0 ? 1 : 0);
    if (!g->said)
        g->said = admin_hear(fd, &b);
    (void)snprintf(g->heard, sizeof g->heard, "%.*s", (int)b.n, b.n == 0 ? "" : (const char *)b.p);
    (void)loop_post(g->loop, stop, g);
    return NULL;
}

static void talk(struct rig *g, const char *say, int give)
{
    pthread_t t;
    *g = (struct rig){.say = say, .give = give};
    struct admin_events events = {.message = on_message, .closed = on_closed, .ctx = g};
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &g->run));
    CHECK_OK(loop_new(&g->loop));
    CHECK_OK(admin_new(g->loop, g->run, &events, &g->admin));
    CHECK(pthread_create(&t, NULL, command, g) == 0);
    CHECK_OK(loop_run(g->loop));
    CHECK(pthread_join(t, NULL) == 0);
    admin_free(g->admin);
    loop_free(g->loop);
    (void)close(g->run);
}

static void a_message_is_answered(void **state)
{
    (void)state;
    struct rig g;
    talk(&g, "hello", -1);
    CHECK_OK(g.said);
    CHECK_STR(g.heard, "hello/0/");
}

static void a_descriptor_comes_with_its_message(void **state)
{
    (void)state;
    struct rig g;
    AUTO_FD int dir = -1;
    AUTO_FD int fd = -1;
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &dir));
    CHECK_OK(file_replace(dir, "given", bytes_str("inside"), 0600));
    CHECK_OK(file_open(dir, "given", &fd, NULL));
    talk(&g, "read", fd);
    CHECK_STR(g.heard, "read/1/inside");
}

static void an_absent_daemon_is_not_found(void **state)
{
    (void)state;
    AUTO_FD int run = -1;
    int fd = -1;
    CHECK_OK(dir_open(AT_FDCWD, scratch_dir(), &run));
    CHECK_ERR(admin_connect(run, &fd), ERR_NOTFOUND);
}

static void an_announced_giant_closes_the_peer(void **state)
{
    (void)state;
    struct rig g;
    static char giant[ADMIN_MAX + 2];
    memset(giant, 'x', sizeof giant - 1);
    talk(&g, giant, -1);
    CHECK_ERR(g.said, ERR_TOOBIG);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        CASE(a_message_is_answered),
        CASE(a_descriptor_comes_with_its_message),
        CASE(an_absent_daemon_is_not_found),
        CASE(an_announced_giant_closes_the_peer),
    };
    return RUN(cases, argc, argv);
}
