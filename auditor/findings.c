/* findings.c - collecting, sorting and printing findings. */
#include "findings.h"

#include "core/json/json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct finding {
    enum finding_code code;
    uint64_t index;
    char *text;
};

static const struct {
    const char *name;
    enum exit_status exit;
} codes[FINDING_CODES] = {
    [ABSENT] = {"ABSENT", EXIT_INCOMPLETE},
    [ALTERED] = {"ALTERED", EXIT_CONTRADICTS},
    [E_ADDR] = {"E_ADDR", EXIT_BROKEN},
    [E_BODY] = {"E_BODY", EXIT_BROKEN},
    [E_CP_SIG] = {"E_CP_SIG", EXIT_BROKEN},
    [E_ENTRY] = {"E_ENTRY", EXIT_BROKEN},
    [E_FRAME_HASH] = {"E_FRAME_HASH", EXIT_BROKEN},
    [E_FRAME_MISSING] = {"E_FRAME_MISSING", EXIT_BROKEN},
    [E_INDEX] = {"E_INDEX", EXIT_BROKEN},
    [E_LAYOUT] = {"E_LAYOUT", EXIT_BROKEN},
    [E_LIMIT] = {"E_LIMIT", EXIT_UNREADABLE},
    [E_LINK] = {"E_LINK", EXIT_UNREADABLE},
    [E_MSG_SIG] = {"E_MSG_SIG", EXIT_BROKEN},
    [E_NOTE_FRAME] = {"E_NOTE_FRAME", EXIT_BROKEN},
    [E_PREV] = {"E_PREV", EXIT_BROKEN},
    [E_READ] = {"E_READ", EXIT_UNREADABLE},
    [E_RECEIPT] = {"E_RECEIPT", EXIT_BROKEN},
    [E_ROOT] = {"E_ROOT", EXIT_BROKEN},
    [E_SEEN] = {"E_SEEN", EXIT_BROKEN},
    [E_SEQ] = {"E_SEQ", EXIT_BROKEN},
    [E_TILE] = {"E_TILE", EXIT_BROKEN},
    [E_TIME] = {"E_TIME", EXIT_BROKEN},
    [E_VERSION] = {"E_VERSION", EXIT_UNREADABLE},
    [EQUIVOCATION] = {"EQUIVOCATION", EXIT_EVIDENCE},
    [FORK] = {"FORK", EXIT_EVIDENCE},
    [HIDDEN_BY_COORD] = {"HIDDEN_BY_COORD", EXIT_CONTRADICTS},
    [HIDDEN_BY_NODE] = {"HIDDEN_BY_NODE", EXIT_CONTRADICTS},
    [NOTE_ALONE] = {"NOTE_ALONE", EXIT_VALID},
    [NOTE_BODY] = {"NOTE_BODY", EXIT_VALID},
    [NOTE_FRAME] = {"NOTE_FRAME", EXIT_VALID},
    [NOTE_PARTIAL] = {"NOTE_PARTIAL", EXIT_VALID},
    [NOTE_SKEW] = {"NOTE_SKEW", EXIT_VALID},
    [NOTE_UNSIGNED] = {"NOTE_UNSIGNED", EXIT_VALID},
    [PENDING] = {"PENDING", EXIT_INCOMPLETE},
    [QUORUM] = {"QUORUM", EXIT_INCOMPLETE},
    [REORDERED] = {"REORDERED", EXIT_CONTRADICTS},
    [TRUNCATED] = {"TRUNCATED", EXIT_CONTRADICTS},
};

void findings_init(struct findings *f)
{
    *f = (struct findings){.log = "unknown"};
}

void findings_fini(struct findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->list[i].text);
    free(f->list);
    *f = (struct findings){.log = "unknown"};
}

static bool grow(struct findings *f)
{
    if (f->n < f->cap)
        return true;
    size_t cap = f->cap == 0 ? 16 : f->cap * 2;
    struct finding *more = realloc(f->list, cap * sizeof *more);
    if (more == NULL)
        return false;
    f->list = more;
    f->cap = cap;
    return true;
}

