/* notes.c - putting a note together. */
#include "notes.h"

#include "script.h"
#include "sentences.h"

enum { KIND_NOTE = 2 };

struct note {
    struct script s;
    struct dice d;
    const struct sentences *say;
    size_t first_box;
};

static const char *one_of(struct note *n, const char *const *choices)
{
    return choices[dice_below(&n->d, SENTENCES_MAX)];
}

static void say_history(struct note *n)
{
    const struct patient_case *c = n->s.c;
    size_t from = script_begin_section(&n->s);
    script_say(&n->s, n->say->section[0]);
    script_say(&n->s, n->say->onset);
    script_say(&n->s, n->say->fever[c->fever]);
    script_say(&n->s, n->say->cough[c->cough]);
    script_say(&n->s, n->say->dyspnoea[c->dyspnoea]);
    script_say(&n->s, n->say->pain[c->pain]);
    script_say(&n->s, n->say->smoker[c->smoker]);
    script_say(&n->s, n->say->history[c->illness]);
    if (dice_percent(&n->d, 25))
        script_say(&n->s, one_of(n, n->say->odd));
    script_end_section(&n->s, from, "history");
    script_say(&n->s, "\n");
}

static void say_examination(struct note *n)
{
    size_t from = script_begin_section(&n->s);
    script_say(&n->s, n->say->section[1]);
    script_say(&n->s, one_of(n, n->say->vitals));
    script_say(&n->s, n->say->examination[n->s.c->illness]);
    script_end_section(&n->s, from, "examination");
    script_say(&n->s, "\n");
}

static void say_nodule(struct note *n, int i)
{
    const struct nodule *x = &n->s.c->nodule[i];
    char id[3] = {'N', (char)('0' + i), '\0'};
    size_t phrase = 0;
    script_say(&n->s, n->say->nodule[x->side][x->zone][i]);
    if (script_find(&n->s, id, &phrase))
        truth_relate(n->s.truth, "shows", phrase, n->first_box + (size_t)i);
}

static void say_results(struct note *n)
{
    const struct patient_case *c = n->s.c;
    size_t from = script_begin_section(&n->s);
    script_say(&n->s, n->say->section[2]);
    script_say(&n->s, one_of(n, n->say->labs));
    if (c->has_film) {
        script_say(&n->s, n->say->film);
        for (int i = 0; i < c->n_nodules; i++)
            say_nodule(n, i);
        if (c->opacity)
            script_say(&n->s, n->say->film_opacity[c->opacity_side]);
        if (c->n_nodules == 0 && !c->opacity)
            script_say(&n->s, n->say->film_clear);
    }
    script_end_section(&n->s, from, "results");
    script_say(&n->s, "\n");
}

static void say_plan(struct note *n)
{
    size_t from = script_begin_section(&n->s);
    script_say(&n->s, n->say->section[3]);
    script_say(&n->s, n->say->plan[n->s.c->illness][dice_below(&n->d, 2)]);
    script_say(&n->s, one_of(n, n->say->closing));
    script_end_section(&n->s, from, "plan");
}

enum err note_write(uint64_t seed, const struct patient_case *c, size_t first_box, struct buf *text,
                    struct truth *t)
{
    uint64_t who = 0;
    for (const char *p = c->patient; *p != '\0'; p++)
        who = who * 31 + (uint64_t)*p;
    for (const char *p = c->session; *p != '\0'; p++)
        who = who * 31 + (uint64_t)*p;
    struct note n = {.s = {.text = *text, .truth = t, .c = c},
                     .d = dice_for(seed, KIND_NOTE, who),
                     .first_box = first_box};
    n.say = dice_percent(&n.d, 30) ? &german : &english;
    n.s.crlf = dice_percent(&n.d, 20);
    script_say(&n.s, one_of(&n, n.say->head));
    say_history(&n);
    say_examination(&n);
    say_results(&n);
    say_plan(&n);
    t->has_note = true;
    t->note_length = n.s.points;
    *text = n.s.text;
    return buf_err(text);
}
