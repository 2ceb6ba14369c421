/* sentences.h - what a note says, in one language. See script.h for the marks in it. */
#pragma once

enum { SENTENCES_MAX = 4, ILLNESS_KINDS = 5 };

struct sentences {
    const char *head[SENTENCES_MAX]; /* of the note, before any section */
    const char *section[4];          /* titles: history, examination, findings, plan */
    const char *fever[2], *cough[2], *dyspnoea[2], *pain[2]; /* absent, present */
    const char *smoker[2];
    const char *onset;
    const char *history[ILLNESS_KINDS];
    const char *examination[ILLNESS_KINDS];
    const char *vitals[SENTENCES_MAX];
    const char *labs[SENTENCES_MAX];
    const char *plan[ILLNESS_KINDS][2];
    const char *film;
    const char *film_clear;
    const char *film_opacity[2]; /* by side */
    const char *nodule[2][3][3]; /* by side, zone, number: the phrase is called N0, N1, N2 */
    const char *closing[SENTENCES_MAX];
    const char *odd[SENTENCES_MAX]; /* characters that trip a careless program */
};

extern const struct sentences english, german;
