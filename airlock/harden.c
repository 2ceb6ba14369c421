/* harden.c - limits, privileges, descriptors. */
#include "airlock/harden.h"

#include "airlock/sandbox.h"

#include <errno.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_FOREIGN_FD = 4,
    ROUTER_FDS =
        65536, /* without one left the library's thread spins until one is free (pyzmq#1642) */
    DEALER_FDS = 256
};

static enum err lower(int what, rlim_t to)
{
    const struct rlimit both = {to, to};
    return setrlimit((__rlimit_resource_t)what, &both) == 0 ? OK : ERR_IO;
}

/* As many as wished, or as the system allows. */
static enum err set_descriptors(rlim_t wish)
{
    struct rlimit now;
    if (getrlimit(RLIMIT_NOFILE, &now) != 0)
        return ERR_IO;
    return lower(RLIMIT_NOFILE, wish < now.rlim_max ? wish : now.rlim_max);
}

enum err harden_first(enum zchan_kind kind)
{
    (void)umask(077);
    (void)signal(SIGPIPE, SIG_IGN);
    /* The end is the keeper's to say, by closing the pipe: it may still have something to send when all are told to stop. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a write over the limit is an error, not an end */
    if (close_range(FIRST_FOREIGN_FD, ~0U, 0) != 0)
        return ERR_IO;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return ERR_IO;
    enum err e = lower(RLIMIT_CORE, 0);
    if (!e)
        e = set_descriptors(kind == ZCHAN_ROUTER ? ROUTER_FDS : DEALER_FDS);
    return e;
}

enum err harden_last(bool *out_filtered)
{
    enum err e = lower(RLIMIT_FSIZE, 0);
    if (!e)
        e = lower(RLIMIT_NPROC, 0); /* root is not bound by it; the filter binds root, too */
    return e ? e : sandbox_enter(out_filtered);
}
