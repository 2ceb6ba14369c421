/* shown.c - a growing list. */
#include "shown.h"

#include <inttypes.h>
#include <stdlib.h>

void shown_fini(struct shown *s)
{
    free(s->list);
    s->list = NULL;
    s->n = s->cap = 0;
}

void shown_label(const struct claim *c, size_t signer, char out[SHOWN_LABEL])
{
    const char *by = c->signer[signer];
    (void)snprintf(out, SHOWN_LABEL, "%s%s%s", c->what, by[0] == '\0' ? "" : " signed by ", by);
}

static bool grow(struct shown *s)
{
    if (s->n < s->cap)
        return true;
    size_t cap = s->cap == 0 ? 64 : s->cap * 2;
    struct shown_row *more = realloc(s->list, cap * sizeof *more);
    if (more == NULL)
        return false;
    s->list = more;
    s->cap = cap;
    return true;
}

static void add_row(struct shown *s, uint64_t index, const struct claim *c, size_t signer)
{
    if (s->n == SHOWN_MAX) {
        if (!s->found->seen[E_LIMIT])
            finding_add(s->found, E_LIMIT, index, "more than %d documents", (int)SHOWN_MAX);
        return;
    }
    if (!grow(s)) {
        s->found->nomem = true;
        return;
    }
    struct shown_row *row = &s->list[s->n++];
    *row = (struct shown_row){.text = c->text, .index = index};
    shown_label(c, signer, row->label);
}

void shown_add(struct shown *s, uint64_t index, const struct document_message *d)
{
    struct claim c;
    const char *why = "";
    enum err e = claim_read(d->note, d->kind, s->rosters, &c, &why);
    if (e == ERR_NOMEM)
        s->found->nomem = true;
    else if (e)
        finding_add(s->found, NOTE_UNSIGNED, index,
                    "entry %" PRIu64 ": a document that is not compared: %s", index, why);
    for (size_t i = 0; !e && i < c.n; i++)
        add_row(s, index, &c, i);
}

static int by_label(const void *a, const void *b)
{
    const struct shown_row *x = a;
    const struct shown_row *y = b;
    int c = strcmp(x->label, y->label);
    if (c == 0)
        c = memcmp(x->text.b, y->text.b, sizeof x->text.b);
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

void shown_sort(struct shown *s)
{
    size_t kept = 0;
    if (s->n == 0)
        return;
    qsort(s->list, s->n, sizeof *s->list, by_label);
    for (size_t i = 1; i < s->n; i++) {
        const struct shown_row *last = &s->list[kept];
        if (strcmp(last->label, s->list[i].label) != 0 || !hash_eq(last->text, s->list[i].text))
            s->list[++kept] = s->list[i];
    }
    s->n = kept + 1;
}
