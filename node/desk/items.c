/* items.c - items brought into the queues of approved campaigns, and the streams of an item as JSON. */
#include "node/desk/desk.h"

#include "base/bytes.h"
#include "base/log.h"
#include "core/work/queue.h"
#include "node/pseudonym.h"

#include <string.h>

struct planning {
    struct app *a;
    const struct campaign *c;
};

/* overlap_ppm of the items, by a keyed hash, get as many annotators as the campaign says; the others one (data.md 5). */
static enum err plan(void *ctx, const char *item, unsigned *slots, uint32_t *tie)
{
    const struct planning *p = ctx;
    struct hash h = pseudonym_order(p->a->keyring, hash_bytes(&p->c->hash), item);
    *slots = queue_slots(get_be32(h.b), (uint32_t)p->c->overlap_ppm, p->c->annotators);
    *tie = get_be32(h.b + 4);
    return OK;
}

static enum err open_one(void *ctx, struct campaign *c)
{
    struct app *a = ctx;
    struct planning p = {.a = a, .c = c};
    struct schema_parts parts = schema_parts(c->schema);
    uint64_t n = 0;
    CLEANUP(vault_end) struct vault_tx tx = {0};
    enum err e = vault_begin(a->vault, &tx);
    for (size_t i = 0; !e && i < parts.stream_count; i++)
        e = campaign_slot_add(a->vault, c->id, parts.streams[i].id,
                              stream_kind_name(parts.streams[i].kind), parts.streams[i].required);
    if (!e)
        e = campaign_items_open(a->vault, c->id, plan, &p, &n);
    if (!e)
        e = vault_commit(&tx);
    if (!e && n > 0)
        LOG_INFO("campaign.items", "campaign=%lld new=%llu", (long long)c->id,
                 (unsigned long long)n);
    return e;
}

enum err desk_open_items(struct app *a)
{
    return campaigns_each_open(a, open_one, a);
}

static enum err stream_json(void *ctx, const struct record_stream *s, const char *doc,
                            const char *clock)
{
    json_t *list = ctx;
    json_t *v = json_pack("{s:s, s:s, s:s, s:I, s:o}", "id", s->slot, "kind", s->kind, "media_type",
                          s->media_type, "bytes", (json_int_t)s->bytes, "stream",
                          doc == NULL ? NULL : json_loads(doc, 0, NULL));
    if (v == NULL)
        return ERR_NOMEM;
    if (clock != NULL)
        (void)json_object_set_new(v, "clock", json_loads(clock, 0, NULL));
    if (s->absent)
        (void)json_object_set_new(v, "missing", json_true());
    return json_array_append_new(list, v) == 0 ? OK : ERR_NOMEM;
}

enum err desk_streams_json(struct app *a, const char *item, json_t **out)
{
    AUTO_JSON list = json_array();
    enum err e = list == NULL ? ERR_NOMEM : records_of_item(a->vault, item, stream_json, list);
    if (e)
        return e;
    *out = MOVE(list);
    return OK;
}
