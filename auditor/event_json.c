/* event_json.c - LocalEvent for people and scripts. u64 that may pass 2^53 are strings (data.md 1). */
#include "event_json.h"

#include "base/hex.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *text_or_null(const char *s)
{
    return s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *u64_text(uint64_t v)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, v);
    return json_string(text);
}

static json_t *hash_text(struct hash h)
{
    return json_string(hash_uri(h).s);
}

static json_t *of_read(const struct event_read *r)
{
    AUTO_JSON streams = json_array();
    for (size_t i = 0; i < r->n_streams; i++) {
        if (json_array_append_new(streams, hash_text(r->streams[i])) != 0)
            return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:O, s:s}", "event", "read", "user",
                     r->user, "role", r->role, "purpose", r->purpose, "patient",
                     hash_hex(r->patient).s, "item", r->item, "assignment",
                     text_or_null(r->assignment), "n", r->n == 0 ? json_null() : u64_text(r->n),
                     "streams", streams, "outcome", r->outcome);
}

static json_t *of_export(const struct event_export *x)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:o, s:s}", "event", "export", "user",
                     x->user, "role", x->role, "purpose", x->purpose, "campaign",
                     text_or_null(x->campaign), "items", u64_text(x->items), "with_records",
                     (int)x->with_records, "file", hash_text(x->file), "outcome", x->outcome);
}

static json_t *of_approval(const struct event_approval *p)
{
    return json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:s, s:s, s:o}", "event", "approval",
                     "document", hash_text(p->document), "kind", p->kind, "user", p->user, "name",
                     p->name, "time_ms", u64_text(p->time_ms), "meaning", p->meaning, "decision",
                     p->decision, "reason", text_or_null(p->reason));
}

json_t *event_json(const struct event *e)
{
    switch (e->kind) {
    case EVENT_READ:
        return of_read(&e->read);
    case EVENT_EXPORT:
        return of_export(&e->export);
    case EVENT_ANCHOR:
        return json_pack("{s:s, s:o, s:o}", "event", "anchor", "newest_revision",
                         u64_text(e->anchor.newest_revision), "doc_hash",
                         hash_text(e->anchor.doc_hash));
    case EVENT_START:
        return json_pack("{s:s, s:s}", "event", "start", "version", e->start.version);
    case EVENT_STOP:
        return json_pack("{s:s}", "event", "stop");
    case EVENT_CLOCK:
        return json_pack("{s:s, s:o, s:o}", "event", "clock", "last_ms", u64_text(e->clock.last_ms),
                         "back_ms", u64_text(e->clock.back_ms));
    case EVENT_APPROVAL:
        return of_approval(&e->approval);
    case EVENT_CONNECTION:
        return json_pack("{s:s, s:s, s:o, s:o, s:o}", "event", "connection", "what",
                         e->connection.what, "site", text_or_null(e->connection.site), "n",
                         u64_text(e->connection.n), "value", u64_text(e->connection.value));
    case EVENT_SUSPEND:
        return json_pack("{s:s, s:b, s:s, s:s}", "event", "suspend", "suspended",
                         (int)e->suspend.suspended, "user", e->suspend.user, "name",
                         e->suspend.name);
    case EVENT_CHECKPOINT:
        return json_pack("{s:s, s:s, s:o, s:o}", "event", "checkpoint", "origin",
                         e->checkpoint.origin, "size", u64_text(e->checkpoint.size), "root",
                         hash_text(e->checkpoint.root));
    }
    return NULL;
}
