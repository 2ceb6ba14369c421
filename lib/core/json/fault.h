/* fault.h - the place of a fault in a document, and of several faults the one that a refusal names: the first in canonical
 * order (data.md 1: an object before its members, members by key, entries by index). */
#pragma once

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* A place is a chain of steps on the caller's stack; NULL is the whole document. */
struct place {
    const struct place *up;
    const char *key; /* a member, or NULL: an entry */
    size_t index;
};

static inline struct place place_member(const struct place *up, const char *key)
{
    return (struct place){.up = up, .key = key};
}

static inline struct place place_entry(const struct place *up, size_t index)
{
    return (struct place){.up = up, .index = index};
}

enum {
    FAULT_DEPTH = 40, /* deeper than any document (JSON_DEPTH_MAX and the lines of an export) */
    FAULT_KEYS = 512  /* bytes of all keys on the way; the rest of a longer one is cut */
};

/* Starts as {0}. Keeps the first fault in canonical order; of two at one place the one that came first. */
struct fault {
    bool found;
    bool nomem; /* judging broke off for want of memory: nothing else counts */
    size_t depth;
    struct fault_step {
        bool member;
        size_t index; /* of an entry; of a member: where its key begins in `keys` */
    } steps[FAULT_DEPTH];
    char keys[FAULT_KEYS];
    char text[512];
};

void fault_at(struct fault *f, const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same at the member `key`, or the entry `index`, of `at`. */
void fault_in(struct fault *f, const struct place *at, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void fault_entry(struct fault *f, const struct place *at, size_t index, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Takes over what `from` found, by the same rule. */
void fault_merge(struct fault *f, const struct fault *from);
/* OK where nothing was found; else ERR_INVALID (or ERR_NOMEM) with pointer and text in d, which may be NULL. */
enum err fault_result(const struct fault *f, struct diag *d);