void finding_add(struct findings *f, enum finding_code code, uint64_t index, const char *fmt, ...)
{
    char *text = NULL;
    f->seen[code] = true;
    if (f->n == FINDINGS_MAX) {
        f->more++;
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0 || !grow(f)) {
        if (n >= 0)
            free(text);
        f->nomem = true;
        return;
    }
    f->list[f->n++] = (struct finding){code, index, text};
}

void findings_take(struct findings *to, struct findings *from)
{
    for (unsigned c = 0; c < FINDING_CODES; c++)
        to->seen[c] = to->seen[c] || from->seen[c];
    to->nomem = to->nomem || from->nomem;
    to->more += from->more;
    for (size_t i = 0; i < from->n; i++) {
        if (to->n == FINDINGS_MAX)
            to->more++;
        else if (!grow(to))
            to->nomem = true;
        else
            to->list[to->n++] =
                (struct finding){from->list[i].code, from->list[i].index, MOVE(from->list[i].text)};
    }
    findings_fini(from);
}

/* FINDING_LOG + 1 wraps to 0: the whole log comes first. */
static int by_place(const void *a, const void *b)
{
    const struct finding *x = a;
    const struct finding *y = b;
    if (x->index != y->index)
        return x->index + 1 < y->index + 1 ? -1 : 1;
    if (x->code != y->code)
        return strcmp(codes[x->code].name, codes[y->code].name);
    return strcmp(x->text, y->text);
}

static enum err print_one(const struct findings *f, const struct finding *x, FILE *to)
{
    CLEANUP(buf_fini) struct buf line = BUF_INIT(65536);
    AUTO_JSON o =
        json_pack("{s:s, s:o, s:s, s:s}", "code", codes[x->code].name, "index",
                  x->index == FINDING_LOG ? json_null() : json_integer((json_int_t)x->index), "log",
                  f->log, "text", x->text);
    if (o == NULL)
        return ERR_NOMEM;
    enum err e = json_canonical(o, &line);
    if (!e)
        e = buf_putc(&line, '\n');
    if (!e && fwrite(line.p, 1, line.n, to) != line.n)
        e = ERR_IO;
    return e;
}

enum err findings_print(struct findings *f, FILE *to)
{
    if (f->n > 0)
        qsort(f->list, f->n, sizeof *f->list, by_place);
    for (size_t i = 0; i < f->n; i++) {
        enum err e = print_one(f, &f->list[i], to);
        if (e)
            return e;
    }
    return fflush(to) == 0 ? OK : ERR_IO;
}

enum exit_status findings_exit_of(const struct findings *a, const struct findings *b, bool strict)
{
    static const enum exit_status order[] = {EXIT_EVIDENCE, EXIT_CONTRADICTS, EXIT_BROKEN,
                                             EXIT_UNREADABLE, EXIT_INCOMPLETE};
    static const enum finding_code noted[] = {NOTE_ALONE,   NOTE_BODY, NOTE_FRAME,
                                              NOTE_PARTIAL, NOTE_SKEW, NOTE_UNSIGNED};
    if (a->nomem || b->nomem)
        return EXIT_BUG;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        for (unsigned c = 0; c < FINDING_CODES; c++) {
            if ((a->seen[c] || b->seen[c]) && codes[c].exit == order[i])
                return order[i];
        }
    }
    for (size_t i = 0; strict && i < sizeof noted / sizeof noted[0]; i++) {
        if (a->seen[noted[i]] || b->seen[noted[i]])
            return EXIT_INCOMPLETE;
    }
    return EXIT_VALID;
}

enum exit_status findings_exit(const struct findings *f, bool strict)
{
    return findings_exit_of(f, f, strict);
}

const char *findings_first(const struct findings *f)
{
    /* A named entry says more than the log as a whole. */
    for (size_t i = 0; i < f->n; i++) {
        if (f->list[i].index != FINDING_LOG && codes[f->list[i].code].exit != EXIT_VALID)
            return f->list[i].text;
    }
    return f->n > 0 ? f->list[0].text : NULL;
}
