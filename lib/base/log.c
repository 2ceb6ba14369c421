/* log.c - one line an event, written with one write so that lines of two threads never mix. */
#include "log.h"

#include "clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level lowest = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    lowest = level;
}

void log_line(enum log_level level, const char *event, enum err e, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char line[1024];
    char time[CLOCK_TEXT];
    if (level < lowest)
        return;
    int n = snprintf(line, sizeof line, "%s %s %s", clock_rfc3339(clock_now_ms(), time),
                     names[level], event);
    if (e && n > 0 && (size_t)n < sizeof line)
        n += snprintf(line + n, sizeof line - (size_t)n, " error=%s", err_name(e));
    if (fmt[0] != '\0' && n > 0 && (size_t)n + 2 < sizeof line) {
        line[n++] = ' ';
        va_list ap;
        va_start(ap, fmt);
        n += vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
        va_end(ap);
    }
    if (n < 0)
        return;
    size_t len = (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
    line[len] = '\n';
    if (write(STDERR_FILENO, line, len + 1) < 0)
        return; /* nowhere left to say so */
}
