/* buf.h - a growing byte buffer with a maximum from birth.
 *
 *   CLEANUP(buf_fini) struct buf b = BUF_INIT(4096);
 *
 * The first refusal (over the limit, no memory) sticks: later appends return it again, so a run of appends may be
 * checked once at the end with buf_err().
 */
#pragma once

#include "bytes.h"
#include "cleanup.h"
#include "err.h"

#include <stdarg.h>

struct buf {
    uint8_t *p;
    size_t n;     /* bytes in use */
    size_t cap;   /* bytes allocated */
    size_t limit; /* n never exceeds it */
    enum err e;
};

#define BUF_INIT(max)                                                                              \
    {                                                                                              \
        .limit = (max)                                                                             \
    }

void buf_init(struct buf *b, size_t limit);
void buf_fini(struct buf *b);      /* accepts one that was already finished */
void buf_fini_wipe(struct buf *b); /* for what held a secret */
void buf_clear(struct buf *b);     /* empties it, keeps the memory, forgets a refusal */

enum err buf_put(struct buf *b, struct bytes data);
enum err buf_puts(struct buf *b, const char *s);
enum err buf_putc(struct buf *b, char c);
enum err buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum err buf_vprintf(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Makes room for n more bytes and returns where they go; NULL where refused. Not counted until buf_commit. */
uint8_t *buf_reserve(struct buf *b, size_t n);
void buf_commit(struct buf *b, size_t n);

static inline enum err buf_err(const struct buf *b)
{
    return b->e;
}
/* Borrowed until the next change. */
static inline struct bytes buf_bytes(const struct buf *b)
{
    return bytes_of(b->p, b->n);
}
/* The text, NUL-ended; borrowed until the next change; NULL when memory is out. */
const char *buf_cstr(struct buf *b);
/* Takes the memory out of the buffer, NUL-ended; free() it. NULL when memory is out or the buffer was refused. */
char *buf_steal(struct buf *b);
