/* frame.c - Frame{note, body}. */
#include "core/wire/frame.h"

#include "core/wire/pack.h"
#include "frame.pb-c.h"

enum err frame_put(const struct frame *f, struct buf *out)
{
    Cloister__Frame m;
    cloister__frame__init(&m);
    m.note = pack_bytes(f->note);
    m.body = pack_bytes(f->body);
    return pack_put(&m.base, FRAME_MAX, out);
}

enum err frame_read(struct bytes in, struct arena *a, struct frame *out)
{
    ProtobufCMessage *any = NULL;
    if (in.n > FRAME_MAX)
        return ERR_TOOBIG;
    enum err e = pack_read(&cloister__frame__descriptor, in, a, &any);
    if (e)
        return e;
    const Cloister__Frame *m = (const void *)any;
    out->note = bytes_of(m->note.data, m->note.len);
    out->body = bytes_of(m->body.data, m->body.len);
    return OK;
}
