/* streams.c - rules of streams beyond their structure. */
#include "core/schema/streams.h"

#include "core/schema/structure.h"

void stream_check(const json_t *stream, const struct place *at, struct fault *f)
{
    const json_t *pts = json_object_get(stream, "pts");
    size_t n = json_array_size(pts);
    struct place p = place_member(at, "pts");
    for (size_t i = 1; i < n; i++) {
        if (json_integer_value(json_array_get(pts, i - 1)) >=
            json_integer_value(json_array_get(pts, i))) {
            fault_entry(f, &p, i, "PTS must ascend");
            break;
        }
    }
    if (n > 0 && json_integer_value(json_object_get(stream, "end")) <=
                     json_integer_value(json_array_get(pts, n - 1)))
        fault_at(f, at, "the last frame must end after its PTS");
}

void streams_check(const json_t *streams, const struct place *at, struct fault *f)
{
    /* jansson's iterators want a mutable object but change nothing. */
    json_t *all = (json_t *)(uintptr_t)streams;
    for (void *it = json_object_iter(all); it != NULL; it = json_object_iter_next(all, it)) {
        struct place p = place_member(at, json_object_iter_key(it));
        stream_check(json_object_iter_value(it), &p, f);
    }
}

enum err streams_read(struct bytes text, json_t **out, struct diag *d)
{
    AUTO_JSON v = NULL;
    struct fault f = {0};
    enum err e = document_read(DOCUMENT_STREAMS, text, &v, d);
    if (e)
        return e;
    streams_check(v, NULL, &f);
    e = fault_result(&f, d);
    if (e)
        return e;
    *out = MOVE(v);
    return OK;
}
