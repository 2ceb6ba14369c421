/* clock.c - the two clocks. */
#include "clock.h"

#include <stdio.h>
#include <time.h>

static uint64_t read_ms(clockid_t id)
{
    struct timespec t = {0};
    (void)clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000U + (uint64_t)t.tv_nsec / 1000000U;
}

uint64_t clock_now_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

uint64_t clock_mono_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

const char *clock_rfc3339(uint64_t ms, char out[CLOCK_TEXT])
{
    time_t s = (time_t)(ms / 1000U);
    struct tm tm = {0};
    if (gmtime_r(&s, &tm) == NULL || strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        (void)snprintf(out, CLOCK_TEXT, "(no time)");
    return out;
}
