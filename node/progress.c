/* progress.c - progress on stderr. */
#include "node/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR = 24, BAR_MS = 100, LINE_MS = 10 * 1000 };

void progress_begin(struct progress *p, uint64_t files, uint64_t bytes)
{
    *p = (struct progress){.files_all = files,
                           .bytes_all = bytes,
                           .begun_ms = clock_mono_ms(),
                           .terminal = isatty(STDERR_FILENO) == 1};
    p->said_ms = p->begun_ms;
}

const char *progress_bytes(uint64_t n, char out[16])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double v = (double)n;
    int u = 0;
    while (v >= 1000 && u < 4) {
        v /= 1000;
        u++;
    }
    (void)snprintf(out, 16, u == 0 ? "%.0f %s" : "%.1f %s", v, units[u]);
    return out;
}

static void bar(char out[BAR + 1], double share)
{
    for (int i = 0; i < BAR; i++)
        out[i] = (double)i < share * BAR ? '#' : '.';
    out[BAR] = '\0';
}

void progress_tell(struct progress *p, uint64_t part)
{
    char done[16];
    char rate[16];
    char line[BAR + 1];
    uint64_t now = clock_mono_ms();
    if (now - p->said_ms < (p->terminal ? BAR_MS : LINE_MS))
        return;
    p->said_ms = now;
    uint64_t bytes = p->bytes + part;
    double s = (double)(now - p->begun_ms) / 1000.0;
    double share = p->bytes_all > 0 ? (double)bytes / (double)p->bytes_all : 0;
    double left = share > 0.001 && share < 1 ? s / share - s : 0;
    bar(line, share);
    (void)fprintf(stderr, "%s[%s] %3.0f%%  %llu of %llu files  %s  %s/s  %02.0f:%02.0f left%s",
                  p->terminal ? "\r\x1b[K" : "import: ", line, share * 100,
                  (unsigned long long)p->files, (unsigned long long)p->files_all,
                  progress_bytes(bytes, done),
                  progress_bytes(s > 0 ? (uint64_t)((double)bytes / s) : 0, rate),
                  left / 60 >= 1 ? (double)(int)(left / 60) : 0, (double)((int)left % 60),
                  p->terminal ? "" : "\n");
    (void)fflush(stderr);
    p->open = p->terminal;
}

void progress_clear(struct progress *p)
{
    if (p->open)
        (void)fprintf(stderr, "\r\x1b[K");
    p->open = false;
}
