/* clock_ahead.c - preloaded, it sets a program's wall clock ahead by CLOCK_AHEAD_S seconds; all else is as it was. For tests of what
 * happens on a later day. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* By hand, because a sanitizer's own strtoll may not be ready yet. */
static long long number(const char *s)
{
    long long n = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n * 10 + (*s - '0');
    return n;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): glibc names them for itself
__attribute__((visibility("default"))) int clock_gettime(clockid_t id, struct timespec *t)
{
    const char *ahead = getenv("CLOCK_AHEAD_S");
    long rc = syscall(SYS_clock_gettime, id, t);
    if (rc == 0 && id == CLOCK_REALTIME && ahead != NULL)
        t->tv_sec += number(ahead);
    return (int)rc;
}
