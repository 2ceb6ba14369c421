/* script.h - sentences with their labels in them, turned into text and truth at once.
 *
 *   "[n|denies [p|fever]]; [d#a|amoxicillin] [o#a|500 mg] for {days} d"
 *
 * [x|...] is a phrase with label x: p problem, d drug, o dose, t test, r result, n negation. They may stand in each other.
 * #id names it within its sentence: two parts of one label with one id are one discontinuous phrase; a dose and a drug, a
 * result and a test of one id are related. {word} is a value of the case. "\n" becomes the note's own line end. */
#pragma once

#include "truth.h"

struct script {
    struct buf text; /* the note so far */
    size_t points;   /* its code points */
    bool crlf;
    struct truth *truth;
    const struct patient_case *c;
    size_t sentence; /* first region of this sentence */
};

void script_say(struct script *s, const char *sentence);
/* A section from here to script_end_section: a region of the task `sections`. */
size_t script_begin_section(const struct script *s);
void script_end_section(struct script *s, size_t from, const char *label);
/* The region that the last sentence called `id`; false where it has none. */
bool script_find(const struct script *s, const char *id, size_t *out);
