/* sandbox.c - the list is what libzmq's threads, libsodium and our loop were seen to call after their start (strace, Debian 12
 * and 13), and no more. Refused are above all: open, execve, fork and clone, ptrace, process_vm_*, kill, memory that can be
 * run, sockets of other families. Written for x86_64 and aarch64; their kernels differ in which of two calls exists. */
#include "airlock/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE

static const int allowed[] = {
    /* the socket to the outside and the one to the keeper */
    SYS_bind,
    SYS_listen,
    SYS_accept4,
    SYS_connect,
    SYS_getsockname,
    SYS_getpeername,
    SYS_getsockopt,
    SYS_setsockopt,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_sendto,
    SYS_sendmsg,
    SYS_shutdown,
    SYS_read,
    SYS_write,
    SYS_close,
    SYS_fcntl,
    /* waiting */
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_ppoll,
    SYS_eventfd2,
    SYS_futex,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_restart_syscall,
    SYS_sched_yield,
    /* memory */
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    SYS_mlock,
    SYS_munlock,
    SYS_getrandom,
    /* threads that have begun, and the end */
    SYS_rt_sigprocmask,
    SYS_rt_sigaction,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_getpid,
    SYS_gettid,
    SYS_exit,
    SYS_exit_group,
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
#endif
};

enum {
    ALLOWED = sizeof allowed / sizeof allowed[0],
    FIXED = 32, /* more than what is not a plain allowance */
    PROGRAM_MAX = 2 * ALLOWED + FIXED
};

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned short n;
};

static void add(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    p->code[p->n++] = (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = k};
}

static void load(struct program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct program *p, uint32_t what)
{
    add(p, BPF_RET | BPF_K, what, 0, 0);
}

/* The low half of an argument: both machines are little-endian, and the high half of an int or of flags means nothing. */
static size_t argument(size_t i)
{
    return offsetof(struct seccomp_data, args) + i * sizeof(uint64_t);
}

static void allow_call(struct program *p, int call)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
}

/* mmap and mprotect, but never with PROT_EXEC. */
static void allow_data_only(struct program *p, int call)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(p, argument(2));
    add(p, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
    answer(p, SECCOMP_RET_ERRNO | EPERM);
    answer(p, SECCOMP_RET_ALLOW);
}

/* socket for IP and the self-test's Unix socket. The library takes EOPNOTSUPP for "no list of interfaces here", where EPERM
 * would make it abort. */
static void allow_families(struct program *p)
{
    static const uint32_t families[] = {AF_INET, AF_INET6, AF_UNIX};
    const uint8_t n = sizeof families / sizeof families[0];
    add(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, (uint8_t)(n + 3));
    load(p, argument(0));
    for (uint8_t i = 0; i < n; i++)
        add(p, BPF_JMP | BPF_JEQ | BPF_K, families[i], (uint8_t)(n - i), 0);
    answer(p, SECCOMP_RET_ERRNO | EOPNOTSUPP);
    answer(p, SECCOMP_RET_ALLOW);
}

static void write_program(struct program *p)
{
    load(p, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    answer(p, SECCOMP_RET_KILL_PROCESS); /* another machine's numbers would mean other calls */
    load(p, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < ALLOWED; i++)
        allow_call(p, allowed[i]);
    allow_families(p);
    allow_data_only(p, SYS_mmap);
    allow_data_only(p, SYS_mprotect);
    answer(p, SECCOMP_RET_ERRNO | EPERM);
}

enum err sandbox_enter(bool *out_on)
{
    struct program p = {.n = 0};
    write_program(&p);
    const struct sock_fprog f = {.len = p.n, .filter = p.code};
    /* All threads at once: the library's have begun. */
    long rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &f);
    if (rc < 0 && errno != ENOSYS && errno != EINVAL)
        return ERR_IO;
    if (rc > 0)
        return ERR_INTERNAL; /* the id of a thread that would not follow */
    *out_on = rc == 0;
    return OK;
}

#else

enum err sandbox_enter(bool *out_on)
{
    *out_on = false;
    return OK;
}

#endif
