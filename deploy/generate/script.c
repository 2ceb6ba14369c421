/* script.c - the sentences' small language. */
#include "script.h"

#include <stdio.h>

enum { OPEN_MAX = 8 };

static const struct {
    char letter;
    const char *label;
} labels[] = {{'p', "problem"}, {'d', "drug"},   {'o', "dose"},
              {'t', "test"},    {'r', "result"}, {'n', "negation"}};

static const char *label_of(char letter)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (labels[i].letter == letter)
            return labels[i].label;
    }
    abort();
}

static void put_text(struct script *s, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' && s->crlf) {
            (void)buf_putc(&s->text, '\r');
            s->points++;
        }
        (void)buf_putc(&s->text, *text);
        s->points += ((unsigned char)*text & 0xc0) != 0x80;
    }
}

static void put_value(struct script *s, const char *name, size_t n)
{
    const struct patient_case *c = s->c;
    const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"age", c->age},          {"days", c->days_ill},    {"crp", c->crp},
        {"spo2", c->saturation},  {"hr", c->pulse},         {"sys", c->systolic},
        {"dia", c->diastolic},    {"mm0", c->nodule[0].mm}, {"mm1", c->nodule[1].mm},
        {"mm2", c->nodule[2].mm},
    };
    char text[32] = "";
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strlen(numbers[i].name) == n && strncmp(numbers[i].name, name, n) == 0)
            (void)snprintf(text, sizeof text, "%d", numbers[i].value);
    }
    if (n == 4 && strncmp(name, "temp", 4) == 0)
        (void)snprintf(text, sizeof text, "%d.%d", c->temperature / 10, c->temperature % 10);
    if (n == 3 && strncmp(name, "wbc", 3) == 0)
        (void)snprintf(text, sizeof text, "%d.%d", c->leukocytes / 10, c->leukocytes % 10);
    if (n == 4 && strncmp(name, "komm", 4) == 0) /* the German decimal */
        (void)snprintf(text, sizeof text, "%d,%d", c->temperature / 10, c->temperature % 10);
    if (text[0] == '\0')
        abort(); /* a sentence of ours names a value that is not there */
    put_text(s, text);
}

struct open {
    char letter;
    char id[TRUTH_ID];
    size_t from;
};

/* Reads "x#id|" and returns what follows the bar. */
static const char *read_head(const char *at, struct open *o)
{
    o->letter = *at++;
    size_t n = 0;
    if (*at == '#') {
        for (at++; *at != '|' && n + 1 < sizeof o->id; at++)
            o->id[n++] = *at;
    }
    o->id[n] = '\0';
    if (*at != '|')
        abort();
    return at + 1;
}

static bool negated(const struct open *stack, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        if (stack[i].letter == 'n')
            return true;
    }
    return false;
}

static void close_phrase(struct script *s, const struct open *o, bool is_negated)
{
    const char *label = label_of(o->letter);
    for (size_t i = s->sentence; o->id[0] != '\0' && i < s->truth->n_regions; i++) {
        struct truth_region *r = &s->truth->region[i];
        if (strcmp(r->id, o->id) != 0 || strcmp(r->label, label) != 0)
            continue;
        if (r->n_parts == TRUTH_PARTS)
            abort();
        r->parts[r->n_parts][0] = o->from;
        r->parts[r->n_parts++][1] = s->points;
        return;
    }
    struct truth_region *r = truth_add(s->truth);
    r->task = "phrases";
    r->stream = "note";
    r->label = label;
    r->span = true;
    memcpy(r->id, o->id, sizeof r->id);
    r->parts[0][0] = o->from;
    r->parts[0][1] = s->points;
    r->n_parts = 1;
    if (o->letter == 'p') {
        r->attr = "negated";
        r->value = is_negated ? "true" : "false";
    }
}

/* A dose belongs to the drug of its id, a result to the test. */
static void relate(struct script *s, const char *from, const char *to, const char *type)
{
    struct truth *t = s->truth;
    for (size_t i = s->sentence; i < t->n_regions; i++) {
        if (strcmp(t->region[i].label, from) != 0 || t->region[i].id[0] == '\0')
            continue;
        for (size_t k = s->sentence; k < t->n_regions; k++) {
            if (strcmp(t->region[k].label, to) == 0 &&
                strcmp(t->region[k].id, t->region[i].id) == 0)
                truth_relate(t, type, i, k);
        }
    }
}

void script_say(struct script *s, const char *sentence)
{
    struct open stack[OPEN_MAX] = {0};
    size_t depth = 0;
    s->sentence = s->truth->n_regions;
    for (const char *at = sentence; *at != '\0';) {
        char one[2] = {*at, '\0'};
        if (*at == '[') {
            if (depth == OPEN_MAX)
                abort();
            at = read_head(at + 1, &stack[depth]);
            stack[depth++].from = s->points;
        } else if (*at == ']') {
            depth--;
            close_phrase(s, &stack[depth], negated(stack, depth));
            at++;
        } else if (*at == '{') {
            const char *end = strchr(at, '}');
            put_value(s, at + 1, (size_t)(end - at - 1));
            at = end + 1;
        } else {
            put_text(s, one);
            at++;
        }
    }
    relate(s, "dose", "drug", "dose_of");
    relate(s, "result", "test", "result_of");
}

size_t script_begin_section(const struct script *s)
{
    return s->points;
}

void script_end_section(struct script *s, size_t from, const char *label)
{
    struct truth_region *r = truth_add(s->truth);
    r->task = "sections";
    r->stream = "note";
    r->label = label;
    r->span = true;
    r->parts[0][0] = from;
    r->parts[0][1] = s->points;
    r->n_parts = 1;
}

bool script_find(const struct script *s, const char *id, size_t *out)
{
    for (size_t i = s->sentence; i < s->truth->n_regions; i++) {
        if (strcmp(s->truth->region[i].id, id) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}
