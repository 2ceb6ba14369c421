/* buf.c - growing, bounded byte buffer. */
#include "buf.h"

#include "checked.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t limit)
{
    *b = (struct buf)BUF_INIT(limit);
}

void buf_fini(struct buf *b)
{
    free(b->p);
    *b = (struct buf)BUF_INIT(b->limit);
}

void buf_fini_wipe(struct buf *b)
{
    if (b->p != NULL)
        sodium_memzero(b->p, b->cap);
    buf_fini(b);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->e = OK;
}

static enum err refuse(struct buf *b, enum err e)
{
    b->e = e;
    return e;
}

/* One byte more than asked is always there, for the NUL of buf_cstr. */
static enum err grow(struct buf *b, size_t need)
{
    if (need < b->cap)
        return OK;
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap <= need) {
        if (mul_overflows(cap, 2, &cap))
            return refuse(b, ERR_NOMEM);
    }
    uint8_t *p = realloc(b->p, cap);
    if (p == NULL)
        return refuse(b, ERR_NOMEM);
    b->p = p;
    b->cap = cap;
    return OK;
}

uint8_t *buf_reserve(struct buf *b, size_t n)
{
    size_t need = 0;
    if (b->e)
        return NULL;
    if (add_overflows(b->n, n, &need) || need > b->limit) {
        b->e = ERR_TOOBIG;
        return NULL;
    }
    if (grow(b, need))
        return NULL;
    return b->p + b->n;
}

void buf_commit(struct buf *b, size_t n)
{
    b->n += n;
}

enum err buf_put(struct buf *b, struct bytes data)
{
    uint8_t *to = buf_reserve(b, data.n);
    if (to == NULL)
        return b->e;
    if (data.n > 0)
        memcpy(to, data.p, data.n);
    b->n += data.n;
    return OK;
}

enum err buf_puts(struct buf *b, const char *s)
{
    return buf_put(b, bytes_str(s));
}

enum err buf_putc(struct buf *b, char c)
{
    return buf_put(b, bytes_of(&c, 1));
}

enum err buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        return refuse(b, ERR_INTERNAL);
    uint8_t *to = buf_reserve(b, (size_t)n);
    if (to == NULL)
        return b->e;
    (void)vsnprintf((char *)to, (size_t)n + 1, fmt, ap);
    b->n += (size_t)n;
    return OK;
}

enum err buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    enum err e = buf_vprintf(b, fmt, ap);
    va_end(ap);
    return e;
}

const char *buf_cstr(struct buf *b)
{
    if (grow(b, b->n))
        return NULL;
    b->p[b->n] = 0;
    return (const char *)b->p;
}

char *buf_steal(struct buf *b)
{
    if (b->e || buf_cstr(b) == NULL)
        return NULL;
    char *p = (char *)b->p;
    *b = (struct buf)BUF_INIT(b->limit);
    return p;
}
