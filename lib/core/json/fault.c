/* fault.c - places, pointers, and the first fault in canonical order. */
#include "core/json/fault.h"

#include "base/text.h"
#include "core/json/json.h"

/* The steps from the root down to `at`; false where it lies too deep to be a place of a document. */
static bool steps_of(const struct place *at, const struct place **steps, size_t *out_n)
{
    size_t n = 0;
    for (const struct place *p = at; p != NULL; p = p->up)
        n++;
    if (n > FAULT_DEPTH)
        return false;
    *out_n = n;
    for (const struct place *p = at; p != NULL; p = p->up)
        steps[--n] = p;
    return true;
}

static const char *key_of(const struct fault *f, size_t i)
{
    return f->steps[i].member ? f->keys + f->steps[i].index : NULL;
}

static bool comes_first(const struct place *const *steps, size_t n, const struct fault *f)
{
    for (size_t i = 0; i < n && i < f->depth; i++) {
        const char *key = key_of(f, i);
        int c = steps[i]->key != NULL && key != NULL
                    ? json_key_cmp(steps[i]->key, key)
                    : (steps[i]->index > f->steps[i].index) - (steps[i]->index < f->steps[i].index);
        if (c != 0)
            return c < 0;
    }
    return n < f->depth;
}

static void keep_steps(struct fault *f, const struct place *const *steps, size_t n)
{
    size_t used = 0;
    f->depth = n;
    for (size_t i = 0; i < n; i++) {
        f->steps[i] =
            (struct fault_step){.member = steps[i]->key != NULL, .index = steps[i]->index};
        if (steps[i]->key == NULL)
            continue;
        size_t room = sizeof f->keys - used - 1;
        size_t length = strlen(steps[i]->key);
        size_t kept = length < room ? length : room;
        f->steps[i].index = used;
        memcpy(f->keys + used, steps[i]->key, kept);
        f->keys[used + kept] = '\0';
        used += kept + (used + kept + 1 < sizeof f->keys);
    }
}

static void add(struct fault *f, const struct place *at, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

static void add(struct fault *f, const struct place *at, const char *fmt, va_list ap)
{
    const struct place *steps[FAULT_DEPTH] = {NULL};
    size_t n = 0;
    if (!steps_of(at, steps, &n) || (f->found && !comes_first(steps, n, f)))
        return;
    f->found = true;
    keep_steps(f, steps, n);
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
    struct place places[FAULT_DEPTH];
    const struct place *steps[FAULT_DEPTH] = {NULL};
    f->nomem = f->nomem || from->nomem;
    if (!from->found)
        return;
    for (size_t i = 0; i < from->depth; i++) {
        places[i] = (struct place){.key = key_of(from, i), .index = from->steps[i].index};
        steps[i] = &places[i];
    }
    if (f->found && !comes_first(steps, from->depth, f))
        return;
    bool nomem = f->nomem;
    *f = *from;
    f->nomem = nomem;
}

/* RFC 6901: ~ and / in a key are written ~0 and ~1. */
static void put_key(struct buf *b, const char *key)
{
    for (const char *p = key; *p != '\0'; p++) {
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
    for (size_t i = 0; i < f->depth; i++) {
        (void)buf_putc(&b, '/');
        if (f->steps[i].member)
            put_key(&b, key_of(f, i));
        else
            (void)buf_printf(&b, "%zu", f->steps[i].index);
    }
    /* A key too long for the pointer is cut between two characters: the refusal itself stands. */
    b.n = utf8_bad(buf_bytes(&b));
    const char *pointer = buf_cstr(&b);
    return diag_at(d, ERR_INVALID, pointer == NULL ? "" : pointer, "%s", f->text);
}
