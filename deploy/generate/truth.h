/* truth.h - the annotation that a perfect annotator would make, collected while text and film are drawn, and written as one
 * line of canonical JSON (members in byte order, integers only). */
#pragma once

#include "base/buf.h"
#include "patient.h"

enum { TRUTH_REGIONS = 256, TRUTH_RELATIONS = 128, TRUTH_PARTS = 4, TRUTH_ID = 8 };

struct truth_region {
    const char *task, *stream, *label;
    char id[TRUTH_ID]; /* the sentence's own name for it, "" = none */
    bool span;         /* parts count; else the box or point */
    size_t parts[TRUTH_PARTS][2];
    size_t n_parts;
    bool point;
    int64_t x, y, w, h; /* thousandths of a pixel */
    const char *attr;   /* one attribute, or NULL */
    const char *value;  /* its JSON */
};

struct truth_relation {
    const char *type;
    size_t from, to;
};

struct truth {
    struct truth_region region[TRUTH_REGIONS];
    size_t n_regions;
    struct truth_relation relation[TRUTH_RELATIONS];
    size_t n_relations;
    bool has_note, has_film;
    size_t note_length; /* code points */
    int w, h;
    struct hash pixels; /* SHA-256 of the film's grey values, row by row, before any coding */
};

/* Appends a region; aborts where there is no room: the generator's sentences are its own. */
struct truth_region *truth_add(struct truth *t);
void truth_relate(struct truth *t, const char *type, size_t from, size_t to);
/* `line` ends in LF. */
enum err truth_print(const struct truth *t, const struct patient_case *c, struct buf *line);
