/* patient.h - what is the matter with a generated patient at one visit: note and film are drawn from the same case, so that a
 * phrase and a box can mean one thing. */
#pragma once

#include "dice.h"

#include <stdbool.h>

enum { NODULES_MAX = 3, PLACE_MAX = 24 };
enum side { LEFT, RIGHT };
enum zone { UPPER, MIDDLE, LOWER };

struct nodule {
    enum side side;
    enum zone zone;
    int mm; /* diameter */
};

struct patient_case {
    char patient[PLACE_MAX], session[PLACE_MAX];
    bool female;
    int age;
    unsigned illness; /* which set of sentences */
    bool fever, cough, dyspnoea, pain, smoker;
    int days_ill;
    int temperature; /* tenths of a degree */
    int crp, leukocytes /* tenths */, saturation, pulse, systolic, diastolic;
    int year, month, day; /* of the visit */
    /* The film, where there is one. */
    bool has_film;
    int n_nodules;
    struct nodule nodule[NODULES_MAX];
    bool opacity;
    enum side opacity_side;
    int quality; /* 1 to 5 */
};

/* The case of patient p (from 0) at visit v (from 1); the ids say `x` for a visit that is a film alone. */
struct patient_case patient_case(uint64_t seed, unsigned p, unsigned v, bool film_alone,
                                 bool has_film);
