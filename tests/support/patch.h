/* patch.h - a document changed at some places, for table tests: one change is a pointer and what stands there then. */
#pragma once

#include <jansson.h>

struct change {
    const char *pointer; /* RFC 6901; a last step "-" appends to an array */
    const char *json;    /* NULL: removed */
};

/* One row of a table of rules: the sentence it proves, what is changed, and the pointer the refusal names. */
struct refusal {
    const char *sentence;
    struct change changes[5];
    const char *pointer; /* NULL: it is accepted */
};

/* Changes doc in place, in order; fails the test where a pointer leads nowhere. */
void patch(json_t *doc, const struct change *changes, size_t n);
/* The value at a pointer, or NULL. */
json_t *at_pointer(json_t *doc, const char *pointer);
/* A JSON file below tests/vectors/contract/; fails the test where there is none. */
json_t *contract(const char *file);
