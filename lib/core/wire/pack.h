/* pack.h - inside core/wire: strict unpacking over protobuf-c. Nobody else may include this. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

#include <protobuf-c/protobuf-c.h>

/* Decodes into the arena and wants canonical bytes: re-packing gives `in`, and no unknown field stands anywhere.
 * ERR_NOMEM where the arena refused, ERR_INVALID else. */
enum err pack_read(const ProtobufCMessageDescriptor *d, struct bytes in, struct arena *a,
                   ProtobufCMessage **out);
/* Appends the packed message; ERR_TOOBIG above `max` bytes. */
enum err pack_put(const ProtobufCMessage *m, size_t max, struct buf *out);

/* protobuf-c's fields are not const, though packing only reads them. */
static inline ProtobufCBinaryData pack_bytes(struct bytes b)
{
    return (ProtobufCBinaryData){.len = b.n, .data = (uint8_t *)(uintptr_t)b.p};
}
static inline char *pack_str(const char *s)
{
    return (char *)(uintptr_t)s;
}
