/* log.h - the daemons' log on stderr: a stable event name, then fields. Never a label value, a patient, a key, a path of a
 * record. core and io return codes instead of logging. */
#pragma once

#include "err.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *event, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#define LOG_DEBUG(event, ...) log_line(LOG_LEVEL_DEBUG, event, OK, __VA_ARGS__)
#define LOG_INFO(event, ...) log_line(LOG_LEVEL_INFO, event, OK, __VA_ARGS__)
#define LOG_WARN(event, e, ...) log_line(LOG_LEVEL_WARN, event, e, __VA_ARGS__)
#define LOG_ERROR(event, e, ...) log_line(LOG_LEVEL_ERROR, event, e, __VA_ARGS__)
