/* pack.c - strict unpacking over protobuf-c. */
#include "core/wire/pack.h"

#include <string.h>

static void *hook_alloc(void *ctx, size_t n)
{
    struct arena *a = ctx;
    return arena_alloc(a, n);
}

/* The arena releases all at once. */
static void hook_free(void *ctx, void *p)
{
    (void)ctx;
    (void)p;
}

static bool clean(const ProtobufCMessage *m);

static bool submessages_clean(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    const uint8_t *member = (const uint8_t *)m + f->offset;
    if (f->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t n = 0;
        ProtobufCMessage *const *list = NULL;
        memcpy(&n, (const uint8_t *)m + f->quantifier_offset, sizeof n);
        memcpy((void *)&list, member, sizeof(void *));
        for (size_t i = 0; i < n; i++) {
            if (!clean(list[i]))
                return false;
        }
        return true;
    }
    if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        uint32_t which = 0;
        memcpy(&which, (const uint8_t *)m + f->quantifier_offset, sizeof which);
        if (which != f->id)
            return true;
    }
    const ProtobufCMessage *one = NULL;
    memcpy((void *)&one, member, sizeof(void *));
    return one == NULL || clean(one);
}

/* No unknown field here or below. Our types do not nest in themselves, so this ends. */
static bool clean(const ProtobufCMessage *m)
{
    if (m->n_unknown_fields != 0)
        return false;
    for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
        if (f->type == PROTOBUF_C_TYPE_MESSAGE && !submessages_clean(m, f))
            return false;
    }
    return true;
}

enum err pack_read(const ProtobufCMessageDescriptor *d, struct bytes in, struct arena *a,
                   ProtobufCMessage **out)
{
    ProtobufCAllocator hook = {.alloc = hook_alloc, .free = hook_free, .allocator_data = a};
    static const uint8_t nothing[1] = {0};
    ProtobufCMessage *m = protobuf_c_message_unpack(d, &hook, in.n, in.n == 0 ? nothing : in.p);
    if (m == NULL)
        return a->refused ? ERR_NOMEM : ERR_INVALID;
    if (!clean(m) || protobuf_c_message_get_packed_size(m) != in.n)
        return ERR_INVALID;
    uint8_t *again = arena_alloc(a, in.n);
    if (again == NULL)
        return ERR_NOMEM;
    (void)protobuf_c_message_pack(m, again);
    if (!bytes_eq(bytes_of(again, in.n), in))
        return ERR_INVALID;
    *out = m;
    return OK;
}

enum err pack_put(const ProtobufCMessage *m, size_t max, struct buf *out)
{
    size_t n = protobuf_c_message_get_packed_size(m);
    if (n > max)
        return ERR_TOOBIG;
    uint8_t *to = buf_reserve(out, n);
    if (to == NULL)
        return buf_err(out);
    buf_commit(out, protobuf_c_message_pack(m, to));
    return OK;
}
