/* film.h - a picture that looks like a chest film, and where things are on it. Integer arithmetic alone. */
#pragma once

#include "truth.h"

struct film {
    int w, h;
    uint8_t *grey; /* w * h, row by row */
    bool rgb, jpeg;
};

/* Draws the film of a case and appends boxes (nodules first, in their order), the opacity's box and the landmarks to *t. */
enum err film_draw(uint64_t seed, const struct patient_case *c, unsigned number, struct film *f,
                   struct truth *t);
void film_fini(struct film *f);
/* Writes it as its kind says; false where the file cannot be written. */
bool film_save(const struct film *f, const char *path);
