/* faults.c - failing system calls. */
#include "support/faults.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* The linker's names for "the real one" and "ours instead". */
#define WRAPPED(type, name, params)                                                                \
    type real_##name params __asm__("__real_" #name);                                              \
    type wrap_##name params __asm__("__wrap_" #name)

WRAPPED(ssize_t, write, (int fd, const void *p, size_t n));
WRAPPED(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at));
WRAPPED(int, ftruncate, (int fd, off_t n));
WRAPPED(int, fdatasync, (int fd));
WRAPPED(int, fsync, (int fd));
WRAPPED(int, syncfs, (int fd));
WRAPPED(int, renameat, (int a, const char *from, int b, const char *to));
WRAPPED(int, mkdirat, (int at, const char *name, mode_t mode));

static unsigned countdown, calls;
static int code;
static bool for_ever, hit;

void fault_at(unsigned n, int number, bool stays)
{
    countdown = n;
    code = number;
    for_ever = stays;
    hit = false;
    calls = 0;
}

unsigned fault_calls(void)
{
    return calls;
}

bool fault_hit(void)
{
    return hit;
}

static bool fails(void)
{
    calls++;
    if (hit && for_ever) {
        errno = code;
        return true;
    }
    if (countdown == 0 || --countdown > 0)
        return false;
    hit = true;
    errno = code;
    return true;
}

ssize_t wrap_write(int fd, const void *p, size_t n)
{
    return fails() ? -1 : real_write(fd, p, n);
}

/* A disk that fills up takes a part first. */
ssize_t wrap_pwrite(int fd, const void *p, size_t n, off_t at)
{
    if (!fails())
        return real_pwrite(fd, p, n, at);
    if (code == ENOSPC && n > 1 && real_pwrite(fd, p, n / 2, at) < 0)
        return -1;
    errno = code;
    return -1;
}

int wrap_ftruncate(int fd, off_t n)
{
    return fails() ? -1 : real_ftruncate(fd, n);
}

int wrap_fdatasync(int fd)
{
    return fails() ? -1 : real_fdatasync(fd);
}

int wrap_fsync(int fd)
{
    return fails() ? -1 : real_fsync(fd);
}

int wrap_syncfs(int fd)
{
    return fails() ? -1 : real_syncfs(fd);
}

int wrap_renameat(int a, const char *from, int b, const char *to)
{
    return fails() ? -1 : real_renameat(a, from, b, to);
}

int wrap_mkdirat(int at, const char *name, mode_t mode)
{
    return fails() ? -1 : real_mkdirat(at, name, mode);
}
