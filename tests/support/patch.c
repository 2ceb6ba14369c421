/* patch.c - documents for table tests. */
#include "support/patch.h"

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One step of a pointer, unescaped; the pointer is moved on. */
static void step(const char **pointer, char *out, size_t size)
{
    size_t n = 0;
    const char *p = *pointer + 1;
    for (; *p != '\0' && *p != '/'; p++) {
        char c = *p;
        if (c == '~')
            c = *++p == '1' ? '/' : '~';
        CHECK(n + 1 < size);
        out[n++] = c;
    }
    out[n] = '\0';
    *pointer = p;
}

static json_t *child(json_t *v, const char *key)
{
    return json_is_array(v) ? json_array_get(v, strtoul(key, NULL, 10)) : json_object_get(v, key);
}

json_t *at_pointer(json_t *doc, const char *pointer)
{
    char key[600];
    while (*pointer != '\0' && doc != NULL) {
        step(&pointer, key, sizeof key);
        doc = child(doc, key);
    }
    return doc;
}

static void change_one(json_t *doc, const struct change *c)
{
    const char *last = strrchr(c->pointer, '/');
    char above[600];
    char key[600];
    CHECK(last != NULL);
    (void)snprintf(above, sizeof above, "%.*s", (int)(last - c->pointer), c->pointer);
    step(&last, key, sizeof key);
    json_t *in = at_pointer(doc, above);
    json_t *v = c->json == NULL ? NULL : json_loads(c->json, JSON_DECODE_ANY, NULL);
    if (in == NULL || (c->json != NULL && v == NULL)) {
        print_error("cannot change %s to %s\n", c->pointer, c->json == NULL ? "nothing" : c->json);
        fail();
    }
    int failed = 0;
    if (json_is_object(in))
        failed = v == NULL ? json_object_del(in, key) : json_object_set_new(in, key, v);
    else if (strcmp(key, "-") == 0)
        failed = json_array_append_new(in, v);
    else if (v == NULL)
        failed = json_array_remove(in, strtoul(key, NULL, 10));
    else
        failed = json_array_set_new(in, strtoul(key, NULL, 10), v);
    if (failed != 0) {
        print_error("cannot change %s\n", c->pointer);
        fail();
    }
}

void patch(json_t *doc, const struct change *changes, size_t n)
{
    for (size_t i = 0; i < n && changes[i].pointer != NULL; i++)
        change_one(doc, &changes[i]);
}

json_t *contract(const char *file)
{
    char below[300];
    CLEANUP(buf_fini) struct buf text = BUF_INIT(0);
    (void)snprintf(below, sizeof below, "vectors/contract/%s", file);
    slurp(tests_dir(below), &text);
    json_t *v = json_loadb((const char *)text.p, text.n, 0, NULL);
    if (v == NULL) {
        print_error("%s is no JSON\n", file);
        fail();
    }
    return v;
}
