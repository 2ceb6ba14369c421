/* reads.c - reading the access log back. */
#include "node/reads.h"

#include "base/hex.h"
#include "core/wire/event.h"
#include "node/pseudonym.h"

#include <string.h>

static json_t *or_null(const char *s)
{
    return s == NULL || s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *row_of(const struct entry *entry, const struct event_read *r)
{
    json_t *streams = json_array();
    for (size_t i = 0; i < r->n_streams; i++)
        (void)json_array_append_new(streams, json_string(hash_uri(r->streams[i]).s));
    return json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "index",
                     (json_int_t)entry->index, "at_ms", (json_int_t)entry->time_ms, "user", r->user,
                     "role", r->role, "purpose", r->purpose, "patient", hash_hex(r->patient).s,
                     "item", r->item, "assignment", or_null(r->assignment), "n",
                     r->n == 0 ? json_null() : json_integer((json_int_t)r->n), "streams", streams,
                     "outcome", r->outcome);
}

static bool wanted(const struct reads_filter *f, const struct hash *patient, const struct event *ev)
{
    return ev->kind == EVENT_READ && (f->user == NULL || strcmp(f->user, ev->read.user) == 0) &&
           (f->patient == NULL || hash_eq(*patient, ev->read.patient));
}

enum err reads_each(struct app *a, const struct reads_filter *f, reads_fn *fn, void *ctx)
{
    struct hash patient = {0};
    uint64_t told = 0;
    if (f->patient != NULL)
        patient = pseudonym_patient(a->keyring, f->patient);
    for (uint64_t i = logstore_size(a->access); i > 0 && (f->limit == 0 || told < f->limit); i--) {
        struct logstore_item item;
        struct event ev;
        CLEANUP(arena_fini) struct arena arena;
        arena_init(&arena, (size_t)EVENT_MAX * 16);
        enum err e = logstore_get(a->access, i - 1, &item);
        if (!e && item.frame.p == NULL)
            continue; /* pruned: the log holds its hash only */
        if (!e)
            e = event_frame_read(item.frame, &arena, &ev);
        if (!e && wanted(f, &patient, &ev)) {
            e = fn(ctx, row_of(&item.entry, &ev.read));
            told++;
        }
        if (e)
            return e;
    }
    return OK;
}
