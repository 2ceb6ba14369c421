/* inside.c - a test build of the airlock: starts as the real one does, then tries what it must not be able to do, says on stdout
 * what came of it ("act=errno ", 0 where it succeeded), and crashes. */
#include "airlock/airlock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int came_of(long rc)
{
    return rc < 0 ? errno : 0;
}

static int open_to_write(void)
{
    int fd = open("/tmp/cloister-airlock-was-here", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int e = came_of(fd);
    if (fd >= 0 && write(fd, "x", 1) < 0)
        e = errno; /* the limit of zero bytes */
    return e;
}

static int open_to_read(void)
{
    return came_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int make_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return came_of(pid);
}

static void *nothing(void *ctx)
{
    return ctx;
}

static int make_thread(void)
{
    pthread_t t;
    return pthread_create(&t, NULL, nothing, NULL);
}

static int run_program(void)
{
    char name[] = "true";
    char *const argv[] = {name, NULL};
    return came_of(execve("/bin/true", argv, &argv[1]));
}

static int trace_parent(void)
{
    return came_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int read_parent(void)
{
    char here[8];
    struct iovec to = {here, sizeof here};
    struct iovec from = {here, sizeof here};
    return came_of(process_vm_readv(getppid(), &to, 1, &from, 1, 0));
}

static int kill_parent(void)
{
    return came_of(kill(getppid(), 0));
}

static int make_code(void)
{
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? errno : 0;
}

static int turn_into_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? 0 : came_of(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int ask_for_interfaces(void)
{
    return came_of(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static int become_dumpable(void)
{
    return came_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int raise_limit(void)
{
    const struct rlimit more = {1, 1};
    return came_of(setrlimit(RLIMIT_FSIZE, &more));
}

static int use_the_ring(void)
{
    return came_of(syscall(SYS_io_uring_setup, 1, NULL));
}

static const struct {
    const char *name;
    int (*act)(void);
} acts[] = {
    {"write", open_to_write},
    {"read", open_to_read},
    {"fork", make_process},
    {"thread", make_thread},
    {"exec", run_program},
    {"trace", trace_parent},
    {"peek", read_parent},
    {"kill", kill_parent},
    {"code", make_code},
    {"into_code", turn_into_code},
    {"interfaces", ask_for_interfaces},
    {"dumpable", become_dumpable},
    {"limit", raise_limit},
    {"ring", use_the_ring},
};

int main(void)
{
    AUTO(airlock_process) a = NULL;
    const char *where = "";
    char line[900];
    size_t n = 0;
    if (airlock_process_start(ZCHAN_DEALER, &a, &where)) {
        (void)fprintf(stderr, "cannot %s\n", where);
        return 1;
    }
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        int k = snprintf(line + n, sizeof line - n, "%s=%d ", acts[i].name, acts[i].act());
        n += k > 0 ? (size_t)k : 0;
    }
    line[n - 1] = '\n';
    if (write(STDOUT_FILENO, line, n) < 0)
        return 1;
    (void)signal(SIGILL, SIG_DFL); /* sanitizers have their own */
    __builtin_trap();
}
