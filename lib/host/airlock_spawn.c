/* airlock_spawn.c - finding and starting cloister-airlock. */
#include "host/airlock_in.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum {
    CHILD_PIPE = 3, /* the airlock expects its socket there */
    HIGH_FD = 10,   /* above all that the child puts in place */
    PATH_BYTES = 4096
};

static bool runs(const char *path)
{
    return access(path, X_OK) == 0;
}

enum err airlock_program(char *out, size_t size, struct diag *d)
{
    char self[PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        int dir = slash == NULL ? 0 : (int)(slash - self);
        int k = snprintf(out, size, "%.*s/cloister-airlock", dir, self);
        if (k > 0 && (size_t)k < size && runs(out))
            return OK;
        k = snprintf(out, size, "%.*s/../airlock/cloister-airlock", dir, self);
        if (k > 0 && (size_t)k < size && runs(out))
            return OK;
    }
    int k = snprintf(out, size, "%s/cloister-airlock", CLOISTER_LIBEXECDIR);
    if (k > 0 && (size_t)k < size && runs(out))
        return OK;
    return diag_set(d, ERR_NOTFOUND,
                    "cloister-airlock is neither beside this program nor in " CLOISTER_LIBEXECDIR);
}

struct ends {
    int pipe[2];   /* [0] ours, [1] the child's; so below */
    int errors[2]; /* the child's stderr */
    int fate[2];   /* closed by a successful exec, else carries errno */
};

static void ends_fini(struct ends *x)
{
    int *all[] = {x->pipe, x->errors, x->fate};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        fd_auto(&all[i][0]);
        fd_auto(&all[i][1]);
    }
}

static bool lift(int *fd)
{
    if (*fd >= HIGH_FD)
        return true;
    int up = fcntl(*fd, F_DUPFD_CLOEXEC, HIGH_FD);
    if (up < 0)
        return false;
    (void)close(*fd);
    *fd = up;
    return true;
}

static enum err ends_open(struct ends *x)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, x->pipe) != 0 ||
        pipe2(x->errors, O_CLOEXEC) != 0 || pipe2(x->fate, O_CLOEXEC) != 0)
        return err_from_errno(errno);
    if (!lift(&x->pipe[1]) || !lift(&x->errors[1]) || !lift(&x->fate[1]))
        return err_from_errno(errno);
    return fcntl(x->errors[0], F_SETFL, O_NONBLOCK) == 0 ? OK : err_from_errno(errno);
}

/* Between fork and exec: system calls only. */
static void become(const char *program, const char *const args[2], const struct ends *x)
{
    char *const argv[] = {(char *)(uintptr_t) "cloister-airlock", (char *)(uintptr_t)args[0],
                          (char *)(uintptr_t)args[1], NULL};
    char *const envp[] = {NULL};
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(x->errors[1], STDOUT_FILENO) >= 0 &&
        dup2(x->errors[1], STDERR_FILENO) >= 0 && dup2(x->pipe[1], CHILD_PIPE) >= 0)
        (void)execve(program, argv, envp);
    int why = errno;
    if (write(x->fate[1], &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

/* 0, or the errno of what kept the child from being the airlock. */
static int fate_of(struct ends *x)
{
    int why = 0;
    ssize_t n = 0;
    (void)close(fd_move(&x->fate[1]));
    do
        n = read(x->fate[0], &why, sizeof why);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof why ? why : 0;
}

enum err airlock_exec(const char *program, const char *const args[2], struct airlock_child *out,
                      struct diag *d)
{
    char found[PATH_BYTES];
    CLEANUP(ends_fini) struct ends x = {{-1, -1}, {-1, -1}, {-1, -1}};
    enum err e = program != NULL ? OK : airlock_program(found, sizeof found, d);
    if (e)
        return e;
    if (program == NULL)
        program = found;
    e = ends_open(&x);
    if (e)
        return diag_set(d, e, "cannot make the airlock's pipes: %s", err_name(e));
    pid_t pid = fork();
    if (pid < 0)
        return diag_set(d, err_from_errno(errno), "cannot start the airlock: fork failed");
    if (pid == 0)
        become(program, args, &x);
    int why = fate_of(&x);
    if (why != 0) {
        (void)waitpid(pid, NULL, 0);
        return diag_set(d, err_from_errno(why), "cannot start %.300s: %s", program,
                        why == ENOENT ? "it is not there" : "the system refused");
    }
    *out = (struct airlock_child){pid, fd_move(&x.pipe[0]), fd_move(&x.errors[0])};
    return OK;
}

enum err airlock_spawn(const char *program, enum airlock_mode mode, struct airlock **out,
                       struct diag *d)
{
    const char *const args[2] = {mode == AIRLOCK_ROUTER ? "router" : "dealer", NULL};
    struct airlock_child child;
    AUTO(airlock) a = airlock_new();
    if (a == NULL)
        return diag_set(d, ERR_NOMEM, "no memory for the airlock");
    enum err e = airlock_exec(program, args, &child, d);
    if (e)
        return e;
    e = airlock_take(a, &child);
    if (e)
        return diag_set(d, e, "cannot watch the airlock: %s", err_name(e));
    *out = MOVE(a);
    return OK;
}
