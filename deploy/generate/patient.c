/* patient.c - drawing a case. */
#include "patient.h"

#include <stdio.h>

enum { KIND_CASE = 1, ILLNESSES = 5 };

static void draw_film(struct dice *d, struct patient_case *c)
{
    c->n_nodules = dice_percent(d, 60) ? dice_between(d, 1, NODULES_MAX) : 0;
    unsigned first = dice_below(d, 6);
    for (int i = 0; i < c->n_nodules; i++) {
        /* One a place, so that two boxes never lie on each other. */
        unsigned place = (first + 5 * (unsigned)i) % 6;
        c->nodule[i] = (struct nodule){.side = place % 2 == 0 ? LEFT : RIGHT,
                                       .zone = (enum zone)(place / 2),
                                       .mm = dice_between(d, 8, 28)};
    }
    c->opacity = dice_percent(d, 35);
    c->opacity_side = dice_below(d, 2) == 0 ? LEFT : RIGHT;
    c->quality = dice_percent(d, 75) ? dice_between(d, 4, 5) : dice_between(d, 1, 3);
}

struct patient_case patient_case(uint64_t seed, unsigned p, unsigned v, bool film_alone,
                                 bool has_film)
{
    struct dice d = dice_for(seed, KIND_CASE, (uint64_t)p * 65536 + (film_alone ? 32768 : 0) + v);
    struct patient_case c = {.has_film = has_film};
    (void)snprintf(c.patient, sizeof c.patient, "P%05u", p + 1);
    (void)snprintf(c.session, sizeof c.session, "%c%u", film_alone ? 'x' : 'v', v);
    c.female = dice_percent(&d, 50);
    c.age = dice_between(&d, 19, 92);
    c.illness = dice_below(&d, ILLNESSES);
    c.fever = dice_percent(&d, 45);
    c.cough = dice_percent(&d, 60);
    c.dyspnoea = dice_percent(&d, 50);
    c.pain = dice_percent(&d, 40);
    c.smoker = dice_percent(&d, 35);
    c.days_ill = dice_between(&d, 1, 21);
    c.temperature = c.fever ? dice_between(&d, 383, 401) : dice_between(&d, 361, 374);
    c.crp = c.fever ? dice_between(&d, 40, 240) : dice_between(&d, 1, 12);
    c.leukocytes = c.fever ? dice_between(&d, 98, 215) : dice_between(&d, 42, 97);
    c.saturation = c.dyspnoea ? dice_between(&d, 84, 94) : dice_between(&d, 95, 99);
    c.pulse = dice_between(&d, 58, 124);
    c.systolic = dice_between(&d, 98, 172);
    c.diastolic = c.systolic - dice_between(&d, 34, 64);
    c.year = 2026;
    c.month = dice_between(&d, 1, 6);
    c.day = dice_between(&d, 1, 28);
    draw_film(&d, &c);
    return c;
}
