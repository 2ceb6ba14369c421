/* fault.c - places, pointers, and the first fault in canonical order. */
#include "core/json/fault.h"

#include "core/json/json.h"

/* The steps from the root down to `at`; false where it lies too deep to be a place of a document. */
static bool steps_of(const struct place *at, struct fault_step *steps, size_t *out_n)
{
    size_t n = 0;
    for (const struct place *p = at; p != NULL; p = p->up)
        n++;
    if (n > FAULT_DEPTH)
        return false;
    *out_n = n;
    for (const struct place *p = at; p != NULL; p = p->up)
        steps[--n] = (struct fault_step){.key = p->key, .index = p->index};
    return true;
}

static int step_cmp(const struct fault_step *a, const struct fault_step *b)
{
    if (a->key != NULL && b->key != NULL)
        return json_key_cmp(a->key, b->key);
    return (a->index > b->index) - (a->index < b->index);
}

static bool comes_first(const struct fault_step *a, size_t n, const struct fault *f)
{
    for (size_t i = 0; i < n && i < f->depth; i++) {
        int c = step_cmp(a + i, f->steps + i);
        if (c != 0)
            return c < 0;
    }
    return n < f->depth;
}

static void add(struct fault *f, const struct place *at, const char *fmt, va_list ap)
{
    struct fault_step steps[FAULT_DEPTH];
    size_t n = 0;
    if (!steps_of(at, steps, &n) || (f->found && !comes_first(steps, n, f)))
        return;
    f->found = true;
    f->depth = n;
    memcpy(f->steps, steps, n * sizeof steps[0]);
    CLEANUP(buf_fini) struct buf b = BUF_INIT(8 * sizeof f->text);
    (void)buf_vprintf(&b, fmt, ap);
    size_t length = b.n < sizeof f->text ? b.n : sizeof f->text - 1;
    if (length > 0)
        memcpy(f->text, b.p, length);
    f->text[length] = '\0';
}

void fault_at(struct fault *f, const struct place *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(f, at, fmt, ap);
    va_end(ap);
}

void fault_in(struct fault *f, const struct place *at, const char *key, const char *fmt, ...)
{
    struct place p = place_member(at, key);
    va_list ap;
    va_start(ap, fmt);
    add(f, &p, fmt, ap);
    va_end(ap);
}

void fault_entry(struct fault *f, const struct place *at, size_t index, const char *fmt, ...)
{
    struct place p = place_entry(at, index);
    va_list ap;
    va_start(ap, fmt);
    add(f, &p, fmt, ap);
    va_end(ap);
}

void fault_merge(struct fault *f, const struct fault *from)
{
    f->nomem = f->nomem || from->nomem;
    if (!from->found || (f->found && !comes_first(from->steps, from->depth, f)))
        return;
    bool nomem = f->nomem;
    *f = *from;
    f->nomem = nomem;
}

/* RFC 6901: ~ and / in a key are written ~0 and ~1. */
static void put_step(struct buf *b, const struct fault_step *s)
{
    (void)buf_putc(b, '/');
    if (s->key == NULL) {
        (void)buf_printf(b, "%zu", s->index);
        return;
    }
    for (const char *p = s->key; *p != '\0'; p++) {
        if (*p == '~' || *p == '/')
            (void)buf_puts(b, *p == '~' ? "~0" : "~1");
        else
            (void)buf_putc(b, *p);
    }
}

enum err fault_result(const struct fault *f, struct diag *d)
{
    if (f->nomem)
        return diag_at(d, ERR_NOMEM, "", "out of memory");
    if (!f->found)
        return OK;
    CLEANUP(buf_fini) struct buf b = BUF_INIT(sizeof d->pointer - 1);
    for (size_t i = 0; i < f->depth; i++)
        put_step(&b, &f->steps[i]);
    /* A key too long for the pointer is cut there: the refusal itself stands. */
    return diag_at(d, ERR_INVALID, buf_cstr(&b) == NULL ? "" : (const char *)b.p, "%s", f->text);
}
